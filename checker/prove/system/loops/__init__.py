"""Loops over lists beside the map, and what all builders of loops share."""
