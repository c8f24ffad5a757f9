"""The tour, the words and the scanner test."""
