"""A function in a process of its own that has asked nothing before.

Of several unsat cores Z3 finds one by the numbers of its terms, and those depend on what else the process has asked:
what compares efforts, queries or sizes of proofs would depend on which tests ran before in the same worker. `verify`
has a process for each task, too.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")


def in_fresh_process(function: Callable[_Given, _Found], *arguments: _Given.args, **named: _Given.kwargs) -> _Found:
    """What a function of a module returns, called in such a process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(function, *arguments, **named).result()
