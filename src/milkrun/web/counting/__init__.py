"""Count lists: made, counted blind on a phone, compared, posted."""
