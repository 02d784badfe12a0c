"""The neural net: what it learns, what is seen of it, what an edit does, what it refuses."""

import math
from typing import Any

import numpy as np
import pytest

from scratchtui.experiments.hyperparameter import Value
from scratchtui.experiments.neural import NeuralNet
from scratchtui.experiments.panel import Edit, Probe
from scratchtui.experiments.recipe import Recipe, default_recipe, find_hyperparameter
from scratchtui.experiments.snapshot import same_state
from scratchtui.experiments.view import Gallery, Prose, Surface, Table
from scratchtui.training.until import Until

POINTS = ("gaussians", "circle", "quadrants", "spirals")


def recipe(seed: int = 0, **settings: Value) -> Recipe:
    default = default_recipe(NeuralNet, seed)
    return Recipe(default.experiment, {**default.settings, **settings}, seed)


def trained(steps: int = 0, seed: int = 0, **settings: Value) -> NeuralNet:
    experiment = NeuralNet(recipe(seed, **settings))
    for _ in range(steps):
        experiment.step()
    return experiment


def steps_to_goal(experiment: NeuralNet, most: int) -> int:
    goal = Until.of(experiment.goal)
    while not goal.met(experiment) and experiment.steps < most:
        experiment.step()
    return experiment.steps


def table_of(experiment: NeuralNet, probe: Probe | None = None) -> Table:
    table = experiment.view("rows", (), probe or Probe())
    assert isinstance(table, Table)
    return table


# what it learns


@pytest.mark.parametrize("data", ["xor", "original"])
def test_the_defaults_come_within_a_twentieth_of_the_targets_for_every_seed(data: str) -> None:
    for seed in range(100):
        experiment = trained(seed=seed, data=data)
        assert steps_to_goal(experiment, 500) < 500, seed
        assert experiment.measure("accuracy") == 1.0
        assert experiment.measure("max_error") < 0.05


CLAIMS = {claim.name: claim for claim in NeuralNet.claims}


@pytest.mark.parametrize("name", CLAIMS)
def test_every_claim_holds_for_a_few_seeds(name: str) -> None:
    claim = CLAIMS[name]
    seeds = range(1) if name.startswith("parity of") else range(max(4, len(claim.recipes)))
    for seed in seeds:
        texts = claim.recipes[seed % len(claim.recipes)]
        values = {key: find_hyperparameter(NeuralNet, key).parse(text) for key, text in texts.items()}
        experiment = trained(claim.steps or 0, seed, **values)
        if claim.steps is None:
            steps_to_goal(experiment, 4000)
        assert all(Until.of(condition).met(experiment) for condition in claim.holds), (seed, texts)


def test_without_a_hidden_layer_xor_is_not_learnt_and_and_is() -> None:
    assert trained(1000, data="xor", hidden="none").measure("accuracy") < 0.76
    assert trained(1000, data="and", hidden="none").measure("accuracy") == 1.0


GRADIENTS: list[dict[str, Any]] = [
    {},
    {"loss": "squared_error"},
    {"l1": 0.1, "l2": 0.2},
    {"l1": 0.1, "loss": "squared_error", "hidden": "3,2"},
    {"activation": "sigmoid", "data": "original"},
    {"activation": "relu", "data": "circle", "hidden": "5,4"},
    {"activation": "leaky_relu", "data": "spirals", "hidden": "4,3,2,2", "inputs": "x,y,xy,sin x"},
    {"hidden": "none"},
]


@pytest.mark.parametrize("settings", GRADIENTS, ids=str)
def test_every_gradient_agrees_with_central_differences(settings: dict[str, Any]) -> None:
    checks = trained(3, seed=4, **settings).check_gradients()
    assert max(check.relative_error for check in checks) < 1e-6, checks


@pytest.mark.parametrize("strength", ["l1", "l2"])
def test_penalties_make_weights_small_and_are_measured_apart_from_the_loss(strength: str) -> None:
    free, held = trained(300), trained(300, **{strength: 0.02})
    assert np.abs(held.network.vector).sum() < np.abs(free.network.vector).sum()
    assert held.metrics()["penalty"] == held.network.penalty > 0.0
    assert "penalty" not in free.metrics()
    assert trained(1, **{strength: 1.0}).loss == trained(1).loss


# going on


@pytest.mark.parametrize(
    "settings", [{}, {"data": "circle", "batch_size": 7, "l2": 0.01}, {"hidden": "4,4"}], ids=str
)
def test_a_restored_snapshot_goes_on_as_the_uninterrupted_run_did(settings: dict[str, Any]) -> None:
    experiment = trained(20, **settings)
    snapshot = experiment.snapshot()
    losses = [experiment.step() for _ in range(20)]
    other = trained(5, **settings)
    other.restore(snapshot)
    assert [other.step() for _ in range(20)] == losses
    assert same_state(other.snapshot(), experiment.snapshot())


def test_looking_changes_nothing() -> None:
    seen, unseen = (trained(data="circle", batch_size=16) for _ in range(2))
    for _ in range(10):
        for panel in seen.panels:
            seen.view(panel.name, (), Probe())
        seen.metrics()
        seen.held_out_loss()
        assert seen.step() == unseen.step()


LIVE: list[tuple[str, str, Value]] = [
    ("xor", "data", "or"),
    ("xor", "data", "xor 4:01 +11=1"),
    ("xor", "loss", "squared_error"),
    ("xor", "l1", 0.1),
    ("xor", "l2", 0.1),
    ("xor", "batch_size", 2),
    ("xor", "optimizer", "momentum"),
    ("circle", "data", "spirals +1,1=0"),
    ("circle", "noise", 0.5),
]


@pytest.mark.parametrize(("data", "key", "value"), LIVE)
def test_a_live_change_takes_effect_on_the_next_step(data: str, key: str, value: Value) -> None:
    experiment, before = trained(10, data=data), trained(10, data=data)
    assert experiment.can_change(key, value)
    experiment.change(key, value)
    assert np.array_equal(experiment.network.vector, before.network.vector)
    for each in (experiment, before):
        each.step()
        each.step()
    assert not np.array_equal(experiment.network.vector, before.network.vector)


@pytest.mark.parametrize(
    ("data", "key", "value"),
    [("xor", "data", "original"), ("xor", "data", "circle"), ("circle", "data", "xor"),
     ("xor", "hidden", "4"), ("circle", "test_share", 0.5), ("circle", "inputs", "xy")],
)  # fmt: skip
def test_other_inputs_or_units_need_a_new_network(data: str, key: str, value: Value) -> None:
    experiment = trained(data=data)
    assert not experiment.can_change(key, value)
    with pytest.raises(ValueError, match="needs a new network"):
        experiment.change(key, value)


REFUSED: list[tuple[str, Value, str]] = [
    ("data", "xr", "did you mean 'xor'"),
    ("data", "", "the nearest is"),
    ("data", "parity:9", "the nearest is parity:8"),
    ("data", "xor 7=1", "there is no row 7"),
    ("data", "xor -1 1=1", "row 1 has been taken away by -1 before it"),
    ("data", "circle 900=1", "there is no row 900"),
    ("data", "plane", "no row is left"),
    ("hidden", "33", "the nearest is 32"),
    ("hidden", "4,0", "the nearest is 4,1"),
    ("hidden", "1,2,3,4,5", "the nearest is 1,2,3,4"),
    ("hidden", "four", "hidden is none, or units by layer"),
]


@pytest.mark.parametrize(("key", "value", "hint"), REFUSED)
def test_what_cannot_be_is_refused_in_one_sentence(key: str, value: Value, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        trained(**{key: value})


def test_a_refused_change_changes_nothing() -> None:
    experiment, twin = trained(5, batch_size=3), trained(5, batch_size=3)
    for key, value in (("data", "xor 9=1"), ("data", "xo"), ("hidden", "99"), ("hiden", 1)):
        with pytest.raises(ValueError, match=r"no row 9|did you mean|the nearest"):
            experiment.change(key, value)
    assert [experiment.step() for _ in range(20)] == [twin.step() for _ in range(20)]


@pytest.mark.parametrize(
    ("hidden", "layers"), [("none", 1), ("0", 1), ("4", 2), (" 8 , 8 ", 3), ("32,1,32,1", 5)]
)
def test_hidden_layers_are_as_many_as_are_written(hidden: str, layers: int) -> None:
    assert len(trained(hidden=hidden).network.parameters) == 2 * layers


# what is seen


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


def test_weights_and_biases_are_all_seen() -> None:
    experiment = trained(5, hidden="3,2")
    view = experiment.view("weights", (), Probe())
    assert isinstance(view, Gallery)
    assert [tile.matrix.values.shape for tile in view.tiles] == [(3, 3), (2, 4), (1, 3)]
    tensors = list(experiment.network.parameters.values())
    for tile, w, b in zip(view.tiles, tensors[::2], tensors[1::2], strict=True):
        np.testing.assert_array_equal(tile.matrix.values, np.vstack((w, b)).T)  # the bias last


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


def test_of_very_many_points_the_worst_and_the_users_own_are_shown() -> None:
    experiment = trained(20, data="circle +0.1,0.1=0", points=900)
    table = table_of(experiment, Probe(row=77))
    assert len(table.rows) == 256
    assert {77, 901} <= set(table.ids)
    assert table.selected == 77


def test_the_loss_on_points_that_are_held_out_is_measured() -> None:
    experiment = trained(100, data="circle")
    metrics = experiment.metrics()
    assert {"accuracy", "test_accuracy", "max_error", "predictions"} == set(metrics)
    examples = experiment.dataset.examples
    unseen = examples.inputs[examples.held_out], examples.targets[examples.held_out]
    said = np.array([float(experiment.predict(f"{x!r},{y!r}").prediction) for x, y in unseen[0].tolist()])
    each = np.where(unseen[1] > 0.5, -np.log(said), -np.log(1.0 - said))
    assert experiment.held_out_loss() == pytest.approx(each.mean())
    assert math.isnan(trained(data="circle", test_share=0.0).held_out_loss())
    assert math.isnan(trained().held_out_loss())


def test_points_that_are_held_out_are_not_learnt_from() -> None:
    learnt = trained(30, data="circle")
    numbers = learnt.dataset.examples.numbers[learnt.dataset.examples.held_out].tolist()
    edited = "circle " + " ".join(f"{number}=0" for number in numbers)
    assert np.array_equal(trained(30, data=edited).network.vector, learnt.network.vector)


@pytest.mark.parametrize("share", [0.0, 0.25])
def test_the_goal_of_points_is_on_unseen_ones_where_there_are_any(share: float) -> None:
    experiment = trained(data="circle", test_share=share)
    assert experiment.goal == ("test_accuracy>0.95" if share else "accuracy>0.95")
    assert ("test" in experiment.goal_words()) == bool(share)


# editing


def edited(experiment: NeuralNet, action: str, *place: int, text: str = "") -> NeuralNet:
    probe, changes = experiment.edited("rows", Edit(action, place, text), Probe(row=place[0] if place else 0))
    for key, value in changes.items():
        experiment.change(key, value)
    assert table_of(experiment, probe).selected in experiment.dataset.examples.numbers
    return experiment


def test_enter_flips_the_bit_or_target_under_the_cursor_and_back() -> None:
    experiment = edited(trained(5), "flip", 4, 3)
    assert experiment.settings["data"] == "xor 4=1"
    assert edited(experiment, "flip", 4, 1).settings["data"] == "xor 4:01=1"
    edited(edited(experiment, "flip", 4, 1), "flip", 4, 3)
    assert experiment.settings["data"] == "xor"


def test_rows_are_added_and_deleted() -> None:
    experiment = edited(trained(5), "add", text="11=1")
    assert table_of(experiment, Probe(row=-1)).selected == 5
    assert edited(experiment, "remove", 2).settings["data"] == "xor +11=1 -2"
    assert edited(experiment, "remove", 5).settings["data"] == "xor -2"


def test_a_point_is_relabelled_added_and_deleted() -> None:
    experiment = trained(data="circle")
    assert edited(experiment, "flip", 2).settings["data"] == "circle 2=0"
    assert edited(experiment, "add", text="1,-1=1").settings["data"] == "circle 2=0 +1,-1=1"
    assert edited(experiment, "remove", 2).settings["data"] == "circle +1,-1=1 -2"


def test_contradictory_rows_are_marked_and_named() -> None:
    experiment = edited(trained(), "flip", 2, 2)
    assert table_of(experiment).marked == {0, 1}
    assert experiment.notice().startswith("rows 1, 2 contradict")
    assert trained(data="plane +1,1=0 +1,1=1").notice().startswith("rows 1, 2 contradict")
    assert trained().notice() == ""


def test_a_network_without_hidden_layer_is_told_its_limits_while_they_show() -> None:
    assert "straight edge" in trained(hidden="none").notice()
    assert trained(500, hidden="none", data="and").notice() == ""


def test_the_last_row_cannot_be_deleted() -> None:
    experiment = trained(data="table:2 +01=1")
    with pytest.raises(ValueError, match="no row is left"):
        edited(experiment, "remove", 1)
    assert len(table_of(experiment).rows) == 1


# what it says

ANSWERS = [("xor", "1,0"), ("xor", " 0.5 , 1 "), ("xor", "10"), ("original", "1001"), ("circle", "-1,0.5")]


@pytest.mark.parametrize(("data", "text"), ANSWERS)
def test_numbers_with_commas_between_are_answered(data: str, text: str) -> None:
    experiment = trained(10, data=data)
    said = experiment.predict(text).prediction
    assert isinstance(said, float)
    assert 0.0 < said < 1.0
    assert f"{said:.3f}" in experiment.answer(text)


@pytest.mark.parametrize("text", ["", "1", "1,0,1", "a,b", "nan,1", "1e7,0", "inf,0"])
def test_what_is_no_input_is_refused(text: str) -> None:
    with pytest.raises(
        ValueError, match=r"2 numbers with commas between, such as|out of reach|no number; write 2"
    ):
        trained().predict(text)


def test_a_run_that_diverges_shows_it_in_its_loss_and_can_still_be_seen() -> None:
    for loss in ("cross_entropy", "squared_error"):
        experiment = trained(optimizer="sgd", learning_rate=100.0, l2=1.0, activation="relu", loss=loss)
        with np.errstate(over="ignore", invalid="ignore"):
            losses = [experiment.step() for _ in range(400)]
        assert not math.isfinite(losses[-1])
        for panel in experiment.panels:
            experiment.view(panel.name, (), Probe())
        assert experiment.headline()
