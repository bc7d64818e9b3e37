"""The command in processes of its own that need not start from nothing.

Most of the time of a short command is its start: Python, the modules, the parser's tables, the shipped models. One
process has all that done and waits; for each command it forks, and the fork runs `main` with streams, a folder and
words of its own, and leaves with its status. It has read nothing of what any command is about.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

import click

from checker.cli import cli, main
from checker.compare.identify import shipped
from checker.inspect.inspection import prepare

_MOST = 1 << 20
"""Bytes of a command line."""


class Warm:
    """A process that runs commands as they come; it is started when the first one does."""

    def __init__(self, root: Path, environment: Mapping[str, str]) -> None:
        self._root = root
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def run(self, words: Sequence[str], stdin: str, folder: Path, seconds: float) -> subprocess.CompletedProcess[str]:
        """Run a command in a folder. Raises `subprocess.TimeoutExpired`, as `subprocess.run` does."""
        line = self._line or self._start()
        line.settimeout(seconds)
        with (
            tempfile.TemporaryFile() as given,
            tempfile.TemporaryFile("w+") as said,
            tempfile.TemporaryFile("w+") as told,
        ):
            given.write(stdin.encode())
            given.seek(0)
            request = json.dumps([list(words), str(folder)]).encode()
            socket.send_fds(line, [request], [given.fileno(), said.fileno(), told.fileno()])
            try:
                status = int(line.recv(_MOST))
            except TimeoutError:
                self.stop()
                raise subprocess.TimeoutExpired(list(words), seconds) from None
            said.seek(0)
            told.seek(0)
            return subprocess.CompletedProcess(["mapproof", *words], status, said.read(), told.read())

    def _start(self) -> socket.socket:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                cwd=self._root,
                env=self._environment,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        atexit.register(self.stop)
        return self._line

    def stop(self) -> None:
        """End the process, and what it runs."""
        if self._process is not None and self._line is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._line.close()
        self._process = self._line = None


def _serve(line: socket.socket) -> None:
    """Run commands until nobody is left who asks."""
    _prepare()
    while True:
        request, streams, *_ = socket.recv_fds(line, _MOST, 3)
        if not request:
            return
        words, folder = json.loads(request)
        child = os.fork()
        if not child:
            line.close()
            _run(words, folder, streams)
        for stream in streams:
            os.close(stream)
        _, status = os.waitpid(child, 0)
        line.send(str(os.waitstatus_to_exitcode(status)).encode())


def _prepare() -> None:
    """Do what a command does at its start, whatever it is about."""
    context = click.Context(cli)
    for name in cli.list_commands(context):
        cli.get_command(context, name)
    import_module("checker.prove.engine")
    prepare()
    shipped()
    # What is there stays: forks need not look through it for garbage.
    gc.collect()
    gc.freeze()


def _run(words: Sequence[str], folder: str, streams: Sequence[int]) -> None:
    """Be the command, in this process, and leave."""
    status = 1
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os.chdir(folder)
        sys.argv = ["mapproof", *words]
        main()
    except SystemExit as done:
        status = done.code if isinstance(done.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
