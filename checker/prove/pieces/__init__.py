"""Regions that are split: the pieces that a turn makes, and pieces as functions of their region."""
