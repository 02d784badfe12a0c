"""What a filter likes most and least, and how well its responses tell one class from the others.

Pixels are on or off, so a filter of the first layer, of side K, only ever sees 2^(K*K) patches: 512 where K
is 3. Its response to a patch is the sum of its weights on the pixels that are on. So of them all its
favourite has on exactly the pixels with a weight above 0, and its most hated one exactly those with a weight
below 0.

A filter of the second layer sees too much for that, up to 2^64 patches, and most of them are noise. So of
those only what occurs in the faces is ranked.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from scratchtui.experiments.faces.face import Face
    from scratchtui.experiments.faces.field import Field
    from scratchtui.nn import Array

LARGEST_LISTED = 3  # side of a patch


@dataclass(frozen=True)
class Taste:
    """The patch (S, S) that a filter responds to most, the one it responds to least, and both responses.

    Pixels are 0 or 1, nan beyond the picture. `liked` counts the patches, of all `ranked` ones, with a
    response above zero; None where they are too many.
    """

    favourite: Array
    hated: Array
    most: float
    least: float
    ranked: int
    liked: int | None


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
    number = 2 ** weights[0].size
    if weights.shape[-1] > LARGEST_LISTED:
        return [
            Taste(
                (each > 0.0).astype(np.float64),
                (each < 0.0).astype(np.float64),
                float(each[each > 0.0].sum()),
                float(each[each < 0.0].sum()),
                number,
                None,
            )
            for each in weights
        ]
    patches = all_patches(weights.shape[-1]).reshape(-1, *weights.shape[1:])
    return [
        Taste(
            patches[order[0]],
            patches[order[-1]],
            float(values[0]),
            float(values[-1]),
            number,
            int((values > 0.0).sum()),
        )
        for order, values in zip(*ranked(weights), strict=True)
    ]


def tastes_in(responses: Array, pictures: Face, field: Field) -> list[Taste]:
    """Return the taste of each filter by ranking all that its field sees of pictures (N, 8, 8).

    `responses` (N, F, H, W) are those to the pictures.
    """
    _, filters, _, across = responses.shape
    maps = responses.transpose(1, 2, 3, 0).reshape(filters, -1, len(pictures))  # no copy: laid out so
    top, bottom = _found(maps.max(axis=2), maps, np.argmax), _found(maps.min(axis=2), maps, np.argmin)
    numbers, places, values = (np.concatenate(pair) for pair in zip(top, bottom, strict=True))
    windows = field.windows(pictures[numbers].astype(np.float64), beyond=np.nan)
    likes, hates = np.split(windows[np.arange(len(windows)), *divmod(places, across)], 2)
    return [
        Taste(like, hate, float(most), float(least), each.size, int((each > 0.0).sum()))
        for like, hate, most, least, each in zip(likes, hates, *np.split(values, 2), maps, strict=True)
    ]


def _found(
    ends: Array, maps: Array, choose: Callable[..., NDArray[np.intp]]
) -> tuple[NDArray[np.intp], NDArray[np.intp], Array]:
    """Return which number of each of the maps (F, P, N) is chosen: its n, its p, and itself, (F,) each.

    `ends` (F, P) are those that would be chosen of each p.
    """
    each, places = np.arange(len(maps)), choose(ends, axis=1)
    return choose(maps[each, places], axis=1), places, ends[each, places]


def separations(scores: Array, classes: NDArray[np.intp], count: int) -> Array:
    """Return the area under the ROC curve, (count, F), of scores (N, F) for each class against the others.

    It is the chance that one of the class scores above another, ties counting half (Mann & Whitney 1947);
    nan where there are not both. `classes` (N,) are numbers below `count`.
    """
    lines = np.ascontiguousarray(scores.T)
    order = lines.argsort(axis=1)
    ordered = np.take_along_axis(lines, order, axis=1)
    number = np.arange(len(scores))
    new = np.ones(lines.shape, np.bool_)  # where a score is not equal to the one before
    new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    first = np.maximum.accumulate(np.where(new, number, 0), axis=1)
    last = np.minimum.accumulate(np.where(np.roll(new, -1, axis=1), number, number[-1])[:, ::-1], axis=1)
    ranks = (first + last[:, ::-1]) / 2.0 + 1.0  # of equal scores the mean, counted from 1
    mine = classes == np.arange(count)[:, None]
    sizes = mine.sum(axis=1, keepdims=True)
    pairs = sizes * (len(scores) - sizes)
    sums = np.stack([(ranks * each[order]).sum(axis=1) for each in mine])
    areas = (sums - sizes * (sizes + 1) / 2.0) / np.maximum(pairs, 1)
    return np.where(pairs, areas, np.nan)
