"""Text for the terminal is taken without waiting, and written in order as it is read."""

from __future__ import annotations

import os
import pty
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

import pytest

from scratchtui.tui.outlet import LIMIT, Outlet

LONG = 30.0  # seconds, for what must come


class Line(NamedTuple):
    """An outlet, and the other end of its terminal."""

    outlet: Outlet
    far: int
    lost: threading.Event
    drained: threading.Event


@pytest.fixture
def line() -> Iterator[Line]:
    far, near = pty.openpty()
    lost, drained = threading.Event(), threading.Event()
    with os.fdopen(near, "w", encoding="utf-8") as stream:
        yield Line(Outlet(stream, lost.set, drained.set), far, lost, drained)
        with suppress(OSError):
            os.close(far)


def read(line: Line, count: int) -> bytes:
    came = b""
    while len(came) < count:
        came += os.read(line.far, count - len(came))
    return came


def test_what_is_put_arrives_in_order_and_is_counted(line: Line) -> None:
    for text in ("a", "é", "", "─" * 2000):
        line.outlet.put(text)
    assert line.outlet.total == 1 + 2 + 6000
    assert read(line, 6003).decode() == "aé" + "─" * 2000
    assert line.outlet.drain(LONG)
    assert line.drained.wait(LONG)


def test_a_terminal_that_does_not_read_is_not_waited_for_and_little_is_kept(line: Line) -> None:
    for _ in range(100):
        line.outlet.put("x" * 8192)
    assert line.outlet.waiting < LIMIT + 8192
    assert not line.outlet.drain(0.01)
    assert line.outlet.total < 100 * 8192
    assert line.outlet.total + line.outlet.dropped == 100 * 8192
    assert read(line, line.outlet.total) == b"x" * line.outlet.total
    assert line.outlet.drain(LONG)


def test_a_terminal_that_is_gone_takes_the_rest_and_is_told_of(line: Line) -> None:
    os.close(line.far)
    line.outlet.put("x" * 5000)
    assert line.lost.wait(LONG)
    assert line.outlet.drain(LONG)
    line.outlet.put("more")
    assert line.outlet.drain(LONG)


def test_a_terminal_that_another_program_has_made_impatient_gets_all(line: Line) -> None:
    os.set_blocking(line.outlet.descriptor, False)
    line.outlet.put("x" * 60_000)
    assert read(line, 60_000) == b"x" * 60_000
