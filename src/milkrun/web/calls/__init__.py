"""The call monitor, one call, and the upload of a customer's file."""
