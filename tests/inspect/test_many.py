"""Maps of very many entries are looked at a fixed number of times."""

from __future__ import annotations

import time

import pytest

from tests.helpers.maps import UC, WB, Row, inspected, map_of

MANY = 60_000


def overlapping(count: int) -> list[Row]:
    """Entries each of which reaches into all that follow it, unsorted, of all kinds, and most of them runtime."""
    kinds = ("RuntimeServicesCode", "RuntimeServicesData", "MemoryMappedIO", "BootServicesData", "LoaderData")
    return [
        (kinds[number % 5], 0x100000 + (count - number) * 0x1000, number % 7 and count, WB if number % 3 else UC)
        for number in range(count)
    ]


@pytest.mark.slow
def test_no_check_compares_each_entry_with_each() -> None:
    """Each with each, these would take an hour."""
    rows = overlapping(MANY)
    began = time.process_time()
    found = {str(each.code) for each in inspected(map_of(rows)).findings}
    assert {"M350", "M351", "M360"} <= found
    assert time.process_time() - began < 60
