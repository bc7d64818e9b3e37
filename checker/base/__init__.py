"""Values that every room uses, and files."""
