"""One module for each operation that is measured."""
