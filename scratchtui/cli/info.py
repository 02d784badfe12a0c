"""`scratchtui info`: versions, folders, and what the terminal can do."""

from __future__ import annotations

import os
import sys
from typing import TextIO

import click

from scratchtui import __version__
from scratchtui.cli.saying import say


@click.command("info", short_help="Versions, folders, terminal.")
def command() -> None:
    """Print versions, folders and what is known of the terminal: what to add to a bug report."""
    import platform
    import shutil
    from importlib.metadata import version

    from scratchtui import logs, places
    from scratchtui.tui import abilities
    from scratchtui.tui.text import columns_text

    size = shutil.get_terminal_size()
    encoding = getattr(sys.stderr, "encoding", None)
    rows = [
        ("scratchtui", __version__),
        ("python", platform.python_version()),
        *((name, version(name)) for name in ("numpy", "textual", "plotext")),
        ("platform", platform.platform()),
        *((f"{kind} folder", str(places.folder(kind))) for kind in places.KINDS),
        ("log", str(logs.path())),
        ("recoveries", _recoveries()),
        *((name, os.environ.get(name, "not set")) for name in ("TERM", "COLORTERM", "NO_COLOR")),
        ("size", f"{size.columns}x{size.lines}"),
        ("standard input", _kind(sys.stdin)),
        ("standard error", _kind(sys.stderr)),
        ("characters", "ASCII" if abilities.letters_only(os.environ, encoding) else "all"),
        ("colours", abilities.colours("auto", os.environ)),
    ]
    say(columns_text(rows))


def _kind(stream: TextIO | None) -> str:
    return "a terminal" if stream is not None and stream.isatty() else "no terminal"


def _recoveries() -> str:
    """Where what is in no file is kept, and what of this host is there."""
    from scratchtui.training.recovery_folder import names, place

    try:
        return f"{place()} ({len(names())} of this host)"
    except OSError as error:
        return f"none: {error.filename} {error.strerror}"
