"""How much to keep and when to order: textbook policies, each with its arithmetic and its source."""
