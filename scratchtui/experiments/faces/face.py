"""A face: 8x8 pixels, each on or off; how it is written, read and changed.

A face is an array (8, 8) of bool. Written, it is 8 lines of 8 characters, `.` off and `#` on, and above
them perhaps a line with its label. In one line it is written with `/` between its rows, or as 16 hexadecimal
digits: two a row, the left pixel the highest bit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from scratchtui.experiments.hyperparameter import quoted, suggestion

Face: TypeAlias = NDArray[np.bool_]

SIDE = 8
LABELS = ("smile", "neutral", "frown")
NOTHING = "nothing to see"  # what a blank face is answered with
_DIGITS = re.compile(r"[0-9a-fA-F]{16}")
_ONE_LINE = re.compile(rf"{_DIGITS.pattern}|([.#]{{8}}/){{7}}[.#]{{8}}")


@dataclass(frozen=True)
class Labelled:
    """A face and the label above it: the number of one of `LABELS`, None without any."""

    face: Face
    label: int | None = None


def blank() -> Face:
    """Return a face with no pixel on."""
    return np.zeros((SIDE, SIDE), np.bool_)


def mirrored(face: Face) -> Face:
    """Return the face as a mirror shows it: left is right."""
    return face[:, ::-1].copy()


def inverted(face: Face) -> Face:
    """Return the face with every pixel the other way."""
    return ~face


def shifted(face: Face, down: int, right: int) -> Face:
    """Return the face moved by whole pixels; what is moved out of the grid is lost."""
    moved = blank()
    if max(abs(down), abs(right)) < SIDE:
        from_rows, from_columns = (slice(max(0, -by), SIDE - max(0, by)) for by in (down, right))
        to_rows, to_columns = (slice(max(0, by), SIDE - max(0, -by)) for by in (down, right))
        moved[to_rows, to_columns] = face[from_rows, from_columns]
    return moved


def flipped(face: Face, row: int, column: int) -> Face:
    """Return the face with one pixel the other way."""
    return painted(face, row, column, on=not face[row, column])


def painted(face: Face, row: int, column: int, *, on: bool) -> Face:
    """Return the face with one pixel on, or off."""
    changed = face.copy()
    changed[row, column] = on
    return changed


def digits(face: Face) -> str:
    """Return the face as 16 hexadecimal digits."""
    return np.packbits(face).tobytes().hex()


def of_digits(text: str) -> Face:
    """Return the face that 16 hexadecimal digits spell; ValueError for any other text."""
    if not _DIGITS.fullmatch(text):
        raise ValueError(f"{quoted(text)} is no face: 16 digits 0-9 and a-f, two a row")
    return np.unpackbits(np.frombuffer(bytes.fromhex(text), np.uint8)).astype(np.bool_).reshape(SIDE, SIDE)


def rows_of(face: Face) -> list[str]:
    """Return the 8 rows as they are written."""
    return ["".join(".#"[int(pixel)] for pixel in row) for row in face]


def in_one_line(face: Face) -> str:
    """Return the rows with `/` between them."""
    return "/".join(rows_of(face))


def in_one_line_already(text: str) -> bool:
    """Tell whether a text is a face in one line: 16 digits, or its rows with `/` between them."""
    return _ONE_LINE.fullmatch(text) is not None


def written(face: Face, label: int | None = None) -> str:
    """Return the text of a face file that holds this face."""
    return "\n".join([*([] if label is None else [LABELS[label]]), *rows_of(face)]) + "\n"


def label_of(text: str) -> int:
    """Return the number of the label that `text` names, or begins to; ValueError names the nearest."""
    word = text.strip().lower()
    found = [number for number, label in enumerate(LABELS) if word and label.startswith(word)]
    if not found:
        raise ValueError(
            f"there is no label {quoted(text.strip())}; {suggestion(word, LABELS, listing=True)}"
        )
    return found[0]


def read_face(text: str) -> Labelled:
    """Return the one face that `text` spells; ValueError if there is none, or more."""
    faces = read_faces(text)
    if len(faces) > 1:
        raise ValueError(f"one face is needed, and there are {len(faces)}")
    return faces[0]


def read_faces(text: str) -> list[Labelled]:
    """Return the faces of a face file, or the one of one line; ValueError says what is wrong where."""
    if _DIGITS.fullmatch(text.strip()):
        return [Labelled(of_digits(text.strip()))]
    faces: list[Labelled] = []
    rows: list[str] = []
    label: int | None = None
    for number, line in enumerate(text.replace("/", "\n").splitlines(), 1):
        row = line.strip()
        if row and set(row) <= {".", "#"}:
            rows.append(_row(row, number))
        elif rows:
            raise ValueError(f"line {number}: a face has {SIDE} rows, and this one ends after {len(rows)}")
        elif row:
            label = _label_above(row, number, label)
        if len(rows) == SIDE:
            faces.append(Labelled(np.array([[pixel == "#" for pixel in each] for each in rows]), label))
            rows, label = [], None
    _refuse_rest(faces, rows, label)
    return faces


def _refuse_rest(faces: list[Labelled], rows: list[str], label: int | None) -> None:
    """Refuse what is left at the end of a text: a face begun, a label without any, or nothing at all."""
    if rows:
        raise ValueError(f"a face has {SIDE} rows, and the last one ends after {len(rows)}")
    if label is not None:
        raise ValueError(f"no face follows the label {LABELS[label]}")
    if not faces:
        raise ValueError(f"there is no face: {SIDE} lines of {SIDE} characters, . off and # on")


def _row(row: str, number: int) -> str:
    if len(row) != SIDE:
        raise ValueError(f"line {number} has {len(row)} pixels; a row of a face has {SIDE}")
    return row


def _label_above(row: str, number: int, label: int | None) -> int:
    if label is not None:
        raise ValueError(f"line {number}: a face follows a label, not {quoted(row)}")
    if row not in LABELS:
        raise ValueError(
            f"line {number}: {quoted(row)} is neither a row of {SIDE} characters . and # nor a label; "
            + suggestion(row, LABELS, listing=True)
        )
    return LABELS.index(row)
