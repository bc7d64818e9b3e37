"""Whatever bytes come in, the answer is a value or a diagnostic.

The test tries 2,000 inputs, always the same ones. For more, from the root of the project:

    python -m tests.memmap.test_handover_fuzz 20000 [SEED]
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from checker.diagnostic import Diagnostic, Source
from checker.memmap import (
    Descriptor,
    Kernel,
    MemoryMap,
    SetupNode,
    Step,
    array_of,
    check_handover,
    decode_array,
    decode_efi_info,
    decode_efi_setup,
    decode_efi_setup_without_runtime,
    decode_setup_chain,
    decode_setup_node,
    encode_array,
    encode_efi_info,
    encode_setup_node,
    read_boot_params,
    read_capture,
    read_efi_files,
    read_part,
    read_parts,
    read_raw_bytes,
    read_setup_dump,
)

from .handover_examples import CAPTURES, bytes_of, params

NAMES = ("runtime-map.json", "kexec1-setup_data.hex", "kexec1-boot_params_efi.json", "efi-sysfs.txt")
EDGES = (0, 1, 39, 40, 48, 96, 0xFFF, 0x1000, (1 << 31) - 1, (1 << 32) - 1, (1 << 63), (1 << 64) - 1)


def seeds() -> list[bytes]:
    """Real parts of hand-overs, and raw structures made of them."""
    found = []
    for name in ("q35-512m-6.1-nodebug", "shaped-esrt-mok-6.12", "q35-4g-smm-6.1rt"):
        found += [path.read_bytes()[:6000] for path in sorted((CAPTURES / name).iterdir()) if path.name in NAMES]
        kernels = read_capture(str(CAPTURES / name))
        assert not isinstance(kernels, Diagnostic)
        exported = kernels[0].runtime_map
        assert exported is not None
        found += [bytes_of(encode_array(array_of(exported.descriptors[:8], stride=stride))) for stride in (40, 48)]
    found.append(bytes_of(encode_efi_info(params().efi_info)))
    found.append(bytes_of(encode_setup_node(SetupNode(0x1000, 4, bytes(96)))))
    return found


def mutated(seed: bytes, chance: random.Random) -> bytes:
    """A seed with a few things done to it, or nothing but noise."""
    data = bytearray(seed)
    if chance.random() < 0.05:
        return chance.randbytes(chance.randrange(200))
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(data) + 1)
        length = chance.choice((1, 2, 8, 16, 40))
        match chance.randrange(7):
            case 0:
                data[at : at + 1] = chance.randbytes(1)
            case 1:
                del data[at : at + length]
            case 2:
                data[at:at] = chance.randbytes(length)
            case 3:
                data[at : at + length] = data[: length * chance.randrange(3)]
            case 4:
                data[at : at + 8] = chance.choice(EDGES).to_bytes(8, "little")
            case 5:
                data[at:at] = chance.choice((b"0x", b'"', b"}", b"[", b"\n", b"-1", b"1" * 30, b"type=0x4\n", b"..."))
            case 6:
                data = data[: max(1, at)]
    return bytes(data)


def attempts(data: bytes, chance: random.Random, directory: Path) -> Iterator[Callable[[], object]]:
    """Everything that reads bytes or text."""
    source = Source("fuzz", data.decode("utf-8", "replace"))
    stride = chance.choice((*EDGES, 56, 64, -8))
    address = chance.choice(EDGES)
    path = directory / chance.choice(("x", *NAMES, "memmap.bin"))
    path.write_bytes(data)
    yield lambda: decode_array(data, stride=stride)
    yield lambda: read_raw_bytes("fuzz", data, stride=stride)
    yield lambda: decode_efi_info(data[:32])
    yield lambda: decode_setup_node(data, chance.choice(EDGES))
    yield lambda: decode_setup_chain(data, base=address, first=address + chance.randrange(64))
    yield lambda: decode_efi_setup(data[:96])
    yield lambda: decode_efi_setup_without_runtime(data)
    yield lambda: read_setup_dump(source)
    yield lambda: read_boot_params(source)
    yield lambda: read_efi_files(source)
    yield lambda: read_part(str(path))
    yield lambda: step(path, chance)


def step(path: Path, chance: random.Random) -> object:
    """A whole check with one part destroyed: read from a file, or a map with numbers at their limits."""
    capture = CAPTURES / "q35-512m-6.1-nodebug"
    others = [str(capture / name) for name in (*NAMES, "kexec1-runtime-map.json") if chance.random() < 0.8]
    kernels = read_parts([str(path), *others])
    if isinstance(kernels, Diagnostic):
        return kernels
    return check_handover([spoilt(kernel, chance) for kernel in kernels])


def spoilt(kernel: Kernel, chance: random.Random) -> Kernel:
    """A kernel with its map changed in one place."""
    if kernel.runtime_map is None or not kernel.runtime_map.descriptors or chance.random() < 0.5:
        return kernel
    regions = list(kernel.runtime_map.descriptors)
    at = chance.randrange(len(regions))
    name = chance.choice(("type", "phys_addr", "num_pages", "attribute", "virt_addr"))
    most = (1 << 32) - 1 if name == "type" else (1 << 64) - 1
    changed: Descriptor = replace(regions[at], **{name: min(most, chance.choice(EDGES))})
    regions[at] = changed
    if chance.random() < 0.3:
        regions.insert(chance.randrange(len(regions)), chance.choice(regions))
    memory_map: MemoryMap = replace(kernel.runtime_map, descriptors=tuple(regions))
    return replace(kernel, runtime_map=memory_map)


def fuzz(count: int, seed: int) -> Counter[str]:
    """Try ``count`` inputs; how many values, steps and diagnostics came of it. An exception ends it."""
    chance = random.Random(seed)
    originals = seeds()
    answers: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as directory:
        for _ in range(count):
            data = mutated(chance.choice(originals), chance)
            for attempt in attempts(data, chance, Path(directory)):
                answer = attempt()
                if isinstance(answer, Diagnostic):
                    assert answer.message.isprintable(), answer
                    assert answer.help, answer
                    assert answer.span is None or 0 <= answer.span.start <= answer.span.end, answer
                    answers[f"diagnostic {answer.code}"] += 1
                elif isinstance(answer, tuple) and answer and isinstance(answer[0], Step):
                    for finding in answer[0].findings:
                        assert finding.message.isprintable(), finding
                        answers[f"finding {finding.code}"] += 1
                else:
                    answers["value"] += 1
    return answers


def test_mutated_bytes_give_a_value_or_a_diagnostic() -> None:
    answers = fuzz(2000, 0)
    assert answers["value"] > 1000
    assert sum(code.startswith("diagnostic M2") for code in answers) > 10
    assert sum(code.startswith("finding M3") for code in answers) > 10


if __name__ == "__main__":
    wanted = int(sys.argv[1])
    start = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    began = time.monotonic()
    result = fuzz(wanted, start)
    print(f"{wanted} inputs, seed {start}, {time.monotonic() - began:.0f} s: no exception")  # noqa: T201
    for name, number in sorted(result.items()):
        print(f"{number:8} {name}")  # noqa: T201
