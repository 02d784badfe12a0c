"""Two looks at the whole: that panels, words and colours still make one picture.

What is right in them is tested elsewhere; after a change that is meant, look at the report and take the
new pictures with --snapshot-update.
"""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from scratchtui.tui.app import ScratchApp
from tests.tui.stage import Stage, TrainingWorker

Compare = Callable[..., bool]


@pytest.fixture(autouse=True)
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
def test_weights_on_their_way_to_powers_of_two(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = ScratchApp(make_worker=TrainingWorker)

    async def train(pilot: Pilot[None]) -> None:
        s = Stage(app, pilot)
        await s.until(lambda: app.focused is not None, "panel with the focus")
        await s.press("space")
        for _ in range(60):
            s.worker.train(1)
        await s.shows("step 60")
        await s.press("space")
        await s.shows("paused")
        await s.charts_drawn()

    assert snap_compare(app, terminal_size=size, run_before=train)
