"""From key press to paint, while training at full speed and, in turns with it, in an app that idles.

The keys move the cursor of the hyperparameters, which nothing else moves; a press counts as painted
when the bytes that move it have arrived. Presses come at random moments of the frames.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median, quantiles

import numpy as np
import pytest

from tests.benchmarks.watch import SIZES, Watch

PRESSES = 80
PAUSE = (0.02, 0.12)
PATIENCE = 0.1  # bytes that come while earlier ones are looked at would be stamped late
BUDGETS = {"80x24": 30.0, "200x50": 50.0}


class Cursor:
    """The cursor of the hyperparameters, as it is seen."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        watch.wait_for("›learning rate")
        self.column = watch.row_with("›learning rate").index("›learning rate")
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


@pytest.mark.parametrize("size", SIZES)
def test_key_press_to_paint(size: str, record: Callable[..., None]) -> None:
    columns, rows = SIZES[size]
    rng = np.random.default_rng(0)
    with (
        Watch(columns=columns, rows=rows) as training,
        Watch(columns=columns, rows=rows) as idle,
    ):
        idle.wait_for("ready")
        training.train_on_at_full_speed()
        idle.settle()
        cursors = {"training": Cursor(training), "idle": Cursor(idle)}
        times: dict[str, list[float]] = {name: [] for name in cursors}
        for _ in range(PRESSES):
            for name, cursor in cursors.items():
                training.first(training.gather(float(rng.uniform(*PAUSE))), lambda: False)
                times[name].append(cursor.press())
    middle = {name: median(each) for name, each in times.items()}
    late = {name: quantiles(each, n=20)[-1] for name, each in times.items()}
    ratio = f"{middle['training'] / middle['idle']:.1f} times idle; worst {max(times['training']):.0f} ms"
    record(f"key to paint at {size}, training at full speed, p50", middle["training"], "ms", remark=ratio)
    record(f"key to paint at {size}, training at full speed, p95", late["training"], "ms", BUDGETS.get(size))
    record(f"key to paint at {size}, idle, p50", middle["idle"], "ms")
    record(f"key to paint at {size}, idle, p95", late["idle"], "ms")
