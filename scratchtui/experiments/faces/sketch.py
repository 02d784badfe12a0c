"""A sketch: the face that the user is drawing, and the one of the dataset that it began as."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.faces import face as faces
from scratchtui.experiments.hyperparameter import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchtui.experiments.faces.face import Face
    from scratchtui.experiments.panel import Edit

_WHOLE: dict[str, Callable[[Face], Face]] = {
    "mirror": faces.mirrored,
    "invert": faces.inverted,
    "clear": lambda _: faces.blank(),
    "up": lambda face: faces.shifted(face, -1, 0),
    "down": lambda face: faces.shifted(face, 1, 0),
    "left": lambda face: faces.shifted(face, 0, -1),
    "right": lambda face: faces.shifted(face, 0, 1),
}


@dataclass(frozen=True)
class Sketch:
    """A face (8, 8), and the face that it was taken from, None where it was not taken from the dataset.

    `label` is the number of the label that a file gave it. As a text, which a probe can hold, it is the
    digits of the face, and after a blank those of its origin, or the label.
    """

    face: Face
    origin: Face | None = None
    label: int | None = None

    @classmethod
    def of(cls, text: str) -> Sketch:
        """Return the sketch that a text spells; ValueError where it spells none."""
        face, _, behind = text.partition(" ")
        if behind in faces.LABELS:
            return cls(faces.of_digits(face), label=faces.LABELS.index(behind))
        return cls(faces.of_digits(face), faces.of_digits(behind) if behind else None)

    def __str__(self) -> str:
        behind = "" if self.label is None else f" {faces.LABELS[self.label]}"
        if self.origin is not None:
            behind = f" {faces.digits(self.origin)}"
        return faces.digits(self.face) + behind

    def edited(self, edit: Edit) -> Sketch | None:
        """Return what an edit of the drawing makes of it, None for any other; ValueError if it cannot be."""
        if edit.action in {"paste", "load"}:
            found = faces.read_faces(edit.text)
            if len(found) > 1:
                raise ValueError(f"there are {len(found)} faces in it, and the editor holds one")
            return Sketch(found[0].face, label=found[0].label)
        changed = _changed(self.face, edit)
        return None if changed is None else replace(self, face=changed)


def pixel_words(before: str, after: str) -> str:
    """Return which pixels are others in the sketch that `after` spells; nothing is spelled where none is."""
    drawn = [Sketch.of(text).face if text else faces.blank() for text in (before, after)]
    changed = np.argwhere(drawn[0] != drawn[1])
    if not before or len(changed) != 1:
        return f"{len(changed)} pixels" if before and after and len(changed) else "the face"
    row, column = changed[0]
    return f"pixel row {row + 1}, column {column + 1} {'on' if drawn[1][row, column] else 'off'}"


def _changed(face: Face, edit: Edit) -> Face | None:
    if edit.action in _WHOLE:
        return _WHOLE[edit.action](face)
    if edit.action == "flip":
        return faces.flipped(face, *_pixel(edit))
    if edit.action == "paint":
        if edit.text not in {"#", "."}:
            raise ValueError(f"a pixel is painted # or ., not {quoted(edit.text)}")
        return faces.painted(face, *_pixel(edit), on=edit.text == "#")
    return None


def _pixel(edit: Edit) -> tuple[int, int]:
    if len(edit.place) != 2 or not all(0 <= place < faces.SIDE for place in edit.place):
        raise ValueError(f"there is no pixel at {edit.place}: rows and columns are 0 to {faces.SIDE - 1}")
    return edit.place[0], edit.place[1]
