"""What is seen of the CNN: each value under its own label."""

from typing import Any

import numpy as np
import pytest

from scratchtui.experiments.cnn import CNN
from scratchtui.experiments.faces.dataset import make_faces
from scratchtui.experiments.faces.face import (
    LABELS,
    NOTHING,
    blank,
    digits,
    flipped,
    in_one_line,
    written,
)
from scratchtui.experiments.panel import Edit, Probe
from scratchtui.experiments.snapshot import same_state
from scratchtui.experiments.view import Canvas, Gallery, Matrix
from tests.experiments.faces.runs import TINY, UNSEEN, probe_of, trained, untrained


def test_a_blank_face_has_nothing_to_see_everywhere(learnt: CNN) -> None:
    said = learnt.predict(written(blank()))
    assert (said.prediction, said.probabilities) == (NOTHING, None)
    probe = probe_of(blank())
    canvas, layers = learnt.view("face", (), probe), learnt.view("layers", (), probe)
    assert isinstance(canvas, Canvas)
    assert canvas.note == NOTHING
    assert not any(bar.marked or bar.probability for bar in canvas.bars)
    assert isinstance(layers, Gallery)
    assert (layers.tiles, layers.empty) == ((), NOTHING)
    pixels = learnt.view("pixels", (), probe)
    assert isinstance(pixels, Matrix)
    assert np.isnan(pixels.values).all()
    assert learnt.written("face", Edit("learn"), probe) == ""
    with pytest.raises(ValueError, match="a blank face shows nothing"):
        learnt.edited("face", Edit("learn", (), "smile"), probe)


def blown_up() -> CNN:
    experiment = untrained()
    experiment.network.vector[:] = 1e200
    return experiment


@pytest.mark.parametrize(
    "build",
    [
        untrained,
        lambda: trained(5, layers=1, kernel=2, pool="none", hidden=0),
        lambda: trained(3, data="nine", kernel=7, filters=16),
        lambda: untrained(data=f"none +{digits(TINY)}=smile"),
        blown_up,
    ],
    ids=["at first", "even", "large", "one face", "blown up"],
)
def test_every_panel_can_be_shown_in_every_state_and_leaves_it_alone(build: Any) -> None:
    experiment = build()
    before = experiment.snapshot()
    for probe in (Probe(), probe_of(TINY), probe_of(blank()), probe_of(~blank())):
        for panel in CNN.panels:
            experiment.view(panel.name, (), probe)
    assert same_state(before, experiment.snapshot())


def test_views_do_not_disturb_training() -> None:
    watched, alone = untrained(), untrained()
    for _ in range(8):
        for panel in CNN.panels:
            watched.view(panel.name, (), Probe())
        assert watched.step() == alone.step()


def test_the_editor_begins_with_an_unseen_face_and_answers_what_predict_answers(learnt: CNN) -> None:
    canvas = learnt.view("face", (), Probe())
    assert isinstance(canvas, Canvas)
    np.testing.assert_array_equal(canvas.cells, make_faces("all").pictures[1509])
    assert canvas.title == "smile, unseen"
    said = learnt.predict(in_one_line(canvas.cells))
    assert said.probabilities is not None
    assert [bar.probability for bar in canvas.bars] == pytest.approx(list(said.probabilities.values()))
    assert [bar.label for bar in canvas.bars if bar.marked] == [said.prediction]


def test_pixel_changes_are_those_of_flipping_each_pixel_by_hand(learnt: CNN) -> None:
    for face in (TINY, UNSEEN[8].face):
        view = learnt.view("pixels", (), probe_of(face))
        assert isinstance(view, Matrix)
        before = learnt.predict(digits(face))
        assert before.probabilities is not None
        for y, x in np.ndindex(8, 8):
            after = learnt.predict(digits(flipped(face, y, x))).probabilities
            assert after is not None
            answer = str(before.prediction)
            expected = after[answer] - before.probabilities[answer]
            assert view.values[y, x] == pytest.approx(100.0 * expected, abs=1e-9)
        assert set(view.marks) == {tuple(place) for place in np.argwhere(face).tolist()}


def test_of_a_single_pixel_the_flip_that_leaves_nothing_has_no_number(learnt: CNN) -> None:
    view = learnt.view("pixels", (), probe_of(flipped(blank(), 2, 5)))
    assert isinstance(view, Matrix)
    assert np.argwhere(np.isnan(view.values)).tolist() == [[2, 5]]


def test_feature_maps_are_what_each_layer_gives(learnt: CNN) -> None:
    view = learnt.view("layers", (), probe_of(TINY))
    assert isinstance(view, Gallery)
    shapes = [tile.matrix.values.shape for tile in view.tiles]
    assert shapes == [(8, 8)] * 12 + [(4, 4)] * 24 + [(2, 2)] * 12 + [(1, 24), (1, 3)]
    bank, bias = (learnt.network.parameters[f"0.Conv2D.{name}"] for name in "Wb")
    padded = np.pad(TINY.astype(float), 1)
    for number, tile in enumerate(view.tiles[:12]):
        for y, x in ((0, 0), (2, 5), (7, 3)):
            response = (bank[number, 0] * padded[y : y + 3, x : x + 3]).sum() + bias[number]
            assert tile.matrix.values[y, x] == pytest.approx(max(0.0, response))
    scores = view.tiles[-1].matrix.values[0]
    probabilities = np.exp(scores) / np.exp(scores).sum()
    said = learnt.predict(digits(TINY)).probabilities
    assert said is not None
    assert probabilities == pytest.approx(list(said.values()))


def test_the_faces_are_shown_with_the_worst_first_and_the_unseen_and_own_ones_always() -> None:
    experiment = trained(100, data=f"all +{digits(TINY)}=smile")
    view = experiment.view("faces", (), Probe())
    assert isinstance(view, Gallery)
    faces, shown = experiment.faces, [tile.id for tile in view.tiles if tile.id is not None]
    assert len(set(shown)) == len(view.tiles)
    own = experiment.faces.find(TINY)
    assert {own, *np.flatnonzero(faces.held_out).tolist()} <= set(shown)
    probabilities = [experiment.predict(digits(faces.pictures[k])).probabilities for k in shown[:60]]
    right = [each[LABELS[faces.labels[k]]] for each, k in zip(probabilities, shown, strict=False) if each]
    assert right == sorted(right)
    assert [tile.marked for tile in view.tiles[:60]] == [
        max(each, key=each.__getitem__) != LABELS[faces.labels[k]]
        for each, k in zip(probabilities, shown, strict=False)
        if each
    ]


def test_each_face_stands_under_its_label_over_what_is_answered_to_it() -> None:
    experiment = trained(20, data="nine")
    faces, view = experiment.faces, experiment.view("faces", (), Probe())
    assert isinstance(view, Gallery)
    assert {tile.id for tile in view.tiles} == set(range(12))
    for tile in view.tiles:
        assert tile.id is not None
        np.testing.assert_array_equal(tile.matrix.values, faces.pictures[tile.id])
        label, said = LABELS[faces.labels[tile.id]], experiment.predict(digits(faces.pictures[tile.id]))
        assert said.probabilities is not None
        assert tile.title == ("~" if tile.id >= 9 else "") + label
        word = "right" if said.prediction == label else str(said.prediction)
        assert tile.caption == f"{word} {max(said.probabilities.values()):.0%}"
        assert tile.marked == (said.prediction != label)
    assert len({tile.marked for tile in view.tiles}) == 2


def test_each_filter_stands_under_its_number_a_square_for_each_map_and_each_bias_in_its_place() -> None:
    experiment = trained(3, filters=5)
    view = experiment.view("filters", (), Probe())
    assert isinstance(view, Gallery)
    shown = {tile.title: tile.matrix.values for tile in view.tiles}
    banks = [tensor for tensor in experiment.network.parameters.values() if tensor.ndim == 4]
    convolutions = [name for name in experiment.network.parameters if "Conv2D.b" in name]
    for layer, bank in enumerate(banks, 1):
        for number, squares in enumerate(bank, 1):
            sheet = shown.pop(f"{layer}.{number}")
            for channel, square in enumerate(squares):
                down, across = divmod(channel, 3)  # five are drawn as three and two
                y, x = 4 * down, 4 * across
                np.testing.assert_array_equal(sheet[y : y + 3, x : x + 3], square)
        biases = experiment.network.parameters[convolutions[layer - 1]]
        np.testing.assert_array_equal(shown.pop(f"{layer}.biases"), biases[None])
    assert not shown


def test_the_confusion_counts_every_face_once(learnt: CNN) -> None:
    view = learnt.view("confusion", (), Probe())
    assert isinstance(view, Matrix)
    assert view.row_labels == (*LABELS, "~smile", "~neutral", "~frown")
    assert view.roles == ("is", "says")
    assert view.values.sum(axis=1).tolist() == [503, 503, 503, 1, 1, 1]
    assert np.trace(view.values[:3]) / 1509 == pytest.approx(learnt.measure("train_accuracy"))
    counted = np.zeros((6, 3))
    for face, label, unseen in zip(
        learnt.faces.pictures, learnt.faces.labels, learnt.faces.held_out, strict=True
    ):
        counted[label + 3 * unseen, LABELS.index(str(learnt.predict(digits(face)).prediction))] += 1
    np.testing.assert_array_equal(view.values, counted)
