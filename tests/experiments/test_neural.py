"""The neural net: what it learns, what an edit does, what it says, what it refuses."""

import math
from typing import Any

import numpy as np
import pytest

from scratchtui.experiments.hyperparameter import Value
from scratchtui.experiments.neural import NeuralNet
from scratchtui.experiments.panel import Edit, Probe
from scratchtui.experiments.recipe import find_hyperparameter
from scratchtui.experiments.snapshot import same_state
from scratchtui.training.until import Until
from tests.experiments.samples.runs import steps_to_goal, table_of, trained

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
