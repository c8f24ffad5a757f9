"""One module for each of the use cases about connections."""
