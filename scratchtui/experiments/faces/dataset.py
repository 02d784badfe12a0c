"""The dataset of the CNN: which faces it learns from, which are held out, and what each is said to be.

As text (`data_text.py`) it is `all`, `nine` or `none`. A picture is in the dataset once, so each edit has the
last word on its picture: `+DIGITS=LABEL` learns from it, `~DIGITS=LABEL` holds it out, `-DIGITS` takes it
away. DIGITS are 16 hexadecimal ones (`face.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.data_text import Grammar, base_of, unknown, written
from scratchtui.experiments.faces.face import (
    LABELS,
    SIDE,
    Face,
    digits,
    label_of,
    of_digits,
    read_faces,
)
from scratchtui.experiments.hyperparameter import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

BASES = ("nine", "all", "none")


@dataclass(frozen=True)
class Entry:
    """What is said of a picture: its label, and whether it is held out; `own` if an edit says so."""

    label: int
    held_out: bool
    own: bool = False


@dataclass(frozen=True)
class FaceEdit:
    """What is said of the picture of these digits from here on; None takes it away."""

    digits: str
    entry: Entry | None = None

    @classmethod
    def of(cls, match: re.Match[str]) -> FaceEdit:
        """Return the edit that was written; ValueError for what is no face, a blank one, or no label."""
        sign, added, label, removed = match.groups()
        face = of_digits(removed if sign is None else added)
        if sign is None:
            return cls(digits(face))
        try:
            return cls.put(face, label_of(label), held_out=sign == "~")
        except ValueError as refusal:
            raise ValueError(f"{quoted(match[0])}: {refusal}") from None

    @classmethod
    def put(cls, face: Face, label: int, *, held_out: bool) -> FaceEdit:
        """Return the edit that learns from a face, or holds it out; ValueError for a blank one."""
        if not face.any():
            raise ValueError("a blank face shows nothing to learn from")
        return cls(digits(face), Entry(label, held_out, own=True))

    def __str__(self) -> str:
        if self.entry is None:
            return f"-{self.digits}"
        return f"{'~' if self.entry.held_out else '+'}{self.digits}={LABELS[self.entry.label]}"


GRAMMAR = Grammar(
    ("+DIGITS=LABEL", "~DIGITS=LABEL", "-DIGITS"), re.compile(r"([+~])([^=]*)=(.*)|-(.*)"), FaceEdit.of
)


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
    if (base := base_of(text)) not in BASES:
        raise unknown(base, BASES)
    entries = dict(_base(base))
    for edit in GRAMMAR.edits(text):
        if edit.entry is not None:
            entries[edit.digits] = edit.entry
        elif entries.pop(edit.digits, None) is None:
            raise ValueError(f"{edit}: there is no such face to take away")
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
    put = FaceEdit.put(face, label, held_out=held_out)
    return written(base_of(data), [*_edits_of_others(data, face), put])


def without_face(data: str, face: Face) -> str:
    """Return `data` without this face."""
    base, edits = base_of(data), _edits_of_others(data, face)
    return written(base, [*edits, FaceEdit(digits(face))] if digits(face) in _base(base) else edits)


def _edits_of_others(data: str, face: Face) -> list[FaceEdit]:
    return [edit for edit in GRAMMAR.edits(data) if edit.digits != digits(face)]


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
