"""Composes faces of drawn parts, in many sizes and places: how faces/files/more.txt came to be.

    python -m tests.experiments.faces.composer > scratchtui/experiments/faces/files/more.txt

The parts and how often each is taken are the tables below; a frown is a smile turned upside down. No face
that the tests hold out is ever printed.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Drawn = NDArray[np.bool_]
T = TypeVar("T")
SIDE = 8
FACES = 600
SEED = 20

# how often, least width, rows of a smile as wide as w
SMILES: dict[str, tuple[float, int, Callable[[int], list[str]]]] = {
    "curve": (4, 3, lambda w: [ends(w), inner(w, 1)]),
    "cup": (2, 3, lambda w: [ends(w), inner(w, 0)]),
    "deep curve": (3, 3, lambda w: [ends(w), ends(w), inner(w, 1)]),
    "deep cup": (1.5, 3, lambda w: [ends(w), ends(w), inner(w, 0)]),
    "deepest": (0.7, 4, lambda w: [ends(w), ends(w), ends(w), inner(w, 1)]),
    "arc": (3, 5, lambda w: [ends(w), pad(ends(w - 2), w), inner(w, 2)]),
    "flat arc": (2, 5, lambda w: [ends(w, 2), inner(w, 2)]),
    "wide arc": (1, 7, lambda w: [ends(w), pad(ends(w - 2, 2), w), inner(w, 3)]),
    "thick ends": (1.5, 5, lambda w: [ends(w, 2), inner(w, 1)]),
    "thick arc": (1, 5, lambda w: [ends(w, 2), inner(w, 0), inner(w, 1)]),
    "thick deep": (0.7, 5, lambda w: [ends(w, 2), ends(w, 2), inner(w, 0)]),
    "thick curve": (1.5, 4, lambda w: [ends(w), inner(w, 0), inner(w, 1)]),
    "thick cup": (1, 3, lambda w: [ends(w), inner(w, 0), inner(w, 0)]),
    "open": (1, 4, lambda w: [inner(w, 0), ends(w), inner(w, 1)]),
    "apart": (1, 3, lambda w: [ends(w), "." * w, inner(w, 1)]),
    "full": (0.7, 4, lambda w: [inner(w, 0), inner(w, 1)]),
    "fuller": (0.5, 5, lambda w: [inner(w, 0), inner(w, 0), inner(w, 1)]),
    "one end": (0.5, 4, lambda w: ["." * (w - 1) + "#", "#" * (w - 1) + "."]),
}
SMILE_WIDTHS = {3: 4.0, 4: 4.0, 5: 3.5, 6: 3.5, 7: 2.0, 8: 2.0}
BAR_WIDTHS = {2: 1.0, 3: 2.0, 4: 3.0, 5: 3.0, 6: 3.0, 7: 2.0, 8: 2.0}
BAR_HEIGHTS = {1: 0.65, 2: 0.3, 3: 0.05}
EYES = {"#": 6.0, "#/#": 3.0, "##": 2.0, "##/##": 2.0, "#/#/#": 0.4, "###": 0.3, ".": 0.5}
BETWEEN_EYES = {1: 2.5, 2: 4.0, 3: 3.0, 4: 3.0, 5: 1.0, 6: 1.0}
ABOVE_MOUTH = {0: 0.02, 1: 0.5, 2: 0.34, 3: 0.14}
NOSES = {"": 7.0, "#": 1.5, "#/#": 0.75, "##": 0.6, "##/##": 0.15}
BROWS = {"": 17.0, "##": 1.0, "#./.#": 1.0, ".#/#.": 1.0}
MOUTH_OFF = {0: 0.72, -1: 0.12, 1: 0.12, -2: 0.02, 2: 0.02}


def ends(width: int, size: int = 1) -> str:
    return "#" * size + "." * (width - 2 * size) + "#" * size


def inner(width: int, rim: int) -> str:
    return "." * rim + "#" * (width - 2 * rim) + "." * rim


def pad(row: str, width: int) -> str:
    return row.center(width, ".")


def main() -> None:
    kept = {face.tobytes() for face in held_out()}
    rng = np.random.default_rng(SEED)
    count = 0
    while count < FACES:
        label = ("smile", "neutral", "frown")[count % 3]
        face = composed(label, rng)
        if face is not None and face.tobytes() not in kept:
            kept.add(face.tobytes())
            rows = ["".join(".#"[int(pixel)] for pixel in row) for row in face]
            sys.stdout.write("\n" * (count > 0) + "\n".join([label, *rows]) + "\n")
            count += 1


def held_out() -> list[Drawn]:
    """Return the faces that must not be learnt from."""
    here = Path(__file__).parent
    files = [here / "unseen_faces.txt", here.parents[2] / "scratchtui/experiments/faces/files/unseen.txt",
             here.parents[2] / "scratchtui/experiments/faces/files/nine.txt"]  # fmt: skip
    rows = [line for file in files for line in file.read_text().split() if set(line) <= {".", "#"}]
    return list(np.array([[pixel == "#" for pixel in row] for row in rows]).reshape(-1, SIDE, SIDE))


def composed(label: str, rng: np.random.Generator) -> Drawn | None:
    """Return a face, or None where the parts that were drawn do not fit together."""
    mouth = drawn_mouth(label, rng)
    eye = drawn(EYES, rng)
    width = len(mouth[0])
    eye_rows = eye.split("/")
    eye_width, between = len(eye_rows[0]), drawn(BETWEEN_EYES, rng)
    span = 2 * eye_width + between
    if span > SIDE or (abs(span - width) > 4 and rng.random() < 0.8):
        return None
    canvas = np.zeros((3 * SIDE, 3 * SIDE), np.bool_)
    top, left, above = SIDE, SIDE, drawn(ABOVE_MOUTH, rng)
    put(canvas, top, left, [row + "." * between + row for row in eye_rows])
    lips = top + len(eye_rows) + above
    centred = left + (span - width + int(rng.integers(2))) // 2
    put(canvas, lips, centred + drawn(MOUTH_OFF, rng), mouth)
    if nose := drawn(NOSES, rng):
        rows = nose.split("/")
        if len(rows) >= above:
            return None
        put(canvas, top + len(eye_rows), left + (span - len(rows[0])) // 2, rows)
    if brow := drawn(BROWS, rng):
        rows = brow.split("/")
        out, y = int(eye_width == 1), top - len(rows) - int(rng.integers(2))
        put(canvas, y, left - out, rows)
        put(canvas, y, left + span - 2 + out, [row[::-1] for row in rows])
    return placed(canvas, rng)


def drawn_mouth(label: str, rng: np.random.Generator) -> list[str]:
    if label == "neutral":
        return ["#" * drawn(BAR_WIDTHS, rng)] * drawn(BAR_HEIGHTS, rng)
    _, least, rows_of = SMILES[drawn({name: often for name, (often, _, _) in SMILES.items()}, rng)]
    rows = rows_of(drawn({w: often for w, often in SMILE_WIDTHS.items() if w >= least}, rng))
    return rows if label == "smile" else rows[::-1]


def drawn(often: dict[T, float], rng: np.random.Generator) -> T:
    chances = np.array(list(often.values()))
    return list(often)[int(rng.choice(len(chances), p=chances / chances.sum()))]


def put(canvas: Drawn, top: int, left: int, rows: list[str]) -> None:
    for y, row in enumerate(rows, top):
        for x, pixel in enumerate(row, left):
            canvas[y, x] |= pixel == "#"


def placed(canvas: Drawn, rng: np.random.Generator) -> Drawn | None:
    """Return what is drawn somewhere in a grid, None where it is too large."""
    rows, columns = np.flatnonzero(canvas.any(axis=1)), np.flatnonzero(canvas.any(axis=0))
    cut = canvas[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if max(cut.shape) > SIDE:
        return None
    y, x = rng.integers(SIDE - cut.shape[0] + 1), rng.integers(SIDE - cut.shape[1] + 1)
    face = np.zeros((SIDE, SIDE), np.bool_)
    face[y : y + cut.shape[0], x : x + cut.shape[1]] = cut
    return face


if __name__ == "__main__":
    main()
