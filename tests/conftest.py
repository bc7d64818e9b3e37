"""Lanes: `pytest` runs all but campaigns, `pytest -m "not slow"` what answers soon, `pytest -m campaign` long series.

Property tests try as many examples as the lane has time for; `--hypothesis-profile` asks for another number.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("fast", settings.get_profile("default"), max_examples=20, deadline=None)
settings.register_profile("usual", settings.get_profile("default"), max_examples=100)
settings.register_profile("campaign", settings.get_profile("default"), max_examples=5_000, deadline=None)

LANES = {"not slow": "fast", "campaign": "campaign"}


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("--hypothesis-profile"):
        settings.load_profile(LANES.get(config.option.markexpr, "usual"))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """Look for no garbage among what collecting makes: more than a million objects, and nearly all of them stay. While
    tests run they are passed over."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave campaigns out, unless they are asked for; and keep tests in one process that share what a module makes
    once. Workers begin with what takes long: none is left with it while the others have nothing to do."""
    for item in items:
        if isinstance(item, pytest.Function) and _shares(item):
            item.add_marker(pytest.mark.xdist_group(item.module.__name__))
    if "campaign" in config.option.markexpr:
        return
    campaigns = [item for item in items if item.get_closest_marker("campaign")]
    if campaigns:
        config.hook.pytest_deselected(items=campaigns)
        items[:] = [item for item in items if not item.get_closest_marker("campaign")]
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def _shares(item: pytest.Function) -> bool:
    """Tell whether a test has a fixture that is made once for its module."""
    manager = item.session._fixturemanager
    found = (manager.getfixturedefs(name, item) or () for name in item.fixturenames)
    return any(each[-1].scope == "module" for each in found if each)
