"""An app whose temporary file of snapshots is gone goes on, and says so."""

import os

import pytest

from scratchtui.training.store import STORE, Stored
from tests.tui.stage import stage


async def test_looking_back_without_the_snapshots_finds_the_moment_and_says_what_happened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(STORE, "_refused", False)
    monkeypatch.setattr(STORE, "_files", type(STORE._files)())
    async with stage() as s:
        for _ in range(6):
            await s.press("full_stop")
        await s.until(lambda: s.session.run.latest.step == 6, "train")
        lost = [each for each in s.session.run.timeline.snapshots if isinstance(each, Stored)]
        assert lost
        os.ftruncate(lost[0]._slots._file.fileno(), 0)
        await s.press("comma")
        await s.shows("Snapshots are held in memory")
        assert s.session.experiment.steps == 5
        assert s.app.is_running
