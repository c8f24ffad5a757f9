"""Which way of supply fits an item: a score of factors, hard gates first, and what would change the verdict."""
