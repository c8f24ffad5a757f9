"""How each item is kept: policies with their reasons. The pull, buffers and proposals stand on them later."""
