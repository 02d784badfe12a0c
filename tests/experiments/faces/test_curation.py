"""A face that was taken from the dataset and changed is put back, and no other is lost by that."""

from __future__ import annotations

import pytest

from scratchtui.experiments.faces.curation import with_sketch
from scratchtui.experiments.faces.dataset import make_faces
from scratchtui.experiments.faces.face import flipped
from scratchtui.experiments.faces.sketch import Sketch
from scratchtui.experiments.panel import Edit


def test_a_face_that_became_another_one_of_the_dataset_is_not_put_back_over_it() -> None:
    faces = make_faces("nine")
    drawn = Sketch(faces.pictures[4], faces.pictures[0])
    with pytest.raises(ValueError, match="this face is another one of the faces, as neutral, learnt"):
        with_sketch("nine", faces, drawn, Edit("put_back"))


def test_a_changed_face_takes_the_place_of_the_one_it_was() -> None:
    faces = make_faces("nine")
    changed = flipped(faces.pictures[0], 0, 0)
    data = with_sketch("nine", faces, Sketch(changed, faces.pictures[0]), Edit("put_back"))
    assert data is not None
    after = make_faces(data)
    assert len(after.labels) == len(faces.labels)
    place = after.find(changed)
    assert place is not None
    assert after.labels[place] == faces.labels[0]
    assert after.find(faces.pictures[0]) is None
