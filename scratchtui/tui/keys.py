"""The keys that a widget has of its own, and which one is left there to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchtui.tui.actions import left_by

if TYPE_CHECKING:
    from textual.widget import Widget

Keys = tuple[tuple[str, str], ...]  # what is on each, and what it does


def every_key(widget: Widget) -> Keys:
    """Return every key of a panel's own, for its help."""
    edits = tuple((key.shown, key.help) for key in getattr(widget, "edits", ()))
    return *getattr(widget, "ALL_KEYS", getattr(widget, "KEYS", ())), *edits


def short_keys(widget: Widget | None) -> Keys:
    """Return the keys of a panel that the footer names."""
    edits = tuple((key.shown, key.short) for key in getattr(widget, "edits", ()) if key.short)
    return *getattr(widget, "KEYS", ()), *edits


def run_key(widget: Widget | None) -> str:
    """Return the key that runs it while a widget has the focus."""
    return next(key for key, action in left_by(short_keys(widget)) if action.name == "run_or_pause")
