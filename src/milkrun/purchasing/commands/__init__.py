"""One module for each of the use cases of purchasing."""
