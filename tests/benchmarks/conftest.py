"""Benchmarks run only when asked for by name (`make bench`) and end in one table of all figures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks import figures

HERE = Path(__file__).parent
FIGURES = pytest.StashKey[list[figures.Figure]]()
BEFORE = pytest.StashKey[str]()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave these out of every run that does not name them."""
    del collection_path
    asked = any(HERE.name in argument for argument in config.args)
    return None if asked else True


def pytest_sessionstart(session: pytest.Session) -> None:
    session.config.stash[BEFORE] = figures.conditions()


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Take down a Figure, given its fields."""
    kept = request.config.stash.setdefault(FIGURES, [])
    return lambda *args, **kwargs: kept.append(figures.Figure(*args, **kwargs))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    kept = config.stash.get(FIGURES, [])
    if kept:
        terminalreporter.section("figures beside the budgets of DESIGN.md")
        terminalreporter.write_line(f"begun with {config.stash.get(BEFORE, '?')}")
        terminalreporter.write_line(f"ended with {figures.conditions()}\n")
        for line in figures.table(kept):
            terminalreporter.write_line(line, red="MISSED" in line)
