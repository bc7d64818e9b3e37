"""Faults put into the checker on purpose, and what notices them."""
