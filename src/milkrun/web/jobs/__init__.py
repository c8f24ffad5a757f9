"""Jobs to make, confirmation, and stock postings that failed."""
