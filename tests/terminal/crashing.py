"""The program with errors in it: a key for each way in which an exception can come."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from pathlib import Path
from typing import Any

from textual.binding import Binding

from scratchtui.cli import main
from scratchtui.tui import app


def broken() -> None:
    secret = "of the user"
    raise KeyError(secret and "no such panel")


class CrashingApp(app.ScratchApp, inherit_bindings=True):
    BINDINGS = [Binding("x", "crash", priority=True)]

    def before_leaving(self) -> None:
        with Path(os.environ["LEFT"]).open("a", encoding="ascii") as file:
            file.write("left\n")

    def action_crash(self) -> None:
        crash: dict[str, Any] = {
            "action": broken,
            "timer": lambda: self.set_timer(0.01, broken),
            "thread": threading.Thread(target=broken).start,
            "task": lambda: asyncio.get_running_loop().create_task(self.fail()),
            "callback": lambda: asyncio.get_running_loop().call_soon(broken),
            "work": lambda: self.run_worker(broken, thread=True),
            "stuck": self.stand_still,
        }
        crash[os.environ["CRASH"]]()

    async def fail(self) -> None:
        broken()

    def stand_still(self) -> None:
        threading.Event().wait()


if __name__ == "__main__":
    app.ScratchApp = CrashingApp  # type: ignore[misc]
    sys.argv[0] = "scratchtui"
    main()
