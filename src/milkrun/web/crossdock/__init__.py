"""Cross-dock: what arrives is sent straight to the job or the call that waits for it."""
