"""When the terminal counts as given back: only if it got all that gives it back."""

import os
import pty
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from scratchtui.tui import driver as module
from scratchtui.tui.driver import TerminalDriver
from scratchtui.tui.outlet import LIMIT

LONG = 30.0  # seconds, for what must come


class Terminal(NamedTuple):
    """A driver that has the terminal, its other end, and what the app was told."""

    driver: TerminalDriver
    far: int
    told: list[str]

    def read(self) -> None:
        """Read, in a thread, all that comes."""

        def read() -> None:
            with suppress(OSError):  # the other end is closed
                while os.read(self.far, 65_536):
                    pass

        threading.Thread(target=read, daemon=True).start()

    def stall(self) -> None:
        """Let it have more than may wait."""
        while not self.driver.outlet.dropped:
            self.driver.write("x" * (LIMIT // 4))


@pytest.fixture
async def terminal(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Terminal]:
    far, near = pty.openpty()
    told: list[str] = []
    app: Any = SimpleNamespace(
        terminal_lost=lambda: told.append("lost"),
        terminal_caught_up=lambda **_: None,
        terminal_returned=lambda: told.append("returned"),
    )
    monkeypatch.setattr(module, "_PATIENCE", LONG)
    with os.fdopen(near, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "__stderr__", stream)
        driver = TerminalDriver(app, size=(80, 24))
        driver._taken = True
        yield Terminal(driver, far, told)


async def test_a_terminal_that_got_all_is_given_back_also_if_it_had_missed_something_before(
    terminal: Terminal,
) -> None:
    terminal.stall()
    terminal.read()
    assert terminal.driver.outlet.drain(LONG)
    terminal.driver.stop_application_mode()
    terminal.driver.close()
    assert terminal.told == ["returned"]


async def test_a_terminal_that_missed_what_gives_it_back_is_left_to_the_guard(terminal: Terminal) -> None:
    terminal.stall()
    terminal.driver.stop_application_mode()
    terminal.read()
    terminal.driver.close()
    assert not terminal.driver.outlet.waiting
    assert terminal.told == []
