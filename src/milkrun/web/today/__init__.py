"""The home page, ranked by role, and the search-or-scan box."""
