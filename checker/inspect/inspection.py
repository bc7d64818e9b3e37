"""A map checked: what is wrong with it or at risk, and the facts that a reader wants beside that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from checker import program as p
from checker.base.codes import CommandCode
from checker.base.diagnostic import Diagnostic, Severity
from checker.base.values import frozen
from checker.inspect.checked_map import BOOT_SERVICES, CheckedMap
from checker.inspect.checks import CHECKS
from checker.inspect.findings import is_faulty, worst_first
from checker.inspect.material import Material
from checker.inspect.placement import Room, architectures, as_told, place, usual_model, window
from checker.language import Limits as LayoutLimits
from checker.layouts.fit import choose, fitting, leaves_open
from checker.layouts.lay_out import is_complete, lay_out
from checker.library import LIMITS, Chosen, shipped_algorithms
from checker.memmap import Limits, MemoryMap
from checker.memmap.limits import STANDARD


@frozen
class HandedOver:
    """The entries that Linux hands to the next kernel, since 4.9; the boot services among them; and the boot services
    that are ``left``: what firmware still needs of these is lost. ``model`` is the one whose list was counted; empty
    where the list is the kernel's own, or where what has RUNTIME was counted (``by_runtime``)."""

    entries: int
    boot_services: int
    left: int
    model: str = ""
    by_runtime: bool = False


@frozen
class Inspection:
    """The findings about a map, worst first. ``room`` is the room that ``model`` takes of the window of EFI, and
    ``handed_over`` what kexec does with the map; None where they are not about this machine."""

    map: MemoryMap
    findings: tuple[Diagnostic, ...]
    model: str | None
    room: Room | None
    handed_over: HandedOver | None

    @property
    def faulty(self) -> bool:
        """Tell whether something is wrong with the map, or at risk."""
        return is_faulty(self.findings)


def told_model(
    memory_map: MemoryMap, limits: LayoutLimits = LIMITS, *, whole: bool = False
) -> tuple[Chosen, Diagnostic] | Diagnostic:
    """Return the shipped model that the signs of a map tell of, with a note by which; or why there is none. It is one
    that lays out the map as it is, or, of the ``whole``, one that does all that the kernel does to it."""
    shipped = [each for each in shipped_algorithms(limits) if not is_complete(each.algorithm)]
    complete = [each for each in shipped_algorithms(limits) if is_complete(each.algorithm)]
    if whole and fitting([(each.name, each.algorithm) for each in complete], memory_map.signs):
        # Machines of which no kernel is modelled as a whole are not forgotten for that.
        known = {trait for each in complete for trait in architectures(each)}
        shipped = [*complete, *(each for each in shipped if known.isdisjoint(architectures(each)))]
    found = choose([(each.name, each.algorithm) for each in shipped], memory_map)
    if isinstance(found, Diagnostic):
        return found
    name, note = found
    model = next(each for each in shipped if each.name == name)
    # A model that has to be given more than a map asks for it, and says so there.
    asks = any(default is None for _, _, default in model.algorithm.parameters)
    return _no_addresses(name, note) if leaves_open(model.algorithm) and not asks else (model, note)


def _no_addresses(name: str, note: Diagnostic) -> Diagnostic:
    """The complaint that the model for a map does not tell addresses: the kernel decides by what maps do not hold."""
    message = f"{name} is for this map, and leaves addresses open: where regions go is not decided by the map alone"
    remedy = f"`mapproof run {name} MAP` shows one choice of many; the list that the kernel exports has the addresses"
    return Diagnostic(CommandCode.NO_MODEL_FITS, message, note.span, help=remedy)


def prepare() -> None:
    """Read the shipped models: once, before many maps are looked at."""
    shipped_algorithms(LIMITS)
    usual_model()
    window()


def default_model(memory_map: MemoryMap) -> tuple[Chosen | None, Diagnostic | None] | Diagnostic:
    """Return the model that a map's signs tell of, or else that of the kernel that most machines with such a map run;
    and a note where the two are not the same, or there is no model: for a list that a kernel made of the firmware's,
    and where nothing tells of a kernel and the machine may not be a PC."""
    checked = CheckedMap(memory_map)
    if checked.kernels_own:
        return None, None
    usual = usual_model() if checked.has_window else None
    if isinstance(usual, Diagnostic):
        return usual
    told = told_model(memory_map)
    if isinstance(told, Diagnostic):
        # Of some kernels nothing is modelled but all that they do.
        whole = told_model(memory_map, whole=True)
        told = told if isinstance(whole, Diagnostic) else _asking(*whole) or whole
    if not isinstance(told, Diagnostic):
        model, note = told
        return model, None if usual is not None and model.name == usual.name else note
    if usual is None:
        message = f"no model places the regions: {told.message}"
        return None, replace(told, message=message, severity=Severity.NOTE)
    message = f"{usual.name} is taken, as for most such machines: {told.message}"
    remedy = "--kernel says which kernel is to run there, as in --kernel '6.1 x86_64'; --model names another algorithm"
    if told.code is CommandCode.MODEL_CHOSEN:
        remedy = told.help
    return usual, Diagnostic(CommandCode.MODEL_CHOSEN, message, told.span, help=remedy, severity=Severity.NOTE)


def _asking(model: Chosen, note: Diagnostic) -> Diagnostic | None:
    """The complaint that a model cannot be taken by itself, if it is so: it asks for values that no map has."""
    asked = [name for name, _, default in model.algorithm.parameters if default is None]
    if not asked:
        return None
    message = f"{model.name} is for this map, and asks for {' and '.join(asked)}"
    remedy = f"--model {model.name} {' '.join(f'--set {each}=VALUE' for each in asked)} takes it"
    return replace(note, message=message, help=remedy)


def inspect(
    material: Material, chosen: Chosen | None, settings: Mapping[str, str], limits: Limits = STANDARD
) -> Inspection | Diagnostic:
    """Check a map; ``chosen`` is the model that places its regions, with ``settings`` for its parameters."""
    checked = CheckedMap(material.map, material.permissions)
    placement = as_told(material.map) if checked.addressed else None
    if chosen is not None:
        placed = place(chosen, material.map, settings, limits)
        if isinstance(placed, Diagnostic):
            return placed
        placement = placed
    checked = replace(checked, placement=placement)
    found = [finding for check in CHECKS for finding in check(checked)]
    if material.aside:
        # What is said of a map is true of no other list, but may be worth a look.
        found = [replace(finding, severity=Severity.NOTE) for finding in found]
    findings = worst_first(found)
    return Inspection(
        material.map,
        findings,
        None if placement is None else placement.model,
        None if placement is None else placement.room,
        _handed_over(checked, chosen, limits),
    )


def _handed_over(checked: CheckedMap, chosen: Chosen | None, limits: Limits) -> HandedOver | None:
    """Linux hands over what it shows in its own runtime map, whatever that is. Of the firmware's map that is what the
    model for this kernel exports; where nothing tells of one, what has RUNTIME, since it frees other boot services
    (efi_unmap_boot_services())."""
    if not checked.has_window:
        return None
    exported = None if checked.kernels_own else _exported(checked.map, chosen, limits)
    if exported is not None:
        return exported
    kept = checked.regions if checked.kernels_own else checked.runtime
    services = sum(each.type in BOOT_SERVICES for each in kept)
    left = sum(each.type in BOOT_SERVICES for each in checked.regions) - services
    return HandedOver(len(kept), services, left, by_runtime=not checked.kernels_own)


def _exported(memory_map: MemoryMap, chosen: Chosen | None, limits: Limits) -> HandedOver | None:
    """The hand-over by the model that does all to the map that its kernel does; None where there is none."""
    if chosen is None or not is_complete(chosen.algorithm):
        told = told_model(memory_map, whole=True)
        chosen = told[0] if isinstance(told, tuple) else None
    if chosen is None or not is_complete(chosen.algorithm) or not chosen.algorithm.exports:
        return None
    layout = lay_out(chosen.algorithm, memory_map.descriptors, {}, limits, around=memory_map.told)
    if isinstance(layout, Diagnostic):
        return None
    handed = set(layout.exported)
    there = [index for index, each in enumerate(layout.regions) if not each[p.DROPPED]]
    services = [index for index in there if layout.regions[index]["type"] in BOOT_SERVICES]
    passed = sum(index in handed for index in services)
    return HandedOver(len(handed), passed, len(services) - passed, chosen.name)
