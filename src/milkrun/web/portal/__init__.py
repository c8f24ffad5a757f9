"""The portal: what people of a customer see of their own company's supply, and how they call goods."""
