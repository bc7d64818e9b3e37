"""The checks of a map, a file for each family of findings, and the one table of them.

A check is a function from what is to be checked to its findings. It looks at the map a fixed number of times, sorted at
most: maps may have some hundred thousand entries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from checker.base.diagnostic import Diagnostic
from checker.inspect.checked_map import CheckedMap
from checker.inspect.checks.addresses import check_addresses
from checker.inspect.checks.entries import check_entries
from checker.inspect.checks.order import check_order
from checker.inspect.checks.page_tables import check_page_tables
from checker.inspect.checks.permissions import check_permissions
from checker.inspect.checks.runtime import check_runtime
from checker.inspect.checks.shared_pages import check_shared_pages
from checker.inspect.checks.window import check_window

Check = Callable[[CheckedMap], Iterable[Diagnostic]]

CHECKS: tuple[Check, ...] = (
    check_entries,
    check_order,
    check_runtime,
    check_window,
    check_addresses,
    check_shared_pages,
    check_page_tables,
    check_permissions,
)
"""In the order in which findings that are equally bad are told."""
