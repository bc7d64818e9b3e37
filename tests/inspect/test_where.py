"""Addresses are found in texts, and looked up at their physical places and where regions are mapped."""

from __future__ import annotations

import pytest

from checker.base.diagnostic import Diagnostic
from checker.inspect import Material, material_of
from checker.inspect.lookup import answers, question_in, read_question
from checker.inspect.oops import MOST, FaultAddress, faults_in
from checker.inspect.where import Atlas, Listing, Located, Space, atlas
from checker.library import find_algorithm
from checker.memmap.limits import STANDARD
from tests.helpers.maps import PC, map_of
from tests.helpers.places import SHARED

LINUX = """
[    0.749586] BUG: unable to handle page fault for address: fffffffef694b1b9
[    0.749699] #PF: supervisor instruction fetch in kernel mode
[    0.749786] PGD 85b157067 P4D 85b157067 PUD 85b15a063 PMD 85b163063 PTE 800000007954b063
[    0.749786] RIP: 0010:0xfffffffef694b1b9
[    0.749786] Code: 83 a5 a0 fd ff ff 00 31 c0 48 bf 02 00 00 00 00 00 00 80 eb 0a 48 83 64 05 a8
[    0.749786] RSP: 0018:ffffffff82603d10 EFLAGS: 00010246
[    0.749786] RAX: 0000000000000000 RBX: ffffffff82603e58 RCX: 0000000000000000
[    0.749786] CR2: fffffffef694b1b9 CR3: 000000085b20a001 CR4: 00000000003606b0
[    0.749786]  ? __efi_call+0x25/0x30
[    0.749786]  ? 0xfffffffef6940010
"""

FORMS = {
    "BUG: unable to handle page fault for address: fffffffef694b1b9": [("fault", 0xFFFFFFFEF694B1B9)],
    "BUG: unable to handle kernel paging request at fffffffef694b1b9": [("fault", 0xFFFFFFFEF694B1B9)],
    "BUG: unable to handle kernel NULL pointer dereference at 0000000000000018": [("fault", 0x18)],
    "BUG: unable to handle kernel NULL pointer dereference at           (null)": [],
    "[Firmware Bug]: Page fault caused by firmware at PA: 0x6792e7f0": [("fault", 0x6792E7F0)],
    "IP: [<fffffffeffbd03f9>] 0xfffffffeffbd03f9": [("IP", 0xFFFFFFFEFFBD03F9), ("trace", 0xFFFFFFFEFFBD03F9)],
    "RIP: 0010:[<fffffffeffbd03f9>]  [<fffffffeffbd03f9>] 0xfffffffeffbd03f9": [
        ("RIP", 0xFFFFFFFEFFBD03F9),
        ("trace", 0xFFFFFFFEFFBD03F9),
    ],
    "(XEN) [   12.456945] RIP:    e008:[<0000000045f1e11f>] 0000000045f1e11f": [
        ("RIP", 0x45F1E11F),
        ("trace", 0x45F1E11F),
    ],
    "(XEN) [   12.526081] cr3: 00000004a23ff000   cr2: 00000000465fe004": [("CR2", 0x465FE004)],
    "RIP: 0010:efi_call+0x5b/0xc0": [],
    "CFI failure at virt_efi_get_time+0x56 (target: 0xfffffffeee9db7a4; expected type: 0xaa)": [
        ("target", 0xFFFFFFFEEE9DB7A4)
    ],
    "Unable to handle kernel paging request at virtual address 00000000204d1000": [("fault", 0x204D1000)],
    "Unable to handle kernel read from unreadable memory at virtual address 0000000000000018": [("fault", 0x18)],
    "pc : 0x20a3f3c4": [("pc", 0x20A3F3C4)],
    "pc : [<0000000020a3f3c4>] lr : [<ffff00000809bb04>] pstate: 80000145": [
        ("pc", 0x20A3F3C4),
        ("lr", 0xFFFF00000809BB04),
    ],
    "pc : __efi_queue_work+0xd4/0x108": [],
    "elr: fffffffff6ad99ec lr : fffffffff6ad980c (reloc)": [("elr", 0xFFFFFFFFF6AD99EC), ("lr", 0xFFFFFFFFF6AD980C)],
    "epc : 0000000020a3f3c4 ra : ffffffff80003a64 sp : ff20000000023c10": [
        ("epc", 0x20A3F3C4),
        ("ra", 0xFFFFFFFF80003A64),
    ],
    "Synchronous Exception at 0x000000807C5F6B4C": [("exception", 0x807C5F6B4C)],
    "efi: mem01: [Runtime Data|RUN|  |WB] range=[0x000000007f704000-0x000000007f787fff] (0MB)": [],
    "efi: ACPI=0x3fb7e000 ACPI 2.0=0x3fb7e014 SMBIOS=0x3f9cc000": [],
}
"""By a line as Linux, Xen, EDK2 or U-Boot print it: the addresses that it names, and as what."""


@pytest.mark.parametrize("line", FORMS)
def test_addresses_are_found_in_the_lines_of_a_fault(line: str) -> None:
    found = [(label, fault.address) for fault in faults_in(line) for label in fault.labels]
    assert sorted(found) == sorted(FORMS[line])


def test_an_address_of_an_oops_is_told_once_with_all_that_it_is() -> None:
    assert faults_in(LINUX) == (
        FaultAddress(("fault", "RIP", "CR2"), 0xFFFFFFFEF694B1B9, 2),
        FaultAddress(("trace",), 0xFFFFFFFEF6940010, 11),
    )


def test_no_more_addresses_are_looked_up_than_an_oops_has() -> None:
    asked = question_in("log", "".join(f"RIP: 0010:0x{number:016x}\n" for number in range(5_000)))
    assert not isinstance(asked, Diagnostic)
    assert (len(asked.faults), asked.remark is not None) == (MOST, True)
    assert len(faults_in("RIP: 0010:0x0000000000001000\n" * 5_000)) == 1


def known(material: Material, model: str | None = None) -> Atlas:
    chosen = None if model is None else find_algorithm(model)
    assert not isinstance(chosen, Diagnostic)
    made = atlas(material, chosen, {}, STANDARD)
    assert not isinstance(made, Diagnostic), made
    return made


def located(made: Atlas, address: int) -> Located:
    return made.locate(FaultAddress(("address",), address))


PHYSICAL = known(Material(map_of(PC)))


@pytest.mark.parametrize(
    ("address", "held", "below", "above"),
    [
        (0x7F010000, [4], 3, 5),
        (0x7F01FFFF, [4], 3, 5),
        (0x7F00FFFF, [3], 2, 4),
        (0x7F020000, [], 4, 5),
        (0, [], None, 0),
        (0x1000, [0], None, 1),
        (0xFFFFFFFF, [5], 4, None),
        (1 << 63, [], None, None),
    ],
)
def test_a_physical_address_is_in_its_region_with_others_around(
    address: int, held: list[int], below: int | None, above: int | None
) -> None:
    found = located(PHYSICAL, address)
    assert [each.number for each in found.places] == held
    assert {each.space for each in found.places} <= {Space.PHYSICAL}
    assert (found.below and found.below.number, found.above and found.above.number) == (below, above)


def test_every_region_that_holds_an_address_is_named() -> None:
    rows = (("ReservedMemoryType", 0x1000, 0x1000, 0), ("LoaderData", 0x2000, 2, 0), ("LoaderCode", 0x3000, 1, 0))
    assert [each.number for each in located(known(Material(map_of(rows))), 0x3800).places] == [2, 1, 0]
    assert [each.number for each in located(known(Material(map_of(rows))), 0x4000).places] == [0]


def test_an_empty_region_holds_nothing() -> None:
    assert not located(known(Material(map_of((("LoaderData", 0x2000, 0, 0),)))), 0x2000).places


def test_a_mapped_address_is_found_by_the_maps_own_addresses() -> None:
    made = known(Material(map_of(PC[3:5], (0xFFFFFFFEFFA00000, 0xFFFFFFFEFFA10000))))
    (place,) = located(made, 0xFFFFFFFEFFA10123).places
    assert (place.space, place.number, place.start) == (Space.VIRTUAL, 1, 0xFFFFFFFEFFA10000)
    assert [each.space for each in located(made, 0x7F010123).places] == [Space.PHYSICAL]


def test_a_region_that_is_mapped_where_it_is_holds_its_address_in_both_ways() -> None:
    made = known(Material(map_of(PC[3:5], (0x7F000000, 0x7F010000))))
    assert [each.space for each in located(made, 0x7F010123).places] == [Space.PHYSICAL, Space.VIRTUAL]


@pytest.mark.parametrize("model", ["linux-x86-reversed", "linux-x86-forward"])
def test_a_mapped_address_is_found_by_a_model(model: str) -> None:
    made = known(Material(map_of(PC)), model)
    (axis,) = made.virtual
    code = next(each for each in axis.places if each.number == 4)
    assert code.by == model
    assert code.start % (2 << 20) == 0x7F010000 % (2 << 20)
    assert [each.number for each in located(made, code.start + 0x123).places] == [4]


def test_nothing_is_known_of_virtual_addresses_without_a_model() -> None:
    found = located(PHYSICAL, 0xFFFFFFFEFFA10123)
    assert (found.places, found.below, found.above, found.in_window) == ((), None, None, True)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the captures are not there")
@pytest.mark.parametrize("capture", ["q35-1g-6.19", "q35-9g-ovmf2m-5.10", "shaped-odd-6.1"])
def test_the_list_that_linux_prints_of_itself_tells_where_it_has_mapped_each_region(capture: str) -> None:
    folder = SHARED / "captures" / capture
    log = material_of("log", (folder / "dmesg-efi.txt").read_bytes(), STANDARD)
    told = material_of("map", (folder / "runtime-map.json").read_bytes(), STANDARD)
    assert not isinstance(log, Diagnostic)
    assert not isinstance(told, Diagnostic)
    made = known(log)
    for region in told.map.descriptors:
        (place,) = located(made, region.virt_addr + 0x10).places
        assert (place.listing, place.start, place.region.phys_addr) == (
            Listing.KERNELS,
            region.virt_addr,
            region.phys_addr,
        )


@pytest.mark.parametrize(
    ("word", "address"),
    [("0x7f010000", 0x7F010000), ("7F010000", 0x7F010000), ("fffffffe`f694b1b9", None), ("0xffff_fffe", 0xFFFFFFFE)],
)
def test_an_address_is_hexadecimal(word: str, address: int | None) -> None:
    made = read_question(word, STANDARD)
    if address is None:
        assert isinstance(made, Diagnostic)
        assert made.code == "M182"
    else:
        assert not isinstance(made, Diagnostic)
        assert made.faults[0].address == address


def test_an_oops_is_found_if_some_address_of_it_is() -> None:
    asked = question_in("oops", "RIP: 0010:0x7f010123\nCR2: ffff888000000000\n")
    lost = question_in("oops", "CR2: ffff888000000000\n")
    assert not isinstance(asked, Diagnostic)
    assert not isinstance(lost, Diagnostic)
    assert [each.found for each in answers(PHYSICAL, [asked, lost])] == [True, False]
