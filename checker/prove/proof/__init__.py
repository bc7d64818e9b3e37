"""Proofs: what has to be shown, what was shown, and the same as text."""
