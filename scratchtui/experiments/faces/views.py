"""What is seen of the CNN, made of plain arrays."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.faces import patches
from scratchtui.experiments.faces.face import LABELS, NOTHING, Face
from scratchtui.experiments.view import Bar, Canvas, Gallery, Matrix, Tile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scratchtui.experiments.faces.dataset import FaceSet
    from scratchtui.nn import Array

MOST_TILES = 60
HELD_OUT = "~"  # before a label, as in the text of the dataset


def canvas_view(face: Face, probabilities: Array | None, title: str) -> Canvas:
    """Return the editor of a face with a bar for each class; `probabilities` (3,), None for a blank face."""
    if probabilities is None:
        return Canvas(face, tuple(Bar(label, 0.0) for label in LABELS), title, NOTHING)
    answer = int(probabilities.argmax())
    bars = tuple(
        Bar(label, float(probability), marked=number == answer)
        for number, (label, probability) in enumerate(zip(LABELS, probabilities, strict=True))
    )
    return Canvas(face, bars, title)


def faces_view(faces: FaceSet, probabilities: Array) -> Gallery:
    """Return the dataset as small pictures, the worst answers first; `probabilities` is (N, 3)."""
    right = probabilities[np.arange(len(probabilities)), faces.labels]
    answers = probabilities.argmax(axis=1)
    wrong = answers != faces.labels
    order = np.argsort(right, kind="stable")
    worst = order[:MOST_TILES]
    rest = order[MOST_TILES:]
    kept = rest[faces.held_out[rest] | faces.own[rest]][:MOST_TILES]
    tiles = tuple(
        Tile(
            HELD_OUT * bool(faces.held_out[k]) + LABELS[faces.labels[k]],
            Matrix(faces.pictures[k].astype(np.float64), limit=1.0),
            f"{LABELS[answers[k]]} {probabilities[k, answers[k]]:.0%}"
            if wrong[k]
            else f"right {right[k]:.0%}",
            marked=bool(wrong[k]),
            id=int(k),
        )
        for k in (*worst.tolist(), *kept.tolist())
    )
    note = f"{wrong[~faces.held_out].sum()} of {faces.learnt} wrong"
    if held_out := int(faces.held_out.sum()):
        note += f", {wrong[faces.held_out].sum()} of {held_out} unseen (~)"
    if len(tiles) < len(order):
        note += f"; the {len(worst)} worst shown"
    return Gallery(tiles, limit=1.0, note=note)


def filters_view(weights: Sequence[Array], biases: Sequence[Array]) -> Gallery:
    """Return each layer's filters (F, C, K, K), several squares where C > 1, then its biases (F,)."""
    tiles = []
    note = "layer 2: a square for each map" if len(weights) > 1 else ""
    for layer, (bank, added) in enumerate(zip(weights, biases, strict=True), 1):
        for number, filters in enumerate(bank, 1):
            channels, side, _ = filters.shape
            across = math.ceil(math.sqrt(channels))
            sheet = Matrix(_side_by_side(filters, across, side), empty=" ")
            tiles.append(Tile(f"{layer}.{number}", sheet))
        tiles.append(Tile(f"{layer} biases", Matrix(added[None])))
    return Gallery(tuple(tiles), note=note)


def _side_by_side(filters: Array, across: int, side: int) -> Array:
    """Return squares (C, K, K) in rows of so many, an empty line between."""
    if across == len(filters) == 1:
        return np.asarray(filters[0])
    down = -(-len(filters) // across)
    sheet = np.full((down * (side + 1) - 1, across * (side + 1) - 1), np.nan)
    for place, square in enumerate(filters):
        y, x = (side + 1) * (place // across), (side + 1) * (place % across)
        sheet[y : y + side, x : x + side] = square
    return sheet


def layers_view(maps: Sequence[tuple[str, Array]]) -> Gallery:
    """Return what each layer makes of a face: (name, (F, H, W) or (M,)), one after the other."""
    tiles = []
    for name, values in maps:
        limit = float(f"{np.abs(values).max():.2g}") or 1.0
        if values.ndim == 1:
            tiles.append(Tile(name, Matrix(values[None], limit=limit)))
        else:
            tiles += [Tile(f"{name} {k}", Matrix(each, limit=limit)) for k, each in enumerate(values, 1)]
    return Gallery(tuple(tiles), empty=NOTHING)


def pixels_view(face: Face, change: Array) -> Matrix:
    """Return the change (8, 8) of the answer's probability by flipping each pixel, in percentage points."""
    marks = {(int(y), int(x)): "#" for y, x in np.argwhere(face)}
    return Matrix(100.0 * change, marks=marks)


def confusion_view(faces: FaceSet, probabilities: Array) -> Matrix:
    """Return how many faces of each label (a row) got each answer (a column)."""
    answers = probabilities.argmax(axis=1)
    names, counts = [], []
    for held_out in (False, True):
        for label, name in enumerate(LABELS):
            mine = (faces.labels == label) & (faces.held_out == held_out)
            if mine.any():
                names.append(HELD_OUT * held_out + name)
                counts.append(np.bincount(answers[mine], minlength=len(LABELS)))
    return Matrix(np.array(counts, np.float64), tuple(names), LABELS)


def patches_view(weights: Array, everywhere: patches.Seen, labels: NDArray[np.intp], seen: Array) -> Gallery:
    """Return what each filter (F, K, K) of the first layer looks for.

    `everywhere` are the patches of the faces of `labels` (N,); `seen` (H', W', K * K) are those of the face
    that is probed.
    """
    scores = patches.strongest(everywhere, weights)
    areas = patches.separations(scores, labels, len(LABELS))
    tiles = []
    for number, (bank, taste) in enumerate(zip(weights, patches.tastes(weights), strict=True)):
        best = patches.match(bank)
        side = len(bank)
        sheet = np.full((side, 2 * side + 1), np.nan)
        sheet[:, :side], sheet[:, side + 1 :] = taste.favourite, 0.0 - taste.hated
        name = f"{number + 1} {best.name}" + (f" {best.cosine:.2f}" if best.name != patches.NONE else "")
        lines = (
            _taste_words(taste),
            _areas_words(areas[:, number]),
            _place_words(bank, taste, everywhere, seen),
        )
        tiles.append(Tile(name, Matrix(sheet, limit=1.0, empty=" "), "\n".join(filter(None, lines))))
    total = f" of {2 ** weights[0].size}" * (weights.shape[-1] <= patches.LARGEST_LISTED)
    note = f"favourite, hated, responses, how many{total} above 0; AUC of s, n, f; where it occurs"
    return Gallery(tuple(tiles), limit=1.0, note=note)


def parts_view(responses: Array, faces: FaceSet, size: int, pool: int) -> Gallery:
    """Return which part of all faces each filter of the second layer likes most, and which least.

    `responses` (N, F, H, W) are those to the faces. Filters are of `size`, and the first layer is pooled by
    `pool`.
    """
    count, filters, *_, across = responses.shape
    flat = responses.transpose(1, 0, 2, 3).reshape(filters, count, -1)
    areas = patches.separations(flat.max(axis=2).T, faces.labels, len(LABELS))
    tiles = []
    for number, each in enumerate(flat):
        most, least = (divmod(int(place), each.shape[1]) for place in (each.argmax(), each.argmin()))
        likes, hates = (
            patches.part(faces.pictures[face], divmod(at, across), size, pool) for face, at in (most, least)
        )
        gap = np.full((len(likes), 1), np.nan)
        words = f"{each[most]:+.3g} {each[least]:+.3g}"
        sheet = Matrix(np.hstack((likes, gap, 0.0 - hates)), limit=1.0, empty=" ")
        tiles.append(Tile(f"2.{number + 1}", sheet, f"{words}\n{_areas_words(areas[:, number])}"))
    return Gallery(tuple(tiles), limit=1.0, note="likes, hates; responses; AUC")


def _taste_words(taste: patches.Taste) -> str:
    """Return the responses to favourite and hated patch, and how many patches are liked."""
    liked = "" if taste.liked is None else f" {taste.liked}>0"
    return f"{taste.most:+.3g} {taste.least:+.3g}{liked}"


def _areas_words(areas: Array) -> str:
    """Return how well each class is told from the others: by a strong response (↑), or by a weak one (↓)."""
    told = [
        f"{label[0]} {max(area, 1.0 - area):.2f}".replace("0.", ".") + ("↑" if area >= 0.5 else "↓")
        for label, area in zip(LABELS, areas.tolist(), strict=True)
        if not np.isnan(area)
    ]
    return " ".join(told) or "no AUC"


def _place_words(bank: Array, taste: patches.Taste, everywhere: patches.Seen, seen: Array) -> str:
    """Return in how many faces the favourite occurs, and where in the one that is probed.

    If it does not occur there: where the filter responds most. Nothing of a blank face.
    """
    count = everywhere.pictures_with(taste.favourite)
    words = f"in {count} face{'s' * (count != 1)}" if count else "in no face"
    if not seen.any():
        return words
    places = patches.occurrences(seen, taste.favourite).tolist()
    if places:
        return f"{words}, here {places[0][0] + 1},{places[0][1] + 1}"
    row, column = patches.strongest_place(seen, bank)
    return f"{words}; most {row + 1},{column + 1}"
