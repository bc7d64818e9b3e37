"""Proves or refutes what a memory-mapping algorithm promises, for every memory map of any length."""

__version__ = "0.1.0"
