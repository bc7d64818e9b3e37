"""Growth: what a proof costs as its program grows in one thing."""
