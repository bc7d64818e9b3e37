"""Faults put into the checker on purpose, a file for each family, and what notices them."""
