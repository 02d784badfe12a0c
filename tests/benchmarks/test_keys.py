"""From key press to paint, while training at full speed and, in turns with it, in an app that idles.

The keys move the cursor of the hyperparameters, which nothing else moves; a press counts as painted
when the bytes that move it have arrived. Presses come at random moments of the frames.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median, quantiles

import numpy as np
import pytest

from scratchtui.experiments import EXPERIMENTS
from tests.benchmarks.watch import SIZES, Watch, first_of

PRESSES = 80
PAUSE = (0.02, 0.12)
PATIENCE = 0.1  # bytes that come while earlier ones are looked at would be stamped late
BUDGETS = {"80x24": 30.0, "200x50": 50.0}
SPOTS = [(tab, size) for tab in EXPERIMENTS for size in ("80x24", "120x40")] + [("binary", "200x50")]


class Cursor:
    """The cursor of the hyperparameters, as it is seen."""

    def __init__(self, watch: Watch, tab: str) -> None:
        self.watch = watch
        words = f"›{first_of(tab)} "
        watch.go_to(words)
        self.column = watch.row_with(words).index(words)
        self.key = "down"

    @property
    def row(self) -> int | None:
        lines = enumerate(self.watch.screen.display)
        return next((y for y, line in lines if line[self.column] == "›"), None)

    def press(self) -> float:
        """Move the cursor; return after how many milliseconds that was to be seen."""
        before = self.row
        at = self.watch.strike(self.key)
        self.key = "up" if self.key == "down" else "down"
        seen = None
        while seen is None:
            seen = self.watch.first(self.watch.gather(PATIENCE), lambda: self.row not in {before, None})
        return (seen - at) * 1e3


@pytest.mark.parametrize(("tab", "size"), SPOTS)
def test_key_press_to_paint(tab: str, size: str, record: Callable[..., None]) -> None:
    columns, rows = SIZES[size]
    with (
        Watch("--tab", tab, columns=columns, rows=rows) as training,
        Watch("--tab", tab, columns=columns, rows=rows) as idle,
    ):
        idle.wait_for("ready")
        training.train_on_at_full_speed()
        idle.settle()
        times = in_turns({"training": Cursor(training, tab), "idle": Cursor(idle, tab)})
    ratio = f"{median(times['training']) / median(times['idle']):.1f} times idle"
    note(record, f"{size}, {tab}, training at full speed", times["training"], BUDGETS.get(size), ratio)
    note(record, f"{size}, {tab}, idle", times["idle"])


@pytest.mark.parametrize("tab", EXPERIMENTS)
def test_key_press_to_paint_while_all_tabs_train(tab: str, record: Callable[..., None]) -> None:
    with Watch() as watch:
        for number in (3, 4, 2, 1):  # the one that takes longest to its goal while it has the machine
            watch.press(str(number))
            watch.train_on_at_full_speed()
        watch.press(str(1 + list(EXPERIMENTS).index(tab)))
        times = in_turns({"training": Cursor(watch, tab)})
    note(record, f"80x24, {tab}, all tabs training at full speed", times["training"], BUDGETS["80x24"])


def in_turns(cursors: dict[str, Cursor]) -> dict[str, list[float]]:
    """Press the key of each in turns, at random moments; return the milliseconds to each paint."""
    rng = np.random.default_rng(0)
    times: dict[str, list[float]] = {name: [] for name in cursors}
    for _ in range(PRESSES):
        for name, cursor in cursors.items():
            watch = cursors["training"].watch
            watch.first(watch.gather(float(rng.uniform(*PAUSE))), lambda: False)
            times[name].append(cursor.press())
    return times


def note(
    record: Callable[..., None], what: str, times: list[float], budget: float | None = None, remark: str = ""
) -> None:
    """Take down the middle of the times, and what one in twenty exceeds."""
    worst = f"worst {max(times):.0f} ms"
    record(f"key to paint at {what}, p50", median(times), "ms", remark=remark)
    record(f"key to paint at {what}, p95", quantiles(times, n=20)[-1], "ms", budget, remark=worst)
