"""What is written to the terminal: while training, while paused, and for a key press."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

import pytest

from scratchtui.experiments import EXPERIMENTS
from tests.benchmarks.watch import SIZES, Watch, first_of

SECONDS = 10.0
QUIET = 3.0
KEYS = {
    "down and up": ("down", "up") * 5,
    "one step": (".",) * 10,
    "learning rate a notch up and down": ("right", "left") * 5,
    "next panel": ("tab",) * 8,
}
# for each tab how to go from the hyperparameters to where it is edited, and what is done there
EDITS: dict[str, tuple[tuple[str, ...], dict[str, tuple[str, ...]]]] = {
    "nn": (("tab", "tab"), {"a cell flipped": ("enter",) * 10}),
    "cnn": (
        ("shift+tab", "shift+tab"),
        {"a pixel flipped": ("space",) * 10, "the pen moved": ("p", *("right", "left") * 4, "esc"),
         "a face mirrored": ("m",) * 6},
    ),
    "rnn": (("tab", "tab", "tab"), {"a unit held and let go": ("0", "backspace") * 5}),
}  # fmt: skip
SPOTS = [(tab, size) for tab in EXPERIMENTS for size in ("80x24", "120x40")]
KIB = 1024


def written(watch: Watch, seconds: float) -> int:
    """Return how many bytes come within `seconds`."""
    came = watch.gather(seconds)
    watch.first(came, lambda: False)
    return sum(len(data) for _, data in came)


@pytest.mark.parametrize(("tab", "size"), SPOTS)
def test_bytes_a_second(tab: str, size: str, record: Callable[..., None]) -> None:
    columns, rows = SIZES[size]
    with Watch("--tab", tab, columns=columns, rows=rows) as watch:
        watch.wait_for("ready")
        watch.settle()
        watch.strike("f5")
        rate = written(watch, SECONDS) / SECONDS / KIB
        speed = EXPERIMENTS[tab].speed
        record(f"written at {size}, {tab}, the first steps at {speed:g}/s", rate, "KiB/s", 8)
        watch.press("r")
        watch.train_on_at_full_speed()
        rate = written(watch, SECONDS) / SECONDS / KIB
        record(f"written at {size}, {tab}, training on at full speed", rate, "KiB/s", 8)
        watch.press("f5")
        watch.wait_for("paused")
        watch.settle()
        record(f"written at {size}, {tab}, paused for {QUIET:g} s", written(watch, QUIET), "bytes", 0)


@pytest.mark.parametrize(("tab", "size"), SPOTS)
def test_bytes_for_a_key_press(tab: str, size: str, record: Callable[..., None]) -> None:
    columns, rows = SIZES[size]
    there, edits = EDITS.get(tab, ((), {}))
    with Watch("--tab", tab, columns=columns, rows=rows) as watch:

        def note(pressed: dict[str, tuple[str, ...]]) -> None:
            watch.settle()
            for name, keys in pressed.items():
                sizes = []
                for key in keys:
                    watch.strike(key)
                    sizes.append(written(watch, 0.4) / KIB)
                most = f"at most {max(sizes):.2g}"
                record(f"written at {size}, {tab}, for a key: {name}", median(sizes), "KiB", 2, remark=most)

        watch.wait_for("type a value")
        if first_of(tab) != "learning rate":
            watch.press("down")
        note(KEYS)
        watch.press(*["shift+tab"] * len(KEYS["next panel"]), *there)
        note(edits)


READING = {"the cursor on a curve": ("left", "right") * 5, "a window narrower and wider": (")", "(") * 4}


@pytest.mark.parametrize("size", SIZES)
def test_bytes_for_reading_a_curve(size: str, record: Callable[..., None]) -> None:
    columns, rows = SIZES[size]
    with Watch(columns=columns, rows=rows) as watch:
        watch.wait_for("ready")
        watch.press("space")
        watch.wait_for("reached")
        watch.press("tab", "left", "H")
        watch.settle()
        for name, keys in READING.items():
            sizes = []
            for key in keys:
                watch.strike(key)
                sizes.append(written(watch, 0.4) / KIB)
            most = f"at most {max(sizes):.2g}"
            record(f"written at {size} for a key: {name}", median(sizes), "KiB", 2, remark=most)
