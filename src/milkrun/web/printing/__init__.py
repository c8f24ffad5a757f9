"""Labels: the queue, printers, templates with their editor, and the card that prints from every page of a unit."""
