"""The JSON door: typed operations named after commands and queries, tokens, request keys, problem documents."""
