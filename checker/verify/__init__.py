"""Checks to results: which are asked for, who decides them, and what is kept."""
