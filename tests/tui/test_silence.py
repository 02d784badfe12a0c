"""A training process that does not answer, on the screen: told in words, in its own tab and in others."""

from __future__ import annotations

import os
import signal
from itertools import count

import pytest

from scratchtui.training.messages import Ask, Begin, Train
from scratchtui.training.session import Session
from scratchtui.training.silence import Silence
from scratchtui.training.worker import Worker
from tests.tui.stage import Stage, stage


async def train(s: Stage) -> Session:
    """Train for 12 steps; it will answer no more."""
    await s.press("space")
    s.worker.train(12)
    await s.until(lambda: s.session.experiment.steps == 12, "step")
    return s.session


def let_seconds_fly(session: Session) -> None:
    """Let a second go by from each look to the next."""
    seconds = count()
    session.link.silence = Silence(lambda: float(next(seconds)))


async def test_a_worker_that_hangs_is_told_and_space_starts_it_again() -> None:
    async with stage() as s:
        let_seconds_fly(await train(s))
        await s.shows("no answer for", "step 12", "hangs or is slow: space starts it again")
        worker = s.worker
        worker.sent.clear()
        s.session.link.ask()
        await s.press("space")
        orders = [type(command) for command in worker.sent]
        assert worker.sent[0] == "end"  # type: ignore[comparison-overlap]
        assert orders[1:4] == [Begin, Train, Ask]
        assert s.session.running
        s.worker.train(8)
        await s.shows("running · step 20")


async def test_the_process_that_takes_the_place_of_one_that_hangs_is_heard() -> None:
    async with stage(make_worker=Worker) as s:
        session = s.session
        await s.press("space")
        await s.until(lambda: session.experiment.steps, "step")
        hung = session.worker.pid
        assert hung is not None
        os.kill(hung, signal.SIGSTOP)
        let_seconds_fly(session)
        await s.shows("no answer for")
        seen = session.experiment.steps
        await s.press("space")
        assert session.worker.pid not in {None, hung}
        await s.until(lambda: session.experiment.steps > seen, "step of the new process")


async def test_one_in_a_hidden_tab_is_told_once_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage() as s:
        say = s.app.sayings.say
        binary = await train(s)
        await s.press("2")
        await s.shows("surface")
        said: list[str] = []
        monkeypatch.setattr(s.app.sayings, "say", lambda each: (said.append(each), say(each)))
        let_seconds_fly(binary)
        await s.shows("Binary does not answer", "its training process hangs")
        await s.press("space")
        s.worker.train(3)
        await s.shows("running · step 3")
        seconds = binary.link.silence.seconds
        await s.until(lambda: binary.link.silence.seconds > seconds, "other second")
        assert len(said) == 1
