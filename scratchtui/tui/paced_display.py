"""Drawing that never gets ahead of the terminal: frames are left out, and the newest state is drawn."""

from __future__ import annotations

import asyncio
import contextlib
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual import events

from scratchtui.tui.cells import DifferentialDisplay
from scratchtui.tui.driver import TerminalDriver
from scratchtui.tui.flow import Flow
from scratchtui.tui.layers import NO_SKILLS, Skills
from scratchtui.tui.meter import Meter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType
    from textual.screen import Screen
    from textual.timer import Timer

AMPLE, LOW = 7.6 * 1024, 1.7 * 1024  # bytes a second; a frame may be under way when they are counted

_ARRANGING = 0.06  # seconds
_OF_THE_USER = (
    events.Key,
    events.Paste,
    events.MouseDown,
    events.MouseUp,
    events.MouseScrollDown,
    events.MouseScrollUp,
)


class PacedDisplay(DifferentialDisplay):
    """An app that makes no frame while the terminal has not taken the last, or more than it may send.

    It does so by a batch of Textual's, in which everything goes on but drawing.
    """

    def __init__(self, *, low_bandwidth: bool = False) -> None:
        super().__init__()
        self.flow = Flow(LOW if low_bandwidth else AMPLE)
        self.flow.hurry(monotonic())  # the first picture has been asked for, too
        self.rate_words = ""  # what is sent, where that was asked for
        self._reading: Timer | None = None
        self._counted = 0  # bytes that the flow knows of
        self._held = self._left_out = self._muted = False
        self._due: asyncio.TimerHandle | None = None

    async def on_event(self, event: events.Event) -> None:
        """Let what the user does be drawn at once, and a new size when it stays."""
        now = monotonic()
        if isinstance(event, events.Resize):
            if self.bytes_written:
                self.flow.resized(now)
                self._pace()
        elif isinstance(event, _OF_THE_USER):
            self.flow.hurry(now)
            self._pace()
        await super().on_event(event)

    @contextlib.contextmanager
    def arranging(self) -> Iterator[None]:
        """Draw nothing until what is made has found its place, a moment later."""
        self._muted = True
        try:
            yield
        finally:
            self.set_timer(_ARRANGING, self._unmute)

    def _unmute(self) -> None:
        self._muted = False
        self._draw_what_was_left_out()

    def _draw_what_was_left_out(self) -> None:
        if self._left_out and not self._muted:
            self._left_out = False
            for screen in self._screen_stack[-1:]:  # none is left when the app is about to end
                screen.refresh()

    def terminal_caught_up(self, *, seen: bool) -> None:
        """Draw what has been waiting: all has been written, or `seen`; called in any thread."""

        def caught_up() -> None:
            if seen:
                self.flow.answered()
            self._pace()

        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(caught_up)

    def action_count_bytes(self) -> None:
        """Show what is sent, once a second, or no longer."""
        if self._reading is not None:
            self._reading.stop()
            self._reading, self.rate_words = None, ""
            self.rate_changed()
            return
        meter = Meter(self._total, monotonic())

        def read() -> None:
            self.rate_words = meter.words(self._total, monotonic())
            self.rate_changed()

        self._reading = self.set_interval(1.0, read)
        read()

    def rate_changed(self) -> None:
        """Show `rate_words`."""

    @property
    def skills(self) -> Skills:
        """What the terminal can do."""
        return self._driver.skills if isinstance(self._driver, TerminalDriver) else NO_SKILLS

    @property
    def _total(self) -> int:
        """How many bytes have been sent since the start."""
        return self._driver.outlet.total if isinstance(self._driver, TerminalDriver) else 0

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if self._muted or self._batch_count:
            self._left_out = True
            return
        super()._display(screen, renderable)
        self._pace()

    def _pace(self) -> None:
        """Hold back the next frame, or let it come."""
        driver, now = self._driver, monotonic()
        if not isinstance(driver, TerminalDriver):
            return
        if count := self._total - self._counted:
            self.flow.sent(count, now)
            self._counted += count
            if question := self.flow.question(now):
                driver.write(question)
        if self._due is not None:
            self._due.cancel()
            self._due = None
        wait = self.flow.wait(now)
        if wait and not driver.outlet.waiting:
            self._due = asyncio.get_running_loop().call_later(wait, self._pace)
        self._hold(hold=wait > 0 or driver.outlet.waiting > 0)

    def _hold(self, *, hold: bool) -> None:
        if hold == self._held:
            return
        self._held = hold
        if hold:
            self._begin_batch()
            return
        self._end_batch()
        self._draw_what_was_left_out()
        for screen in self._screen_stack:
            screen.check_idle()
