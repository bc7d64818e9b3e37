"""Values, and states that change: classes as ``@dataclass`` makes them, made in a quarter of the time.

A dataclass compiles up to six methods for each class. For the hundreds of classes of a program that takes longer than
what is done with them in a short run. Here comparison, hash and text are functions that know the names of the fields,
and the only method that has to be compiled, the one that makes an instance, is compiled when the first one is made.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")

_PARAMETERS = "__dataclass_params__"
"""The name under which a dataclass keeps how it was made."""


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def frozen(kind: type[T]) -> type[T]:
    """Make a class a value: what ``@dataclass(frozen=True)`` does."""
    return _made(kind, kw_only=False)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(dataclasses.field,))
def frozen_by_name(kind: type[T]) -> type[T]:
    """Make a class a value, as `frozen` does; its fields are given by their names."""
    return _made(kind, kw_only=True)


@dataclass_transform(field_specifiers=(dataclasses.field,))
def mutable(kind: type[T]) -> type[T]:
    """Make a class a state, whose fields change: what ``@dataclass`` does."""
    return _made(kind, constant=False)


def _made(kind: type[T], *, kw_only: bool = False, constant: bool = True) -> type[T]:
    made = _with_fields(kind, kw_only=kw_only, constant=constant)
    known = dataclasses.fields(made)  # type: ignore[arg-type]
    compared = _getter([each.name for each in known if each.compare])
    hashed = _getter([each.name for each in known if (each.compare if each.hash is None else each.hash)])
    shown = [each.name for each in known if each.repr]

    def __eq__(self: Any, other: object) -> bool:  # noqa: N807
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(hashed(self))

    def __repr__(self: Any) -> str:  # noqa: N807
        told = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{type(self).__qualname__}({told})"

    def __init__(self: Any, *given: Any, **named: Any) -> None:  # noqa: N807
        initialise = _initializer(made, constant=constant)
        setattr(made, "__init__", initialise)  # noqa: B010
        initialise(self, *given, **named)

    for method in (__init__, __eq__, __repr__, *((__hash__, __setattr__, __delattr__) if constant else ())):
        # A class that compares by itself, and says nothing of hashes, has None for one.
        if made.__dict__.get(method.__name__) is None:
            setattr(made, method.__name__, method)
    if not constant and "__hash__" not in made.__dict__:
        # What compares by its fields, and changes, has no hash.
        setattr(made, "__hash__", None)  # noqa: B010
    return made


def _with_fields(kind: type[T], *, kw_only: bool, constant: bool) -> type[T]:
    """Have a class know its fields, and compile nothing. Raises `TypeError` if one that can be changed is made from one
    that cannot, or the other way round."""
    above = [each.__dict__[_PARAMETERS] for each in kind.__mro__[1:] if _PARAMETERS in each.__dict__]
    if not all(each.frozen is constant for each in above):
        raise TypeError("cannot inherit frozen dataclass from a non-frozen one, nor the other way round")
    # Else its signature is made the text of one that has none, and to find that takes longer than all the rest.
    kind.__doc__ = kind.__doc__ or kind.__name__
    # A frozen one would have methods compiled that refuse changes, and one that is not must not be made from frozen
    # ones; so they are not while this one is made.
    _set_frozen(above, False)
    try:
        made = dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=kw_only)(kind)
    finally:
        _set_frozen(above, constant)
    _set_frozen([made.__dict__[_PARAMETERS]], constant)
    return made


def _set_frozen(parameters: list[Any], frozen: bool) -> None:
    for each in parameters:
        each.frozen = frozen


def _getter(names: list[str]) -> Callable[[Any], tuple[object, ...]]:
    """Return what gives the fields of these names as a tuple."""
    if not names:
        return lambda _: ()
    if len(names) == 1:
        only = attrgetter(names[0])
        return lambda each: (only(each),)
    return attrgetter(*names)


def __setattr__(self: object, name: str, value: object) -> NoReturn:  # noqa: N807
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def __delattr__(self: object, name: str) -> NoReturn:  # noqa: N807
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _initializer(kind: type, *, constant: bool) -> Callable[..., None]:
    """Compile what gives the fields of a new instance their values."""
    known = [each for each in dataclasses.fields(kind) if each.init]
    names: dict[str, Any] = {"_set": object.__setattr__, "_missing": dataclasses.MISSING}
    plain: list[str] = []
    by_name: list[str] = []
    lines: list[str] = []
    for each in known:
        given = each.name
        if each.default is not dataclasses.MISSING:
            names[f"_default_{each.name}"] = each.default
            given = f"{each.name}=_default_{each.name}"
        elif each.default_factory is not dataclasses.MISSING:
            names[f"_make_{each.name}"] = each.default_factory
            given = f"{each.name}=_missing"
            lines.append(f"if {each.name} is _missing: {each.name} = _make_{each.name}()")
        (by_name if each.kw_only else plain).append(given)
        lines.append(f"_set(self, {each.name!r}, {each.name})" if constant else f"self.{each.name} = {each.name}")
    if hasattr(kind, "__post_init__"):
        lines.append("self.__post_init__()")
    given = ", ".join(["self", *plain, *(["*", *by_name] if by_name else [])])
    body = "\n ".join(lines or ["pass"])
    # The names are those of fields: nothing else is in the text.
    exec(f"def __init__({given}):\n {body}\n", names)
    made: Callable[..., None] = names["__init__"]
    made.__qualname__ = f"{kind.__qualname__}.__init__"
    return made
