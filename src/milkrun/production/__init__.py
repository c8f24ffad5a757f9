"""Jobs that make what a call asks for, their confirmations and failed postings."""
