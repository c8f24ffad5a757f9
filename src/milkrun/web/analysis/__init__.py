"""Analysis: how demand changes, stock against demand, cover and material shortage, each with its files."""
