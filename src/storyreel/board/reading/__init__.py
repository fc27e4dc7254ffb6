"""A tree of nodes to models: structure, leaves, and what is said about those that cannot be read."""
