"""Glyphs in place of colours, which tell one curve of a chart from another, and words in place of arrows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scratchtui.tui.ink import Runs
    from scratchtui.tui.keys import Keys

# the first curve keeps its fine line
_MARKERS = {f"chart--curve-{number}": glyph for number, glyph in enumerate("x+o*%@&", 1)}
_MARKERS["chart--dim"] = "·"
_ARROWS = {"↑↓←→": "arrows", "↑↓": "up/down", "←→": "left/right"}
_LINE = re.compile("[\u2801-\u28ff━]")


def marked(rows: list[Runs]) -> list[Runs]:
    """Return the rows of a chart with each curve, and its line in the legend, in a glyph of its own."""
    return [
        [(_LINE.sub(_MARKERS[pen], text) if isinstance(pen, str) and pen in _MARKERS else text, pen)
         for text, pen in row]
        for row in rows
    ]  # fmt: skip


def spelt(keys: Keys) -> Keys:
    """Return the keys with arrows in words: in ASCII they would be those of other keys, < and >."""
    return tuple((_spelt(shown), what) for shown, what in keys)


def _spelt(shown: str) -> str:
    for arrows, word in _ARROWS.items():
        shown = shown.replace(arrows, word)
    return shown
