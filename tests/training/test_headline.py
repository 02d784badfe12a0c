"""How far a run has come, in a few words that are seldom old."""

import pytest

from scratchtui.training.headline import EVERY
from scratchtui.training.session import Session
from tests.training.stand_ins import ScriptedWorker, heard, told


def test_while_it_runs_a_headline_may_be_a_little_old_and_never_once_it_stands_still(
    session: Session, worker: ScriptedWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scratchtui.training.headline.time.monotonic", lambda: clock)
    clock = 0.0
    session.toggle()
    old = session.headline()
    heard(session, worker, told(1, 20))
    assert session.headline() == old
    clock = EVERY
    assert session.headline() == session.experiment.headline() != old
    heard(session, worker, told(1, 30, running=False))
    session.pause()
    assert session.headline() == session.experiment.headline()
