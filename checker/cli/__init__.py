"""The command: reads the command line, calls the rooms, prints what they answer. Only this room prints and exits."""

from __future__ import annotations

import io
import os
import sys
from importlib import import_module

import click

from checker import __version__
from checker.base.exit_status import BROKEN_PIPE, INTERRUPTED, ExitStatus

_TRACEBACK = "MAPPROOF_TRACEBACK"
"""Set in the environment, it shows where an internal error happened."""

_DEEPEST = 8_000
"""Calls in each other that are allowed: up to twenty for each level of nesting."""

_COMMANDS = {
    "verify": "Prove or refute every scenario.",
    "recheck": "Check the verdicts of a certificate again.",
    "run": "Lay a real memory map out.",
    "check": "Check what kernels hand over through kexec.",
    "models": "List the shipped models.",
    "doctor": "List the solvers, and try them.",
    "fmt": "Format .layout files.",
    "explain": "Say what the code of a message means.",
}


class _Commands(click.Group):
    """The commands, each imported only when it is run or asked about."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"checker.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: mapproof verify linux-x86-reversed",
)
@click.version_option(__version__, prog_name="mapproof")
def cli() -> None:
    """Prove, for every memory map of any length, what a memory-mapping algorithm promises, or show the smallest map
    that breaks it.

    \b
    Exit status:
      0  every verdict is as expected
      1  some verdict is not as expected
      2  the command line or an input is wrong, or there was nothing to check
      3  undecided
      4  internal error, or two solvers disagree
    """


def main() -> None:
    """Run the command and leave with its exit status. Whatever happens, no traceback is shown."""
    _prepare()
    try:
        status = _run()
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()
        status = BROKEN_PIPE
    except OSError as error:
        _silence()
        status = _report(f"mapproof: the system refused: {error}", ExitStatus.WRONG_INPUT)
    sys.exit(status)


def _prepare() -> None:
    """See to it that every text can be written, even where a stream is closed or knows few characters, and that there
    is room for the deepest nesting that a program may be allowed."""
    sys.setrecursionlimit(_DEEPEST)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _silence() -> None:
    """Let what is still to be written go nowhere, so that leaving does not try again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run() -> int:
    try:
        # Not `cli.main`: it turns a broken pipe into the status of a wrong verdict.
        with cli.make_context("mapproof", sys.argv[1:]) as context:
            return int(cli.invoke(context))
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return ExitStatus.WRONG_INPUT
    except (click.Abort, KeyboardInterrupt):
        return _report("mapproof: interrupted", INTERRUPTED)
    except OSError:
        raise
    except Exception as error:
        if os.environ.get(_TRACEBACK):
            raise
        text = " ".join(f"{type(error).__name__}: {error}".split())
        advice = f"please report it with the command, its input, and what it prints with {_TRACEBACK}=1"
        return _report(f"mapproof: internal error: {text}; {advice}", ExitStatus.INTERNAL_ERROR)


def _report(text: str, status: int) -> int:
    print(text, file=sys.stderr)  # noqa: T201
    return status
