"""The colours of terminals that have sixteen: which of them stands for each of ours.

What the sixteen look like differs from terminal to terminal: dark yellow is brown or bright, blue too dark to
read on black, and green, cyan, yellow and the bright ones too light on white. So writing takes the nearest of
those that are read on its ground, and greys stay grey.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.color import Color
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter

from scratchtui.tui import ramp

if TYPE_CHECKING:
    from textual import color

GREYS = (0, 8, 7, 15)
_GREY = 24  # the most that the parts of a grey differ by
_INKS = {
    True: (7, 8, 2, 5, 6, 9, 10, 11, 12, 13, 14, 15),
    False: (0, 8, 1, 2, 4, 5),
}  # on dark and light ground
# the colours of themes and curves: no two of the eight curves are one
_CHOSEN = {
    True: {
        "#5fafff": 12, "#5fd7ff": 14, "#ffaf5f": 11, "#ffff00": 11, "#87d787": 10, "#5fff5f": 10,
        "#ff8787": 9, "#d0d0d0": 15, "#875fff": 13, "#d75faf": 5, "#878700": 6, "#ffd75f": 11,
    },
    False: {
        "#005faf": 12, "#af5f00": 5, "#005f00": 4, "#af0000": 1, "#262626": 0, "#8700ff": 2, "#af0087": 13,
        "#000087": 6, "#875f00": 5,
    },
}  # fmt: skip
_ROUNDED = 2  # by which a colour may have moved on its way through the theme
_SHADES = {ramp.rgb(entry): entry for entry in range(16)}


def entry_for(colour: tuple[int, int, int], among: tuple[int, ...], *, dark: bool) -> int:
    """Return the palette entry, 0 to 15, for a colour on a dark or a light screen.

    It is the colour itself where it is of the palette, the one chosen for it, or else the nearest of `among`.
    """
    if colour in _SHADES:
        return _SHADES[colour]
    for ours, entry in _CHOSEN[dark].items():
        if _apart(ColorTriplet(*bytes.fromhex(ours[1:])), colour) <= 3 * _ROUNDED**2:
            return entry
    grey = max(colour) - min(colour) <= _GREY
    offered = [entry for entry in among if (entry in GREYS) == grey] or list(among)
    return min(offered, key=lambda entry: _apart(ramp.rgb(entry), colour))


def _apart(one: tuple[int, int, int], other: tuple[int, int, int]) -> int:
    """Return the square of the distance of two colours."""
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


@lru_cache(maxsize=1024)
def in_sixteen(style: Style, *, dark: bool) -> Style:
    """Return the style in colours of the palette, its writing read on its ground."""
    behind = before = None
    ground = 0 if dark else 15
    if style.bgcolor is not None and style.bgcolor.triplet:
        ground = entry_for(style.bgcolor.triplet, tuple(range(16)), dark=dark)
        behind = Color.from_ansi(ground)
    if style.color is not None and style.color.triplet:
        below = ramp.lightness(ground) <= 50
        entry = entry_for(style.color.triplet, _INKS[below], dark=dark)
        if style.color.triplet not in _SHADES and (entry == ground or ground not in GREYS):
            entry = 15 if below else 0
        before = Color.from_ansi(entry)
    return style + Style(color=before, bgcolor=behind)


class SixteenColours(LineFilter):
    """Draws in the sixteen colours that every terminal with colours has."""

    def apply(self, segments: list[Segment], background: color.Color) -> list[Segment]:
        """Return the segments in those colours."""
        dark = background.brightness < 0.5
        return [
            s if s.control or s.style is None else Segment(s.text, in_sixteen(s.style, dark=dark))
            for s in segments
        ]
