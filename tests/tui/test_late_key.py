"""A key that was to pause comes a moment after training has stopped by itself."""

from __future__ import annotations

import pytest

from scratchtui.tui.late_key import MOMENT, LateKey
from tests.tui.stage import Stage, stage


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(("later", "late"), [(0.0, True), (MOMENT / 2, True), (MOMENT + 0.01, False)])
def test_one_key_within_a_moment_is_taken_for_a_pause(later: float, late: bool) -> None:
    clock = Clock()
    key = LateKey(clock)
    assert not key.was_to_pause()
    key.stopped()
    clock.now += later
    assert [key.was_to_pause(), key.was_to_pause()] == [late, False]


async def stopped(s: Stage) -> Clock:
    clock = Clock()
    s.app.pane._late_key = LateKey(clock)
    await s.press("space")
    s.worker.train(999)
    await s.shows("reached · step 175")
    return clock


@pytest.mark.parametrize("key", ["space", "f5", "full_stop"])
async def test_a_pause_that_comes_too_late_does_not_begin_training_again(key: str) -> None:
    async with stage() as s:
        await stopped(s)
        await s.press(key)
        await s.shows("it had stopped by itself")
        assert (s.session.state, s.session.experiment.steps) == ("reached", 175)
        await s.press("space")
        await s.shows("running · step 175")


async def test_a_key_that_comes_later_goes_on_and_one_after_a_pause_always_does() -> None:
    async with stage() as s:
        clock = await stopped(s)
        clock.now += MOMENT + 0.01
        await s.press("space")
        await s.shows("running · step 175")
        await s.press("space", "space")
        await s.shows("running · step 175")


async def test_what_comes_after_another_key_was_not_to_pause() -> None:
    async with stage() as s:
        await stopped(s)
        await s.press("comma", "space")
        await s.shows("running · step 174")
        await s.until(lambda: s.session.running, "training")
