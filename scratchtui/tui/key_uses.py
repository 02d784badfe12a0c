"""What a key does in the panels that have a use of their own for it, before anything else does."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.binding import Binding
from textual.dom import DOMNode

from scratchtui.experiments import EXPERIMENTS
from scratchtui.tui import key_names
from scratchtui.tui.every_tab import BEFORE, SETTINGS
from scratchtui.tui.panels import WIDGETS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from scratchtui.experiments.panel import Panel
    from scratchtui.tui.keymap import Keymap

_MOST_NAMED = 3


class Use(NamedTuple):
    """What a key does in a panel."""

    panel: str
    words: str


def uses() -> dict[str, list[Use]]:
    """Return, for each key that any panel of any experiment uses first, its uses, by the name of the key."""
    found: dict[str, list[Use]] = {}
    panels = [*BEFORE, *(panel for kind in EXPERIMENTS.values() for panel in kind.panels), SETTINGS]
    for panel in panels:
        for key, words in _of_panel(panel):
            use = Use(panel.title, words)
            if use not in found.setdefault(key, []):
                found[key].append(use)
    return found


def _of_panel(panel: Panel) -> Iterator[tuple[str, str]]:
    edits = [(key, edit.help) for edit in panel.keys for key in edit.keys.split(",")]
    yield from edits
    edited = {key for key, _ in edits}
    for kind in WIDGETS[panel.kind].__mro__:
        if issubclass(kind, DOMNode):
            for binding in kind.__dict__.get("BINDINGS", ()):
                if isinstance(binding, Binding):
                    for key in binding.key.split(","):
                        if key not in edited:
                            yield key, binding.description


def doubts(keymap: Keymap, chosen: Collection[str]) -> list[str]:
    """Return a sentence for each key of the actions `chosen` that will not always do what it is to do."""
    known, found = uses(), []
    for action in keymap.actions:
        if action.name in chosen:
            for key in action.keys:
                written = f"keys.{action.name}: {key_names.written(key)!r}"
                if key in known:
                    found.append(f"{written} has another use in {panels_named(known[key])}")
                if why := _rarely_sent(key):
                    found.append(f"{written} {why}")
    return found


def panels_named(found: list[Use]) -> str:
    """Return the titles of the panels, some of them if they are many."""
    titles = list(dict.fromkeys(use.panel for use in found))
    more = len(titles) - _MOST_NAMED
    return ", ".join(titles[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _rarely_sent(key: str) -> str:
    if key in key_names.TAKEN_BY_OTHERS:
        return f"may be taken by {key_names.TAKEN_BY_OTHERS[key]}"
    if key in {"shift+enter", "ctrl+enter", "shift+space", "ctrl+tab"} or key.startswith("alt+"):
        return "is not sent by every terminal"
    return ""
