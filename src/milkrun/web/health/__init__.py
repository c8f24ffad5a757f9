"""What machines ask: is the process alive, is it ready, how is it doing."""
