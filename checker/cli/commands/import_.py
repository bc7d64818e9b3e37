"""``mapproof import``."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command(name="import", epilog="Example: mapproof import linux-6.12 --binding linux-x86-64")
@click.argument("tree", type=click.Path(path_type=Path), metavar="TREE")
@click.option(
    "--binding", metavar="NAME", help="What the C means: a shipped binding, or a file `.toml`. It has to be named."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Not to standard output, which is `-`.",
)
def command(*, tree: Path, binding: str | None, output: Path | None) -> int:
    """Read an algorithm from a kernel's own C, and print it as a program with the line of C behind each statement.

    TREE is the folder of a kernel's source. The binding names the files in it that are read, the function that is
    called, and what the C alone does not say. What is not understood is refused, with its place.

    \b
    Exit status:
      0  the program is written
      2  a file, a function or something in it cannot be read
    """
    from checker.base.diagnostic import Diagnostic
    from checker.base.exit_status import ExitStatus
    from checker.base.files import replace, unwritable
    from checker.cli.terminal import complain
    from checker.cli.trees import imported_from, need_binding

    need_binding(binding)
    output = None if output == Path("-") else output
    problem = unwritable(output) if output is not None else None
    made = problem or imported_from(tree, binding)
    if not isinstance(made, Diagnostic) and output is not None:
        problem = replace(output, made.imported.text.encode())
    wrong = made if isinstance(made, Diagnostic) else problem
    if wrong is not None:
        complain([wrong])
        return ExitStatus.WRONG_INPUT
    if output is None and not isinstance(made, Diagnostic):
        sys.stdout.write(made.imported.text)
        sys.stdout.flush()
    return ExitStatus.AS_EXPECTED
