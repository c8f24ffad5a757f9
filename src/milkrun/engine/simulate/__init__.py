"""The twin of an inventory: policies replayed on a file's own demand, and the proof that safety stock may step down."""
