"""Who we deal with: sites, customers and their plants, people and what they may do."""
