"""The clock door: what happens without anybody asking for it, in the worker process."""
