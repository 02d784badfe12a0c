"""Composes faces of drawn parts, in many sizes and places: how faces/files/more.txt came to be.

    python -m tests.experiments.faces.composer > scratchtui/experiments/faces/files/more.txt

The parts and how often each is taken are the tables below; a frown is a smile turned upside down. Two faces
of five have a head around them. No face that the tests hold out is ever printed, not even moved or mirrored.
"""

import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Drawn = NDArray[np.bool_]
T = TypeVar("T")
SIDE = 8
LABELS = ("smile", "neutral", "frown")
FACES = 1500
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
HEADED = 2  # of five faces have a head
# how often, rows of a head so wide and high
HEADS: dict[str, tuple[float, Callable[[int, int], list[str]]]] = {
    "round": (5, lambda w, h: [*dome(w), *sides(w, h - 4), *dome(w)[::-1]]),
    "rounder": (4, lambda w, h: [inner(w, 1), *sides(w, h - 2), inner(w, 1)]),
    "square": (3, lambda w, h: [inner(w, 0), *sides(w, h - 2), inner(w, 0)]),
    "egg": (1, lambda w, h: [inner(w, 1), *sides(w, h - 3), *dome(w)[::-1]]),
    "jaw": (1, lambda w, h: [*dome(w), *sides(w, h - 3), inner(w, 1)]),
    "open": (0.7, lambda w, h: [*sides(w, h - 2), *dome(w)[::-1]]),
    "cheeks": (0.7, lambda w, h: [pad(ends(w - 2), w), *sides(w, h - 2), pad(ends(w - 2), w)]),
    "hair": (0.7, lambda w, h: [inner(w, 1), inner(w, 0), *sides(w, h - 4), *dome(w)[::-1]]),
}
NARROW = 6  # a head in which a face has to touch it
HEAD_WIDTHS = {NARROW: 0.6, 7: 2.0, 8: 5.0}
HEAD_HEIGHTS = {6: 0.5, 7: 2.0, 8: 5.0}
DISCS = 0.08  # of the heads are filled, and the face is left out of them
CROOKED = 0.2  # of the faces that are not the same on both sides are kept
TOUCHES = 0.03  # of the faces that touch a wider head are kept
MOUTH_OFF = {0: 0.72, -1: 0.12, 1: 0.12, -2: 0.02, 2: 0.02}


def ends(width: int, size: int = 1) -> str:
    return "#" * size + "." * (width - 2 * size) + "#" * size


def inner(width: int, rim: int) -> str:
    return "." * rim + "#" * (width - 2 * rim) + "." * rim


def dome(width: int) -> list[str]:
    return [inner(width, 2), pad(ends(width - 2), width)]


def sides(width: int, height: int) -> list[str]:
    return [ends(width)] * height


def pad(row: str, width: int) -> str:
    return row.center(width, ".")


def main() -> None:
    kept = {drawing(face) for face in held_out()}
    printed: set[bytes] = set()
    rng = random.Random(SEED)
    while len(printed) < FACES:
        place = len(printed)
        label, headed = LABELS[place % len(LABELS)], place // len(LABELS) % 5 < HEADED
        face = composed(label, rng, SIDE)
        while headed and (face is None or (face := with_head(face, rng)) is None):
            face = composed(label, rng, SIDE - 2)
        if face is None or drawing(face) in kept or face.tobytes() in printed:
            continue
        sys.stdout.write("\n" * (place > 0) + "\n".join([label, *rows_of(face)]) + "\n")
        printed.add(face.tobytes())


def held_out() -> list[Drawn]:
    """Return the faces that must not be learnt from."""
    here = Path(__file__).parent
    shipped = here.parents[2] / "scratchtui/experiments/faces/files"
    files = [
        here / "unseen_faces.txt",
        here / "unseen_heads.txt",
        shipped / "unseen.txt",
        shipped / "nine.txt",
    ]
    rows = [line for file in files for line in file.read_text().split() if set(line) <= {".", "#"}]
    return list(np.array([[pixel == "#" for pixel in row] for row in rows]).reshape(-1, SIDE, SIDE))


def composed(label: str, rng: random.Random, room: int) -> Drawn | None:
    """Return a face, or None where the parts that were drawn do not fit together."""
    mouth = drawn_mouth(label, rng)
    eye = drawn(EYES, rng)
    width = len(mouth[0])
    eye_rows = eye.split("/")
    eye_width, between = len(eye_rows[0]), drawn(BETWEEN_EYES, rng)
    span = 2 * eye_width + between
    if max(span, width) > room or (abs(span - width) > 4 and rng.random() < 0.8):
        return None
    canvas = np.zeros((3 * SIDE, 3 * SIDE), np.bool_)
    top, left, above = SIDE, SIDE, drawn(ABOVE_MOUTH, rng)
    put(canvas, top, left, [row + "." * between + row for row in eye_rows])
    lips = top + len(eye_rows) + above
    centred = left + (span - width + rng.randrange(2)) // 2
    put(canvas, lips, centred + drawn(MOUTH_OFF, rng), mouth)
    if nose := drawn(NOSES, rng):
        rows = nose.split("/")
        if len(rows) >= above:
            return None
        put(canvas, top + len(eye_rows), left + (span - len(rows[0])) // 2, rows)
    if brow := drawn(BROWS, rng):
        rows = brow.split("/")
        out, y = int(eye_width == 1), top - len(rows) - rng.randrange(2)
        put(canvas, y, left - out, rows)
        put(canvas, y, left + span - 2 + out, [row[::-1] for row in rows])
    return placed(canvas, rng)


def with_head(face: Drawn, rng: random.Random) -> Drawn | None:
    """Return the face with a head around it, None where it has no room in it."""
    cut = cut_out(face)
    width, height = drawn(HEAD_WIDTHS, rng), drawn(HEAD_HEIGHTS, rng)
    spare = width - cut.shape[1]
    straight = spare % 2 == 0 and np.array_equal(cut, cut[:, ::-1])
    if spare < 2 or cut.shape[0] > height or (not straight and rng.random() > CROOKED):
        return None
    top, left = (rng.randrange(SIDE - side + 1) for side in (height, width))
    name = drawn({name: often for name, (often, _) in HEADS.items()}, rng)
    head = np.zeros((SIDE, SIDE), np.bool_)
    put(head, top, left, HEADS[name][1](width, height))
    within = np.logical_or.accumulate(head, 1) & np.logical_or.accumulate(head[:, ::-1], 1)[:, ::-1] & ~head
    room = within
    if not (straight and width == NARROW) and rng.random() > TOUCHES:
        wide = np.pad(head, 1)
        room = within & ~(wide[:-2, 1:-1] | wide[2:, 1:-1] | wide[1:-1, :-2] | wide[1:-1, 2:])
    x = left + (spare + rng.randrange(2)) // 2
    fits = [
        y
        for y in range(SIDE - len(cut) + 1)
        if not (cut & ~room[y : y + len(cut), x : x + cut.shape[1]]).any()
    ]
    if not fits:
        return None
    moved = np.zeros((SIDE, SIDE), np.bool_)
    put(moved, rng.choice(fits), x, rows_of(cut))
    return within & ~moved | head if rng.random() < DISCS else head | moved


def cut_out(canvas: Drawn) -> Drawn:
    """Return what is drawn, without the rows and columns around it where nothing is."""
    rows, columns = np.flatnonzero(canvas.any(axis=1)), np.flatnonzero(canvas.any(axis=0))
    return canvas[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def drawing(face: Drawn) -> bytes:
    """Return what is drawn, wherever it stands and mirrored or not: augmentation makes all of these alike."""
    cut = cut_out(face)
    return min(bytes(cut.shape) + side.tobytes() for side in (cut, cut[:, ::-1]))


def drawn_mouth(label: str, rng: random.Random) -> list[str]:
    if label == "neutral":
        return ["#" * drawn(BAR_WIDTHS, rng)] * drawn(BAR_HEIGHTS, rng)
    _, least, rows_of = SMILES[drawn({name: often for name, (often, _, _) in SMILES.items()}, rng)]
    rows = rows_of(drawn({w: often for w, often in SMILE_WIDTHS.items() if w >= least}, rng))
    return rows if label == "smile" else rows[::-1]


def drawn(often: dict[T, float], rng: random.Random) -> T:
    return rng.choices(list(often), list(often.values()))[0]


def put(canvas: Drawn, top: int, left: int, rows: list[str]) -> None:
    canvas[top : top + len(rows), left : left + len(rows[0])] |= np.array([[*row] for row in rows]) == "#"


def rows_of(canvas: Drawn) -> list[str]:
    return ["".join(".#"[int(pixel)] for pixel in row) for row in canvas]


def placed(canvas: Drawn, rng: random.Random) -> Drawn | None:
    """Return what is drawn somewhere in a grid, None where it is too large."""
    cut = cut_out(canvas)
    if max(cut.shape) > SIDE:
        return None
    y, x = rng.randrange(SIDE - cut.shape[0] + 1), rng.randrange(SIDE - cut.shape[1] + 1)
    face = np.zeros((SIDE, SIDE), np.bool_)
    face[y : y + cut.shape[0], x : x + cut.shape[1]] = cut
    return face


if __name__ == "__main__":
    main()
