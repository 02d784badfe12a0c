"""What the user makes of the dataset: faces drawn are added to it, and those in it are changed or removed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scratchtui.experiments.faces.dataset import with_face, without_face
from scratchtui.experiments.faces.face import LABELS, label_of, read_faces
from scratchtui.experiments.faces.face import written as face_file
from scratchtui.experiments.faces.sketch import Sketch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchtui.experiments.faces.dataset import FaceSet
    from scratchtui.experiments.faces.face import Labelled
    from scratchtui.experiments.panel import Edit

USE = {False: "learnt", True: "unseen"}  # by whether it is held out


def first_sketch(faces: FaceSet) -> Sketch:
    """Return what there is to draw on: the first face that is held out, or the first of all."""
    face = faces.pictures[faces.learnt % len(faces.labels)]
    return Sketch(face, face)


def title_of(faces: FaceSet, drawn: Sketch) -> str:
    """Return what the drawn face is to the dataset, in words."""
    place = faces.find(drawn.face)
    if place is not None:
        return f"{LABELS[faces.labels[place]]}, {USE[bool(faces.held_out[place])]}"
    if drawn.label is not None:
        return f"a face of your own, from a file as {LABELS[drawn.label]}"
    if drawn.origin is not None and faces.find(drawn.origin) is not None:
        return "changed; b puts it back"
    return "a face of your own"


def written(faces: FaceSet, drawn: Sketch) -> str:
    """Return the drawn face as a face file has it, with its label if it is in the dataset."""
    place = faces.find(drawn.face)
    return face_file(drawn.face, None if place is None else int(faces.labels[place]))


@dataclass(frozen=True)
class Curated:
    """What an edit makes of the drawn face and of the text of the dataset; None where it stays."""

    sketch: Sketch | None = None
    data: str | None = None


def sketched(data: str, faces: FaceSet, sketch: Sketch, edit: Edit) -> Curated | None:
    """Return what an edit of the drawn face changes, of it or of `data`, which gave `faces`.

    None for another edit; ValueError where it cannot be.
    """
    if edit.action == "load" and len(found := read_faces(edit.text)) > 1:
        return Curated(Sketch(found[0].face, label=found[0].label), with_all(data, found))
    if (changed := sketch.edited(edit)) is not None:
        return Curated(changed)
    if (kept := with_sketch(data, faces, sketch, edit)) is not None:
        return Curated(Sketch(sketch.face, sketch.face), kept)
    return None


def chosen(data: str, faces: FaceSet, place: int, edit: Edit) -> Curated | None:
    """Return what an edit of the face at `place` changes; None for another edit, or ValueError."""
    if edit.action == "take":
        return Curated(Sketch(faces.pictures[place], faces.pictures[place]))
    changed = with_change(data, faces, place, edit)
    return None if changed is None else Curated(data=changed)


def with_sketch(data: str, faces: FaceSet, drawn: Sketch, edit: Edit) -> str | None:
    """Return `data`, which gave `faces`, with the drawn face in it; None for another edit, or ValueError."""
    match edit.action:
        case "learn" | "hold_out":
            label, held_out = label_of(edit.text), edit.action == "hold_out"
            place = faces.find(drawn.face)
            if place is not None and (faces.labels[place], faces.held_out[place]) == (label, held_out):
                raise ValueError(f"this face is among the faces already, as {LABELS[label]}, {USE[held_out]}")
            return with_face(data, drawn.face, label, held_out=held_out)
        case "put_back":
            place = None if drawn.origin is None else faces.find(drawn.origin)
            if place is None or drawn.origin is None:
                raise ValueError("this face was not taken from the faces; a adds it to them")
            if faces.find(drawn.face) == place:
                raise ValueError("nothing has been changed: the face is among the faces as it is")
            if (other := faces.find(drawn.face)) is not None:
                as_what = f"{LABELS[faces.labels[other]]}, {USE[bool(faces.held_out[other])]}"
                raise ValueError(f"this face is another one of the faces, as {as_what}; d there deletes it")
            label, held_out = int(faces.labels[place]), bool(faces.held_out[place])
            return with_face(without_face(data, drawn.origin), drawn.face, label, held_out=held_out)
    return None


def with_all(data: str, found: Sequence[Labelled]) -> str:
    """Return `data` with all faces of a file to be learnt from; ValueError if one has no label."""
    for number, each in enumerate(found, 1):
        if each.label is None:
            raise ValueError(f"face {number} of {len(found)} in it has no label, so it cannot be learnt from")
        data = with_face(data, each.face, each.label, held_out=False)
    return data


def with_change(data: str, faces: FaceSet, place: int, edit: Edit) -> str | None:
    """Return `data`, which gave `faces`, with the one at `place` changed; None for another edit."""
    face, label, held_out = faces.pictures[place], int(faces.labels[place]), bool(faces.held_out[place])
    match edit.action:
        case "remove":
            return without_face(data, face)
        case "relabel":
            return with_face(data, face, label_of(edit.text), held_out=held_out)
        case "swap":
            return with_face(data, face, label, held_out=not held_out)
    return None


def label_so_far(faces: FaceSet, drawn: Sketch) -> str:
    """Return the label of the drawn face, or else of the one it began as, or that its file gave it."""
    for face in (drawn.face, drawn.origin):
        place = None if face is None else faces.find(face)
        if place is not None:
            return LABELS[faces.labels[place]]
    return "" if drawn.label is None else LABELS[drawn.label]
