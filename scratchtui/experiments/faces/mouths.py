"""Mouths to try filters on: curves up, curves down and bars of every width, each alone in a picture."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.faces.face import SIDE, Face

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

KINDS = ("curve up", "curve down", "bar")
CURVE_UP, CURVE_DOWN, BAR = range(len(KINDS))
NARROWEST = 3
_PLACES = (0, 1)  # pixels down and to the right of the middle, so that pooling divides each in two ways


@cache
def mouths() -> tuple[Face, NDArray[np.intp]]:
    """Return pictures (M, 8, 8) of a mouth each, and of which of the KINDS it is, (M,)."""
    drawn: dict[bytes, tuple[Face, int]] = {}
    for kind, rows in _drawings():
        mouth = np.array([[pixel == "#" for pixel in row] for row in rows])
        high, wide = mouth.shape
        for off in _PLACES:
            top, left = (SIDE - high) // 2 + off, min((SIDE - wide) // 2 + off, SIDE - wide)
            picture = np.zeros((SIDE, SIDE), np.bool_)
            picture[top : top + high, left : left + wide] = mouth
            drawn[picture.tobytes()] = picture, kind
    pictures, kinds = zip(*drawn.values(), strict=True)
    return np.array(pictures), np.array(kinds, np.intp)


def _drawings() -> Iterator[tuple[int, list[str]]]:
    """Yield kind and rows of each mouth; a curve down is a curve up turned upside down."""
    for width in range(NARROWEST, SIDE + 1):
        for rows in _curves_up(width):
            yield CURVE_UP, rows
            yield CURVE_DOWN, rows[::-1]
        yield BAR, ["#" * width]
        yield BAR, ["#" * width] * 2


def _curves_up(width: int) -> list[list[str]]:
    ends, whole = "#" + "." * (width - 2) + "#", "#" * width
    inner = "#" * (width - 2)
    curve, cup = [ends, inner.center(width, ".")], [ends, whole]
    curves = [curve, cup, [ends, *curve], [ends, *cup]]
    if width > NARROWEST + 1:
        wider = ("#" + "." * (width - 4) + "#").center(width, ".")
        curves.append([ends, wider, ("#" * (width - 4)).center(width, ".")])
    return curves
