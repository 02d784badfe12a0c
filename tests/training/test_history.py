"""The loss history: every step counted, bounded memory."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchtui.training.history import CAPACITY, Backlog, LossHistory


def same(a: LossHistory, b: LossHistory) -> bool:
    exact = all(
        np.array_equal(getattr(a, name), getattr(b, name)) for name in ("index", "low", "high", "count")
    )
    return exact and a.width == b.width and np.allclose(a.total, b.total, rtol=1e-12)


def merged(parts: list[LossHistory]) -> LossHistory:
    history = LossHistory()
    for part in parts:
        history = history.merge(part)
    return history


@given(st.lists(st.integers(0, 3 * CAPACITY), max_size=8), st.integers(1, 9), st.integers(0, 999))
def test_any_grouping_gives_the_same_buckets(sizes: list[int], first: int, seed: int) -> None:
    losses = np.random.default_rng(seed).lognormal(size=sum(sizes))
    ends = np.cumsum(sizes)
    parts = [
        LossHistory.of(first + int(end) - size, losses[end - size : end])
        for size, end in zip(sizes, ends, strict=True)
    ]
    whole = LossHistory.of(first, losses)
    assert same(merged(parts), whole if len(losses) else LossHistory())
    middle = len(parts) // 2
    assert same(merged(parts[:middle]).merge(merged(parts[middle:])), merged(parts))
    assert len(whole) == len(losses)
    assert len(whole.index) <= CAPACITY


def test_few_steps_are_kept_one_by_one() -> None:
    history = LossHistory.of(1, np.array([3.0, 2.0, 1.0]))
    assert history.steps.tolist() == [1, 2, 3]
    assert history.mean.tolist() == [3, 2, 1]
    assert len(history) == 3


def test_a_bucket_keeps_the_extremes_and_the_mean() -> None:
    losses = np.ones(2 * CAPACITY)
    losses[1234] = 100.0
    losses[1235] = 1e-9
    history = LossHistory.of(1, losses)
    assert history.width == 2
    bucket = 1234 // 2
    assert history.high[bucket] == 100.0
    assert history.low[bucket] == 1e-9
    assert history.mean[bucket] == pytest.approx(50.0)
    assert history.steps[bucket] == 1236


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6, 7, 8, 9])
def test_the_newest_bucket_ends_at_the_newest_step(count: int) -> None:
    history = LossHistory.of(1, np.ones(count))._widen(4)
    assert history.steps[-1] == count
    assert history.steps[:-1].tolist() == [4.0, 8.0][: len(history.index) - 1]
    assert LossHistory().steps.tolist() == []


LONG = 2 * CAPACITY + 100
CUTS = [(0, 1), (1, 1), (CAPACITY - 1, 1), (CAPACITY, 1), (CAPACITY + 1, 4), (CAPACITY + 4, 4), (LONG, 4)]


@pytest.mark.parametrize(("step", "width"), CUTS)
def test_of_few_steps_each_is_kept_one_by_one_again_and_of_many_only_the_cut_bucket_is_looked_at(
    step: int, width: int
) -> None:
    losses = np.random.default_rng(0).lognormal(size=LONG)
    whole = LossHistory.of(1, losses)
    first = whole.missing(step)
    assert (first == 1) if step <= CAPACITY else (step - 4 < first <= step + 1)
    cut = whole.until(step, losses[first - 1 : step])
    assert cut.width == width
    assert same(cut, LossHistory.of(1, losses[:step])._widen(width))


@pytest.mark.parametrize("step", [0, 3, 50])
def test_a_history_of_every_step_is_cut_as_it_is(step: int) -> None:
    losses = np.random.default_rng(0).lognormal(size=50)
    whole = LossHistory.of(1, losses)
    assert whole.missing(step) == step + 1
    assert whole.until(step, np.empty(0)).mean.tolist() == losses[:step].tolist()


def test_a_hundred_million_steps_fit() -> None:
    stretch = LossHistory.of(1, np.ones(CAPACITY))
    history = LossHistory()
    part, length = stretch, 2**20
    part = LossHistory(
        length // CAPACITY, stretch.index, stretch.low, stretch.high, stretch.total * 256, stretch.count * 256
    )
    for start in range(100):
        later = LossHistory(
            part.width, part.index + start * CAPACITY, part.low, part.high, part.total, part.count
        )
        history = history.merge(later)
        assert len(history.index) <= CAPACITY
    assert len(history) == 100 * length > 1e8
    assert np.array_equal(history.mean, np.ones(len(history.index)))
    assert history.merge(LossHistory.of(100 * length + 1, np.full(10, 7.0))).high[-1] == 7.0


def test_losses_at_the_edge_of_the_numbers_have_a_finite_mean() -> None:
    history = LossHistory.of(1, np.full(2 * CAPACITY, 1.7e308))
    assert np.all(np.isfinite(history.mean))


def test_a_view_keeps_a_loss_of_exactly_zero_and_tells_which_steps_each_point_stands_for() -> None:
    losses = np.ones(2 * CAPACITY + 1)
    losses[1] = 0.0
    view = LossHistory.of(1, losses).view()
    (curve,) = view.curves
    assert view.logarithmic
    assert curve.low is not None
    assert curve.first is not None
    assert (curve.low[0], curve.first[0], curve.x[0]) == (0.0, 1, 4)
    assert (curve.first[-1], curve.x[-1]) == (len(losses), len(losses))


def test_a_loss_that_grows_well_past_its_beginning_is_called_so() -> None:
    falling = np.linspace(10.0, 1.0, 50)
    assert not LossHistory.of(1, falling).growing
    assert not LossHistory.of(1, np.tile([1e-9, 1e-30], 50)).growing
    assert LossHistory.of(1, np.append(falling, [1.0, 5.0, 25.0])).growing


def test_the_view_is_logarithmic_wherever_it_can_be() -> None:
    assert LossHistory.of(1, np.array([1.0, 2.0])).view().logarithmic
    assert not LossHistory.of(1, np.array([0.0, 0.0])).view().logarithmic
    empty = LossHistory().view()
    assert len(empty.curves[0].x) == 0
    assert "no step" in empty.empty


def test_a_backlog_gives_every_loss_once_however_many_stretches_wait() -> None:
    backlog, losses = Backlog(), np.arange(1.0, 1001.0)
    for step, loss in enumerate(losses, 1):
        backlog.add(step, np.array([loss]))
    assert backlog.take().mean.tolist() == losses.tolist()
    assert len(backlog.take()) == 0
