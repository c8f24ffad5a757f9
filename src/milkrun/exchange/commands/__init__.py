"""One module for each of the use cases about interchanges and the outbox."""
