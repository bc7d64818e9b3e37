"""Algorithms that are read from C: the text, what is left out of it, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import checker
from checker import library
from checker.base.diagnostic import Diagnostic
from checker.csource import (
    Binding,
    Imported,
    bindings,
    chosen,
    enumerations_used,
    import_texts,
    import_tree,
    read_binding,
)
from checker.csource.binding import Action, BoundCall, Stride, Walker
from checker.interpret import run
from tests.helpers.places import ROOT

TREE = ROOT / "tests" / "data" / "trees" / "upwards"
_READ = read_binding(TREE / "upwards.toml")
assert isinstance(_READ, Binding)
BINDING = _READ


def loop(body: str, before: str = "", declared: str = "") -> str:
    """A file whose function `walk` does something for each region."""
    head = f"{before}void walk(void)\n{{\n\tefi_memory_desc_t *md;\n{declared}"
    return f"{head}\n\tfor_each_desc(md) {{\n\t\t{body}\n\t}}\n}}\n"


def imported(text: str) -> Imported:
    made = import_texts({"walk.c": text}, BINDING)
    assert isinstance(made, Imported), made
    return made


def refused(text: str) -> Diagnostic:
    made = import_texts({"walk.c": text}, BINDING)
    assert isinstance(made, Diagnostic), made.text
    return made


def statements(text: str) -> list[str]:
    """The statements of an imported text, without the C behind them."""
    lines = [each.partition("  # ")[0].strip() for each in text.splitlines()]
    return [each for each in lines[lines.index("{") + 1 :] if each and not each.startswith("#") and each != "}"]


ENUMERATION = {
    "if (md->type & 1)\n\t\t\tmd->virt_addr = 4096;": lambda kind: 4096 if kind & 1 else 0,
    "if ((md->type & 6) == 4)\n\t\t\tmd->virt_addr = 4096;": lambda kind: 4096 if kind & 6 == 4 else 0,
    "if (md->type == (md->num_pages > 1 ? 3 : 5))\n\t\t\tmd->virt_addr = 4096;": lambda kind: 4096 if kind == 5 else 0,
    "md->virt_addr = (md->type | 8) << 12;": lambda kind: (kind | 8) << 12,
}
"""Statements about the type of a descriptor, with the address that each comes to where there is one page."""


@pytest.mark.parametrize("text", ENUMERATION)
def test_the_bits_of_an_enumeration_are_those_of_its_number(text: str) -> None:
    read = chosen(imported(loop(text)), "walk.c")
    assert isinstance(read, library.Chosen), read
    regions = [{"type": kind, "phys_addr": 0, "num_pages": 1, "attribute": 0, "virt_addr": 0} for kind in range(16)]
    layout = run(read.algorithm, regions, {})
    assert [each["virt_addr"] for each in layout.regions] == [ENUMERATION[text](kind) for kind in range(16)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "md->attribute = md->type == 3 ? 5 : 6;",
            "region.attribute = if region.type == 3 as MemoryType then 5 as MemoryAttribute else 6 as MemoryAttribute",
        ),
        (
            "md->attribute |= md->type == 3 ? 1 : 0;",
            "region.attribute = region.attribute | "
            "(if region.type == 3 as MemoryType then 1 as MemoryAttribute else 0 as MemoryAttribute)",
        ),
    ],
)
def test_flags_may_be_one_or_the_other(text: str, said: str) -> None:
    made = imported(loop(f"{text}\n\t\tmd->virt_addr = 4096;"))
    assert said in statements(made.text)
    assert isinstance(chosen(made, "walk.c"), library.Chosen)


def test_an_enumeration_of_a_module_of_ones_own_is_one_too(tmp_path: Path) -> None:
    (tmp_path / "own.layout").write_text("enum Kind: u32 { A = 0 B = 1 }\nflags Bits: u32 { C = 1 }\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "search_path", lambda: (tmp_path,))
        assert enumerations_used(replace(BINDING, modules=("own",))) == {"Kind"}


def test_each_statement_has_its_line_of_c_behind_it() -> None:
    made = import_tree(TREE, BINDING)
    assert isinstance(made, Imported)
    line = next(each for each in made.text.splitlines() if each.strip().startswith("place region"))
    assert line.split("  # ")[1] == "walk.c:25: md->virt_addr = next_free;"
    place = made.lines[made.text.splitlines().index(line)]
    assert place is not None
    assert (place.line, place.text) == (25, "md->virt_addr = next_free")
    assert isinstance(checker.load_text(made.text), checker.Program)


def test_what_has_no_bearing_is_told_and_left_out() -> None:
    made = import_tree(TREE, BINDING)
    assert isinstance(made, Imported)
    assert "many" not in "".join(statements(made.text))
    assert "# walk.c:37: many++;" in made.text
    assert "#   the log" in made.text


def test_a_value_that_is_not_understood_may_stand_where_nothing_depends_on_it() -> None:
    made = imported(loop("bits += md->attribute << md->type;\n\t\tmd->virt_addr = 4096;", "static u64 bits;\n"))
    assert statements(made.text) == ["for region in map {", "place region at 0x1000 as va"]
    wrong = refused(loop("bits += md->attribute << md->type;\n\t\tmd->virt_addr = bits;", "static u64 bits;\n"))
    assert (wrong.code, wrong.span and wrong.span.text) == ("S005", "md->attribute << md->type")


def test_the_region_before_is_kept_where_the_pointer_to_it_stays() -> None:
    body = """
        if (!last || last->type != md->type) {
            last = md;
            continue;
        }
        last->num_pages += md->num_pages;
        md->attribute = 0;"""
    made = imported(loop(body, declared="\tefi_memory_desc_t *last = NULL;\n"))
    assert statements(made.text) == [
        "for region in map with previous prior {",
        "if not prior.visited or prior.type != region.type {",
        "continue",
        "prior.num_pages = ((prior.num_pages as u64) +% (region.num_pages as u64)) as pages",
        "region.attribute = 0 as MemoryAttribute",
        "keep prior",
    ]


WALKS = {
    "forward": ("efi.memmap.map", "at += efi.memmap.desc_size;", "at >= efi.memmap.map_end"),
    "backward": (
        "efi.memmap.map_end - efi.memmap.desc_size",
        "at -= efi.memmap.desc_size;",
        "efi.memmap.map > at",
    ),
    "skips the last": (
        "efi.memmap.map",
        "at += efi.memmap.desc_size;",
        "at + efi.memmap.desc_size >= efi.memmap.map_end",
    ),
    "begins behind": ("efi.memmap.map_end", "at -= efi.memmap.desc_size;", "at < efi.memmap.map"),
    "every second": ("efi.memmap.map", "at += 2 * efi.memmap.desc_size;", "at >= efi.memmap.map_end"),
    "stops at the first": (
        "efi.memmap.map_end - efi.memmap.desc_size",
        "at -= efi.memmap.desc_size;",
        "at <= efi.memmap.map",
    ),
}


@pytest.mark.parametrize("name", WALKS)
def test_the_direction_of_a_walk_is_read_from_the_function_that_walks(name: str) -> None:
    first, step, end = WALKS[name]
    text = f"""
static void *following(void *at)
{{
	if (!at)
		return {first};
	{step}
	if ({end})
		return NULL;
	return at;
}}
void walk(void)
{{
	void *p = NULL;
	efi_memory_desc_t *md;

	while ((p = following(p))) {{
		md = p;
		md->virt_addr = 0;
	}}
}}
"""
    walker = {"following": {"start": "efi.memmap.map", "end": "efi.memmap.map_end", "size": "efi.memmap.desc_size"}}
    made = import_texts({"walk.c": text}, with_walkers(walker))
    if name in ("forward", "backward"):
        assert isinstance(made, Imported), made
        assert statements(made.text)[0] == f"for region in {'reversed ' if name == 'backward' else ''}map {{"
    else:
        assert isinstance(made, Diagnostic)
        assert made.code == "S002"


def with_walkers(walkers: dict[str, dict[str, str]]) -> Binding:
    return replace(BINDING, walkers={name: Walker(**each) for name, each in walkers.items()})  # type: ignore[type-var]


REFUSED = {
    "a loop macro that the binding does not know": ("for_each_other(md) {\n}", "S002", "a macro of a loop"),
    "a loop of another kind": ("while (md->type) {\n}", "S002", "a loop that is not over the map"),
    "a call of what is in no file": ("md->virt_addr = base_of(md);", "S003", "base_of"),
    "a write to other memory": ("efi.memmap.nr_map = 3;", "S002", "what this changes"),
    "leaving in the middle": (
        "if (md->type == 3)\n\t\t\treturn;\n\t\tmd->virt_addr = 0;",
        "S002",
        "in the middle of the map",
    ),
    "a jump": ("goto out;\nout:\n;", "S002", "`goto`"),
    "an order that C leaves open": ("md->virt_addr = md->num_pages++ + md->num_pages;", "S006", "num_pages"),
    "an argument of a macro that is done twice": ("md->virt_addr = TWICE(md->num_pages++);", "S006", "num_pages"),
    "a shift too far": ("md->virt_addr = md->type << 32;", "S006", "shift by 32"),
    "a division by zero": ("md->virt_addr = md->phys_addr % 0;", "S006", "division by 0"),
    "a variable that may not be set": (
        "u64 at;\n\n\t\tif (md->type)\n\t\t\tat = 5;\n\t\tmd->virt_addr = at;",
        "S006",
        "`at` may be read",
    ),
    "a word that is missing": ("md->virt_addr = min_of(unsigned long, 1, 2);", "S002", "this is not understood"),
    "a name of nothing": ("md->virt_addr = BASE;", "S003", "BASE"),
    "a float": ("md->virt_addr = 1.5;", "S002", "number"),
    "a macro that has the name of a function": ("md->virt_addr = both(3);", "S002", "name of a macro"),
    "a field of another struct at the same place": (
        "struct other *o = (void *)md;\n\n\t\tmd->virt_addr = o->attribute;",
        "S005",
        "what is read here",
    ),
    "a text in the place of a number": ('md->virt_addr = "here";', "S002", "string literal"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_understood_is_refused_with_its_place(name: str) -> None:
    body, code, said = REFUSED[name]
    wrong = refused(
        loop(body, "#define TWICE(x) ((x) + (x))\n#define both(x) 3\nstatic int both(int x) { return x; }\n")
    )
    assert wrong.code == code, wrong
    assert said in wrong.message
    assert wrong.span is not None
    assert wrong.span.source.name == "walk.c"
    assert wrong.span.line > 5
    assert wrong.help


STEPS = {
    "in bytes": ("void *at", "at", True),
    "in descriptors": ("efi_memory_desc_t *at", "at", False),
    "in descriptors by a cast": ("void *at", "(efi_memory_desc_t *)at", False),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_walk_counts_bytes(name: str) -> None:
    parameter, pointer, understood = STEPS[name]
    text = f"""
static void *following({parameter})
{{
	if (!at)
		return efi.memmap.map;
	at = {pointer} + efi.memmap.desc_size;
	if (at >= efi.memmap.map_end)
		return NULL;
	return at;
}}
void walk(void)
{{
	void *p = NULL;
	efi_memory_desc_t *md;

	while ((p = following(p))) {{
		md = p;
		md->virt_addr = 0;
	}}
}}
"""
    walker = {"following": {"start": "efi.memmap.map", "end": "efi.memmap.map_end", "size": "efi.memmap.desc_size"}}
    assert isinstance(import_texts({"walk.c": text}, with_walkers(walker)), Imported) is understood


def test_a_loop_over_bytes_is_one_over_regions_where_the_map_is_taken_in_bytes() -> None:
    text = """
void walk(efi_memory_desc_t *list, unsigned long length, unsigned long size)
{
	unsigned long at;

	for (at = 0; at < length; at += size) {
		efi_memory_desc_t *md = (void *)list + at;

		md->virt_addr = 0;
	}
}
"""
    binding = replace(BINDING, strides={"walk": Stride("list", "length", "size")})
    made = import_texts({"walk.c": text}, binding)
    assert isinstance(made, Imported), made
    assert statements(made.text) == ["for region in map {", "place region at 0 as va"]
    for wrong in ("list + at", "(void *)list + at + size"):
        assert isinstance(import_texts({"walk.c": text.replace("(void *)list + at", wrong)}, binding), Diagnostic)
    counted = text.replace("md->virt_addr = 0", "md->virt_addr = at")
    assert isinstance(import_texts({"walk.c": counted}, binding), Diagnostic)


def test_a_text_under_a_condition_is_left_out_or_refused_as_the_binding_says() -> None:
    text = loop("md->virt_addr = 0;\n#ifdef CONFIG_HIGH\n\t\tmd->virt_addr = 4096;\n#endif")
    assert refused(text).code == "S004"
    for value, places in ((True, ["0", "0x1000"]), (False, ["0"])):
        made = import_texts({"walk.c": text}, replace(BINDING, settings={"CONFIG_HIGH": value}))  # type: ignore[type-var]
        assert isinstance(made, Imported), made
        assert [each.split()[3] for each in statements(made.text)[1:]] == places


def test_every_shipped_binding_can_be_read_and_says_why_calls_do_not_matter() -> None:
    assert "linux-x86-64" in bindings()
    for path in bindings().values():
        made = read_binding(path)
        assert isinstance(made, Binding), made
        assert made.files
        assert all(call.reason for call in made.calls.values() if call.action == "nothing")
        assert set(made.models) <= set(checker.models())


def placing(text: str) -> Imported | Diagnostic:
    """What a walk comes to whose call says where a region is."""
    said = BoundCall(Action.PLACE, argument=1, at=2)
    return import_texts({"walk.c": text}, replace(BINDING, calls={**BINDING.calls, "map_at": said}))


def test_a_call_may_say_where_a_region_is_placed() -> None:
    made = placing(loop("map_at(md, md->virt_addr + 4096);"))
    assert isinstance(made, Imported), made
    assert statements(made.text)[1:] == ["place region at ((region.virt_addr as u64) +% 0x1000) as va"]


def test_of_two_calls_the_one_that_is_meant_is_told_by_its_text() -> None:
    both = loop("map_at(md, md->phys_addr);\n\t\tmap_at(md, md->virt_addr);")
    of_name = placing(both)
    assert isinstance(of_name, Imported), of_name
    assert len([each for each in statements(of_name.text) if each.startswith("place")]) == 2
    first = {"map_at(md, md->phys_addr)": BoundCall(Action.NOTHING, "one to one")}
    made = import_texts(
        {"walk.c": both},
        replace(
            BINDING,
            calls={**BINDING.calls, **first, "map_at(md, md->virt_addr)": BoundCall(Action.PLACE, argument=1, at=2)},
        ),
    )
    assert isinstance(made, Imported), made
    assert statements(made.text)[1:] == ["place region at (region.virt_addr as u64) as va"]


@pytest.mark.parametrize(
    "call", ["map_at(md);", "map_at(0, md->virt_addr);", "map_at(md, md);", "map_at(md, md->virt_addr, many++);"]
)
def test_a_call_that_places_no_region_is_refused(call: str) -> None:
    made = placing(loop(call, "static int many;\n"))
    assert isinstance(made, Diagnostic)
    assert (made.code, made.span is not None) == ("S002", True)


def test_a_binding_that_says_half_of_where_a_region_is_placed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "half.toml"
    path.write_text((TREE / "upwards.toml").read_text().replace('{ nothing = "the log" }', "{ place = 1 }"))
    made = read_binding(path)
    assert isinstance(made, Diagnostic)
    assert (made.code, "only one of `place` and `at`" in made.message) == ("S007", True)
