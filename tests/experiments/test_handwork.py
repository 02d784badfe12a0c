"""Weights that are set by hand, and weights that are frozen, in every experiment."""

from __future__ import annotations

import numpy as np
import pytest

from scratchtui.experiments import EXPERIMENTS, build
from scratchtui.experiments.experiment import Experiment
from scratchtui.experiments.panel import FREEZE, SET, Edit, Probe
from scratchtui.experiments.recipe import FROZEN, default_recipe
from scratchtui.experiments.snapshot import same_state
from scratchtui.experiments.view import Gallery, Matrix, Table, View

NAMES = list(EXPERIMENTS)
OPTIMIZERS = ("sgd", "momentum", "rmsprop", "adam")


def untrained(name: str, **settings: str) -> Experiment:
    recipe = default_recipe(EXPERIMENTS[name])
    for key, value in settings.items():
        recipe = recipe.with_value(key, value)
    return build(recipe)


def some(experiment: Experiment) -> str:
    """Return the name of the last weight of the last tensor but the biases of the output, if it has any."""
    places = list(experiment.elements.places.values())
    return experiment.elements.name(int(places[-2:][0].ravel()[-1]))


@pytest.mark.parametrize("name", NAMES)
def test_a_weight_set_by_hand_is_what_the_next_step_begins_from(name: str) -> None:
    experiment = untrained(name)
    experiment.step()
    weight = some(experiment)
    before = experiment.network.vector.copy()
    experiment.change(weight, 1.25)
    changed = np.flatnonzero(experiment.network.vector != before)
    assert changed.tolist() == [experiment.elements.one(weight)]
    assert experiment.weight(weight) == 1.25
    twin = untrained(name)
    twin.restore(experiment.snapshot())
    experiment.step()
    twin.step()
    assert same_state(experiment.snapshot(), twin.snapshot())
    assert experiment.weight(weight) != 1.25


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", NAMES)
def test_what_is_frozen_keeps_its_value_bit_for_bit_and_the_rest_learns(name: str, optimizer: str) -> None:
    experiment = untrained(name, optimizer=optimizer, learning_rate=0.01)  # type: ignore[arg-type]
    for _ in range(3):
        experiment.step()  # so that there is momentum
    weight = some(experiment)
    tensors = list(experiment.elements.places)
    experiment.change(FROZEN.key, " ".join([weight, *tensors[:-2]]))
    kept = experiment.frozen
    before = experiment.network.vector.copy()
    for _ in range(5):
        experiment.step()
    after = experiment.network.vector
    np.testing.assert_array_equal(after[kept], before[kept])
    others = np.setdiff1d(np.arange(len(after)), kept)
    assert (after[others] != before[others]).any()
    experiment.change(FROZEN.key, "none")
    for _ in range(3):
        experiment.step()
    assert (experiment.network.vector[kept] != before[kept]).any()


@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
def test_what_is_frozen_gathers_no_momentum(optimizer: str) -> None:
    experiment = untrained("nn", optimizer=optimizer, learning_rate=0.01)
    experiment.change(FROZEN.key, some(experiment))
    kept = experiment.frozen
    before = experiment.network.vector.copy()
    for _ in range(5):
        experiment.step()
    experiment.change(FROZEN.key, "none")
    experiment.optimizer.step(np.zeros_like(before))
    after = experiment.network.vector
    np.testing.assert_array_equal(after[kept], before[kept])
    assert (after != before).any()


@pytest.mark.parametrize("name", NAMES)
def test_a_frozen_setting_belongs_to_the_recipe_and_a_wrong_one_is_refused(name: str) -> None:
    weight = some(untrained(name))
    experiment = untrained(name, frozen=weight)
    before = experiment.weight(weight)
    experiment.step()
    assert experiment.weight(weight) == before
    with pytest.raises(ValueError, match="there are no weights"):
        untrained(name, frozen="99.Dense")
    with pytest.raises(ValueError, match="there are no weights"):
        experiment.change(FROZEN.key, "99.Dense")
    assert experiment.settings[FROZEN.key] == weight


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400, "", "nan", "many"])
def test_a_weight_is_a_finite_number(value: float | str) -> None:
    experiment = untrained("binary")
    before = experiment.network.vector.copy()
    with pytest.raises(ValueError, match="a weight is a finite number"):
        experiment.change("0.Dense.W[0,0]", value)
    np.testing.assert_array_equal(experiment.network.vector, before)


@pytest.mark.parametrize("name", NAMES)
def test_keys_set_a_weight_and_freeze_and_let_go_cell_row_and_layer(name: str) -> None:
    experiment, probe = untrained(name), Probe()
    place = experiment.elements.one(some(experiment))
    assert (
        float(experiment.written("weights", Edit(SET, (place,)), probe)) == experiment.network.vector[place]
    )
    _, changes = experiment.edited("weights", Edit(SET, (place,), "-2.5"), probe)
    assert changes == {some(experiment): -2.5}
    row = (place, -1, 0, place)  # a cell of the row is no weight
    for what, chosen in (("cell", [place]), ("row", [0, place]), ("layer", experiment.elements.layer(place))):
        for frozen in (np.array(chosen), np.empty(0)):
            _, changes = experiment.edited("weights", Edit(FREEZE + what, row), probe)
            for key, value in changes.items():
                experiment.change(key, value)
            assert experiment.frozen.tolist() == sorted(frozen.tolist())
    with pytest.raises(ValueError, match="no weight under the cursor"):
        experiment.edited("weights", Edit(SET, (-1,), "1"), probe)


def cells(view: View) -> list[tuple[int, float]]:
    """Return place and value of every weight that a view shows."""
    if isinstance(view, Gallery):
        return [cell for tile in view.tiles for cell in cells(tile.matrix)]
    if isinstance(view, Matrix):
        assert view.places is not None
        return [(int(p), float(v)) for p, v in zip(view.places.flat, view.values.flat, strict=True) if p >= 0]
    assert isinstance(view, Table)
    return [(place, float(row[1])) for place, row in zip(view.places, view.rows, strict=True)]


@pytest.mark.parametrize(
    ("name", "panel"), [(n, p.name) for n in NAMES for p in EXPERIMENTS[n].panels if p.weights]
)
def test_every_cell_of_a_view_of_weights_knows_which_weight_it_is(name: str, panel: str) -> None:
    experiment = untrained(name)
    shown = cells(experiment.view(panel, (experiment.snapshot(),), Probe()))
    assert shown
    for place, value in shown:
        assert value == pytest.approx(experiment.network.vector[place], abs=0.006)


@pytest.mark.parametrize("layers", [1, 2])
def test_filters_are_shown_with_their_biases(layers: int) -> None:
    experiment = untrained("cnn", layers=layers)  # type: ignore[arg-type]
    shown = {place for place, _ in cells(experiment.view("filters", (experiment.snapshot(),), Probe()))}
    convolutions = " ".join(name for name in experiment.elements.places if "Conv2D" in name)
    assert shown == set(experiment.elements.many(convolutions))


@pytest.mark.parametrize("name", NAMES)
def test_all_weights_and_biases_can_be_seen_in_some_panel(name: str) -> None:
    settings = {"bias": True} if name == "binary" else {}
    experiment = untrained(name, **settings)  # type: ignore[arg-type]
    seen: set[int] = set()
    for panel in experiment.panels:
        if panel.weights:
            seen |= {
                place for place, _ in cells(experiment.view(panel.name, (experiment.snapshot(),), Probe()))
            }
    assert seen == set(range(experiment.network.vector.size))
