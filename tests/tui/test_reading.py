"""A cursor reads what its column stands for, and says no more than is known."""

import numpy as np
import pytest

from scratchtui.experiments.view import Curve, Curves
from scratchtui.training.history import CAPACITY, LossHistory
from scratchtui.tui.drawn import drawn
from scratchtui.tui.frame import Frame
from scratchtui.tui.reading import Reading, line, moved, readings, stops
from scratchtui.tui.window import Window

SIZE = 50, 9


def framed(curves: Curves, window: Window | None = None) -> Frame:
    _, frame = drawn(curves, SIZE, window=window or Window())
    assert frame is not None
    return frame


def curves_of(losses: np.ndarray) -> Curves:
    return LossHistory.of(1, losses).view()


def test_where_a_column_is_a_step_its_loss_is_read_exactly() -> None:
    losses = np.array([1.0, 1 / 3, 1e-17, 0.0])
    curves = curves_of(losses)
    for step, loss in enumerate(losses.tolist(), 1):
        (read,) = readings(curves, framed(curves), step)
        assert read == Reading("loss", step, step, loss, loss, loss)
        assert line([read], 60) == f"step {step} · loss {loss!r}"


def test_where_a_column_is_many_steps_all_of_them_are_read_and_each_in_one_column() -> None:
    losses = np.random.default_rng(0).lognormal(size=3 * CAPACITY + 7)
    curves = curves_of(losses)
    frame = framed(curves)
    read = [readings(curves, frame, step)[0] for step in stops(curves, frame)]
    assert [each.first for each in read] == [1, *(each.last + 1 for each in read[:-1])]
    assert read[-1].last == len(losses)
    for each in read:
        inside = losses[each.first - 1 : each.last]
        assert (each.low, each.high) == (inside.min(), inside.max())
        assert each.mean == pytest.approx(inside.mean())


def test_a_bucket_wider_than_columns_is_read_in_each_of_them() -> None:
    curves = curves_of(np.arange(1.0, 64 * CAPACITY + 1.0))
    frame = framed(curves, Window("range", 1000.0, 1200.0))
    for step in (1001, 1050, 1088):
        (read,) = readings(curves, frame, step)
        assert (read.first, read.last, read.low, read.high) == (
            1025,
            1088,
            1025.0,
            1088.0,
        ) or read.last == 1024


def test_a_curve_of_moments_says_the_nearest_and_when_that_was() -> None:
    x = np.arange(1.0, 301.0)
    held_out = Curve("unseen", np.array([0.0, 64.0, 128.0]), np.array([3.0, 2.0, 1.0]))
    curves = Curves((Curve("train", x, x, x, x, first=x), held_out))
    frame = framed(curves)
    train, unseen = readings(curves, frame, 72.0)
    assert (unseen.first, unseen.mean) == (64, 2.0)
    assert line([unseen, train], 80).startswith("step 64 · unseen 2.0 · train 6")
    assert line([train, unseen], 80).endswith(" · unseen 2.0 at 64")
    assert len(readings(curves, frame, 290.0)) == 1


def test_a_curve_that_ended_before_is_not_read() -> None:
    x = np.arange(1.0, 301.0)
    curves = Curves(
        (Curve("run 2", x[:20], x[:20], first=x[:20]), Curve("run 1", x, x, dim=True, first=x)),
    )
    frame = framed(curves)
    assert [each.name for each in readings(curves, frame, 10.0)] == ["run 2", "run 1"]
    assert [each.name for each in readings(curves, frame, 10.0, lead=1)] == ["run 1", "run 2"]
    assert [each.name for each in readings(curves, frame, 200.0)] == ["run 1"]


def test_logarithms_are_read_as_the_numbers_that_are_meant() -> None:
    curves = Curves((Curve("128", np.arange(3.0), np.log2([1.0, 127.98, np.nan])),), base=2.0)
    frame = framed(curves)
    assert line(readings(curves, frame, 1.0), 40) == "step 1 · 128: 127.98"
    assert line(readings(curves, frame, 2.0), 40) == "step 2 · 128: none"


def test_what_does_not_fit_is_left_out_from_the_end() -> None:
    found = [Reading(name, 7, 7, *[1 / 3] * 3) for name in ("train", "unseen", "run 1")]
    wide = line(found, 80)
    assert wide == "step 7 · train 0.333333333 · unseen 0.333333333 · run 1: 0.333333333"
    assert line(found, 44) == "step 7 · train 0.3333 · unseen 0.3333 · …"
    assert line(found[:1], 44) == "step 7 · train 0.3333333333333333"
    many = [Reading("loss", 974_337, 1_000_000, 1.2e-13, 2.1e-13, 3.4e-13)]
    assert line(many, 60) == "steps 974,337–1,000,000 · loss 1.2e-13 ≤ 2.1e-13 ≤ 3.4e-13"
    assert line(many, 48) == "974,337–1,000,000 · 1.2e-13 ≤ 2.1e-13 ≤ 3.4e-13"
    assert line(many, 36) == "974,337–1,000,000: 1.2e-13…3.4e-13"
    assert line(many, 24) == "1.2e-13…3.4e-13"
    assert line([], 44) == ""


def test_the_cursor_goes_by_columns_and_rests_only_where_there_is_something_to_read() -> None:
    few = curves_of(np.ones(5))
    frame = framed(few)
    assert [moved(few, frame, step, 1) for step in range(1, 6)] == [2, 3, 4, 5, 5]
    assert [moved(few, frame, step, -1) for step in range(1, 6)] == [1, 1, 2, 3, 4]
    many = curves_of(np.ones(1000))
    frame = framed(many)
    at = moved(many, frame, 1.0, 10)
    here, there = frame.column(1.0), frame.column(at)
    assert here is not None
    assert there == here + 10
    assert moved(many, frame, 990.0, 10) == 1000.0
