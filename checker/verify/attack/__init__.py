"""A third opinion on what is proved: the interpreter tries to break it on concrete maps.

It shares nothing with the prover but the program that both read. Which runs a check is about, which maps keep what is
assumed and what breaks a goal it finds out by itself, so that what is wrong in a rule that the prover, the other
solvers and `recheck` all start from can still be seen.
"""

from checker.verify.attack.attack import Attacked, Attacker, Broken, draws_kept

__all__ = ["Attacked", "Attacker", "Broken", "draws_kept"]
