"""Colours for numbers: two ramps from zero outwards, and levels that do not flicker.

Blue below zero and orange above stay apart for every kind of colour blindness, and lightness tells
the magnitude by itself. All are exact entries of the xterm-256 palette, which costs fewest bytes; where
there are sixteen colours only, of those.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVELS = 8  # on each side of zero
EMPTY = -128  # the level of a NaN
STICKY = 0.1  # of a level, that a value goes past the edge before the cell changes
DECADES = 3.0  # that a logarithmic scale shows below its limit
STEADY = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


@dataclass(frozen=True)
class Ramp:
    """Palette entries by level, from -LEVELS to LEVELS, and the two that words are written in."""

    negative: tuple[int, ...]
    zero: int
    positive: tuple[int, ...]

    def entry(self, level: int) -> int:
        """Return the palette entry of a level, zero's for an empty cell."""
        if level in (0, EMPTY):
            return self.zero
        return self.positive[level - 1] if level > 0 else self.negative[-level - 1]


DARK = Ramp((18, 20, 25, 27, 33, 75, 117, 195), 234, (52, 88, 130, 166, 208, 215, 222, 230))
LIGHT = Ramp((153, 111, 69, 32, 27, 25, 20, 17), 254, (223, 215, 208, 172, 166, 130, 88, 52))
# neighbours share a colour; dark yellow, brown on some terminals and bright on others, has no place in them
DARK_16 = Ramp((4, 4, 4, 12, 12, 12, 14, 14), 0, (1, 1, 1, 9, 9, 9, 11, 11))
LIGHT_16 = Ramp((14, 14, 14, 12, 12, 12, 4, 4), 15, (11, 11, 11, 9, 9, 9, 1, 1))


def ramp_for(*, dark: bool, sixteen: bool) -> Ramp:
    """Return the ramp for a theme and a terminal."""
    if sixteen:
        return DARK_16 if dark else LIGHT_16
    return DARK if dark else LIGHT


def rgb(entry: int) -> tuple[int, int, int]:
    """Return the colour of a palette entry, of the first 16 as a PC's first screens had them."""
    if entry < 16:
        strong, weak = (255, 85) if entry >= 8 else (170, 0)
        red, green, blue = (strong if entry & bit else weak for bit in (1, 2, 4))
        return red, 85 if entry == 3 else green, blue  # a dark yellow was brown
    if entry >= 232:
        grey = 8 + 10 * (entry - 232)
        return grey, grey, grey
    cube = (0, 95, 135, 175, 215, 255)
    number = entry - 16
    return cube[number // 36], cube[number // 6 % 6], cube[number % 6]


def lightness(entry: int) -> float:
    """Return how light a palette entry is to the eye (CIE L*), 0 to 100."""
    linear = [c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb(entry)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * luminance ** (1 / 3) - 16 if luminance > 0.008856 else 903.3 * luminance


def writing_on(entry: int) -> int:
    """Return the palette entry, near black or near white, that is read best on another."""
    return 16 if lightness(entry) > 50 else 231


def steady_limit(largest: float, held: float | None) -> float:
    """Return a round limit of at least `largest`: `held` while it is that and not far too much."""
    if not largest > 0.0 or not math.isfinite(largest):
        return held or 1.0
    if held and 0.4 * held <= largest <= held:
        return held
    power = 10.0 ** math.floor(math.log10(largest))
    return next((each * power for each in STEADY if each * power >= largest * (1 - 1e-9)), largest)


def scaled(values: NDArray[np.float64], limit: float, *, logarithmic: bool = False) -> NDArray[np.float64]:
    """Return the values as parts of `limit`, clipped to -1..1; the logarithmic scale has an end."""
    parts = np.clip(values / limit, -1.0, 1.0)
    if not logarithmic:
        return parts
    with np.errstate(divide="ignore"):
        size = 1.0 + np.log10(np.abs(parts)) / DECADES
    return np.sign(parts) * np.maximum(size, 0.0)


def unscaled(part: float, limit: float, *, logarithmic: bool = False) -> float:
    """Return the value above 0 that `scaled` makes `part` of."""
    return limit * 10.0 ** (DECADES * (part - 1.0)) if logarithmic else part * limit


def quantise(parts: NDArray[np.float64], held: NDArray[np.int8] | None = None) -> NDArray[np.int8]:
    """Return the level of each part (-1..1), any shape; EMPTY where it is NaN.

    A cell keeps its level in `held` until its value is clearly past the edge, so that a value that
    trembles does not.
    """
    exact = parts * LEVELS
    empty = np.isnan(exact)
    with np.errstate(invalid="ignore"):
        levels = np.where(empty, EMPTY, np.rint(exact)).astype(np.int8)
    if held is None or held.shape != levels.shape:
        return levels
    stays = (held != EMPTY) & ~empty & (np.abs(exact - held) <= 0.5 + STICKY)
    return np.where(stays, held, levels)


def sign_glyph(level: int) -> str:
    """Return +, - or a blank for zero."""
    return "+" if level > 0 else "-" if EMPTY < level < 0 else "·" if level == EMPTY else " "


def digit_glyph(level: int) -> str:
    """Return 0 to 8 for the magnitude."""
    return "·" if level == EMPTY else str(abs(level))
