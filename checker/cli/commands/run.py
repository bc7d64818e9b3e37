"""``mapproof run``."""

from __future__ import annotations

import click

from checker.cli.options import MapOptions, ProgramWord, format_option, given_option, limit_option, placed_map_options


@click.command(name="run", epilog="Example: dmesg | mapproof run linux-x86-reversed -")
@click.argument("words", metavar="[ALGORITHM] MAP", type=ProgramWord(), nargs=-1, required=True)
@click.option(
    "--kexec",
    type=click.IntRange(1, 100),
    metavar="N",
    help="Of the folder of a capture, take the N-th kernel after the first: what it was handed, and what it found.",
)
@click.option(
    "--after",
    metavar="MAP",
    help="MAP of the kernel before, with addresses: those of the list in a log of a kernel started by kexec.",
)
@click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, help="Value of a parameter; can be repeated.")
@given_option
@placed_map_options
@limit_option
@format_option
def command(
    *,
    words: tuple[str, ...],
    kexec: int | None,
    after: str | None,
    settings: tuple[str, ...],
    given: tuple[str, ...],
    reading: MapOptions,
    limits: tuple[str, ...],
    form: str,
) -> int:
    """Lay a real memory map out as ALGORITHM does.

    ALGORITHM is a shipped model, FILE.layout[:algorithm], or `auto`: the model that the signs in MAP tell of, or, with
    --kernel, that is for a kernel of this version. MAP is a
    kernel log of a boot with efi=debug, a copy of /sys/firmware/efi/runtime-map, JSON, or what firmware shells and boot
    loaders print, or the folder of a capture, of which its log is taken; `-` is standard input.
    """
    from checker.base.diagnostic import Diagnostic
    from checker.base.exit_status import ExitStatus
    from checker.cli.handed import WhichKernel
    from checker.cli.layouts import laid_out, two_words
    from checker.cli.terminal import complain, tell
    from checker.layouts.lay_out import wrap_warnings
    from checker.library import overlooked
    from checker.report.reports import RunReport

    algorithm, memory_map = two_words(words, reading)
    made = laid_out(algorithm, memory_map, settings, reading, limits, WhichKernel(kexec, after), given)
    report = RunReport(made if isinstance(made, Diagnostic) else (made[0], made[2]))
    complain([report.made] if isinstance(report.made, Diagnostic) else wrap_warnings(report.made[1]))
    status = tell(report, form)
    missed = [] if isinstance(report.made, Diagnostic) else overlooked([report.made[0].program], "run")
    complain(missed)
    return ExitStatus.WRONG_INPUT if missed else status
