"""Counterexamples: short maps, unrolled, and made small."""
