"""Executors: they carry tasks out."""
