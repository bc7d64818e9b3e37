"""Algorithms: statements, in the core's words."""
