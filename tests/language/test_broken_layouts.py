"""Broken files: one diagnostic each, at the right place, with a remedy, soon.

The first line of a file says which and where; the second may say the notes and the remedy, word for word.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from checker.base.codes import LayoutCode
from checker.base.diagnostic import Diagnostic
from checker.base.limits import rows
from checker.language import format_text, load, load_text
from checker.language.limits import STANDARD, Limits
from checker.language.syntax.mistakes import ITEMS, STATEMENTS
from checker.language.syntax.parse import keywords, parser
from tests.helpers.places import ROOT
from tests.helpers.speed import allowed

SPEC = (ROOT / "spec",)
BROKEN = sorted((ROOT / "tests" / "data" / "broken-layouts").glob("*.layout"))
SOON = 2.0
"""Seconds of this process, so that a busy machine does not matter."""


@pytest.mark.parametrize("path", BROKEN, ids=lambda p: p.stem)
def test_a_broken_file_gives_the_expected_diagnostic(path: Path) -> None:
    first, second = path.read_bytes().split(b"\n")[:2]
    expected = first.decode().removeprefix("# expect: ")
    start = time.process_time()
    result = load(path, SPEC)
    took = time.process_time() - start
    assert took < SOON or took < allowed(SOON)
    assert isinstance(result, Diagnostic)
    assert result.span is not None
    assert f"{result.code} {result.span.line}:{result.span.column}" == expected
    assert result.help
    if second.startswith(b"# says: "):
        assert second.decode().removeprefix("# says: ") == "; ".join((*result.notes, result.help))
    assert len(result.message) < 200
    assert result.span.end > result.span.start or result.message == "the file ends here"


@pytest.mark.parametrize(
    ("path", "suggestion"),
    [
        ("unknown-name", "cursor"),
        ("unknown-member", "RUNTIME_SERVICES_CODE"),
        ("unknown-flag", "RUNTIME"),
        ("unknown-module", "x86_64"),
        ("unknown-algorithm", "walk"),
        ("unknown-field", "num_pages"),
        ("unknown-type", "bytes"),
        ("unknown-verdict", "proved"),
    ],
)
def test_a_misspelt_name_brings_up_what_was_meant(path: str, suggestion: str) -> None:
    result = load(ROOT / "tests" / "data" / "broken-layouts" / f"{path}.layout", SPEC)
    assert isinstance(result, Diagnostic)
    assert f"`{suggestion}`" in result.help


def test_the_words_that_begin_items_and_statements_are_those_of_the_grammar() -> None:
    start = parser().parse_interactive("", start="module")
    assert set(keywords(start.accepts())) == {*ITEMS, "use"}
    block = parser().parse_interactive("algorithm a() {", start="module")
    block.exhaust_lexer()
    assert set(keywords(block.accepts())) == set(STATEMENTS)


def test_an_error_in_a_module_that_is_used_names_that_module(tmp_path: Path) -> None:
    (tmp_path / "inner.layout").write_text("const A: u64 = b\n")
    (tmp_path / "outer.layout").write_text("use inner\n")
    result = load(tmp_path / "outer.layout", ())
    assert isinstance(result, Diagnostic)
    assert result.span is not None
    assert Path(result.span.source.name).name == "inner.layout"


def test_a_missing_file_is_a_diagnostic(tmp_path: Path) -> None:
    result = load(tmp_path / "nowhere.layout", ())
    assert isinstance(result, Diagnostic)
    assert result.code == LayoutCode.FILE_UNREADABLE


def test_a_directory_is_a_diagnostic(tmp_path: Path) -> None:
    result = load(tmp_path, ())
    assert isinstance(result, Diagnostic)
    assert result.code == LayoutCode.FILE_UNREADABLE


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser can read everything")
def test_a_module_that_cannot_be_read_is_a_diagnostic(tmp_path: Path) -> None:
    (tmp_path / "secret.layout").write_text("")
    (tmp_path / "secret.layout").chmod(0)
    result = load_text("user.layout", b"use secret\n", (tmp_path,))
    assert isinstance(result, Diagnostic)
    assert result.code == LayoutCode.FILE_UNREADABLE


def test_a_device_without_an_end_is_not_read_to_its_end() -> None:
    result = load(Path("/dev/zero"), ())
    assert isinstance(result, Diagnostic)
    assert result.code == LayoutCode.FILE_TOO_LARGE


def test_a_chain_of_modules_ends_where_a_program_has_too_many_files(tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / f"m{number}.layout").write_text(f"use m{number + 1}\n")
    result = load(tmp_path / "m0.layout", ())
    assert isinstance(result, Diagnostic)
    assert result.code == LayoutCode.TOO_MANY


def test_a_file_of_the_largest_size_that_is_all_comment_loads_soon() -> None:
    start = time.process_time()
    assert not isinstance(load_text("large.layout", b"# " + b"x" * (STANDARD.layout_bytes - 2), ()), Diagnostic)
    took = time.process_time() - start
    assert took < SOON or took < allowed(SOON)


HEAD = "use uefi, x86_64, invariants\n"
WALK = HEAD + "algorithm walk(map: MemoryMap) {\n"
RUN = WALK + "}\nscenario any_map { given map: MemoryMap\nlet made = walk(map)\n"

HOSTILE: dict[str, tuple[str, Callable[[], str]]] = {
    "a line of 10 MB": ("layout-bytes", lambda: "const X: u64 = " + "1" * 10_000_000),
    "a number of 500,000 digits": ("word", lambda: "const X: u64 = " + "1" * 500_000),
    "100,000 parentheses": ("tokens", lambda: f"const X: u64 = {'(' * 100_000}1{')' * 100_000}"),
    "19,000 parentheses": ("depth", lambda: f"const X: u64 = {'(' * 19_000}1{')' * 19_000}"),
    "39,000 open parentheses": (LayoutCode.UNEXPECTED, lambda: "const X: u64 = " + "(" * 39_000),
    "100,000 times not": ("tokens", lambda: f"const X: bool = {'not ' * 100_000}true"),
    "39,000 times not": ("depth", lambda: f"const X: bool = {'not ' * 39_000}true"),
    "100,000 nested ifs": ("layout-bytes", lambda: WALK + "if true {\n" * 100_000 + "}" * 100_001),
    "9,000 nested ifs": ("depth", lambda: WALK + "if true {\n" * 9_000 + "}" * 9_001),
    "100,000 times else if": ("layout-bytes", lambda: WALK + "if true {}" + " else if true {}\n" * 100_000 + "}"),
    "6,000 times else if": ("depth", lambda: WALK + "if true {}" + " else if true {}\n" * 6_000 + "}"),
    "a sum of 100,000 terms": ("tokens", lambda: "const X: u64 = " + "+".join(["1"] * 100_000)),
    "a sum of 19,000 terms": ("depth", lambda: "const X: u64 = " + "+".join(["1"] * 19_000)),
    "derived values that double": (
        "expansion",
        lambda: (
            "record R {\na0: u64\n" + "".join(f"derive a{i}: u64 = a{i - 1} + a{i - 1}\n" for i in range(1, 100)) + "}"
        ),
    ),
    "a chain of derived values": (
        "nesting",
        lambda: "record R {\na0: u64\n" + "".join(f"derive a{i}: u64 = a{i - 1} + 1\n" for i in range(1, 200)) + "}",
    ),
    "functions whose calls double": (
        "expansion",
        lambda: (
            "def f0(x: u64): u64 = x + x\n"
            + "".join(f"def f{i}(x: u64): u64 = f{i - 1}(x) + f{i - 1}(x)\n" for i in range(1, 100))
        ),
    ),
    "functions whose arguments double": (
        "expansion",
        lambda: (
            "def f0(x: u64): u64 = x + x\n"
            + "".join(f"def f{i}(x: u64): u64 = f{i - 1}(f{i - 1}(x))\n" for i in range(1, 100))
        ),
    ),
    "a chain of functions": (
        "nesting",
        lambda: (
            "def f0(x: u64): u64 = x\n" + "".join(f"def f{i}(x: u64): u64 = f{i - 1}(x)\n" for i in range(1, 1_500))
        ),
    ),
    "functions that lengthen their argument": (
        "nesting",
        lambda: (
            "def f0(x: u64): u64 = x\n"
            + "".join(f"def f{i}(x: u64): u64 = f{i - 1}(x{' +% 1' * 50})\n" for i in range(1, 90))
        ),
    ),
    "a chain of properties": (
        "nesting",
        lambda: (
            HEAD
            + "property p0(l: Layout) = fits(l)\n"
            + "".join(f"property p{i}(l: Layout) = p{i - 1}(l)\n" for i in range(1, 1_500))
        ),
    ),
    "properties that double": (
        "conjuncts",
        lambda: (
            HEAD
            + "property p0(l: Layout) = fits(l)\n"
            + "".join(f"property p{i}(l: Layout) = p{i - 1}(l) and p{i - 1}(l)\n" for i in range(1, 100))
        ),
    ),
    "1,024 conjuncts": (
        "conjuncts",
        lambda: (
            HEAD
            + "property p0(l: Layout) = true\n"
            + "".join(f"property p{i}(l: Layout) = p{i - 1}(l) and p{i - 1}(l)\n" for i in range(1, 11))
        ),
    ),
    "10,000 checks": ("tokens", lambda: RUN + "check fits(made)\n" * 10_000 + "}"),
    "7,000 checks": ("checks", lambda: RUN + "check fits(made)\n" * 7_000 + "}"),
    "5,000 runs": ("runs", lambda: RUN + "".join(f"let l{i} = walk(map)\n" for i in range(5_000)) + "}"),
    "9,000 assumptions": (
        "tokens",
        lambda: RUN + "assuming " + ", ".join(["well_formed(map)"] * 9_000) + " {}}",
    ),
    "an enumeration of 10,000 members": (
        "members",
        lambda: "enum E: u32 {" + "".join(f"M{i} = {i}\n" for i in range(10_000)) + "}",
    ),
    "a set of 10,000 members": (
        "nesting",
        lambda: (
            HEAD + f"property p(l: Layout) = each r in l: r.num_pages in {{{', '.join(str(i) for i in range(10_000))}}}"
        ),
    ),
    "17 passes": ("passes", lambda: WALK + "for r in map { export r }\n" * 17 + "}"),
    "a billion rounds": ("rounds", lambda: WALK + "while true up to 1_000_000_000 {} }"),
    "rounds of rounds": ("rounds", lambda: WALK + "while true up to 9 { while true up to 9 {} } }"),
    "a name among 5,000 like it": (
        LayoutCode.UNKNOWN_NAME,
        lambda: "".join(f"const abcdefgh{i}: u64 = {i}\n" for i in range(5_000)) + "const z: u64 = abcdefghX",
    ),
    "a name of 300 letters": ("word", lambda: "use " + "a" * 300),
    "comments of a byte": ("tokens", lambda: "#\n" * 500_000),
    "blanks after a word": (LayoutCode.UNEXPECTED, lambda: "const" + " " * 1_000_000),
    "a text of 2,000 letters": ("text", lambda: WALK.replace("{", f'from "{"x" * 2_000}" {{') + "}"),
    "8,000 expressions in messages": (
        "tokens",
        lambda: (
            HEAD
            + "".join(
                f'property p{i}(l: Layout) = each r in l: r.placed else "{"{r.num_pages / 0x%x}" * 40}"\n'
                % tuple(range(40 * i + 1, 40 * i + 41))
                for i in range(200)
            )
        ),
    ),
    "operands that double": ("expansion", lambda: f"def f(x: u64): u64 = {'max(' * 40}x{', 1)' * 40}"),
    "an operand for every member": (
        "expansion",
        lambda: f"def f(x: u64): bool = {'max(' * 8}x{', 1)' * 8} in {{{', '.join(['1'] * 900)}}}",
    ),
    "200 runs of a long algorithm": (
        "expansion",
        lambda: (
            WALK
            + "var x: u64 = 0\n"
            + "x +%= 1\n" * 500
            + "}\n"
            + "".join(
                f"scenario s{i} {{ given map: MemoryMap\n{''.join(f'let l{j} = walk(map) ' for j in range(30))}}}\n"
                for i in range(7)
            )
        ),
    ),
    "a hundred given values": (
        "given",
        lambda: RUN.replace("let", "".join(f"given x{i}: u64\n" for i in range(100)) + "let") + "}",
    ),
    "a hundred maps": (
        "given",
        lambda: (
            RUN.replace(
                "let", "".join(f"given m{i}: MemoryMap like map except r: r.runtime\n" for i in range(100)) + "let"
            )
            + "}"
        ),
    ),
    "400 checks under 90 assumptions": (
        "assumed",
        lambda: (
            f"{RUN.replace('scenario', 'property many(l: Layout) = true ' + 'and true ' * 90 + 'scenario')}"
            f"assuming many(made) {{ check fits(made) {', fits(made)' * 400} }} }}"
        ),
    ),
    "a check of 5,000 letters": ("label", lambda: f"{RUN}check fits(made{', EFI_WINDOW' * 400}) }}"),
    "an assumption of 5,000 letters": ("label", lambda: f"{RUN}assuming x({'1, ' * 2_000}1) {{}} }}"),
    "assumptions in each other of 3,000 letters": (
        "label",
        lambda: RUN + f"assuming {'true or ' * 9}true {{" * 40 + "check fits(made)" + "}" * 41,
    ),
}
LIMITS = {row.name: row for row in rows(Limits)}

MOST = 500 << 20
"""Bytes of address space of the process in which all of them are read."""


def answer_all() -> None:
    """Print what each hostile file is answered, and if that took too long: a line for each, in JSON."""
    for name, (_, make) in HOSTILE.items():
        data = make().encode()
        start = time.process_time()
        found = load_text("hostile.layout", data, SPEC)
        took = time.process_time() - start
        late = took >= SOON and took >= allowed(SOON)
        assert isinstance(found, Diagnostic), name
        print(json.dumps([name, found.code, found.message, found.help, late]), flush=True)  # noqa: T201


@pytest.fixture(scope="module")
def answered() -> subprocess.CompletedProcess[str]:
    """One process that has little memory, and reads all of them."""
    script = (
        "import resource\n"
        f"resource.setrlimit(resource.RLIMIT_AS, ({MOST}, {MOST}))\n"
        "from tests.language.test_broken_layouts import answer_all\n"
        "answer_all()\n"
    )
    line = [sys.executable, "-c", script]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False, timeout=240)


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_soon(name: str, answered: subprocess.CompletedProcess[str]) -> None:
    said = {about: rest for about, *rest in map(json.loads, answered.stdout.splitlines())}
    assert name in said, answered.stderr[-2_000:]
    code, message, help, late = said[name]
    assert not late
    reached, _ = HOSTILE[name]
    if reached in LIMITS:
        assert (code, message) == (LIMITS[reached].code, f"more than {LIMITS[reached].value} {LIMITS[reached].of}")
        assert f"--limit {reached}=N" in help
    else:
        assert code == reached
        assert help


@pytest.mark.slow
def test_hostile_files_take_less_than_500_megabytes(answered: subprocess.CompletedProcess[str]) -> None:
    assert (answered.returncode, answered.stderr) == (0, "")
    assert len(answered.stdout.splitlines()) == len(HOSTILE)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["19,000 parentheses", "39,000 times not", "9,000 nested ifs", "6,000 times else if"])
def test_the_formatter_refuses_what_the_parser_does(name: str) -> None:
    start = time.process_time()
    assert isinstance(format_text("hostile.layout", HOSTILE[name][1]().encode()), Diagnostic)
    took = time.process_time() - start
    assert took < SOON or took < allowed(SOON)


def test_the_deepest_nesting_that_is_allowed_loads() -> None:
    lines = [
        HEAD,
        "def g0(x: u64): u64 = x +% 1\n",
        *(f"def g{i}(x: u64): u64 = g{i - 1}(x)\n" for i in range(1, 45)),
        "algorithm walk(map: MemoryMap) {\nvar x: u64 = 0\n",
        "if x < 3 {\n" * 90,
        "x = g44(x)\n",
        "}" * 91,
    ]
    assert not isinstance(load_text("deep.layout", "".join(lines).encode(), SPEC), Diagnostic)
