"""``mapproof where``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from checker.cli.options import MapOptions, chosen_limits, format_option, limit_option, placed_map_options

if TYPE_CHECKING:
    from checker.base.diagnostic import Diagnostic
    from checker.inspect.lookup import LookedUp


@click.command(name="where", epilog="Example: mapproof where dmesg.txt 0xfffffffeefc46877 --model linux-x86-reversed")
@click.argument("memory_map", metavar="MAP")
@click.argument("words", nargs=-1, metavar="[ADDRESS|OOPS]...")
@click.option("--model", metavar="MODEL", help="Algorithm that gave the regions their virtual addresses, or `auto`.")
@click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, help="Value of a parameter; can be repeated.")
@placed_map_options
@limit_option
@format_option
def command(
    *,
    memory_map: str,
    words: tuple[str, ...],
    model: str | None,
    settings: tuple[str, ...],
    reading: MapOptions,
    limits: tuple[str, ...],
    form: str,
) -> int:
    """Say which region of a memory map holds an address, physical or mapped, and what lies around it.

    MAP is what `mapproof run` takes. ADDRESS is hexadecimal. OOPS is a text in which something faulted, such as a
    kernel's log: its addresses are found in it (RIP, CR2, pc, lr, "unable to handle ... at"). Without either, MAP is
    the text as well; `-` is standard input.

    Virtual addresses are those of MAP (the runtime map, or JSON with virt_addr), or those that --model gives; else
    those of the list that Linux on x86-64 prints of itself with efi=debug, if MAP is a log with it; else those of the
    model that belongs to the version of the kernel in MAP.

    \b
    Exit status:
      0  every ADDRESS, and some address of each OOPS, is in a region
      1  one is not
      2  the command line or an input is wrong
    """
    from checker.base.diagnostic import Diagnostic
    from checker.base.versions import versions
    from checker.cli.inputs import AUTO
    from checker.cli.terminal import complain, tell
    from checker.report.reports import Versions, WhereReport

    reading.model_or_kernel(model)
    model = AUTO if reading.kernel is not None else model
    if settings and model is None:
        raise click.UsageError("--set is for the parameters of a model: name it with --model")
    if [memory_map, *words].count("-") > 1:
        raise click.UsageError("standard input can be read once")
    made = _looked_up(memory_map, words, model, settings, reading, limits)
    if isinstance(made, Diagnostic):
        complain([made])
    else:
        complain(each.question.remark for each in made[1] if each.question.remark is not None)
    return tell(WhereReport(made, Versions(**versions())), form)


def _looked_up(
    memory_map: str,
    words: tuple[str, ...],
    model: str | None,
    settings: tuple[str, ...],
    reading: MapOptions,
    limits: tuple[str, ...],
) -> tuple[bool, tuple[LookedUp, ...]] | Diagnostic:
    """Look everything up; the first part says whether virtual addresses are known."""
    from checker.base.diagnostic import Diagnostic
    from checker.cli.inputs import AUTO, belongs, find_model, model_for, read_input, read_material, read_settings
    from checker.cli.terminal import complain
    from checker.inspect import told_model
    from checker.inspect.lookup import Lookup, answers, question_in, question_of, read_question
    from checker.inspect.where import atlas
    from checker.language import Limits as LayoutLimits
    from checker.memmap import Limits

    layout_limits, map_limits = chosen_limits(limits, LayoutLimits(), Limits())
    values = read_settings(settings)
    if isinstance(values, Diagnostic):
        return values
    chosen = find_model(model, layout_limits)
    if isinstance(chosen, Diagnostic):
        return chosen
    material = read_material(memory_map, map_limits, reading)
    if isinstance(material, Diagnostic):
        return material
    if chosen is not None:
        chosen = belongs(chosen, material.map, reading, layout_limits)
    elif model == AUTO:
        chosen = model_for(material.map, layout_limits)
    if isinstance(chosen, Diagnostic):
        return chosen
    questions: list[Lookup] = []
    for word in words:
        data = read_input(word, map_limits) if word == "-" else b""
        if isinstance(data, Diagnostic):
            return data
        asked = question_of(word, data, map_limits) if word == "-" else read_question(word, map_limits)
        if isinstance(asked, Diagnostic):
            return asked
        questions.append(asked)
    if not words:
        own = question_in(memory_map, material.text)
        if isinstance(own, Diagnostic):
            return own
        questions.append(own)
    known = atlas(material, chosen, values, map_limits)
    if chosen is None and not isinstance(known, Diagnostic) and not known.virtual and material.map.signs.kernel:
        signed = told_model(material.map, layout_limits)
        if not isinstance(signed, Diagnostic):
            chosen, note = signed
            complain([note])
            known = atlas(material, chosen, values, map_limits)
    return known if isinstance(known, Diagnostic) else (bool(known.virtual), answers(known, questions))
