"""Starting the app. Settings that Textual reads when it is imported are made here, before it is."""

from __future__ import annotations

import gc
import io
import os
import sys
from typing import TYPE_CHECKING, Any

from scratchtui import logs
from scratchtui.training.allocator import give_back_large_arrays
from scratchtui.tui import abilities
from scratchtui.tui.remembered import remember_theme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scratchtui.training.run import Run
    from scratchtui.tui.guard import Guard
    from scratchtui.tui.keymap import Keymap

_COLOUR_SYSTEMS = {"truecolor": "truecolor", "256": "256", "16": "standard", "none": "256"}


def run_app(
    *, run: Run | None, options: Mapping[str, Any], keymap: Keymap, guard: Guard | None = None
) -> int:
    """Run the app, with `run` in its tab where one is given, and return its exit code.

    `options` are those of the configuration by their keys, as scratchtui/cli/options.py names them.
    """
    os.environ.setdefault("TEXTUAL_FPS", "120")  # a key is painted in 3 ms and not 12
    colours = abilities.colours(options["color"], os.environ)
    os.environ["TEXTUAL_COLOR_SYSTEM"] = _COLOUR_SYSTEMS[colours]
    if colours != "none":
        os.environ.pop("NO_COLOR", None)  # it is empty, or the user asks for colours all the same
    if options["ascii"] and isinstance(sys.__stderr__, io.TextIOWrapper):
        sys.__stderr__.reconfigure(encoding="ascii", errors="replace")  # whatever should slip through
    gc.disable()  # nothing of what is imported is garbage, and looking for it takes a tenth of the start
    with logs.written() as trouble:
        logs.begin()
        give_back_large_arrays()
        try:
            from scratchtui.tui.app import ScratchApp

            app = ScratchApp(
                tab=options["tab"],
                run=run,
                fps=options["fps"],
                ascii_only=options["ascii"],
                colourless=colours == "none",
                theme=options["theme"],
                keymap=keymap,
                remember_theme=remember_theme,
                autosave=options["autosave_seconds"],
                low_bandwidth=options["low_bandwidth"],
            )
            app.guard, app.trouble = guard, trouble
            app.run(mouse=options["mouse"])
        finally:
            gc.enable()
        logs.log.info("ends with exit code %d", app.return_code or 0)
    return app.return_code or 0
