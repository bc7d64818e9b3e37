"""Executors: they carry tasks out, on this machine or on many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic
from checker.verify.executors.executor import Executor
from checker.verify.executors.local import LOCAL, available

__all__ = ["LOCAL", "Executor", "executor_of"]


@contextmanager
def executor_of(word: str, jobs: int | None, memory: int) -> Iterator[Executor | Diagnostic]:
    """The executor that a word names, as long as the block runs, or why there is none; on this machine
    it does as many tasks of ``memory`` bytes at a time as there is room for, if ``jobs`` says nothing else."""
    name, equals, address = word.partition("=")
    if word == "local":
        yield LOCAL
    elif name == "dask" and bool(equals) == bool(address):
        from checker.verify.executors.cluster import cluster_at, cluster_here

        with cluster_at(address) if address else cluster_here(jobs or available(memory)) as executor:
            yield executor
    else:
        message = f"there is no executor `{word}`"
        yield Diagnostic(CommandCode.WRONG_VALUE, message, help="name `local`, `dask`, or `dask=tcp://HOST:PORT`")
