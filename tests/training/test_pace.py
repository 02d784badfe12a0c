"""Stretches of steps grow with the run, and no longer than a moment allows."""

from scratchtui.training.pace import Pace

FAR = 10**9


def test_a_quick_step_is_followed_by_ever_longer_stretches_until_one_takes_long() -> None:
    pace = Pace(seconds=1.0)
    lengths = []
    for _ in range(10):
        count = pace.due(FAR)
        lengths.append(count)
        pace.note(count, 0.01 * count)
    assert lengths == [1, 2, 4, 8, 16, 32, 64, 64, 64, 64]
    pace.note(64, 2.5)
    assert pace.due(FAR) == 32


def test_early_steps_are_taken_singly_however_quick() -> None:
    pace = Pace(seconds=1.0)
    for _ in range(20):
        pace.note(pace.due(FAR), 0.0)
    assert [pace.due(step) for step in (0, 63, 64, 6400)] == [1, 1, 2, 101]


def test_a_stretch_cut_short_tells_nothing_and_a_step_is_the_least() -> None:
    pace = Pace(seconds=1.0)
    pace.note(1, 0.0)
    pace.note(1, 0.0)
    assert pace.due(FAR) == 2
    for _ in range(5):
        pace.note(pace.due(FAR), 9.0)
    assert pace.due(FAR) == 1


def test_what_is_learnt_is_forgotten_when_a_step_may_take_longer() -> None:
    pace = Pace(seconds=1.0)
    pace.note(1, 0.0)
    pace.restart()
    assert pace.due(FAR) == 1
