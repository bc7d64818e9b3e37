"""Could a new kernel restore the old one's runtime map, and did it?

The old kernel exports its runtime map and hands bytes to the new one; the new one has a runtime map of its own. Nothing
here knows how any kernel lays a map out: maps are compared, and bytes are held against their formats.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from checker.base.codes import FindingCode, MapCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.base.values import frozen
from checker.handover.boot_params import BootParams
from checker.handover.checks.map import boot_services_passed, check_map, is_runtime, severity_of
from checker.handover.checks.structures import check_array, check_count, check_efi_info, check_setup
from checker.handover.difference import Difference, Stretch, compare, key_of, translate
from checker.handover.efi_files import EfiFiles
from checker.handover.findings import described, entries, examples, finding
from checker.handover.setup_dump import SetupDump
from checker.memmap.descriptor import Descriptor, MemoryMap
from checker.memmap.limits import STANDARD, Limits, beyond
from checker.memmap.remedies import remedy


@frozen
class Kernel:
    """One kernel of a chain: what it was told (``boot_params``, ``setup``, ``array``) and what it shows of itself.

    ``array`` is the memory map as it lay where ``boot_params`` says. ``None`` is what is not known; a map without
    entries is one that the kernel does not have.
    """

    name: str
    runtime_map: MemoryMap | None = None
    boot_params: BootParams | None = None
    setup: SetupDump | None = None
    array: bytes | None = None
    files: EfiFiles | None = None


@frozen
class KexecStep:
    """One kexec.

    ``restorable``: could the new kernel restore the old one's map from what it was told; ``None`` if that is not known.
    ``restored``: did it; ``None`` if one of the maps was not given, or there is nothing to restore.
    """

    first: str
    second: str
    findings: tuple[Diagnostic, ...]
    restorable: bool | None
    restored: bool | None
    difference: Difference | None = None

    @property
    def good(self) -> bool:
        """Tell whether nothing is known to have been lost."""
        return self.restorable is not False and self.restored is not False


def check_handover(kernels: Sequence[Kernel], limits: Limits = STANDARD) -> tuple[KexecStep, ...] | Diagnostic:
    """Each kernel against the one before it."""
    steps = []
    for first, second in pairwise(kernels):
        step = check_step(first, second, limits)
        if isinstance(step, Diagnostic):
            return step
        steps.append(step)
    if not steps:
        names = ", ".join(kernel.name for kernel in kernels) or "nothing"
        return Diagnostic(
            MapCode.NO_HANDOVER, f"no second kernel: there is only {names}", help=remedy(MapCode.NO_HANDOVER)
        )
    return tuple(steps)


def check_step(first: Kernel, second: Kernel, limits: Limits = STANDARD) -> KexecStep | Diagnostic:
    """What one kernel handed to the next, and what that made of it."""
    told = second.boot_params is not None or second.setup is not None
    if not told and (first.runtime_map is None or second.runtime_map is None):
        message = f"{second.name}: neither what it was told nor both runtime maps are there"
        return Diagnostic(MapCode.NO_HANDOVER, message, help=remedy(MapCode.NO_HANDOVER))
    if second.array is not None and second.boot_params is None:
        message = f"{second.name}: without its boot parameters the descriptor size of the array is not known"
        return Diagnostic(MapCode.STRIDE, message, help="give boot_params_efi.json too")
    for kernel in (first, second):
        if kernel.runtime_map is not None and len(kernel.runtime_map.descriptors) > limits.compared:
            return beyond(limits, "compared", kernel.runtime_map.source)
    before = tuple(_told(first, second, limits)) + tuple(_exported(first))
    before_map = first.runtime_map is not None and first.runtime_map.descriptors
    after: tuple[Diagnostic, ...] = ()
    difference = None
    if first.runtime_map is not None and second.runtime_map is not None:
        addressed = _addressed(first.runtime_map) and _addressed(second.runtime_map)
        one, other = first.runtime_map.descriptors, second.runtime_map.descriptors
        difference = compare(one, other, addressed=addressed)
        after = tuple(_arrived(one, difference, second.runtime_map)) + tuple(_pointer(first, second))
    return KexecStep(
        first.name,
        second.name,
        before + after,
        _without_error(before) if told else None,
        _without_error(after) if difference is not None and before_map else None,
        difference,
    )


def _told(first: Kernel, second: Kernel, limits: Limits) -> Iterator[Diagnostic]:
    """What is wrong with the bytes."""
    exported = first.runtime_map
    if second.boot_params is not None:
        info = second.boot_params.efi_info
        yield from check_efi_info(info, first.boot_params)
        if exported is not None:
            yield from check_count(info, exported.descriptors, complete=_addressed(exported))
        if second.array is not None:
            descriptors = None if exported is None else exported.descriptors
            addressed = exported is None or _addressed(exported)
            yield from check_array(second.array, info, descriptors, addressed=addressed, limits=limits)
    elif second.setup is not None:
        message = "the boot parameters of the new kernel were not given"
        yield finding(Severity.WARNING, FindingCode.NOT_GIVEN, message)
    if second.setup is not None:
        yield from check_setup(second.setup, first.files)
    elif second.boot_params is not None:
        yield finding(Severity.WARNING, FindingCode.NOT_GIVEN, "the setup_data of the new kernel was not given")


def _exported(first: Kernel) -> Iterator[Diagnostic]:
    """What is wrong with the map that is to be restored."""
    if first.runtime_map is None:
        message = "the runtime map of the old kernel was not given"
        yield finding(Severity.WARNING, FindingCode.NOT_GIVEN, message)
        return
    regions = first.runtime_map.descriptors
    if not regions:
        yield finding(Severity.NOTE, FindingCode.NOTHING_EXPORTED, "the old kernel exports no region")
    addressed = _addressed(first.runtime_map)
    if not addressed:
        message = "the old kernel's map comes from its log, which names no virtual addresses; ranges are compared"
        yield finding(Severity.NOTE, FindingCode.ADDRESSES_UNKNOWN, message)
    yield from check_map(regions, "the old kernel's map", addressed=addressed)
    yield from boot_services_passed(regions)


def _arrived(first: Sequence[Descriptor], difference: Difference, second: MemoryMap) -> Iterator[Diagnostic]:
    """What the new kernel made of the map."""
    if first and not second.descriptors:
        message = f"the new kernel has no runtime map; the old one has {entries(len(first))}"
        yield finding(severity_of(first), FindingCode.NO_RUNTIME_MAP, message, tuple(first))
        return
    yield from _memory(difference)
    missing_or_moved = {each.region for each in (*difference.missing, *difference.moved)}
    retyped = {key_of(each)[1:] for each in difference.gone} & {key_of(each)[1:] for each in difference.new}
    other_type = tuple(each for each in difference.new if key_of(each)[1:] in retyped)
    if other_type:
        message = f"{entries(len(other_type))} of another type than before: {examples(other_type)}"
        yield finding(Severity.WARNING, FindingCode.RETYPED, message, other_type)
    divided = tuple(
        each for each in difference.gone if each not in missing_or_moved and key_of(each)[1:] not in retyped
    )
    if divided:
        message = f"{entries(len(divided))} divided in another way, each page at its address: {examples(divided)}"
        yield finding(Severity.NOTE, FindingCode.DIVIDED, message, divided)
    if not difference.common_in_order:
        yield finding(Severity.NOTE, FindingCode.ORDER_CHANGED, "the entries are in another order than before")
    yield from _attributes(difference)
    inherited = frozenset(map(key_of, first))
    own = second.descriptors
    yield from check_map(own, "the new kernel's map", addressed=_addressed(second), inherited=inherited)


def _memory(difference: Difference) -> Iterator[Diagnostic]:
    for code, stretches, what in (
        (FindingCode.MISSING, difference.missing, "not in the new kernel's map"),
        (FindingCode.MOVED, difference.moved, "at another virtual address"),
        (FindingCode.EXTRA, difference.extra, "in the new kernel's map only"),
    ):
        if not stretches:
            continue
        regions = tuple(dict.fromkeys(each.region for each in stretches))
        severity = Severity.WARNING if code is FindingCode.EXTRA else severity_of(regions)
        shown = "; ".join(map(_stretch, stretches[:3]))
        more = f"; and {len(stretches) - 3} more" if len(stretches) > 3 else ""
        message = f"memory of {entries(len(regions))} is {what}: {shown}{more}"
        yield finding(severity, code, message, regions)


def _stretch(stretch: Stretch) -> str:
    place = f"{stretch.start:#x}-{stretch.end - 1:#x} of {described(stretch.region)}"
    return place if stretch.found is None else f"{place}, {stretch.expected:#x} before and {stretch.found:#x} now"


def _attributes(difference: Difference) -> Iterator[Diagnostic]:
    grown = tuple(new for old, new in difference.attributes if not old.attribute & ~new.attribute)
    lost = tuple((old, new) for old, new in difference.attributes if old.attribute & ~new.attribute)
    if grown:
        tagged = sum(is_runtime(new) and not is_runtime(old) for old, new in difference.attributes)
        message = f"{entries(len(grown))} with more attributes than before, {tagged} now marked as runtime"
        yield finding(Severity.NOTE, FindingCode.ATTRIBUTES_GREW, message, grown)
    if lost:
        olds = tuple(old for old, _ in lost)
        severity = Severity.ERROR if any(is_runtime(old) and not is_runtime(new) for old, new in lost) else None
        message = f"{entries(len(lost))} with attributes lost: {examples(olds)}"
        yield finding(severity or Severity.WARNING, FindingCode.ATTRIBUTES_LOST, message, olds)


def _pointer(first: Kernel, second: Kernel) -> Iterator[Diagnostic]:
    """Tell whether the runtime services are where the old kernel's map has them."""
    if first.files is None or second.files is None or first.runtime_map is None:
        return
    given, found = first.files.runtime, second.files.runtime
    if not given or found is None or not _addressed(first.runtime_map):
        return
    moved = translate(filter(is_runtime, first.runtime_map.descriptors), given)
    expected = given if moved is None else moved
    if found != expected:
        message = f"the new kernel has the runtime services at {found:#x}; by the old one's map they are at "
        yield finding(Severity.ERROR, FindingCode.RUNTIME_POINTER, f"{message}{expected:#x}")


def _addressed(memory_map: MemoryMap) -> bool:
    return not memory_map.format.is_linux_log


def _without_error(findings: Sequence[Diagnostic]) -> bool:
    return all(finding.severity is not Severity.ERROR for finding in findings)
