"""Algorithms on maps of real machines."""
