"""Lines and values as text."""
