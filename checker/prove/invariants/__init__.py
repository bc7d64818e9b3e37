"""Candidates for invariants, and which of them hold."""
