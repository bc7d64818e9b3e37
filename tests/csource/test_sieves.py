"""Loops that move regions together: the one form that is read, and all that looks like it and is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checker.base.diagnostic import Diagnostic
from checker.csource import Binding, Imported, import_texts
from checker.csource.binding import Action, BoundCall, Sieve

CLEAN = """
static bool fine(const efi_memory_desc_t *md, int number)
{
	char told[64];

	if (md->num_pages)
		return true;
	complain(told, number);
	return false;
}

void clean(void)
{
	efi_memory_desc_t *to = list.map;
	const efi_memory_desc_t *from = to;
	const efi_memory_desc_t *last = list.map_end;
	int i, lost;

	for (i = lost = 0; from < last; i++) {
		if (fine(from, i)) {
			if (to != from)
				memcpy(to, from, list.size);
			to = (void *)to + list.size;
		} else {
			lost++;
		}
		from = (void *)from + list.size;
	}

	if (lost > 0) {
		struct list_data data = { .size = list.size * lost };

		install(&data);
	}
}
"""
_NOTHING = BoundCall(Action.NOTHING, "of no bearing here")
BINDING = Binding(
    "clean",
    entry=("clean",),
    files=("clean.c",),
    descriptors=frozenset({"efi_memory_desc_t"}),
    fields={
        "num_pages": ("u64", "num_pages", "pages"),
        "phys_addr": ("u64", "phys_addr", "pa"),
        "virt_addr": ("u64", "virt_addr", "va"),
    },
    placed="virt_addr",
    sieves={"clean": Sieve("list.map", "list.map_end", "list.size")},
    calls={"complain": _NOTHING, "install": _NOTHING},
)


def read(*changes: tuple[str, str], binding: Binding = BINDING) -> Imported | Diagnostic:
    text = CLEAN
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return import_texts({"clean.c": text}, binding)


def statements(made: Imported | Diagnostic) -> list[str]:
    assert isinstance(made, Imported), made
    lines = [each.partition("  # ")[0].strip() for each in made.text.splitlines()]
    return [each for each in lines[lines.index("{") + 1 :] if each and not each.startswith("#") and each != "}"]


def test_what_does_not_stay_is_dropped() -> None:
    found = statements(read())
    assert found[0] == "for region in map {"
    assert found[-1] == "drop region"
    assert sum("num_pages" in each for each in found) == 1
    assert not any(word in " ".join(found) for word in ("lost", "told", "data"))


def test_what_counts_in_the_header_may_stand_in_any_order_of_names() -> None:
    assert statements(read(("i = lost = 0", "lost = i = 0"))) == statements(read())


FORMS = {
    "one behind is copied": ("memcpy(to, from, list.size)", "memcpy(from, to, list.size)"),
    "another size": ("memcpy(to, from, list.size)", "memcpy(to, from, list.bytes)"),
    "nothing is copied": ("memcpy(to, from, list.size)", "(void)to"),
    "copied where it is": ("if (to != from)", "if (to == from)"),
    "copied half": ("to = (void *)to + list.size", "to = (void *)to + list.half"),
    "two at a time": ("from = (void *)from + list.size;\n\t}", "from = (void *)from + 2 * list.size;\n\t}"),
    "one more": ("from < last", "from <= last"),
    "from the second on": ("*from = to;", "*from = to + 1;"),
    "into the second": ("*to = list.map;", "*to = list.map + 1;"),
    "up to another end": ("list.map_end", "list.map_mid"),
    "the others are not counted": ("lost++;", "i++;"),
    "two are counted": ("lost++;", "lost += 2;"),
    "counted from one on": ("i = lost = 0", "i = lost = 1"),
    "counted in the header too": ("from < last; i++", "from < last; lost++"),
    "what is lost moves on": ("\t\t\tlost++;", "\t\t\tlost++;\n\t\t\tto = (void *)to + list.size;"),
    "the end moves": ("\t\t\tlost++;", "\t\t\tlost++;\n\t\t\tlast = to;"),
    "set before the loop": ("\tfor (i", "\tto = from;\n\tfor (i"),
    "pointed to before the loop": ("\tfor (i", "\tmove(&to);\n\tfor (i"),
    "leaves in the middle": ("\t\t\tlost++;", "\t\t\tbreak;"),
    "the condition moves it": ("if (fine(from, i))", "if (fine(from++, i))"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_loop_of_another_form_is_refused_at_its_place(form: str) -> None:
    made = read(FORMS[form], binding=replace(BINDING, calls={**BINDING.calls, "move": _NOTHING}))
    assert isinstance(made, Diagnostic), made.text
    assert made.code == "S002"
    assert made.span is not None
    assert made.span.source.name == "clean.c"


def test_a_region_that_is_changed_on_the_way_is_refused() -> None:
    made = read(
        ("const efi_memory_desc_t *md", "efi_memory_desc_t *md"),
        ("complain(told", "md->num_pages = 1;\n\tcomplain(told"),
    )
    assert isinstance(made, Diagnostic)
    assert "changed while regions are moved" in made.message


def test_a_choice_by_the_number_of_a_turn_is_refused() -> None:
    made = read(("if (md->num_pages)", "if (md->num_pages && number < 3)"))
    assert isinstance(made, Diagnostic)
    assert (made.code, "a count of regions" in made.message) == ("S005", True)


def test_a_first_value_that_does_something_is_refused() -> None:
    made = read((".size = list.size * lost", ".size = unknown()"))
    assert isinstance(made, Diagnostic)
    assert "a first value that changes something" in made.message
