"""Orders to suppliers and what was received against them."""
