"""Proofs for others: bundles of statements that need no part of this tool, some with a proof that a checker accepts
which is not ours.

A statement is SMT-LIB text that must be unsatisfiable. Where it can be put into propositional logic (`blast`), a SAT
solver says so with a proof (DRAT), and another program checks that step by step. What is left to be believed is that
the formula says what the text says; it is made again from the text whenever it is checked.
"""
