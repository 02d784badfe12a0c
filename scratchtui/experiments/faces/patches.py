"""What a filter looks for, measured and not asserted.

Pixels are on or off, so a filter of side K only ever sees 2^(K*K) patches: 512 where K is 3. Its response to
a patch is the sum of its weights on the pixels that are on. So of them all its favourite has on exactly the
pixels with a weight above 0, and its most hated one exactly those with a weight below 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchtui.experiments.faces.face import Face
    from scratchtui.nn import Array

NONE = "none"
LARGEST_LISTED = 3  # side of a patch
LEAST_MATCH = 0.81  # cosine for a name: one in ten of all random filters reaches it
# parts of mouths as a 3x3 filter sees them; a curve down is a curve up turned upside down
_CURVES_UP = ("#.#/.#./...", ".../#.#/.#.", "#.#/###/...", ".../#.#/###", "#../.##/...", ".../#../.##",
              "..#/##./...", ".../..#/##.", "#.#/#.#/.#.", "#../#../.##", "..#/..#/##.")  # fmt: skip
_BARS = ("###/.../...", ".../###/...", ".../.../###", "###/###/...", ".../###/###")


@dataclass(frozen=True)
class Match:
    """The name that fits a filter best, and the cosine of its weights with those of the name, means off."""

    name: str
    cosine: float


@dataclass(frozen=True)
class Taste:
    """The patch (K, K) that a filter responds to most, the one it responds to least, and both responses.

    `liked` counts the patches, of all there are, with a response above zero; None where they are too many.
    """

    favourite: NDArray[np.bool_]
    hated: NDArray[np.bool_]
    most: float
    least: float
    liked: int | None


@dataclass(frozen=True)
class Seen:
    """The different windows (U, K * K) of pictures, and which of them stands at each place (N, H' * W')."""

    patches: Array
    places: NDArray[np.intp]

    @classmethod
    def of(cls, pictures: Face, size: int, padding: int) -> Seen:
        """Return those of pictures (N, 8, 8) with a rim of zeros; at most of 7 x 7."""
        found = windows(pictures, size, padding)
        numbers = found.reshape(-1, size * size) @ 2.0 ** np.arange(size * size)  # exact below 2^53
        _, first, places = np.unique(numbers, return_index=True, return_inverse=True)
        return cls(found.reshape(-1, size * size)[first], places.reshape(len(pictures), -1))

    def pictures_with(self, patch: NDArray[np.bool_]) -> int:
        """Return in how many of the pictures a patch (K, K) stands."""
        number = np.flatnonzero((self.patches == patch.ravel()).all(axis=1))
        return int((self.places == number).any(axis=1).sum()) if number.size else 0


@cache
def all_patches(size: int) -> Array:
    """Return every patch of so many pixels a side, (2^(size*size), size*size), as 0 and 1; at most of 3."""
    if size > LARGEST_LISTED:
        raise ValueError(f"there are 2^{size * size} patches of {size} x {size}; at most 3 x 3 can be listed")
    return ((np.arange(2 ** (size * size))[:, None] >> np.arange(size * size)[::-1]) & 1).astype(np.float64)


def ranked(weights: Array) -> tuple[NDArray[np.intp], Array]:
    """Return the numbers of all patches for each filter (F, K, K), its favourite first, and the responses.

    Both are (F, 2^(K*K)); ValueError where that is too many.
    """
    responses = weights.reshape(len(weights), -1) @ all_patches(weights.shape[-1]).T
    order = np.argsort(-responses, axis=1, kind="stable")
    return order, np.take_along_axis(responses, order, axis=1)


def tastes(weights: Array) -> list[Taste]:
    """Return the taste of each filter (F, K, K), by ranking all patches; from 4 x 4 on by the signs."""
    if weights.shape[-1] > LARGEST_LISTED:
        return [
            Taste(each > 0.0, each < 0.0, float(each[each > 0.0].sum()), float(each[each < 0.0].sum()), None)
            for each in weights
        ]
    patches = all_patches(weights.shape[-1]).reshape(-1, *weights.shape[1:]).astype(np.bool_)
    return [
        Taste(
            patches[order[0]],
            patches[order[-1]],
            float(values[0]),
            float(values[-1]),
            int((values > 0.0).sum()),
        )
        for order, values in zip(*ranked(weights), strict=True)
    ]


def windows(pictures: Face, size: int, padding: int) -> Array:
    """Return each patch of each picture (N, 8, 8) with its rim of zeros, (N, H', W', size * size)."""
    rim = (padding, padding)
    padded = np.pad(pictures.astype(np.float64), ((0, 0), rim, rim))
    seen = sliding_window_view(padded, (size, size), axis=(1, 2))
    return np.ascontiguousarray(seen.reshape(*seen.shape[:3], size * size))


def strongest(seen: Seen, weights: Array) -> Array:
    """Return the largest response of each filter (F, K, K) on each picture, (N, F)."""
    responses = weights.reshape(len(weights), -1) @ seen.patches.T
    return np.stack([each[seen.places].max(axis=1) for each in responses], axis=1)


def strongest_place(seen: Array, weights: Array) -> tuple[int, int]:
    """Return row and column of the window, of those (H', W', K * K), that a filter (K, K) likes best."""
    responses = seen @ weights.ravel()
    row, column = np.unravel_index(int(responses.argmax()), responses.shape)
    return int(row), int(column)


def part(picture: Face | Array, place: tuple[int, int], size: int, pool: int) -> Array:
    """Return what a filter of the second layer sees of a picture (8, 8) at a place of its map.

    Convolutions have filters of `size`, padded by half of that, and the first one is pooled by `pool`. So it
    sees size + pool - 1 + (size - 1) * pool pixels a side, nan beyond the picture; the whole picture where
    that is more than it has.
    """
    side = size + pool - 1 + (size - 1) * pool
    if side > max(picture.shape):
        return picture.astype(np.float64)
    up, left = (pool * at - size // 2 * (pool + 1) for at in place)
    rim = side + pool * max(place)
    padded = np.pad(picture.astype(np.float64), rim, constant_values=np.nan)
    return padded[rim + up : rim + up + side, rim + left : rim + left + side]


def occurrences(seen: Array, patch: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return where a patch (K, K) stands in a picture's windows (H', W', K * K): rows and columns, (n, 2)."""
    return np.argwhere((seen == patch.ravel()).all(axis=-1))


def match(weights: Array) -> Match:
    """Return the name of a filter (K, K); only those of 3 x 3 have any."""
    if weights.shape != (3, 3):
        return Match(NONE, 0.0)
    centred = weights.ravel() - weights.mean()
    size = float(np.linalg.norm(centred))
    if size == 0.0:
        return Match(NONE, 0.0)
    cosines = _DRAWN @ centred / size
    best = int(np.argmax(cosines))
    return Match(_NAMES[best] if cosines[best] >= LEAST_MATCH else NONE, float(cosines[best]))


def separations(scores: Array, classes: NDArray[np.intp], count: int) -> Array:
    """Return the area under the ROC curve, (count, F), of scores (N, F) for each class against the others.

    It is the chance that one of the class scores above another, ties counting half (Mann & Whitney 1947);
    nan where there are not both. `classes` (N,) are numbers below `count`.
    """
    ordered = np.sort(scores, axis=0)
    ranks = np.empty_like(scores)
    for column, values, line in zip(ranks.T, scores.T, ordered.T, strict=True):
        below, up_to = (np.searchsorted(line, values, side) for side in ("left", "right"))
        column[:] = (below + up_to + 1) / 2.0  # of equal scores the mean, counted from 1
    mine = classes == np.arange(count)[:, None]
    sizes = mine.sum(axis=1, keepdims=True)
    pairs = sizes * (len(scores) - sizes)
    areas = (mine @ ranks - sizes * (sizes + 1) / 2.0) / np.maximum(pairs, 1)
    return np.where(pairs, areas, np.nan)


def _drawn() -> tuple[tuple[str, ...], Array]:
    """Return the names that there are and the filter drawn for each, (D, 9), mean 0 and length 1."""
    down = tuple("/".join(reversed(rows.split("/"))) for rows in _CURVES_UP)
    drawn = [("curve up", rows) for rows in _CURVES_UP] + [("curve down", rows) for rows in down]
    drawn += [("bar", rows) for rows in _BARS]
    patterns = np.array([[pixel == "#" for pixel in rows.replace("/", "")] for _, rows in drawn], np.float64)
    patterns -= patterns.mean(axis=1, keepdims=True)
    return tuple(name for name, _ in drawn), patterns / np.linalg.norm(patterns, axis=1, keepdims=True)


_NAMES, _DRAWN = _drawn()
