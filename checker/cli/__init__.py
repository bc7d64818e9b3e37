"""The command: reads the command line, calls the rooms, prints what they answer. Only this room prints and exits."""

from __future__ import annotations

import gc
import io
import os
import sys
from difflib import get_close_matches
from importlib import import_module
from keyword import iskeyword

import click

from checker import __version__
from checker.base.exit_status import BROKEN_PIPE, ExitStatus, status_of_code
from checker.cli.crash import crash, one_line, silence
from checker.cli.ending import heed_signals, interruption

_COMPLETE = "_MAPPROOF_COMPLETE"
"""Set in the environment by a shell that completes a command line."""

_OBJECTS = 100_000
"""The new objects after which circles among them are looked for. Trees and terms are in none, and there are many."""

_DEEPEST = 8_000
"""Calls in each other that are allowed: up to twenty for each level of nesting."""

_COMMANDS = {
    "verify": "Prove or refute every scenario.",
    "recheck": "Check the verdicts of a certificate again.",
    "run": "Lay a real memory map out.",
    "diff": "Prove two algorithms equal, or show where they differ.",
    "conform": "Prove that a model is what a kernel's own C does, or show where not.",
    "import": "Read an algorithm from a kernel's own C.",
    "mutate": "Change algorithms, and see whether their properties notice.",
    "budget": "Find how much a map may hold, and prove it.",
    "replay": "Run counterexamples again.",
    "show": "Draw maps, layouts and counterexamples.",
    "identify": "Find the algorithm that laid a captured map out.",
    "compare": "Compare two boots: what moved, and what that breaks.",
    "check": "Say what is wrong with a memory map, or at risk.",
    "where": "Say which region holds an address.",
    "convert": "Write a memory map in another form.",
    "models": "List the shipped models.",
    "cache": "Tell what is kept of searches, or remove it.",
    "doctor": "List the solvers, and try them.",
    "fmt": "Format .layout files.",
    "explain": "Say what the code of a message means.",
    "lsp": "Answer an editor: a language server on standard input and output.",
}


class _Commands(click.Group):
    """The commands, each imported only when it is run or asked about."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command: click.Command = import_module(f"checker.cli.commands.{module}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        near = get_close_matches(args[0], _COMMANDS, n=3)
        if args[0] not in _COMMANDS and not args[0].startswith("-"):
            meant = (
                f"did you mean {' or '.join(f'`{each}`' for each in near)}?"
                if near
                else "`mapproof --help` lists the commands"
            )
            ctx.fail(f"No such command {args[0]!r}: {meant}")
        return super().resolve_command(ctx, args)

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
    130  ended by Ctrl-C; 143 by SIGTERM: what was decided before is told
    """


def main() -> None:
    """Run the command and leave with its exit status. Whatever happens, no traceback is shown."""
    _prepare()
    try:
        _complete()
        status = _run()
        sys.stdout.flush()
    except BrokenPipeError:
        silence()
        status = BROKEN_PIPE
    except OSError as error:
        silence()
        status = _report(f"mapproof: the system refused: {error}", ExitStatus.WRONG_INPUT)
    sys.exit(status)


def _prepare() -> None:
    """See to it that every text can be written, even where a stream is closed or knows few characters, that there is
    room for the deepest nesting that a program may be allowed, and that no time is lost with looking for garbage."""
    heed_signals()
    sys.setrecursionlimit(_DEEPEST)
    gc.set_threshold(_OBJECTS)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _complete() -> None:
    """Answer a shell that asks for completions, or for the script with which it asks, and leave."""
    instruction = os.environ.get(_COMPLETE)
    if not instruction:
        return
    from click.shell_completion import shell_complete

    sys.exit(shell_complete(cli, {}, "mapproof", _COMPLETE, instruction))


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
    except click.Abort:
        return _report("mapproof: interrupted", ExitStatus.INTERRUPTED)
    except KeyboardInterrupt as error:
        told = interruption(error)
        return _report(f"mapproof: {told.message}", status_of_code(told.code))
    except OSError:
        raise
    except Exception as error:
        sys.stderr.write(one_line(crash(error)))
        return ExitStatus.INTERNAL_ERROR


def _report(text: str, status: int) -> int:
    print(text, file=sys.stderr)  # noqa: T201
    return status
