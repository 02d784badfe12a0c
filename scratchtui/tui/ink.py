"""Rows of text and the pens that write them, apart from any widget.

A pen is the name of a component class ("" for the widget's own colours), or a pair of levels of a
ramp: the background and the foreground. A foreground of None is whichever colour is read best on the
background, a background of None the widget's own.
"""

from __future__ import annotations

from functools import lru_cache
from textwrap import wrap
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from scratchtui.tui import ramp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

Pen = str | tuple[int | None, int | None]
Runs = list[tuple[str, Pen]]


@lru_cache(maxsize=1024)
def _style(color: Color | None, background: Color | None, bold: bool, dim: bool, reverse: bool) -> Style:
    """Return the one style that looks like this: one object, so that it is compared quickly."""
    return Style(color=color, bgcolor=background, bold=bold or None, dim=dim or None, reverse=reverse or None)


@lru_cache(maxsize=1024)
def _heat(background: int | None, foreground: int | None, dark: bool, sixteen: bool) -> Style:
    """Return the style of a pair of levels; that of a foreground alone has no background."""
    colours = ramp.ramp_for(dark=dark, sixteen=sixteen)
    if background is None:
        return Style(color=Color.from_rgb(*ramp.rgb(colours.entry(foreground or 0))))
    behind = colours.entry(background)
    before = ramp.writing_on(behind) if foreground is None else colours.entry(foreground)
    return Style(color=Color.from_rgb(*ramp.rgb(before)), bgcolor=Color.from_rgb(*ramp.rgb(behind)))


def _style_of(widget: Widget, pen: Pen, *, dark: bool) -> Style:
    """Return how `pen` writes in `widget`, the present theme and the colours that the terminal has."""
    if isinstance(pen, tuple):
        heat = _heat(*pen, dark=dark, sixteen=widget.app.console.color_system == "standard")
        return heat if pen[0] is not None else widget.rich_style + heat
    style = widget.get_component_rich_style(pen) if pen else widget.rich_style
    return _style(style.color, style.bgcolor, bool(style.bold), bool(style.dim), bool(style.reverse))


def strip(widget: Widget, runs: Runs) -> Strip:
    """Return the runs as a line of `widget`, in its full width."""
    dark = widget.background_colors[1].brightness < 0.5
    styles = {pen: _style_of(widget, pen, dark=dark) for pen in {"", *(pen for _, pen in runs)}}
    line = Strip([Segment(text, styles[pen]) for text, pen in runs if text])
    return line.adjust_cell_length(widget.content_size.width, styles[""])


def text_of(runs: Iterable[tuple[str, Pen]]) -> str:
    """Return what the runs say, without their pens."""
    return "".join(text for text, _ in runs)


def replaced(runs: Runs, at: int, new: tuple[str, Pen]) -> Runs:
    """Return the runs with `new` from column `at` on; what it replaces is all in one run."""
    start = 0
    for place, (text, pen) in enumerate(runs):
        inside = at - start
        if inside < len(text):
            parts: Runs = [(text[:inside], pen), new, (text[inside + len(new[0]) :], pen)]
            return [*runs[:place], *(part for part in parts if part[0]), *runs[place + 1 :]]
        start += len(text)
    return runs


def clipped(text: str, width: int) -> str:
    """Return `text` if it fits into so many cells, else its beginning and an ellipsis."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, max(0, width - 1)) + "…" * (width > 0)


def padded(text: str, width: int, *, right: bool = False) -> str:
    """Return `text` with blanks behind it, or before it, so that it takes so many cells."""
    blanks = " " * (width - cell_len(text))
    return blanks + text if right else text + blanks


def centred(text: str, width: int, height: int, pen: Pen) -> list[Runs]:
    """Return a sentence in the middle of a box, wrapped between words, as much of it as fits."""
    lines = wrap(text, max(1, width - 2))[:height] if width > 2 else []
    above = (height - len(lines)) // 2
    rows: list[Runs] = [[] for _ in range(height)]
    for y, line in enumerate(lines, above):
        rows[y] = [(line.center(width).rstrip(), pen)]
    return rows
