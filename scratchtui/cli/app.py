"""The app, opened only where it can be seen."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, TextIO

import click

from scratchtui.cli.refusals import refusing

if TYPE_CHECKING:
    from pathlib import Path


def open_app(
    *,
    tab: str | None,
    open_path: Path | None,
    fps: float,
    color: str,
    ascii_only: bool,
    mouse: bool,
) -> int:
    """Open the app and return its exit code; UsageError without a terminal, or nothing to open."""
    _require_terminal()
    from scratchtui.tui.guard import Guard

    with contextlib.closing(Guard()) as guard:  # before anything large is imported
        if tab is not None:
            from scratchtui.experiments import find_experiment

            with refusing():
                find_experiment(tab)
        run = None
        if open_path is not None:
            from scratchtui.training.files import load_run

            with refusing():
                run = load_run(open_path)
        from scratchtui.tui.start import run_app

        return run_app(
            tab=tab, run=run, fps=fps, color=color, ascii_only=ascii_only, mouse=mouse, guard=guard
        )


def _require_terminal() -> None:
    streams: dict[str, TextIO | None] = {"standard input": sys.stdin, "standard error": sys.stderr}
    for name, stream in streams.items():
        if stream is None or not stream.isatty():
            raise click.UsageError(
                f"the app needs a terminal, and {name} is none; train, predict, show and list do without"
            )
    if os.environ.get("TERM") == "dumb":
        raise click.UsageError("the app needs a terminal that can move its cursor, and TERM is dumb")
