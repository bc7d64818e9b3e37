"""Proofs as texts that any SMT solver can decide again, and the other solvers that can be asked.

One file a solver, and one table of them (`checker.prove.second.table`).
"""
