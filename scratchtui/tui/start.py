"""Starting the app. Settings that Textual reads when it is imported are made here, before it is."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

from scratchtui import logs

if TYPE_CHECKING:
    from scratchtui.training.run import Run
    from scratchtui.tui.guard import Guard

_COLOUR_SYSTEMS = {"truecolor": "truecolor", "256": "256", "16": "standard"}


def run_app(
    *,
    tab: str | None,
    run: Run | None,
    fps: float,
    color: str,
    ascii_only: bool,
    mouse: bool,
    guard: Guard | None = None,
) -> int:
    """Run the app, with `run` in its tab where one is given, and return its exit code."""
    os.environ.setdefault("TEXTUAL_FPS", "120")  # a key is painted in 3 ms and not 12
    if color in _COLOUR_SYSTEMS:
        os.environ["TEXTUAL_COLOR_SYSTEM"] = _COLOUR_SYSTEMS[color]
    gc.disable()  # nothing of what is imported is garbage, and looking for it takes a tenth of the start
    with logs.written() as trouble:
        logs.begin()
        try:
            from scratchtui.tui.app import ScratchApp

            app = ScratchApp(tab=tab, run=run, fps=fps, ascii_only=ascii_only, colourless=color == "none")
            app.guard, app.trouble = guard, trouble
            app.run(mouse=mouse)
        finally:
            gc.enable()
        logs.log.info("ends with exit code %d", app.return_code or 0)
    return app.return_code or 0
