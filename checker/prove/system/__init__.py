"""A scenario as loops over an unknown number of regions, seen from one or two of them."""
