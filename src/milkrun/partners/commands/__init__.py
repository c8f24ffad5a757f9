"""One module for each of the use cases about people, sites and customers."""
