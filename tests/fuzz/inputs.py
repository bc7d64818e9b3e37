"""Makers of input: the grammar derived at random, real files, and both with things done to them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from random import Random

from lark.lexer import PatternStr

from checker.base.diagnostic import Diagnostic
from checker.handover import (
    EfiInfo,
    EfiSetup,
    SetupEntry,
    SetupNode,
    encode_efi_info,
    encode_efi_setup,
    encode_setup_node,
    write_setup_dump,
)
from checker.language.syntax.parse import parser
from checker.memmap import Descriptor, MemoryMap, array_of, encode_array, read_bytes
from tests.helpers.kernel_logs import Generation, generic_log, x86_log
from tests.writers.derivations import RULES, derived
from tests.writers.texts import Writer

from . import corpus
from .bundle import ARGUMENTS, joined
from .mutate import NUMBERS, STRINGS, bent, exchanged, reworded

EDGES = (0, 1, 39, 40, 48, 96, 0xFFF, 0x1000, 0x20_0000, (1 << 31) - 1, (1 << 32) - 1, 1 << 52, 1 << 63, (1 << 64) - 1)
"""Numbers at which structures, pages and words begin and end."""

CHECKS = (
    *("fits(made)", "no_overlap(made)", "all_runtime_placed(made)", "congruent(made)", "order_preserved(made)"),
    *("adjacency_preserved(made)", "fits(made) expect refuted", "fits(made, EFI_WINDOW)"),
    "each r in made where r.placed: r.runtime",
)
ASSUMPTIONS = (
    "well_formed",
    "disjoint",
    "sorted",
    "page_aligned",
    "not_empty",
    "budget(map)",
    "disjoint, no_wrap(map)",
)
MODELS = ("linux-x86-forward", "linux-x86-reversed", "linux-x86-reversed", "kexec-hazards:any_kernel")


@cache
def vocabulary() -> tuple[str, ...]:
    """The words and signs of the language, and the names of the shipped modules."""
    fixed = {each.pattern.value for each in parser().terminals if isinstance(each.pattern, PatternStr)}
    begins = {each.name.strip("_").lower() for each in parser().terminals if each.name.startswith("_")}
    names = {name for text in corpus.layouts() for name in re.findall(r"[A-Za-z_][A-Za-z_0-9]*", text)}
    return tuple(sorted(fixed | begins)) * 5 + tuple(sorted(names))


# --- programs ---------------------------------------------------------------------------------------------------------


def layout(chance: Random) -> bytes:
    """The text of a program, seldom a good one."""
    texts = corpus.layouts()
    match chance.randrange(10):
        case 0 | 1:
            text = derived(chance, chance.choice(sorted(RULES)), chance.randrange(150))[0]
        case 2:
            text = _algorithm(chance)
        case _:
            text = chance.choice(texts)
    if chance.random() < 0.6:
        text = reworded(text, chance, chance.choice(texts), vocabulary())
    elif chance.random() < 0.8:
        text = exchanged(text, chance)
    data = text.encode("utf-8", "surrogatepass")
    return bent(data, chance, chance.choice(texts).encode()) if chance.random() < 0.25 else data


def modules(chance: Random) -> bytes:
    """A program of one file, often a good one, or of several, which use each other in any way."""
    if chance.random() < 0.8:
        return joined(corpus.common(), chance.choice((layout, provable))(chance))
    names = ("inner", "outer", "uefi", "main")
    uses = [f"use {', '.join(chance.choices(names, k=chance.randrange(1, 4)))}\n".encode() for _ in names]
    files = {f"{name}.layout": use + layout(chance) for name, use in zip(names[:3], uses, strict=False)}
    return joined(files, uses[3] + layout(chance))


def provable(chance: Random) -> bytes:
    """The text of a program with checks, changed so little that it may still be a program."""
    match chance.randrange(20):
        case 0:
            return layout(chance)
        case 1 | 2 | 3 | 4 | 5:
            algorithm = _algorithm(chance)
            text = algorithm + _scenario(chance, "ExtendedMap" if "ExtendedMap" in algorithm else "MemoryMap")
        case _:
            text = chance.choice(corpus.models())
    return (exchanged(text, chance) if chance.random() < 0.8 else text).encode()


def _algorithm(chance: Random) -> str:
    text = Writer(chance, chance.randrange(12)).algorithm()
    return text.replace("use uefi, x86_64", "use uefi, x86_64, invariants, kexec")


def _scenario(chance: Random, kind: str) -> str:
    checks = "".join(f"    check {chance.choice(CHECKS)}\n" for _ in range(chance.randrange(1, 4)))
    given = f"given map: {kind} where {chance.choice(ASSUMPTIONS)}"
    return f"\nscenario s {{\n    {given}\n    let made = generated(map)\n{checks}}}\n"


# --- memory maps ------------------------------------------------------------------------------------------------------


def regions(chance: Random) -> list[Descriptor]:
    """A few regions, with numbers at their limits."""
    return [
        Descriptor(
            chance.choice((*range(16), chance.choice(EDGES) % (1 << 32))),
            chance.choice((0x1000 * (index * 16 + 1), chance.choice(EDGES))),
            chance.choice((1, 2, 16, chance.choice(EDGES))),
            chance.choice((0xF, 1 << 63 | 0xF, chance.choice(EDGES))),
            chance.choice((0, 0xFFFF_FFFE_FF00_0000 + 0x1000 * index, chance.choice(EDGES))),
        )
        for index in range(chance.choice((0, 1, 1, 2, 2, 5, 5, 20)))
    ]


def memory_map(chance: Random) -> bytes:
    """A memory map in any format, or a log that has one."""
    match chance.randrange(10):
        case 0:
            data = x86_log(regions(chance), chance.choice(list(Generation))).encode()
        case 1:
            data = generic_log(regions(chance), chance.choice(list(Generation)[1:])).encode()
        case 2:
            data = _json_map(chance)
        case _:
            data = chance.choice(corpus.maps())
    return _hurt(data, chance, corpus.maps())


def _json_map(chance: Random) -> bytes:
    rows = [
        {
            "type": each.type,
            "phys_addr": chance.choice((each.phys_addr, hex(each.phys_addr))),
            "num_pages": each.num_pages,
            "attribute": hex(each.attribute),
            "virt_addr": chance.choice((each.virt_addr, hex(each.virt_addr), None)),
        }
        for each in regions(chance)
    ]
    return json.dumps(chance.choice((rows, {"regions": rows}, {"map": rows}, {"x": 1, "regions": rows}))).encode()


def sysfs(chance: Random) -> bytes:
    """A copy of /sys/firmware/efi/runtime-map, a file a number."""
    files = {}
    for index, each in enumerate(regions(chance)):
        for name in ("type", "phys_addr", "num_pages", "attribute", "virt_addr"):
            files[f"{index}/{name}"] = f"{getattr(each, name):#x}\n".encode()
    for name in list(files):
        if chance.random() < 0.02:
            files[name] = chance.choice((*NUMBERS, *STRINGS)).encode("utf-8", "surrogatepass")
        if chance.random() < 0.01:
            del files[name]
    data = joined(files)
    return bent(data, chance, data) if chance.random() < 0.3 else data


# --- what kernels hand over -------------------------------------------------------------------------------------------


def raw(chance: Random) -> bytes:
    """Structures as they lie in memory."""
    match chance.randrange(4):
        case 0:
            made = encode_array(array_of(regions(chance), stride=chance.choice((40, 48, 56, 64))))
        case 1:
            words = (chance.choice(EDGES) for _ in range(6))
            made = encode_efi_info(
                EfiInfo(*(w % (1 << b) for w, b in zip(words, (32, 64, 32, 32, 64, 32), strict=True)))
            )
        case 2:
            made = encode_efi_setup(EfiSetup(chance.choice(EDGES), 0, chance.choice(EDGES), chance.choice(EDGES)))
        case _:
            made = b"".join(_node(chance) for _ in range(chance.randrange(1, 5)))
    assert not isinstance(made, Diagnostic)
    return bent(made, chance, made) if chance.random() < 0.7 else made


def _node(chance: Random) -> bytes:
    following = chance.choice((0, 0x1000, 0x1010, 0x1070, chance.choice(EDGES)))
    made = encode_setup_node(SetupNode(following, chance.randrange(10), bytes(chance.choice((0, 16, 96)))))
    assert isinstance(made, bytes)
    return made


def boot_params(chance: Random) -> bytes:
    """The EFI part of the boot parameters, as JSON."""
    return _hurt(chance.choice(corpus.parts("boot_params_efi.json")), chance, corpus.parts("boot_params_efi.json"))


def setup_data(chance: Random) -> bytes:
    """`setup_data` entries, as text."""
    if chance.random() < 0.3:
        kinds = [
            SetupEntry(chance.choice(EDGES) % (1 << 32), chance.randbytes(chance.choice((0, 1, 96)))) for _ in "abc"
        ]
        return _hurt(write_setup_dump(kinds).encode(), chance, corpus.parts("setup_data.hex"))
    return _hurt(chance.choice(corpus.parts("setup_data.hex")), chance, corpus.parts("setup_data.hex"))


def efi_files(chance: Random) -> bytes:
    """The files of /sys/firmware/efi, in one text."""
    return _hurt(chance.choice(corpus.parts("efi-sysfs.txt")), chance, corpus.parts("efi-sysfs.txt"))


PARTS: tuple[Callable[[Random], bytes], ...] = (memory_map, raw, boot_params, setup_data, efi_files)


def part(chance: Random) -> bytes:
    """Any part of a hand-over."""
    return chance.choice(PARTS)(chance)


def _hurt(data: bytes, chance: Random, others: tuple[bytes, ...]) -> bytes:
    """Real text with things done to its words, its bytes, or both."""
    other = chance.choice(others)
    text = data.decode("utf-8", "replace")
    match chance.randrange(4):
        case 0 | 1:
            data = reworded(text, chance, other.decode("utf-8", "replace"), STRINGS).encode("utf-8", "surrogatepass")
        case 2:
            data = exchanged(text, chance).encode("utf-8", "surrogatepass")
    if chance.random() < 0.4:
        data = bent(data, chance, other)
    if chance.random() < 0.03:
        data = data.decode("utf-8", "replace").encode(chance.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32")))
    return data


# --- commands ---------------------------------------------------------------------------------------------------------


def _command(files: dict[str, bytes], words: list[str], chance: Random) -> bytes:
    """Files and the words of a command line, of which some may be wrong."""
    if chance.random() < 0.04 and words:
        words[chance.randrange(len(words))] = chance.choice((*NUMBERS, *STRINGS, "-", "--help", "--no-such-option"))
    line = "\n".join(words).encode("utf-8", "surrogatepass")
    if chance.random() < 0.03:
        line = bent(line, chance, line)
    return joined({**files, ARGUMENTS: line})


def _form(chance: Random) -> list[str]:
    return chance.choice(([], ["--format", "json"], ["--format", "text"]))


def _limit(chance: Random, *names: str) -> list[str]:
    """A low limit: its diagnostic must be as good as any."""
    return ["--limit", f"{chance.choice(names)}={chance.choice((1, 2, 10, 1000))}"] if chance.random() < 0.05 else []


def check(chance: Random) -> bytes:
    """`check`: a hand-over with one or two of its parts damaged."""
    files = dict(chance.choice(corpus.captures()))
    names = sorted(files)
    for name in chance.sample(names, k=min(len(names), chance.choice((0, 1, 1, 2)))):
        files[name] = chance.choice((_hurt(files[name], chance, corpus.parts(name[-8:])), part(chance)))
    for kernel in ("", "kexec1-", "kexec2-"):
        if chance.random() < 0.3:
            files[f"{kernel}memmap.bin"] = _array(chance, files.get(f"{kernel}runtime-map.json", b""))
    what = ["."] if chance.random() < 0.6 else chance.sample(names, k=min(len(names), chance.randrange(1, 6)))
    words = ["--handover", *_form(chance), *_limit(chance, "map-bytes", "lines", "line", "compared", "kernels")]
    return _command(files, [*words, *what], chance)


OOPS = (
    b"BUG: unable to handle page fault for address: fffffffef694b1b9\nRIP: 0010:0xfffffffef694b1b9\n"
    b"CR2: fffffffef694b1b9 CR3: 000000085b20a001\n  ? 0xfffffffef6940010\n",
    b"Unable to handle kernel paging request at virtual address 00000000204d1000\npc : 0x20a3f3c4\nlr : 0x204d1000\n",
)


def inspect(chance: Random) -> bytes:
    """`check` of a map: any, with any model and scenario."""
    files = {"map": memory_map(chance) if chance.random() < 0.6 else _json_map(chance)}
    words = [chance.choice(("map",) * 10 + ("-", ".", "none")), *_form(chance)]
    words += _limit(chance, "map-bytes", "descriptors", "values", "steps")
    for option, value in (("--model", chance.choice((*MODELS, "auto"))), ("--against", chance.choice(MODELS))):
        if chance.random() < 0.3:
            words += [option, chance.choice((value, value, value, *STRINGS))]
    return _command(files, words, chance)


def where(chance: Random) -> bytes:
    """`where`: any map, with an address or a damaged oops."""
    files = {"map": memory_map(chance) if chance.random() < 0.6 else _json_map(chance)}
    files["oops"] = _hurt(chance.choice(OOPS), chance, OOPS)
    asked = chance.choice(("oops", "oops", f"{chance.getrandbits(chance.choice((32, 64, 66))):#x}", *STRINGS))
    words = ["map", asked, *_form(chance), *_limit(chance, "map-bytes", "descriptors", "steps")]
    if chance.random() < 0.5:
        words += ["--model", chance.choice((*MODELS, "auto"))]
    return _command(files, words, chance)


def _array(chance: Random, exported: bytes) -> bytes:
    """The array of descriptors that a kernel was given: mostly of the map that it exports, if that can be read."""
    found = read_bytes("map", exported)
    of = found.descriptors if isinstance(found, MemoryMap) and chance.random() < 0.8 else regions(chance)
    made = encode_array(array_of(of, stride=chance.choice((40, 48, 48, 56))))
    assert isinstance(made, bytes)
    return bent(made, chance, made) if chance.random() < 0.4 else made


def run(chance: Random) -> bytes:
    """`run`: any map laid out by a shipped algorithm, a random one, or what was left of one."""
    files = {
        "map": chance.choice((memory_map, _json_map, _json_map, lambda chance: chance.choice(corpus.maps())))(chance)
    }
    algorithm = chance.choice(MODELS)
    if chance.random() < 0.6:
        text = provable(chance)
        named = re.findall(rb"algorithm (\w+)", text) or [b"none"]
        algorithm = f"a.layout:{chance.choice(named).decode()}" if chance.random() < 0.8 else "a.layout"
        files |= {"a.layout": text, **corpus.common()}
    words = [algorithm, chance.choice(("map",) * 10 + ("-", ".")), *_form(chance)]
    words += _limit(chance, "map-bytes", "descriptors", "values", "steps", "tokens", "passes")
    given = re.findall(rb"algorithm \w+\(\w+: \w+, (\w+): ", files.get("a.layout", b""))
    if given or chance.random() < 0.05:
        value = chance.choice((*NUMBERS, *NUMBERS, "true", "false", "RUNTIME|WB", *STRINGS))
        words += ["--set", f"{chance.choice(given or [b'x']).decode()}={value}"]
    return _command(files, words, chance)


def show(chance: Random) -> bytes:
    """`show`: any map, a report, or a counterexample, with something wrong in it."""
    kinds = (*corpus.reports(), *corpus.counterexamples())
    data = memory_map(chance) if chance.random() < 0.3 else _hurt(chance.choice(kinds), chance, kinds)
    words = [chance.choice(("map",) * 10 + ("-", ".", "none")), *_form(chance), *_limit(chance, "map-bytes", "values")]
    for option, value in (("--svg", "o.svg"), ("--html", "o.html"), ("--property", "stable*"), ("--model", MODELS[0])):
        if chance.random() < 0.2:
            words += [option, chance.choice((value, value, value, *STRINGS))]
    return _command({"map": data}, words, chance)


def replay(chance: Random) -> bytes:
    """`replay`: a counterexample that was changed."""
    kinds = corpus.counterexamples()
    words = ["c.json", *_form(chance), *_limit(chance, "counterexample-bytes", "counterexample-regions", "size")]
    return _command({"c.json": _hurt(chance.choice(kinds), chance, kinds)}, words, chance)


def fmt(chance: Random) -> bytes:
    """`fmt`: files and standard input."""
    words = chance.choice((["a.layout"], ["-"], ["a.layout", "-"], ["."])) + chance.choice(([], ["--check"]))
    words += _limit(chance, "layout-bytes", "tokens", "word", "text", "depth")
    return joined({}, layout(chance)) + b"\n" + _command({"a.layout": layout(chance)}, words, chance)


def verify(chance: Random) -> bytes:
    """`verify`: programs with checks, and every option that costs no more than another solver's time."""
    words = _form(chance)
    options = {
        "--bound": ("0", "1", "2", "3", "64"),
        "--effort": ("1", "2", "5"),
        "--property": ("fits", "*", "*"),
        "--emit-smt": ("texts",),
        "--certificate": ("c.json",),
        "--limit": (
            "depth=400",
            "nesting=400",
            "expansion=1000",
            "runs=1",
            "checks=2",
            "result-bytes=100",
            "total-seconds=1",
        ),
        "--memory": ("64", "256", "4096"),
    }
    for option, values in options.items():
        if chance.random() < 0.12:
            words += [option, chance.choice(values if chance.random() < 0.9 else NUMBERS)]
    if chance.random() < 0.3:
        words.append("-v")
    files = {"main.layout": provable(chance), **corpus.common()}
    if chance.random() < 0.1:
        files["uefi.layout"] = layout(chance)
    return _command(files, words, chance)


def recheck(chance: Random) -> bytes:
    """`recheck`: a certificate that claims something else than it did."""
    files = dict(chance.choice(corpus.certificates()))
    files["c.json"] = _hurt(files["c.json"], chance, (files["c.json"],))
    return _command(files, _form(chance) + chance.choice(([], ["-v"])), chance)


def process(chance: Random) -> bytes:
    """Any command, its name first among the words."""
    commands = (("check", check), ("run", run), ("fmt", fmt), ("verify", verify), ("recheck", recheck))
    name, make = chance.choice(commands)
    return make(chance).replace(f"@@ {ARGUMENTS}\n".encode(), f"@@ {ARGUMENTS}\n{name}\n".encode())
