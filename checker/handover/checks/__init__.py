"""What is checked of a hand-over."""
