"""Tests, the helpers that they share, and the campaigns whose records are kept."""
