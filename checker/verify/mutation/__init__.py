"""Mutants of algorithms: which of them the properties of a model notice, and which they do not.

A mutant that makes other layouts than the algorithm, and of which every check says what it says of the algorithm, is a
hole in the specification: something that the algorithm does, and nobody has said that it must.
"""
