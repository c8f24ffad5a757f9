"""From tables to a report: what the files say about an inventory, and what they leave open."""
