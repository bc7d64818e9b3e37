"""``mapproof check``."""

from __future__ import annotations

import click

from checker.cli.options import chosen_limits, format_option, limit_option


@click.command(
    name="check", options_metavar="--handover [OPTIONS]", epilog="Example: mapproof check --handover capture/"
)
@click.argument("what", nargs=-1, required=True, metavar="DIR|FILE...")
@click.option(
    "--handover", is_flag=True, help="Check what one kernel handed to the next through kexec; has to be given."
)
@limit_option
@format_option
def command(what: tuple[str, ...], handover: bool, limits: tuple[str, ...], form: str) -> int:
    """Say what is wrong, or at risk, with what one kernel handed to the next.

    DIR is a capture: runtime-map.json, and kexecN-runtime-map.json, kexecN-boot_params_efi.json and
    kexecN-setup_data.hex of the kernels after it. FILEs are such files of two kernels, the runtime map of the old one
    first; a runtime map may also be a copy of /sys/firmware/efi/runtime-map or a kernel log.

    \b
    Exit status:
      0  nothing is known to have been lost
      1  a map cannot be restored, or was not
      2  the command line or an input is wrong
    """
    from checker.base.diagnostic import Diagnostic
    from checker.base.versions import versions
    from checker.cli.terminal import complain, tell
    from checker.handover import check_handover, read_handover
    from checker.memmap import Limits
    from checker.report.reports import CheckReport, Versions

    if not handover:
        raise click.UsageError("say what to check: --handover")
    (chosen,) = chosen_limits(limits, Limits())
    kernels = read_handover(what, chosen)
    steps = kernels if isinstance(kernels, Diagnostic) else check_handover(kernels, chosen)
    wrong = [steps] if isinstance(steps, Diagnostic) else []
    complain(wrong)
    return tell(CheckReport(() if isinstance(steps, Diagnostic) else steps, wrong, Versions(**versions())), form)
