"""How an inventory does: each measure with its formula, its inputs and what it says when they are missing."""
