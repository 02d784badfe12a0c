"""What is seen of the CNN, made of plain arrays."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.faces.examiner import NONE
from scratchtui.experiments.faces.face import LABELS, NOTHING, Face
from scratchtui.experiments.view import Bar, Canvas, Gallery, Matrix, Tile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchtui.experiments.faces.dataset import FaceSet
    from scratchtui.experiments.faces.examiner import Examiner, Finding, Spot
    from scratchtui.experiments.faces.patches import Taste
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
            tiles.append(Tile(f"{layer}.{number}", sheet, layer=str(layer)))
        tiles.append(Tile(f"{layer}.biases", Matrix(added[None]), layer=str(layer)))
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
        if values.ndim == 1:
            tiles.append(Tile(name, Matrix(values[None]), layer=name))
        else:
            tiles += [Tile(f"{name} {k}", Matrix(each), layer=name) for k, each in enumerate(values, 1)]
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
    return Matrix(np.array(counts, np.float64), tuple(names), LABELS, roles=("is", "says"))


def tastes_view(examiner: Examiner, face: Face) -> Gallery:
    """Return what each filter of a layer looks for, and where that is in the face (8, 8) that is probed."""
    findings = examiner.findings()
    spots = examiner.spots(face) if face.any() else [None] * len(findings)
    tiles = []
    for number, (finding, spot) in enumerate(zip(findings, spots, strict=True), 1):
        name, taste = finding.name, finding.taste
        gap = np.full((len(taste.favourite), 1), np.nan)
        sheet = Matrix(np.hstack((taste.favourite, gap, 0.0 - taste.hated)), limit=1.0, empty=" ")
        title = f"{number} {name.word}" if examiner.layer == 1 else f"2.{number} {name.word}"
        lines = (_taste_words(taste), _areas_words(finding.areas), _place_words(finding, spot))
        title += f" {_area(name.area)}" * (name.word != NONE)
        tiles.append(Tile(title, sheet, "\n".join(lines)))
    taste = findings[0].taste
    total = f" of {taste.ranked:,}" * (taste.liked is not None)
    note = f"favourite, hated; responses, how many{total} > 0; AUC of s, n, f; where"
    return Gallery(tuple(tiles), limit=1.0, note=note)


def _taste_words(taste: Taste) -> str:
    """Return the responses to favourite and hated patch, and how many patches are liked."""
    liked = "" if taste.liked is None else f" {taste.liked}>0"
    return f"{taste.most:+.3g} {taste.least:+.3g}{liked}"


def _area(area: float) -> str:
    return f"{area:.2f}".replace("0.", ".")


def _areas_words(areas: Array) -> str:
    """Return how well each class is told from the others: by a strong response (↑), or by a weak one (↓)."""
    told = [
        f"{label[0]} {_area(max(area, 1.0 - area))}" + ("↑" if area >= 0.5 else "↓")
        for label, area in zip(LABELS, areas.tolist(), strict=True)
        if not np.isnan(area)
    ]
    return " ".join(told) or "no AUC"


def _place_words(finding: Finding, spot: Spot | None) -> str:
    """Return in how many faces the favourite occurs, or in which and where, and where in the one probed.

    If it does not occur there: where the filter responds most. Nothing of a blank face.
    """
    count = len(finding.labels)
    words = f"in {count} faces" if count else "in no face"
    if count == 1 and finding.first is not None:
        words = f"in {LABELS[finding.labels[0]]} {_at(finding.first)}"
    if spot is None:
        return words
    return f"{words}{', here' if spot.favourite else '; most'} {_at(spot.at)}"


def _at(place: tuple[int, int]) -> str:
    return f"{place[0] + 1},{place[1] + 1}"
