"""What is drawn of maps, layouts, counterexamples and captures."""

from __future__ import annotations

import pytest

import checker
from checker.handover import read_capture
from checker.memmap import RUNTIME, Descriptor
from checker.report.pictures.draw import capture_picture, counterexample_picture, layout_picture, map_picture
from checker.report.pictures.picture import PHYSICAL, VIRTUAL, MemoryKind, Panel, Picture, Standing, kind_of
from checker.report.views.counterexample import json_counterexample
from tests.helpers.places import CAPTURES
from tests.report.pictures.samples import laid_out, map_of, three

PLACED = Descriptor(6, 0x2000, 1, RUNTIME, 0xFFFF_FFFE_0000_2000)


def places(panel: Panel) -> dict[str, tuple[int, int]]:
    return {region.key: (region.start, region.end) for region in panel.regions}


def counterexample(model: str, check: str) -> Picture:
    program = checker.load(model)
    assert isinstance(program, checker.Program)
    results = checker.verify(program, properties=[check])
    assert not isinstance(results, checker.Diagnostic)
    found = results[0]
    assert found.seen is not None and found.result.counterexample is not None
    return counterexample_picture("t", json_counterexample(found.scenario, found.result.counterexample, found.seen))


def test_a_map_without_virtual_addresses_has_a_physical_panel_only() -> None:
    (panel,) = map_picture(three()).panels
    assert panel.axis == PHYSICAL
    assert places(panel)["1"] == (0x2_0010_0000, 0x2_0010_1000)
    assert [region.kind for region in panel.regions] == [MemoryKind.FREE, MemoryKind.RUNTIME, MemoryKind.RUNTIME]
    assert ("attribute", "UC|WC|WT|WB") in panel.regions[0].fields


def test_a_map_with_virtual_addresses_shows_those_too() -> None:
    physical, virtual = map_picture(map_of(PLACED, Descriptor(7, 0x8000, 1, 0xF))).panels
    assert virtual.axis == VIRTUAL
    assert places(virtual) == {"0": (PLACED.virt_addr, PLACED.virt_addr + 4096)}
    assert virtual.absent == ("1",)
    assert len(physical.regions) == 2


def test_a_layout_is_drawn_beside_its_map_with_the_window_of_the_model() -> None:
    shape = laid_out("linux-x86-reversed", three())
    memory, made = layout_picture(shape, three()).panels
    assert len(memory.regions) == 3
    assert isinstance(shape.regions, list)
    placed = {region["phys_addr"]: region["virt_addr"] for region in shape.regions}
    assert f"{places(made)['1'][0]:#x}" == placed["0x200100000"]
    assert (0xFFFF_FFFF_0000_0000) in dict(made.landmarks)


def test_what_breaks_the_property_stands_out_in_the_map_and_in_the_layout() -> None:
    picture = counterexample("linux-x86-forward", "adjacency_preserved(first)")
    assert [panel.axis for panel in picture.panels] == [PHYSICAL, VIRTUAL]
    for panel in picture.panels:
        assert {region.standing for region in panel.regions} == {Standing.BROKEN}
    assert picture.remarks[0].startswith("why: region 1 follows region 0 directly")


def test_two_runs_are_side_by_side_with_what_moved() -> None:
    picture = counterexample("coalesced", "stable(before, after)")
    first, second = [panel for panel in picture.panels if panel.axis == VIRTUAL][:2]
    moved = [region for region in second.regions if region.moved_from is not None]
    assert moved
    for region in moved:
        assert places(first)[region.key][0] == region.moved_from != region.start


def test_a_region_that_wraps_passes_the_end_of_the_address_space() -> None:
    top = Descriptor(6, 0x1000, 2, RUNTIME, 0xFFFF_FFFF_FFFF_F000)
    _, virtual = map_picture(map_of(top)).panels
    assert places(virtual)["0"] == (top.virt_addr, (1 << 64) + 4096)
    assert dict(virtual.landmarks) == {1 << 64: "end of the address space"}


def test_a_capture_shows_each_kernel_and_what_moved_between_them() -> None:
    kernels = read_capture(str(CAPTURES / "shaped-esrt-mok-6.12"))
    assert isinstance(kernels, tuple)
    picture = capture_picture("capture", kernels)
    assert picture is not None
    assert [panel.title for panel in picture.panels[1:]] == ["first kernel", "kexec 1", "kexec 2"]
    (moved,) = [region for region in picture.panels[2].regions if region.standing is Standing.MOVED]
    assert (moved.key, moved.start, moved.moved_from) == ("0x3dfc0000", 0xFFFFFFFEFDBBF000, 0xFFFFFFFEFDBC0000)
    assert not [region for region in picture.panels[3].regions if region.standing is not None]


def test_a_capture_without_regions_is_no_picture() -> None:
    assert capture_picture("capture", []) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("CONVENTIONAL", MemoryKind.FREE),
        ("ConventionalMemory", MemoryKind.FREE),
        ("EfiBootServicesCode", MemoryKind.BOOT),
        ("MMIO_PORT", MemoryKind.DEVICE),
        ("MemoryMappedIO", MemoryKind.DEVICE),
        ("ACPI_NVS", MemoryKind.ACPI),
        ("EFI_MEMORY_TYPE 1879048192", MemoryKind.OTHER),
    ],
)
def test_a_type_has_its_kind_however_its_name_is_written(name: str, kind: MemoryKind) -> None:
    assert kind_of(name, runtime=False) is kind
    assert kind_of(name, runtime=True) is MemoryKind.RUNTIME
