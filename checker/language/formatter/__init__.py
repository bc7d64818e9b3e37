"""Syntax trees to text."""
