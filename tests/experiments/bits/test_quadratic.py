"""The exact forecast of gradient descent on least squares."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scratchtui.experiments.binary import Binary
from scratchtui.experiments.bits.codes import CODES, Code
from scratchtui.experiments.bits.quadratic import LeastSquares
from scratchtui.experiments.hyperparameter import Value
from scratchtui.experiments.recipe import Recipe, default_recipe
from scratchtui.training.trainer import Trainer
from scratchtui.training.until import Until

GOAL = Until("max_weight_error", "<", 1e-6)


def recipe(seed: int = 0, **settings: Value) -> Recipe:
    default = default_recipe(Binary, seed)
    return Recipe(default.experiment, {**default.settings, **settings}, seed)


def problem(x: list[list[float]], y: list[float]) -> LeastSquares:
    return LeastSquares.of(np.array(x), np.array(y))


@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 6))
def test_the_floor_is_the_loss_of_the_least_squares_solution(seed: int, count: int, width: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 2, (count, width)).astype(float), 10.0 * rng.normal(size=count)
    known = np.linalg.lstsq(x, y, rcond=None)[0]
    ours = LeastSquares.of(x, y)
    np.testing.assert_allclose(ours.floor, np.mean((x @ known - y) ** 2), rtol=1e-7, atol=1e-18)
    np.testing.assert_allclose(ours.solution[ours.determined], known[ours.determined], atol=1e-8)


@given(st.integers(0, 2**32 - 1), st.integers(1, 8), st.integers(1, 6))
def test_a_weight_is_determined_where_no_direction_of_equal_loss_moves_it(
    seed: int, count: int, width: int
) -> None:
    x = np.random.default_rng(seed).integers(0, 2, (count, width)).astype(float)
    rank = np.linalg.matrix_rank(x)
    without = [np.linalg.matrix_rank(np.delete(x, k, axis=1)) for k in range(width)]
    ours = LeastSquares.of(x, x @ np.arange(width))
    assert ours.determined.tolist() == [bool(less < rank) for less in without]


DETERMINED = [
    ([[1, 0], [0, 1]], [True, True]),
    ([[1, 1]], [False, False]),
    ([[1, 0]], [True, False]),
    ([[0, 0]], [False, False]),
    ([[1, 1, 0], [0, 0, 1]], [False, False, True]),
    ([[1, 1], [1, 1], [1, 0]], [True, True]),
]


@pytest.mark.parametrize(("x", "determined"), DETERMINED, ids=str)
def test_rows_settle_the_weights_that_they_tell_apart(x: list[list[float]], determined: list[bool]) -> None:
    assert problem(x, [0.0] * len(x)).determined.tolist() == determined


def test_without_a_set_bit_any_rate_is_stable_and_nothing_is_foretold() -> None:
    nothing = problem([[0.0, 0.0]], [1.0])
    assert nothing.largest_stable_rate() == np.inf
    assert nothing.steps_until(1e-6, np.ones(2), 0.1) is None
    assert np.isnan(nothing.max_error(np.ones(2)))


DATASETS = ["all", "original", "range:0-9", "sample:20", "none +1 +2=5 +3", "none +77", "all +1=9"]


@pytest.mark.parametrize("data", DATASETS)
@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_training_shrinks_the_error_below_the_limit_and_grows_it_above(data: str, momentum: float) -> None:
    errors = {}
    for share in (0.98, 1.02):
        ours = Binary(recipe(data=data)).problem
        rate = float(share * ours.largest_stable_rate(momentum))
        run = recipe(data=data, optimizer="momentum", momentum=momentum, learning_rate=rate)
        errors[share] = Trainer(run).step(1500).losses - ours.floor
    assert errors[0.98][-50:].max() < errors[0.98][:50].max()
    assert len(errors[1.02]) < 1500 or errors[1.02][-50:].max() > 1e3 * errors[1.02][:50].max()


def counted(run: Trainer, most: int) -> int | None:
    """Return the step at which training meets the goal, by training."""
    if GOAL.met(run.experiment):
        return run.experiment.steps
    halt = run.step(most, GOAL).halt
    return halt.step if halt is not None and halt.kind == "until" else None


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 999),
    data=st.sampled_from(DATASETS),
    code=st.sampled_from(CODES),
    share=st.floats(0.02, 0.9999),
    bias=st.booleans(),
)
@example(seed=0, data="range:0-9", code="unsigned", share=0.9999, bias=False)
def test_the_forecast_is_the_step_that_training_counts(
    seed: int, data: str, code: Code, share: float, bias: bool
) -> None:
    given_data = recipe(seed, data=data, encoding=code, bias=bias)
    rate = float(share * Binary(given_data).problem.largest_stable_rate())
    run = Trainer(given_data.with_value("learning_rate", rate))
    forecast = run.experiment.forecast().step
    if forecast is None or forecast > 20_000:
        assert counted(run, 2000) is None
    else:
        assert counted(run, forecast + 1) == forecast


@pytest.mark.parametrize("seed", range(12))
def test_the_first_step_under_is_found_among_all_steps(seed: int) -> None:
    """A slow mode and one that alternates as slowly: of two neighbouring steps one may be under."""
    rng = np.random.default_rng(seed)
    angle, ratio = rng.uniform(0.0, np.pi), 10.0 ** rng.uniform(-4.0, -2.5)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    ours = LeastSquares.of(np.sqrt([[1.0], [ratio]]) * turn, np.zeros(2))
    start, rate = rng.normal(size=2), (1.0 - ratio * rng.uniform(0.3, 3.0)) * ours.largest_stable_rate()
    shape = ours.eigenvectors * (ours.eigenvectors.T @ start)
    errors = np.abs(shape @ (1.0 - rate * ours.eigenvalues)[:, None] ** np.arange(60_000)).max(axis=0)
    for tolerance in (0.1, 0.03, 0.01):
        under = np.flatnonzero(errors < tolerance)
        if len(under):
            assert ours.steps_until(tolerance, start, rate) == under[0]


def test_a_hundred_thousand_steps_are_foretold_without_taking_them() -> None:
    slow = problem([[1.0, 0.0], [0.0, 1e-3]], [1.0, 1.0])
    rate = 0.5
    exact = np.log(1e-6 / 1000.0) / np.log1p(-rate * 1e-6)
    steps = slow.steps_until(1e-6, np.zeros(2), rate)
    assert steps is not None
    assert abs(steps - exact) < 1.001


def test_what_takes_longer_than_any_patience_is_never() -> None:
    assert problem([[1.0]], [1.0]).steps_until(1e-6, np.zeros(1), 1e-12) is None


def test_from_the_solution_no_step_is_needed() -> None:
    assert problem([[1.0]], [1.0]).steps_until(1e-6, np.ones(1), 0.1) == 0


@pytest.mark.parametrize("hot", [0, 20, 50, 100])
@pytest.mark.parametrize("seed", range(4))
def test_a_forecast_from_anywhere_is_exact_or_says_that_it_is_not(seed: int, hot: int) -> None:
    trainer = Trainer(recipe(seed, learning_rate=0.5))
    trainer.step(hot)  # which grows the error along one direction only
    trainer.experiment.change("learning_rate", 0.2)
    forecast = trainer.experiment.forecast()
    halt = trainer.step(1000, GOAL).halt
    assert halt is not None
    assert forecast.step is not None
    assert forecast.about == (hot == 100)
    assert forecast.about or halt.step == forecast.step
    assert abs(halt.step - forecast.step) < 20


def test_from_weights_beyond_all_measure_nothing_is_foretold() -> None:
    trainer = Trainer(recipe(learning_rate=1.0))
    trainer.step(10_000)
    trainer.experiment.change("learning_rate", 0.2)
    assert trainer.experiment.forecast().step is None
