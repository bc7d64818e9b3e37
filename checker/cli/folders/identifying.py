"""One capture of many identified: what explains it, in short, and all that there is to say, as values, since it may
have to come from another process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from checker.base.codes import MapCode
from checker.base.diagnostic import Diagnostic
from checker.base.values import frozen
from checker.base.versions import versions
from checker.cli.folders.look import Where, look_at
from checker.cli.inputs import objection, reading_of
from checker.cli.options import MapOptions
from checker.cli.terminal import complain
from checker.compare.boot import read_boot
from checker.compare.identify import Identification, identify, in_short
from checker.compare.lists import is_capture
from checker.inspect import NO_MAP_AT_ALL, is_folder_of_maps, is_tree, maps_under, no_map_under
from checker.library import Chosen
from checker.memmap import Limits
from checker.report.reports import IdentifyManyReport, Versions

NO_CAPTURE = NO_MAP_AT_ALL | {MapCode.NO_ADDRESSES, MapCode.NO_FIRMWARE_MAP}
"""The codes of inputs that are no capture, rather than a damaged one."""


@frozen
class Asked:
    """The algorithms to try, the values of their parameters, and how captures are read."""

    algorithms: Sequence[Chosen]
    values: Mapping[str, str]
    reading: MapOptions
    limits: Limits


@frozen
class Identified:
    """The answer on a capture, or why there is none, with ``remarks`` on what was read."""

    made: Identification | Diagnostic
    remarks: tuple[Diagnostic, ...] = ()


def is_folder_of_captures(path: str) -> bool:
    """Tell whether a path is a folder of captures, and none itself."""
    return is_folder_of_maps(path) and not is_capture(path)


def identify_one(path: str, asked: Asked) -> Identified:
    """Read a capture, and find what explains it."""
    boot = read_boot([path], asked.limits, reading=reading_of(asked.reading))
    if isinstance(boot, Diagnostic):
        return Identified(boot)
    remarks: list[Diagnostic] = []
    refused = objection(boot.remarks, asked.reading, remarks.extend)
    found = refused or identify(boot, asked.algorithms, asked.values, asked.limits)
    made = found if isinstance(found, Diagnostic) else in_short(boot, found)
    return Identified(made, tuple(remarks))


def identify_all(folder: str, asked: Asked, where: Where) -> IdentifyManyReport:
    """Find what explains each capture under a folder; very many in processes of their own."""
    inside = maps_under(folder, is_whole=lambda path: is_capture(path) or is_tree(path))
    known = Versions(**versions())
    if isinstance(inside, Diagnostic):
        complain([inside])
        return IdentifyManyReport((), [inside], known)
    found, ended = look_at(inside, partial(identify_one, asked=asked), where)
    made = {path: Identified(each) if isinstance(each, Diagnostic) else each for path, each in found.items()}
    passed_over = [
        path for path, each in made.items() if isinstance(each.made, Diagnostic) and each.made.code in NO_CAPTURE
    ]
    told = [each for path, each in made.items() if path not in set(passed_over)]
    wrong = [each.made for each in told if isinstance(each.made, Diagnostic)]
    if ended is not None:
        wrong.append(ended)
    elif not told:
        wrong.append(no_map_under(folder))
    complain([*(remark for each in told for remark in each.remarks), *wrong])
    identified = [each.made for each in told if isinstance(each.made, Identification)]
    return IdentifyManyReport(identified, wrong, known, passed_over)
