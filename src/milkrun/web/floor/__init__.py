"""The floor: one page for phone and tablet that scans also without a network and replays what waits."""
