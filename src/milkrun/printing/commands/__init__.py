"""What printing can do: one module for each use case."""
