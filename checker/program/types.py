"""The types of values: unsigned integers of fixed width that do not mix by accident, booleans, enumerations, flags."""

from __future__ import annotations

from enum import Enum

from checker.base.values import frozen


class Quantity(Enum):
    """The thing that an integer counts; integers of different quantities do not mix."""

    NUMBER = "number"
    PHYSICAL = "physical address"
    VIRTUAL = "virtual address"
    BYTES = "bytes"
    PAGES = "pages"


@frozen
class Integer:
    """An unsigned integer of ``width`` bits; addresses and sizes are in bytes, page counts in the map's pages."""

    name: str
    width: int
    quantity: Quantity

    @property
    def is_address(self) -> bool:
        """Tell whether this is a physical or virtual address."""
        return self.quantity in (Quantity.PHYSICAL, Quantity.VIRTUAL)


@frozen
class Boolean:
    """True or false."""

    name: str = "bool"


@frozen
class Enumeration:
    """An integer of ``width`` bits some of whose values have names; firmware may send others, so they are legal too."""

    name: str
    width: int
    members: tuple[tuple[str, int], ...]


@frozen
class Flags:
    """A word of ``width`` bits some of which have names; unnamed bits are legal."""

    name: str
    width: int
    members: tuple[tuple[str, int], ...]


Type = Integer | Boolean | Enumeration | Flags

U8 = Integer("u8", 8, Quantity.NUMBER)
U16 = Integer("u16", 16, Quantity.NUMBER)
U32 = Integer("u32", 32, Quantity.NUMBER)
U64 = Integer("u64", 64, Quantity.NUMBER)
PA = Integer("pa", 64, Quantity.PHYSICAL)
VA = Integer("va", 64, Quantity.VIRTUAL)
BYTES = Integer("bytes", 64, Quantity.BYTES)
PAGES = Integer("pages", 64, Quantity.PAGES)
BOOL = Boolean()

BUILTIN: dict[str, Type] = {t.name: t for t in (U8, U16, U32, U64, PA, VA, BYTES, PAGES, BOOL)}


def width(kind: Type) -> int:
    """The bits of a value of this type; 1 for a boolean."""
    return 1 if isinstance(kind, Boolean) else kind.width
