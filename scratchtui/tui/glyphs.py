"""Glyphs in place of colours: they tell one curve of a chart from another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scratchtui.tui.ink import Runs

# the first curve keeps its fine line
_MARKERS = {f"chart--curve-{number}": glyph for number, glyph in enumerate("x+o*%@&", 1)}
_MARKERS["chart--dim"] = "·"
_LINE = re.compile("[\u2801-\u28ff━]")


def marked(rows: list[Runs]) -> list[Runs]:
    """Return the rows of a chart with each curve, and its line in the legend, in a glyph of its own."""
    return [
        [(_LINE.sub(_MARKERS[pen], text) if isinstance(pen, str) and pen in _MARKERS else text, pen)
         for text, pen in row]
        for row in rows
    ]  # fmt: skip
