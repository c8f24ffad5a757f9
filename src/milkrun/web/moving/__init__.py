"""What must move now: the monitor by the clock, and the same for a wall."""
