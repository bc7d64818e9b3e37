"""Claims about lists as wholes: what they have together, and which pieces they have."""
