"""What insight can do: one module for each use case."""
