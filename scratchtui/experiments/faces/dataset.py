"""The dataset of the CNN: which faces it learns from, which are held out, and what each is said to be.

It is written as text, so that a recipe, a command line and a file can all carry it: `all`, `nine` or
`none`, and after it any number of edits with blanks between. A picture is in the dataset once, so each edit
has the last word on its picture: `+DIGITS=LABEL` learns from it, `~DIGITS=LABEL` holds it out, `-DIGITS`
takes it away. DIGITS are 16 hexadecimal ones (`face.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.faces.face import (
    LABELS,
    SIDE,
    Face,
    digits,
    label_of,
    of_digits,
    quoted,
    read_faces,
)
from scratchtui.experiments.hyperparameter import suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

BASES = ("nine", "all", "none")
MOST_EDITS = 2000
_FORM = "write +DIGITS=LABEL, ~DIGITS=LABEL or -DIGITS"
_EDIT = re.compile(r"([+~])([^=]*)=(.*)|-(.*)")


@dataclass(frozen=True)
class Entry:
    """What is said of a picture: its label, and whether it is held out; `own` if an edit says so."""

    label: int
    held_out: bool
    own: bool = False


@dataclass(frozen=True)
class FaceSet:
    """Pictures (N, 8, 8), their labels (N,), and whether each is held out (N,); those that are come last.

    `own` (N,) tells what the user's edits say from what the dataset began with.
    """

    pictures: Face
    labels: NDArray[np.intp]
    held_out: NDArray[np.bool_]
    own: NDArray[np.bool_]

    @property
    def learnt(self) -> int:
        """How many are learnt from; the others are held out."""
        return int(len(self.held_out) - self.held_out.sum())

    def find(self, face: Face) -> int | None:
        """Return the place of a picture, None where it is not in the dataset."""
        places = np.flatnonzero((self.pictures == face).all(axis=(1, 2)))
        return int(places[0]) if len(places) else None


def make_faces(text: str) -> FaceSet:
    """Return the faces that `text` describes; ValueError if it is no such text or leaves none to learn."""
    base, *edits = text.split() or [""]
    if base not in BASES:
        raise ValueError(f"data has no choice {quoted(base)}; {suggestion(base, BASES, listing=True)}")
    if len(edits) > MOST_EDITS:
        raise ValueError(f"{len(edits):,} edits of the data are too many; {MOST_EDITS:,} can be kept")
    entries = dict(_base(base))
    for edit in edits:
        face, entry = _read_edit(edit)
        if entry is not None:
            entries[face] = entry
        elif entries.pop(face, None) is None:
            raise ValueError(f"-{face}: there is no such face to take away")
    ordered = sorted(entries.items(), key=lambda item: item[1].held_out)  # stable: their order stays
    if not ordered or ordered[0][1].held_out:
        raise ValueError("no face is left to learn from; add one with +DIGITS=LABEL")
    return FaceSet(
        np.array([of_digits(face) for face, _ in ordered]).reshape(-1, SIDE, SIDE),
        np.array([entry.label for _, entry in ordered], np.intp),
        np.array([entry.held_out for _, entry in ordered], np.bool_),
        np.array([entry.own for _, entry in ordered], np.bool_),
    )


def with_face(data: str, face: Face, label: int, *, held_out: bool) -> str:
    """Return `data` with this face learnt from, or held out; ValueError for a blank one."""
    if not face.any():
        raise ValueError("a blank face shows nothing to learn from")
    return f"{_without_edits(data, face)} {'~' if held_out else '+'}{digits(face)}={LABELS[label]}"


def without_face(data: str, face: Face) -> str:
    """Return `data` without this face."""
    rest = _without_edits(data, face)
    return f"{rest} -{digits(face)}" if digits(face) in _base(rest.split()[0]) else rest


def _without_edits(data: str, face: Face) -> str:
    """Return `data` without what edits say of a picture."""
    base, *edits = data.split()
    return " ".join([base, *(edit for edit in edits if _read_edit(edit)[0] != digits(face))])


def _read_edit(edit: str) -> tuple[str, Entry | None]:
    """Return the digits of an edit, and what it says of that picture; None where it takes it away."""
    match = _EDIT.fullmatch(edit)
    if match is None:
        raise ValueError(f"{quoted(edit)} is no edit of the data; {_FORM}")
    sign, added, label, removed = match.groups()
    face = of_digits(removed if sign is None else added)
    if sign is None:
        return digits(face), None
    if not face.any():
        raise ValueError(f"{quoted(edit)}: a blank face shows nothing to learn from")
    return digits(face), Entry(label_of(label), held_out=sign == "~", own=True)


@lru_cache(maxsize=len(BASES))
def _base(name: str) -> Mapping[str, Entry]:
    """Return the entries of a base, by the digits of their pictures."""
    learnt = {"nine": ("nine",), "all": ("nine", "more"), "none": ()}[name]
    files = [(file, False) for file in learnt] + [("unseen", True)] * (name != "none")
    entries: dict[str, Entry] = {}
    for file, held_out in files:
        for drawn in read_faces(_text(file)):
            if drawn.label is not None:
                entries[digits(drawn.face)] = Entry(drawn.label, held_out)
    return entries


def _text(name: str) -> str:
    return (resources.files("scratchtui.experiments.faces") / "files" / f"{name}.txt").read_text("utf-8")
