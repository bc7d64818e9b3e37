"""What the tests of hand-overs share: strategies, and a hand-over in which nothing is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from checker.base.codes import FindingCode
from checker.base.diagnostic import Diagnostic
from checker.handover import (
    BootParams,
    EfiFiles,
    EfiInfo,
    EfiSetup,
    Kernel,
    KexecStep,
    SetupDump,
    SetupEntry,
    SetupType,
    check_step,
    encode_efi_setup,
)
from checker.memmap import RUNTIME, Descriptor, Format, MemoryMap, Origin, array_of, encode_array
from checker.memmap.formats.json_map import JSON
from tests.helpers import places

DATA = places.DATA / "handover"
CAPTURES = DATA / "captures"

u32 = st.integers(0, (1 << 32) - 1)
u64 = st.integers(0, (1 << 64) - 1)
descriptors = st.builds(Descriptor, u32, u64, u64, u64, u64)
strides = st.integers(5, 12).map(lambda words: words * 8)
efi_infos = st.builds(EfiInfo, u32, u64, u32, u32, u64, u32)

CODE = Descriptor(5, 0x7F000000, 0x100, RUNTIME | 0xF, 0xFFFFFFFEFF000000)
DATA_REGION = Descriptor(6, 0x7F200000, 0x10, RUNTIME | 0xF, 0xFFFFFFFEFEE00000)
BOOT = Descriptor(4, 0x7E000000, 0x20, 0xF, 0xFFFFFFFEFEC00000)
FIRMWARE = (CODE, DATA_REGION, BOOT)
SETUP = EfiSetup(0x7F000100, 0, 0x7F000200, 0x7E000000)
FILES = EfiFiles(0x7F000100, 0x7F000300, 0x7F000200, 64, (("SMBIOS", 0x7E000000),))


def bytes_of(answer: bytes | Diagnostic) -> bytes:
    """What was encoded, which it must have been."""
    assert isinstance(answer, bytes), answer
    return answer


def memory_map(regions: Sequence[Descriptor], kind: Format = JSON) -> MemoryMap:
    """A runtime map."""
    return MemoryMap(tuple(regions), kind, "map", Origin.KERNEL)


def params(count: int = len(FIRMWARE), stride: int = 48) -> BootParams:
    """Boot parameters for a map of so many entries."""
    signature = int.from_bytes(b"EL64", "little")
    return BootParams(EfiInfo(signature, 0x7F000400, stride, 1, 0x1000, count * stride), 0x2000)


def setup_dump(*setups: EfiSetup) -> SetupDump:
    """A list of SETUP_EFI entries behind an RNG seed."""
    entries = [SetupEntry(SetupType.EFI, bytes_of(encode_efi_setup(setup))) for setup in setups]
    return SetupDump((SetupEntry(SetupType.RNG_SEED, b""), *entries))


OLD = Kernel("old", memory_map(FIRMWARE), params(), files=FILES)
NEW = Kernel(
    "new",
    memory_map(FIRMWARE),
    params(),
    setup_dump(SETUP),
    bytes_of(encode_array(array_of(FIRMWARE))),
    replace(FILES, runtime=0xFFFFFFFEFF000300),
)


def step_of(old: Kernel = OLD, new: Kernel = NEW) -> KexecStep:
    """The step, which there must be."""
    step = check_step(old, new)
    assert isinstance(step, KexecStep), step
    return step


def found(code: FindingCode, step: KexecStep) -> Diagnostic:
    """The only finding of a code."""
    (finding,) = [each for each in step.findings if each.code is code]
    return finding


def codes(step: KexecStep) -> list[FindingCode]:
    """The codes of all findings."""
    return [finding.code for finding in step.findings]
