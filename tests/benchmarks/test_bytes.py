"""What is written to the terminal: while training, while paused, and for a key press."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

import pytest

from tests.benchmarks.watch import SIZES, Watch

SECONDS = 10.0
QUIET = 3.0
KEYS = {
    "down and up": ("down", "up") * 5,
    "one step": (".",) * 10,
    "learning rate a notch up and down": ("right", "left") * 5,
    "next panel": ("tab",) * 7,
}
KIB = 1024


def written(watch: Watch, seconds: float) -> int:
    """Return how many bytes come within `seconds`."""
    came = watch.gather(seconds)
    watch.first(came, lambda: False)
    return sum(len(data) for _, data in came)


@pytest.mark.parametrize("size", ["80x24", "120x40"])
def test_bytes_a_second(size: str, record: Callable[..., None]) -> None:
    columns, rows = SIZES[size]
    with Watch(columns=columns, rows=rows) as watch:
        watch.wait_for("ready")
        watch.settle()
        watch.strike("space")
        rate = written(watch, SECONDS) / SECONDS / KIB
        record(f"written at {size}, the first steps at 10/s", rate, "KiB/s", 8)
        watch.press("r")
        watch.train_on_at_full_speed()
        rate = written(watch, SECONDS) / SECONDS / KIB
        record(f"written at {size}, training on at full speed", rate, "KiB/s", 8)
        watch.press("space")
        watch.wait_for("paused")
        watch.settle()
        record(f"written at {size}, paused for {QUIET:g} s", written(watch, QUIET), "bytes", 0)


@pytest.mark.parametrize("size", ["80x24", "120x40"])
def test_bytes_for_a_key_press(size: str, record: Callable[..., None]) -> None:
    columns, rows = SIZES[size]
    with Watch(columns=columns, rows=rows) as watch:
        watch.wait_for("type a value")
        watch.settle()
        for name, keys in KEYS.items():
            sizes = []
            for key in keys:
                watch.strike(key)
                sizes.append(written(watch, 0.4) / KIB)
            most = f"at most {max(sizes):.2g}"
            record(f"written at {size} for a key: {name}", median(sizes), "KiB", 2, remark=most)
