"""What was found, as lines and as JSON values."""
