"""What planning can do: one module for each use case."""
