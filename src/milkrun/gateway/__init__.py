"""The EDI door: bytes in become one command each, outbox rows become files for the partner."""
