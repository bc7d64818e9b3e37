"""Values are what frozen dataclasses are, and states what others are: each expectation here is of both."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace
from functools import cached_property
from typing import Any

import pytest

from checker.base.values import frozen, frozen_by_name, mutable

plain: Callable[[type], type] = dataclass(frozen=True)
by_name: Callable[[type], type] = dataclass(frozen=True, kw_only=True)


def classes(make: Callable[[type], type], make_by_name: Callable[[type], type]) -> dict[str, Any]:
    """The same classes, made one way or the other."""

    class Empty:
        """No field."""

    class One:
        """One field."""

        only: int

    class Many:
        """Fields of each kind."""

        first: int
        second: str = "two"
        told: str = field(default="", compare=False, repr=False)
        many: list[int] = field(default_factory=list, hash=False)
        made: int = field(default=7, init=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "made", self.first + 1)

        @cached_property
        def double(self) -> int:
            """Worked out once."""
            return 2 * self.first

    class Named:
        """A field that is given by its name."""

        place: int = field(compare=False)

    class Own:
        """Compares by itself."""

        word: str

        def __eq__(self, other: object) -> bool:
            return isinstance(other, str) and other == self.word

        def __hash__(self) -> int:
            return hash(self.word)

    named = make_by_name(Named)

    class Below(named):  # type: ignore[misc,valid-type]
        """Fields of its own, and those of another."""

        own: int

    found = {each.__name__: make(each) for each in (Empty, One, Many, Own, Below)} | {"Named": named}
    for name, kind in found.items():
        kind.__qualname__ = name
    return found


OURS, THEIRS = classes(frozen, frozen_by_name), classes(plain, by_name)

MADE: dict[str, Callable[[dict[str, Any]], Any]] = {
    "empty": lambda kinds: kinds["Empty"](),
    "one": lambda kinds: kinds["One"](3),
    "defaults": lambda kinds: kinds["Many"](1),
    "all": lambda kinds: kinds["Many"](1, second="x", told="y", many=[1, 2]),
    "own": lambda kinds: kinds["Own"]("word"),
    "named": lambda kinds: kinds["Named"](place=1),
    "below": lambda kinds: kinds["Below"](5, place=1),
    "replaced": lambda kinds: replace(kinds["Below"](5, place=1), own=6),
}


@pytest.mark.parametrize("name", MADE)
def test_instances_have_the_same_text_fields_and_patterns(name: str) -> None:
    ours, theirs = MADE[name](OURS), MADE[name](THEIRS)
    assert repr(ours) == repr(theirs)
    assert asdict(ours) == asdict(theirs)
    assert type(ours).__match_args__ == type(theirs).__match_args__
    assert [(each.name, each.kw_only, each.compare) for each in fields(ours)] == [
        (each.name, each.kw_only, each.compare) for each in fields(theirs)
    ]


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("other", MADE)
def test_they_compare_alike(name: str, other: str) -> None:
    expected = MADE[name](THEIRS) == MADE[other](THEIRS)
    assert (MADE[name](OURS) == MADE[other](OURS)) is expected
    if expected and name != "all":
        assert hash(MADE[name](OURS)) == hash(MADE[other](OURS))


def test_what_is_not_compared_makes_no_difference() -> None:
    for kinds in (OURS, THEIRS):
        assert kinds["Below"](5, place=1) == kinds["Below"](5, place=2) != kinds["Below"](6, place=1)
        assert kinds["Many"](1, told="a") == kinds["Many"](1, told="b") != kinds["Many"](1, many=[1])
        assert hash(kinds["Many"](1, many=[1])) == hash(kinds["Many"](1, many=[2]))
        assert len({kinds["One"](1), kinds["One"](1), kinds["One"](2)}) == 2


@pytest.mark.parametrize("kinds", [OURS, THEIRS], ids=["ours", "theirs"])
def test_nothing_can_be_changed(kinds: dict[str, Any]) -> None:
    made = kinds["Many"](1)
    for change in (lambda: setattr(made, "first", 2), lambda: delattr(made, "first")):
        with pytest.raises(FrozenInstanceError):
            change()
    assert (made.first, made.made, made.double, made.double) == (1, 2, 2, 2)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda kinds: kinds["One"](),
        lambda kinds: kinds["One"](1, 2),
        lambda kinds: kinds["One"](other=1),
        lambda kinds: kinds["Below"](5, 1),
        lambda kinds: kinds["Many"](1, made=3),
    ],
)
def test_wrong_fields_are_refused(wrong: Callable[[dict[str, Any]], Any]) -> None:
    messages = []
    for kinds in (OURS, THEIRS):
        with pytest.raises(TypeError) as caught:
            wrong(kinds)
        messages.append(str(caught.value).rpartition(".")[2])
    assert messages[0] == messages[1]


@frozen
class Kept:
    """A class that pickles find."""

    first: int
    more: tuple[int, ...] = ()


def test_copies_and_pickles_are_equal() -> None:
    made = Kept(1, (2, 3))
    assert pickle.loads(pickle.dumps(made)) == copy.deepcopy(made) == made
    assert pickle.loads(pickle.dumps(made)).more == (2, 3)


def test_lists_of_fields_are_made_anew() -> None:
    assert OURS["Many"](1).many is not OURS["Many"](1).many


@dataclass
class Changeable:
    """What a value is not made from."""

    first: int


@pytest.mark.parametrize("make", [frozen, plain])
def test_what_can_be_changed_is_no_ground_for_what_cannot(make: Callable[[type], type]) -> None:
    with pytest.raises(TypeError, match="cannot inherit frozen dataclass"):
        make(type("Below", (Changeable,), {}))


def states(make: Callable[[type], type]) -> Any:
    """A class whose instances change, made one way or the other."""

    class State:
        """Fields of each kind."""

        first: int
        many: list[int] = field(default_factory=list)
        later: int = field(init=False)

        def __post_init__(self) -> None:
            self.later = self.first + 1

    State.__qualname__ = "State"
    return make(State)


@pytest.mark.parametrize("make", [mutable, dataclass], ids=["ours", "theirs"])
def test_states_change_and_have_no_hash(make: Callable[[type], type]) -> None:
    kind = states(make)
    one, other = kind(1), kind(1)
    assert one == other
    one.first = 2
    one.many.append(3)
    assert one != other
    assert repr(one) == "State(first=2, many=[3], later=2)"
    assert (other.many, replace(one, first=5).later) == ([], 6)
    del one.first
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)


@pytest.mark.parametrize("make", [mutable, dataclass], ids=["ours", "theirs"])
def test_what_cannot_be_changed_is_no_ground_for_what_can(make: Callable[[type], type]) -> None:
    with pytest.raises(TypeError, match="cannot inherit"):
        make(type("Below", (Kept,), {}))


def test_values_and_frozen_dataclasses_are_made_from_each_other() -> None:
    below = plain(type("Below", (Kept,), {"__annotations__": {"last": int}, "last": 0}))
    above = frozen(type("Above", (below,), {"__annotations__": {"end": int}, "end": 1}))
    assert repr(above(1, (2,), 3, 4)) == "Above(first=1, more=(2,), last=3, end=4)"
    assert above(1) == above(1) != above(2)
    with pytest.raises(FrozenInstanceError):
        above(1).last = 2
