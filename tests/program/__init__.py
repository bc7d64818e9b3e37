"""Tests of the typed program: its nodes, the walk over them, and what a new kind of node has to say."""
