"""Results as lines, and in the shapes of JSON."""
