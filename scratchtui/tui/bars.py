"""Probabilities as horizontal bars, finer than a character."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchtui.tui.ink import clipped

if TYPE_CHECKING:
    from scratchtui.experiments.view import Bar
    from scratchtui.tui.ink import Runs

EIGHTHS = " ▏▎▍▌▋▊▉"
PERCENT = 6  # columns
BAR, ANSWER, NAME = "bars--bar", "bars--answer", "bars--name"


def bar_rows(bars: tuple[Bar, ...], width: int) -> list[Runs]:
    """Return a row for each bar: name, bar, percent; too narrow for that, name and percent."""
    name = max((len(bar.label) for bar in bars), default=0)
    room = width - name - 4 - PERCENT
    return [_row(bar, name, room) if room > 0 else _tight_row(bar, width) for bar in bars]


def _tight_row(bar: Bar, width: int) -> Runs:
    label = f"{'›' if bar.marked else ' '}{bar.label}"
    left = max(0, width - PERCENT + 1)
    text = f"{clipped(label, left).ljust(left)}{100 * bar.probability:4.0f}%"
    return [(text[:width], NAME if bar.marked else "")]


def _row(bar: Bar, name: int, room: int) -> Runs:
    filled = round(8 * room * max(0.0, min(bar.probability, 1.0)))
    body = "█" * (filled // 8) + EIGHTHS[filled % 8].strip()
    marked = bar.marked
    return [
        (f"{'›' if marked else ' '} {bar.label.ljust(name)} ", NAME if marked else ""),
        (body.ljust(room), ANSWER if marked else BAR),
        (f"{100 * bar.probability:.1f}%".rjust(PERCENT + 1), NAME if marked else ""),
    ]
