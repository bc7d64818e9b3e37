"""Hostile input for everything that takes input: no traceback, no hang, no memory blow-up.

    python -m tests.fuzz --minutes 30 [--seed N] [--target NAME]

`targets` lists what is given input and what is wanted of its answer, `mutate` and `inputs` make input out of the
grammar and of real files, `watch` runs each input in a process that may hang, die, or eat memory, `shrink` makes what
was found small. What was found stays in tests/data/fuzz-regressions, a file each, named ``TARGET.WHAT``, and is tried
with every test run; `test_fuzz` also fuzzes for a minute.
"""
