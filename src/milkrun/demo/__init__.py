"""Demo data: a small supplier on an ordinary day, built through the same commands and files as real work."""
