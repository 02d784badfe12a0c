"""Titles of panels: each its own name, and beside it those of the panels that wait behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

if TYPE_CHECKING:
    from scratchtui.experiments.panel import Panel

BETWEEN = " │ "
CORNERS = len("╭  ╮")

Parts = list[tuple[str, "Panel"]]  # the words of each part, and the panel that they bring to the front


def parts_of(panel: Panel, behind: list[Panel], width: int) -> Parts:
    """Return the title of a panel of `width` cells: its own name whole, then as many as fit of those behind.

    Those that do not fit are counted, and their number stands for the first of them.
    """
    parts: Parts = []
    for named in range(len(behind), -1, -1):
        parts = [(each.title, each) for each in (panel, *behind[:named])]
        if behind[named:]:
            parts.append((f"+{len(behind) - named}", behind[named]))
        if sum(cell_len(words) + len(BETWEEN) for words, _ in parts) - len(BETWEEN) <= width - CORNERS:
            return parts
    return parts[:1]


def markup_of(parts: Parts) -> str:
    """Return a title with all but its own name dim."""
    title = Text(parts[0][0])
    for words, _ in parts[1:]:
        title.append(BETWEEN + words, "dim not bold")
    return title.markup


def panel_at(parts: Parts, x: int) -> Panel | None:
    """Return the panel whose part of a title is at column `x` of it."""
    for words, panel in parts:
        if 0 <= x < cell_len(words):
            return panel
        x -= cell_len(words) + len(BETWEEN)
    return None
