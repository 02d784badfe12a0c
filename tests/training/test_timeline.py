"""The snapshots that a run keeps."""

import numpy as np
import pytest

from scratchtui.experiments.hyperparameter import Settings
from scratchtui.experiments.snapshot import Snapshot
from scratchtui.training import timeline as timelines
from scratchtui.training.timeline import EVEN_AT, Timeline, size_of


def snapshot(step: int, rate: float = 0.1) -> Snapshot:
    settings: Settings = {"learning_rate": rate}
    return Snapshot(step, settings, np.zeros(8), np.zeros(0), ({}, 0), 1.0)


SIZE = size_of(snapshot(0))


def steps(timeline: Timeline) -> list[int]:
    return [kept.step for kept in timeline.snapshots]


def test_what_fits_is_kept() -> None:
    assert steps(Timeline(map(snapshot, range(50)))) == list(range(50))


@pytest.mark.parametrize("spacing", [1, 7, 12])
@pytest.mark.parametrize("room", [5, 16, 100])
def test_a_long_run_is_thinned_evenly_within_the_budget(spacing: int, room: int) -> None:
    timeline = Timeline(byte_budget=room * SIZE)
    for step in range(0, 5000 * spacing, spacing):
        timeline.append(snapshot(step))
        assert len(timeline.snapshots) <= room
        assert steps(timeline)[0] == 0
        assert steps(timeline)[-1] == step
    gaps = np.diff(steps(timeline)[:-1])
    assert gaps.max() <= 2 * timeline._stride + spacing
    assert len(timeline.snapshots) >= room - room // 32 - 1


def test_of_a_small_network_there_are_not_more_snapshots_than_save_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timelines, "MOST", 100)
    timeline = Timeline()
    for step in range(3000):
        timeline.append(snapshot(step))
        assert len(timeline.snapshots) <= 100
    assert np.diff(steps(timeline)).max() <= 4 * 3000 / 100


@pytest.mark.parametrize(("length", "uneven"), [(125_000, 1), (10**6, 1), (1_400_000, 2), (2 * 10**6, 1)])
def test_of_a_million_steps_none_is_further_from_a_snapshot_than_it_must_be(length: int, uneven: int) -> None:
    room, spacing = 100, 500
    timeline = Timeline(map(snapshot, range(0, length + 1, spacing)), byte_budget=room * SIZE)
    even = next(stretch for stretch in (2**k * EVEN_AT / 8 for k in range(8)) if stretch >= length) / room
    assert np.diff(steps(timeline)).max() <= even + spacing
    assert np.diff(steps(timeline)).mean() <= uneven * 1.1 * length / room


def test_the_moment_of_a_change_is_kept() -> None:
    timeline = Timeline(byte_budget=20 * SIZE)
    for step in range(1000):
        timeline.append(snapshot(step, rate=0.1 if step < 333 else 0.2 if step < 600 else 0.1))
    assert {0, 333, 600, 999} <= set(steps(timeline))


def test_the_same_step_is_not_kept_twice_but_for_a_change() -> None:
    timeline = Timeline(
        [snapshot(0), snapshot(1), snapshot(1), snapshot(1, 0.2), snapshot(1, 0.3), snapshot(2, 0.3)]
    )
    assert steps(timeline) == [0, 1, 1, 2]
    assert [kept.settings["learning_rate"] for kept in timeline.snapshots] == [0.1, 0.2, 0.3, 0.3]


@pytest.mark.parametrize("spacing", [0, 1])
def test_many_changes_late_in_a_run_leave_its_snapshots_as_even_as_they_were(spacing: int) -> None:
    timeline = Timeline(byte_budget=100 * SIZE)
    for step in range(5000):
        timeline.append(snapshot(step))
    for number in range(3000):
        timeline.append(snapshot(5000 + number * spacing, rate=float(number)))
        assert len(timeline.snapshots) <= 100
    for step in range(5000 + 3000 * spacing, 20_000):
        timeline.append(snapshot(step, rate=float(number)))
    assert np.diff(steps(timeline)).max() <= 4 * 20_000 / 100


@pytest.mark.parametrize("stride", [0, 1, 1000])
def test_more_changes_than_fit_are_thinned_as_well(stride: int) -> None:
    timeline = Timeline(byte_budget=16 * SIZE)
    for number in range(200):
        timeline.append(snapshot(number * stride, rate=float(number)))
        assert len(timeline.snapshots) <= 16
    assert timeline.latest.settings["learning_rate"] == 199.0
    assert timeline.snapshots[0].settings["learning_rate"] == 0.0


def test_a_budget_too_small_for_anything_keeps_the_first_and_the_newest() -> None:
    timeline = Timeline(map(snapshot, range(100)), byte_budget=0)
    assert steps(timeline)[0] == 0
    assert steps(timeline)[-1] == 99
    assert len(timeline.snapshots) <= 4


def test_an_empty_timeline_has_no_latest() -> None:
    with pytest.raises(IndexError):
        _ = Timeline().latest
