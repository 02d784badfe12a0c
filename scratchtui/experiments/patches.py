"""What a filter looks for, measured and not asserted.

Pixels are on or off, so a filter of side K only ever sees 2^(K*K) patches: 512 where K is 3. Its response to
a patch is the sum of its weights on the pixels that are on. So of them all its favourite has on exactly the
pixels with a weight above 0, and its most hated one exactly those with a weight below 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchtui.experiments.face import Face
    from scratchtui.nn import Array

NONE = "none"
LEAST_MATCH = 0.65  # cosine for a name: half of all random filters reach it, one in ten 0.81
# parts of mouths as a 3x3 filter sees them; a curve down is a curve up turned upside down
_CURVES_UP = ("#.#/.#./...", ".../#.#/.#.", "#.#/###/...", ".../#.#/###", "#../.##/...", ".../#../.##",
              "..#/##./...", ".../..#/##.", "#.#/#.#/.#.", "#../#../.##", "..#/..#/##.")  # fmt: skip
_BARS = ("###/.../...", ".../###/...", ".../.../###", "###/###/...", ".../###/###")


@dataclass(frozen=True)
class Match:
    """The name that fits a filter best, and the cosine of its weights with those of the name, means off."""

    name: str
    cosine: float


def all_patches(size: int) -> Array:
    """Return every patch of so many pixels a side, (2^(size*size), size*size), as 0 and 1; at most of 3."""
    if size > 3:
        raise ValueError(f"there are 2^{size * size} patches of {size} x {size}; at most 3 x 3 can be listed")
    return ((np.arange(2 ** (size * size))[:, None] >> np.arange(size * size)[::-1]) & 1).astype(np.float64)


def ranked(weights: Array) -> tuple[NDArray[np.intp], Array]:
    """Return the numbers of all patches for a filter (K, K), its favourite first, and the responses."""
    responses = all_patches(len(weights)) @ weights.ravel()
    order = np.argsort(-responses, kind="stable")
    return order, responses[order]


def favourite(weights: Array) -> NDArray[np.bool_]:
    """Return the patch (K, K) that a filter (K, K) responds to most."""
    return np.asarray(weights > 0.0)


def hated(weights: Array) -> NDArray[np.bool_]:
    """Return the patch (K, K) that a filter (K, K) responds to least."""
    return np.asarray(weights < 0.0)


def windows(pictures: Face, size: int, padding: int) -> Array:
    """Return each patch of each picture (N, 8, 8) with its rim of zeros, (N, H', W', size * size)."""
    rim = (padding, padding)
    padded = np.pad(pictures.astype(np.float64), ((0, 0), rim, rim))
    seen = sliding_window_view(padded, (size, size), axis=(1, 2))
    return np.ascontiguousarray(seen.reshape(*seen.shape[:3], size * size))


def strongest(seen: Array, weights: Array) -> Array:
    """Return the largest response of each filter (F, K, K) on each picture, (N, F), for `windows` of it."""
    responses = weights.reshape(len(weights), -1) @ seen.reshape(-1, seen.shape[-1]).T
    return np.ascontiguousarray(responses.reshape(len(weights), len(seen), -1).max(axis=2).T)


def strongest_place(seen: Array, weights: Array) -> tuple[int, int]:
    """Return row and column of the window, of those (H', W', K * K), that a filter (K, K) likes best."""
    responses = seen @ weights.ravel()
    row, column = np.unravel_index(int(responses.argmax()), responses.shape)
    return int(row), int(column)


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
