"""What is seen of the neural net: each value under its own label."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from scratchtui.experiments.neural import NeuralNet
from scratchtui.experiments.panel import Edit, Probe
from scratchtui.experiments.view import Gallery, Prose, Surface
from tests.experiments.samples.runs import POINTS, table_of, trained


@pytest.mark.parametrize("data", ["original", "xor", "parity:8", "table:1 +1=1", *POINTS, "plane +1,2=1"])
@pytest.mark.parametrize("hidden", ["none", "3", "4,2"])
def test_every_panel_that_is_not_absent_shows_something(data: str, hidden: str) -> None:
    experiment = trained(2, data=data, hidden=hidden)
    for panel in experiment.panels:
        view = experiment.view(panel.name, (), Probe())
        if panel.name in experiment.absent():
            assert isinstance(view, Prose) or not getattr(view, "tiles", ())
        elif isinstance(view, Gallery):
            assert view.tiles
            assert all(np.isfinite(tile.matrix.values).all() for tile in view.tiles)
        elif isinstance(view, Surface):
            assert np.abs(view.values).max() <= 1.0


def test_the_surface_is_what_predict_says_with_the_data_on_it() -> None:
    experiment = trained(200, data="xor")
    view = experiment.view("surface", (), Probe())
    assert isinstance(view, Surface)
    left, _, _, top = view.extent
    corner = experiment.predict(f"{left},{top}").prediction
    assert view.values[0, 0] == pytest.approx(2.0 * float(corner) - 1.0)
    assert view.points.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert view.classes.tolist() == [False, True, True, False]


UNIT_MARKS: dict[str, dict[tuple[int, int], str]] = {
    "xor": {(7, 2): "○", (2, 2): "●", (7, 7): "●", (2, 7): "○"},
    "plane +100,100=1 +-100,-100=0": {(0, 9): "●", (9, 0): "○"},
    "plane +0,3=1 +0,3.01=1 +0,3=0": {(1, 4): "●"},
    "plane +0,3=1 +0,3=0": {(1, 4): "○"},  # of as many, the last
    "plane +0,3=0 +0,3=1": {(1, 4): "●"},
    "plane +0,3=1 +0,3=0 +0,3=0 +0,3=1 +0,3=0": {(1, 4): "○"},
}


@pytest.mark.parametrize(("data", "marks"), UNIT_MARKS.items(), ids=UNIT_MARKS)
def test_what_each_unit_sees_is_shown_with_the_data_on_it(
    data: str, marks: dict[tuple[int, int], str]
) -> None:
    view = trained(data=data).view("units", (), Probe())
    assert isinstance(view, Gallery)
    assert len(view.tiles) == 8
    assert all(tile.matrix.marks == marks for tile in view.tiles)
    experiment = trained(data=data)
    surface = experiment.view("surface", (), Probe())
    assert isinstance(surface, Surface)
    left, right, bottom, top = surface.extent
    w, b = experiment.network.parameters["0.Dense.W"], experiment.network.parameters["0.Dense.b"]
    for unit, tile in enumerate(view.tiles):
        corners = np.array([[left, top], [right, top], [left, bottom]])
        shown = [tile.matrix.values[0, 0], tile.matrix.values[0, -1], tile.matrix.values[-1, 0]]
        assert shown == pytest.approx(np.tanh(experiment.dataset.encoded(corners) @ w + b)[:, unit].tolist())


@pytest.mark.parametrize(
    ("settings", "names"),
    [({}, ("x1", "x2")), ({"data": "circle", "inputs": "y,xy,sin x"}, ("y", "xy", "sin x"))],
    ids=["xor", "circle"],
)
def test_each_weight_stands_at_its_unit_and_what_that_is_told_and_the_bias_last(
    settings: dict[str, Any], names: tuple[str, ...]
) -> None:
    experiment = trained(5, hidden="3,2", **settings)
    view = experiment.view("weights", (), Probe())
    assert isinstance(view, Gallery)
    units = [names, ("1.1", "1.2", "1.3"), ("2.1", "2.2"), ("out",)]
    tensors = iter(experiment.network.parameters.values())
    assert [tile.title for tile in view.tiles] == ["hidden 1", "hidden 2", "output"]
    for tile, (given, made) in zip(view.tiles, pairwise(units), strict=True):
        w, b = next(tensors), next(tensors)
        down, across, values = tile.matrix.row_labels, tile.matrix.column_labels, tile.matrix.values
        assert across == (*given, "bias")
        shown = {(down[row], across[column]): values[row, column] for row, column in np.ndindex(values.shape)}
        weights = {(made[j], given[i]): w[i, j] for i, j in np.ndindex(w.shape)}
        assert shown == weights | {(made[j], "bias"): b[j] for j in range(len(b))}


def activations(experiment: NeuralNet, probe: Probe) -> list[list[float]]:
    view = experiment.view("activations", (), probe)
    assert isinstance(view, Gallery)
    return [tile.matrix.values[0].tolist() for tile in view.tiles]


def test_activations_are_of_the_row_under_the_cursor_or_of_what_was_typed() -> None:
    experiment = trained(50, hidden="3")
    inputs, hidden, says = activations(experiment, Probe(row=3))
    assert inputs == [1.0, 0.0]
    w, b = experiment.network.parameters["0.Dense.W"], experiment.network.parameters["0.Dense.b"]
    assert hidden == pytest.approx(np.tanh(np.array([1.0, 0.0]) @ w + b).tolist())
    assert says == [experiment.predict("1,0").prediction]
    assert activations(experiment, Probe(row=3, text="0.5,-1"))[0] == [0.5, -1.0]
    probe, changes = experiment.edited("rows", Edit("point", (2, 1)), Probe(row=3, text="0.5,-1"))
    assert (activations(experiment, probe)[0], changes) == ([0.0, 1.0], {})


def test_activations_are_named_for_their_inputs_and_units() -> None:
    view = trained(data="circle", hidden="3", inputs="y,xy").view("activations", (), Probe())
    assert isinstance(view, Gallery)
    named = {tile.title: tile.matrix.column_labels for tile in view.tiles}
    assert named == {"inputs": ("y", "xy"), "hidden 1": ("1", "2", "3"), "says": ("",)}


def test_predictions_stand_beside_their_targets() -> None:
    experiment = trained(300)
    table = table_of(experiment)
    assert table.columns == ("row", "x1", "x2", "target", "says", "error")
    assert [row[:4] for row in table.rows] == [
        ("1", "0", "0", "0"),
        ("2", "0", "1", "1"),
        ("3", "1", "0", "1"),
        ("4", "1", "1", "0"),
    ]
    says = [float(row[4]) for row in table.rows]
    np.testing.assert_allclose(says, experiment.metrics()["predictions"], atol=0.006)
    assert table.choose == (1, 2, 3)


@pytest.mark.parametrize("data", ["xor", "circle"])
def test_the_colour_beside_a_row_is_what_is_said_to_it_from_blue_for_zero_to_orange_for_one(
    data: str,
) -> None:
    experiment = trained(100, data=data)
    table = table_of(experiment)
    inputs = slice(1, 3)
    said = [float(experiment.predict(",".join(row[inputs])).prediction) for row in table.rows]
    np.testing.assert_allclose(np.array(table.heat, float), 2.0 * np.array(said) - 1.0, atol=0.1)
    assert min(said) < 0.4
    assert max(said) > 0.6


def test_rows_and_surface_tell_points_that_are_learnt_from_and_unseen_ones_apart() -> None:
    experiment = trained(data="circle")
    split = experiment.split
    learnt, unseen = ({tuple(point) for point in points.tolist()} for points in (split.x, split.test_x))
    assert (len(learnt), len(unseen)) == (150, 50)
    surface = experiment.view("surface", (), Probe())
    assert isinstance(surface, Surface)
    for points, which in ((learnt, ~surface.held_out), (unseen, surface.held_out)):
        assert {tuple(point) for point in surface.points[which].tolist()} == points
    x, y = experiment.dataset.examples.inputs.T
    rows = table_of(experiment).rows
    for place, row in enumerate(rows):
        assert row[1:3] == (f"{x[place]:.2f}", f"{y[place]:.2f}")
        assert row[-1] == ("train" if (x[place], y[place]) in learnt else "unseen")
    is_one = experiment.dataset.examples.targets == 1.0
    np.testing.assert_array_equal(surface.classes, is_one)
    assert [row[3] for row in rows] == [str(int(each)) for each in is_one]


def test_of_very_many_points_the_worst_and_the_users_own_are_shown() -> None:
    experiment = trained(20, data="circle +0.1,0.1=0", points=900)
    table = table_of(experiment, Probe(row=77))
    assert len(table.rows) == 256
    assert {77, 901} <= set(table.ids)
    assert table.selected == 77
