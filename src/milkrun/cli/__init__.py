"""The `milkrun` command: pure verbs need no server packages, server verbs load them inside their function."""
