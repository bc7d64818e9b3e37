"""Tests of `checker.compare`."""
