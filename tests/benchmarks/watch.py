"""The real program in a terminal that notes when each byte came, and looks at the bytes later.

What a terminal does with the bytes would otherwise take time from what is measured.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable
from pathlib import Path

from scratchtui.experiments import EXPERIMENTS
from tests.terminal.terminal import KEYS, Terminal

Arrival = tuple[float, bytes]
SIZES = {"80x24": (80, 24), "120x40": (120, 40), "200x50": (200, 50)}
AS_INSTALLED = {"PYTHONDONTWRITEBYTECODE": ""}  # else every start would compile the package
TO_FULL_SPEED = 20  # presses of +


class Watch(Terminal):
    """A terminal with a stopwatch."""

    def __init__(
        self, *arguments: str, columns: int = 80, rows: int = 24, module: str = "scratchtui"
    ) -> None:
        super().__init__(*arguments, columns=columns, rows=rows, env=AS_INSTALLED, module=module)
        self.child.ptyproc.delayafterterminate = 2.0  # seconds, as it has workers to end

    def gather(self, seconds: float) -> list[Arrival]:
        """Return what comes within `seconds`, with the time at which it came; not on the screen yet."""
        came = []
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            if select.select([self.child.child_fd], [], [], left)[0]:
                data = os.read(self.child.child_fd, 1 << 16)
                came.append((time.perf_counter(), data))
        return came

    def strike(self, key: str) -> float:
        """Press a key at once; return when. (`press` lets pexpect wait first.)"""
        at = time.perf_counter()
        os.write(self.child.child_fd, KEYS.get(key, key).encode())
        return at

    def first(self, came: list[Arrival], condition: Callable[[], bool]) -> float | None:
        """Show all that came; return when `condition` first held."""
        found = None
        for at, data in came:
            self.feed(data)
            if found is None and condition():
                found = at
        return found

    def worker(self) -> int:
        """Return the process that trains."""
        return next(filter(self.trains, self.processes()))

    def trains(self, pid: int) -> bool:
        """Whether a process is one that trains."""
        return b"spawn_main" in _command(pid)

    def settle(self) -> None:
        """Wait until nothing is written any more."""
        self.wait_until(lambda: not self.read(0.7), "silence")

    def train_on_at_full_speed(self) -> None:
        """Pass the goal, at which training would stop, and go on without one."""
        self.wait_for("ready")
        self.press(*["+"] * TO_FULL_SPEED)
        self.wait_for("max")
        self.press("f5")  # as space draws in some panels
        self.wait_for("reached")
        self.settle()
        self.press("f5")
        self.wait_for("running")

    def go_to(self, words: str) -> None:
        """Go from panel to panel until these words are seen."""

        def seen() -> bool:
            if words in self.text:
                return True
            self.press("tab")
            self.read(0.3)
            return words in self.text

        self.wait_until(seen, words)


def first_of(tab: str) -> str:
    """Return the first hyperparameter of a tab, which the cursor is on at the beginning."""
    return EXPERIMENTS[tab].hyperparameters[0].label


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()
