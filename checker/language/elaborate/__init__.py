"""Syntax trees to typed programs: names, types, macros."""
