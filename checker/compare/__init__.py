"""Captured boots, against algorithms and against each other."""
