"""The keys that a widget has of its own, and those of the app that are left beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.widget import Widget

    from scratchtui.tui.keymap import Keymap

Keys = tuple[tuple[str, str], ...]  # what is on each, and what it does


def own(widget: Widget | None) -> frozenset[str]:
    """Return the names of all keys that a widget has a use of its own for."""
    if widget is None:
        return frozenset()
    edits = (key for edit in getattr(widget, "edits", ()) for key in edit.keys.split(","))
    return frozenset(widget._bindings.key_to_bindings).union(edits)


def every_key(widget: Widget, keymap: Keymap) -> Keys:
    """Return every key of a panel's own, for its help."""
    edits = tuple((key.shown, key.help) for key in getattr(widget, "edits", ()))
    return *_filled(getattr(widget, "ALL_KEYS", getattr(widget, "KEYS", ())), keymap), *edits


def short_keys(widget: Widget | None, keymap: Keymap) -> Keys:
    """Return the keys of a panel that the footer names."""
    edits = tuple((key.shown, key.short) for key in getattr(widget, "edits", ()) if key.short)
    return *_filled(getattr(widget, "KEYS", ()), keymap), *edits


def _filled(keys: Keys, keymap: Keymap) -> Keys:
    """Return keys that are those of actions, named in braces, as they are."""
    return tuple((keymap.filled(shown), what) for shown, what in keys)


def everywhere(widget: Widget | None, keymap: Keymap) -> Keys:
    """Return the keys of the app that are left beside a widget's own, with what the footer says of them."""
    return tuple((key, action.short) for key, action in keymap.beside(own(widget)) if action.short)
