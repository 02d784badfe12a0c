"""The face that is drawn: what keys make of it."""

import numpy as np
import pytest

from scratchtui.experiments.cnn import CNN
from scratchtui.experiments.faces.face import (
    LABELS,
    Face,
    blank,
    flipped,
    inverted,
    mirrored,
    shifted,
    written,
)
from scratchtui.experiments.panel import Edit, Probe
from tests.experiments.faces.runs import TINY, UNSEEN, edited, title_of, untrained


@pytest.mark.parametrize(
    ("action", "place", "text", "expected"),
    [
        ("flip", (0, 0), "", flipped(TINY, 0, 0)),
        ("paint", (5, 6), "#", flipped(TINY, 5, 6)),
        ("paint", (5, 6), ".", TINY),
        ("mirror", (1, 1), "", mirrored(TINY)),
        ("invert", (1, 1), "", inverted(TINY)),
        ("clear", (1, 1), "", blank()),
        ("up", (1, 1), "", shifted(TINY, -1, 0)),
        ("down", (1, 1), "", shifted(TINY, 1, 0)),
        ("left", (1, 1), "", shifted(TINY, 0, -1)),
        ("right", (1, 1), "", shifted(TINY, 0, 1)),
        ("paste", (1, 1), written(UNSEEN[3].face), UNSEEN[3].face),
        ("load", (1, 1), written(UNSEEN[0].face, UNSEEN[0].label), UNSEEN[0].face),
    ],
)
def test_an_edit_of_the_drawing_changes_the_face_and_no_setting(
    learnt: CNN, action: str, place: tuple[int, ...], text: str, expected: Face
) -> None:
    np.testing.assert_array_equal(edited(learnt, "face", action, *place, text=text), expected)


def test_the_label_in_a_file_is_offered_until_the_face_is_among_the_faces() -> None:
    experiment = untrained(data="nine")
    for label, name in enumerate(LABELS):
        probe, _ = experiment.edited("face", Edit("load", (0, 0), written(TINY, label)), Probe())
        assert title_of(experiment, probe) == f"a face of your own, from a file as {name}"
        assert experiment.written("face", Edit("learn"), probe) == name
    probe, _ = experiment.edited("face", Edit("flip", (0, 0)), probe)
    assert experiment.written("face", Edit("hold_out"), probe) == LABELS[-1]
