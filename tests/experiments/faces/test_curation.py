"""A face that was taken from the dataset and changed is put back, and no other is lost by that."""

from __future__ import annotations

import pytest

from scratchtui.experiments.cnn import CNN
from scratchtui.experiments.faces.curation import with_sketch
from scratchtui.experiments.faces.dataset import make_faces
from scratchtui.experiments.faces.face import (
    LABELS,
    digits,
    flipped,
    written,
)
from scratchtui.experiments.faces.sketch import Sketch
from scratchtui.experiments.panel import Edit, Probe
from scratchtui.experiments.view import Canvas
from tests.experiments.faces.runs import TINY, probe_of, title_of, trained, untrained


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


def test_a_file_of_several_faces_is_learnt_from_and_its_first_one_is_drawn() -> None:
    experiment, others = untrained(data="nine"), (TINY, flipped(TINY, 0, 0))
    text = written(others[0], 0) + "\n" + written(others[1], 2)
    probe, changes = experiment.edited("face", Edit("load", (0, 0), text), Probe())
    experiment.change("data", changes["data"])
    faces = experiment.faces
    assert faces.learnt == 11
    for face, label in zip(others, (0, 2), strict=True):
        place = faces.find(face)
        assert place is not None
        assert (faces.labels[place], bool(faces.held_out[place])) == (label, False)
    assert experiment.written("face", Edit("copy"), probe).splitlines()[0] == LABELS[0]


@pytest.mark.parametrize(
    ("action", "sign", "words"), [("learn", "+", "smile, learnt"), ("hold_out", "~", "smile, unseen")]
)
def test_a_drawn_face_is_labelled_and_added_while_training_goes_on(
    action: str, sign: str, words: str
) -> None:
    experiment = trained(3, data="nine")
    probe, changes = experiment.edited("face", Edit(action, (0, 0), "smile"), probe_of(TINY))
    assert changes == {"data": f"nine {sign}{digits(TINY)}=smile"}
    experiment.change("data", changes["data"])
    place = experiment.faces.find(TINY)
    assert place is not None
    assert bool(experiment.faces.held_out[place]) == (sign == "~")
    assert title_of(experiment, probe) == words
    with pytest.raises(ValueError, match=f"^this face is among the faces already, as {words}$"):
        experiment.edited("face", Edit(action, (0, 0), "smile"), probe)
    assert experiment.edited("face", Edit(action, (0, 0), "frown"), probe)[1]
    experiment.step()


def test_a_face_is_taken_into_the_editor_changed_and_put_back_with_its_label() -> None:
    experiment = untrained(data="nine")
    probe, changes = experiment.edited("faces", Edit("take", (4, 0, 0)), Probe())
    assert not changes
    original = experiment.faces.pictures[4]
    with pytest.raises(ValueError, match="nothing has been changed"):
        experiment.edited("face", Edit("put_back", (0, 0)), probe)
    probe, _ = experiment.edited("face", Edit("flip", (0, 0)), probe)
    canvas = experiment.view("face", (), probe)
    assert isinstance(canvas, Canvas)
    assert "b puts it back" in canvas.title
    assert experiment.written("face", Edit("learn"), probe) == "neutral"
    probe, changes = experiment.edited("face", Edit("put_back", (0, 0)), probe)
    experiment.change("data", changes["data"])
    assert experiment.faces.find(original) is None
    place = experiment.faces.find(flipped(original, 0, 0))
    assert place is not None
    assert LABELS[experiment.faces.labels[place]] == "neutral"
    assert experiment.faces.learnt == 9


def test_the_faces_are_relabelled_held_out_and_deleted_under_the_cursor() -> None:
    experiment = untrained(data="nine")
    face = experiment.faces.pictures[0]
    assert experiment.written("faces", Edit("relabel", (0, 1, 1)), Probe()) == "smile"
    for action, text, label, held_out in (
        ("relabel", "frown", "frown", False),
        ("swap", "", "frown", True),
        ("swap", "", "frown", False),
        ("remove", "", None, None),
    ):
        place = experiment.faces.find(face)
        assert place is not None
        _, changes = experiment.edited("faces", Edit(action, (place, 0, 0), text), Probe())
        experiment.change("data", changes["data"])
        place = experiment.faces.find(face)
        assert (place is None) == (label is None)
        if place is not None:
            assert LABELS[experiment.faces.labels[place]] == label
            assert bool(experiment.faces.held_out[place]) == held_out
    assert experiment.settings["data"] == f"nine -{digits(face)}"


def test_the_last_face_cannot_be_deleted() -> None:
    experiment = untrained(data=f"none +{digits(TINY)}=smile")
    _, changes = experiment.edited("faces", Edit("remove", (0, 0, 0)), Probe())
    with pytest.raises(ValueError, match="no face is left"):
        experiment.change("data", changes["data"])
    assert experiment.faces.learnt == 1


def test_the_drawn_face_is_written_as_a_face_file_has_it(learnt: CNN) -> None:
    assert learnt.written("face", Edit("copy"), probe_of(TINY)) == written(TINY)
    known = learnt.faces.pictures[0]
    assert learnt.written("face", Edit("save"), probe_of(known)) == written(known, 0)
    assert learnt.written("face", Edit("learn"), probe_of(TINY)) == "smile"
