"""One module for each of the use cases that move stock by hand."""
