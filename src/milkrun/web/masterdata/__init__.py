"""Master data that a call waits for: parts a customer calls for, docks it delivers to."""
