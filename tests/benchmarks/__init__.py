"""How long things take: ``python -m tests.benchmarks`` in the root of the repository."""
