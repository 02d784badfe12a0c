"""Axes that stand still: limits in round steps that seldom move, ticks, and short labels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ROUND = (1.0, 2.0, 5.0, 10.0)
STEADY = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
LENGTHS = (1.0, 2.0, 3.0, 5.0, 10.0)
DECADES = (1, 2, 3, 4, 6, 8, 10)
TOO_LARGE = 2.5  # an axis this many times what it must show shrinks
SHORTEST = 20.0  # steps that an x axis shows at least


@dataclass(frozen=True)
class Limits:
    """The two ends of an axis, the lower first."""

    low: float
    high: float

    @property
    def span(self) -> float:
        """Return the distance between the ends, above 0."""
        return self.high - self.low

    def holds(self, low: float, high: float) -> bool:
        """Tell whether both values are on the axis."""
        return self.low <= low and high <= self.high

    def places(self, values: NDArray[np.float64], count: int) -> NDArray[np.int64]:
        """Return which of `count` dots each value falls on, the ends on the first and the last."""
        scaled = (values - self.low) * ((count - 1) / self.span)
        return np.floor(scaled + 0.5).astype(np.int64)


def ceiling(value: float, series: tuple[float, ...]) -> float:
    """Return the first of `series`, times a power of ten, that is at least `value` (above 0)."""
    power = 10.0 ** math.floor(math.log10(value))
    return next((each * power for each in series if each * power >= value * (1 - 1e-12)), value)


def step_for(span: float, most: int) -> float:
    """Return the 1-2-5 step that cuts `span` into at most `most` pieces."""
    return ceiling(span / max(1, most), ROUND)


def decades_for(span: float, most: int) -> float:
    """Return the whole number of decades that cuts `span` into at most `most` pieces."""
    least = span / max(1, most)
    return float(next((each for each in DECADES if each >= least), math.ceil(least / 10) * 10))


def value_limits(low: float, high: float, pieces: int, held: Limits | None) -> Limits:
    """Return round limits around the data; `held` for as long as they hold it and are not vast."""
    if low == high:
        reach = abs(low) * 0.1 or 1.0
        low, high = low - reach, high + reach
    if held and held.holds(low, high) and held.span <= TOO_LARGE * max(high - low, 1e-300):
        return held
    step = step_for(high - low, pieces)
    below, above = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    return Limits(below, above if above > below else below + step)


def decade_limits(low: float, high: float, pieces: int, held: Limits | None) -> Limits:
    """Return limits for data given as powers of ten, at whole decades; `held` as above."""
    above = math.ceil(high - 1e-9)
    if held and held.holds(low, high) and held.span <= TOO_LARGE * max(high - low, 1.0):
        return held
    grain = 2.0 if decades_for(max(above - low, 1.0), pieces) > 1.0 else 1.0
    below = min(math.floor(low / grain + 1e-9) * grain, above - 1.0)
    return Limits(below, float(above))


def progress_limits(low: float, high: float, held: Limits | None) -> Limits:
    """Return limits for an axis of steps: from 0 where that wastes little, growing by 1-2-3-5."""
    needed = max(high, 0.0)
    if held and held.holds(low, high) and (high - low >= 0.2 * held.span or held.high <= SHORTEST):
        return held
    if 0.0 <= low <= 0.5 * needed or needed < SHORTEST:
        return Limits(min(0.0, low), ceiling(max(needed, SHORTEST), LENGTHS))
    return value_limits(low, high, 4, held)


def given_limits(ticks: Sequence[float], low: float, high: float, held: Limits | None) -> Limits:
    """Return limits half a tick beyond the given ticks, and whole ticks farther where data lies outside.

    An end moves out by at most half the axis. `held` stays while it is at most a tick too long at each end.
    """
    step = min((b - a for a, b in pairwise(sorted(set(ticks)))), default=1.0)
    bottom, top = min(ticks) - step / 2, max(ticks) + step / 2
    most = max(1.0, (top - bottom) / step // 2)
    below, above = (math.ceil(min(most, max(0.0, out / step))) for out in (bottom - low, high - top))
    wanted = Limits(bottom - below * step, top + above * step)
    spare = 1.01 * step
    if (
        held
        and wanted.low - spare <= held.low <= wanted.low
        and wanted.high <= held.high <= wanted.high + spare
    ):
        return held
    return wanted


def ticks_between(limits: Limits, step: float) -> list[float]:
    """Return the multiples of `step` that are on the axis."""
    first = math.ceil(limits.low / step - 1e-9)
    last = math.floor(limits.high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def decades_between(limits: Limits, most: int) -> list[float]:
    """Return decades on the axis, in at most `most` pieces or in two: one label alone tells no scale."""
    widest = int(decades_for(limits.span, most))
    narrower = [*range(widest - 10, 10, -10), *(step for step in reversed(DECADES) if step < widest)]
    every = [ticks_between(limits, step) for step in (widest, *narrower)]
    return next((ticks for ticks in every if len(ticks) > 1), every[-1])


def labels_for(ticks: list[float]) -> list[str]:
    """Return labels alike in unit and decimals: 0 50k 100k, 0.2 0.4, 2e-6 4e-6."""
    largest = max((abs(tick) for tick in ticks), default=0.0)
    if not largest:
        return ["0" for _ in ticks]
    if largest >= 1e13 or largest < 1e-3:
        return [f"{tick:.0e}".replace("e-0", "e-").replace("e+0", "e+") if tick else "0" for tick in ticks]
    power = min(12, int(math.log10(largest) + 1e-9) // 3 * 3) if largest >= 1e4 else 0
    unit = {0: "", 3: "k", 6: "M", 9: "G", 12: "T"}[power]
    scaled = [tick / 10.0**power for tick in ticks]
    step = min((b - a for a, b in pairwise(scaled)), default=1.0)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return [f"{each:.{decimals}f}{unit}" if each else "0" for each in scaled]


def decade_label(power: float) -> str:
    """Return 1e-2 for -2."""
    return f"1e{power:.0f}"


def label_rows(wanted: list[int], height: int) -> list[int | None]:
    """Return a row for each label, all different and at most one off; None for what finds no room.

    `wanted` ascends.
    """
    placed: list[int | None] = []
    free, movable = 0, False  # the first row below all labels; whether the lowest could go up one
    for row in wanted:
        if row >= free:
            placed.append(row)
            movable = row > free
            free = row + 1
        elif movable:
            lowest = max(index for index, each in enumerate(placed) if each is not None)
            placed[lowest] = free - 2
            placed.append(free - 1)
            movable = False
        elif free <= min(row + 1, height - 1):
            placed.append(free)
            free, movable = free + 1, False
        else:
            placed.append(None)
    return placed
