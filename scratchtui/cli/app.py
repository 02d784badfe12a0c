"""The app, opened only where it can be seen."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, TextIO

import click

from scratchtui.cli.configuration import Configuration, configured
from scratchtui.cli.refusals import refusing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scratchtui.experiments.hyperparameter import Value


def open_app(open_path: Path | None, given: Mapping[str, Value | None]) -> int:
    """Open the app, set as the command line says, and return its exit code.

    UsageError without a terminal, nothing to open, or a configuration that cannot be used.
    """
    configuration = set_up(given)
    require_terminal("the app", "train, predict, show and list do without")
    from scratchtui.tui.guard import Guard

    with contextlib.closing(Guard()) as guard:  # before anything large is imported
        run = None
        if open_path is not None:
            from scratchtui.training.files import load_run

            with refusing():
                run = load_run(open_path)
        from scratchtui.tui.start import run_app

        return run_app(run=run, options=configuration.values, keymap=configuration.keymap, guard=guard)


def set_up(given: Mapping[str, Value | None]) -> Configuration:
    """Return the configuration where the command line has given these values; UsageError if it is faulty."""
    found = configured(given)
    if found.faults:
        first, *others = found.faults
        raise click.UsageError(first + (f" ({len(others)} more: scratchtui config check)" if others else ""))
    return found


def require_terminal(what: str, otherwise: str = "") -> None:
    """Refuse, by a UsageError, what needs a terminal where there is none; `otherwise` says what there is."""
    streams: dict[str, TextIO | None] = {"standard input": sys.stdin, "standard error": sys.stderr}
    for name, stream in streams.items():
        if stream is None or not stream.isatty():
            words = f"{what} needs a terminal, and {name} is none"
            raise click.UsageError(f"{words}; {otherwise}" if otherwise else words)
    if os.environ.get("TERM") == "dumb":
        raise click.UsageError(f"{what} needs a terminal that can move its cursor, and TERM is dumb")
