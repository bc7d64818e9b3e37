"""Terms of the solver, and what is asked of it; the only folder of the prover that imports z3."""
