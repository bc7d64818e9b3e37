"""Text to trees: what stands before the grammar, the grammar, and what the names of a tree mean."""
