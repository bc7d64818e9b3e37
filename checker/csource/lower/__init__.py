"""Trees to steps: expressions, statements, calls, and the direction of a walk."""
