"""How the columns of a table share a width."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

GAPS = (4, 3, 2, 1)  # between columns, the first that fits
GAP_BESIDE_WORDS = 2  # for which a column of words is cut
WORTH_READING = 16  # cells of words

_NUMBER = re.compile(r"[+-]?\d+(?:\.(\d+))?").fullmatch


@dataclass(frozen=True)
class Layout:
    """The widths of the columns that are shown, the gap between them, and the cells before the first."""

    widths: tuple[int, ...]
    gap: int
    lead: int = 0

    @property
    def width(self) -> int:
        """Return the cells that a row takes."""
        return self.lead + sum(self.widths) + self.gap * max(0, len(self.widths) - 1)


def aligned(cells: list[str]) -> list[str]:
    """Return the cells of a column with blanks behind the numbers, so that the points meet.

    A column with numbers of another form, 1e-07 say, stays as it is; words do not take part.
    """
    matches = [_NUMBER(cell) for cell in cells]
    if any(
        match is None and any(c.isdigit() for c in cell) for match, cell in zip(matches, cells, strict=True)
    ):
        return cells
    behind = [len(match[1] or "") + bool(match[1]) if match else None for match in matches]
    most = max((each for each in behind if each is not None), default=0)
    return [
        cell if count is None else cell + " " * (most - count)
        for cell, count in zip(cells, behind, strict=True)
    ]


def arrange(needed: tuple[int, ...], width: int, least: tuple[int, ...] | None = None) -> Layout:
    """Return how columns fit that need these widths, or at the `least` those.

    Gaps narrow first, then columns go down to their least, then the last ones go.
    """
    for count in range(len(needed), 0, -1):
        for widths in (needed, least or needed):
            for gap in GAPS:
                layout = Layout(widths[:count], gap)
                if layout.width <= width:
                    return layout
    return Layout((max(0, width),) if needed else (), 1)


def cut(needed: tuple[int, ...], width: int, place: int) -> tuple[int, ...]:
    """Return what the columns take of which the one at `place` is cut to what the others leave.

    The last ones go where it would have less than WORTH_READING, those before it only where all would.
    """
    for count in range(len(needed), place, -1):
        others = sum(needed[:count]) - needed[place] + GAP_BESIDE_WORDS * (count - 1)
        room = min(needed[place], width - others)
        if room >= min(needed[place], WORTH_READING if count > place + 1 else 1):
            return (*needed[:place], room, *needed[place + 1 : count])
    return needed


def indented(needed: tuple[int, ...], width: int, least: tuple[int, ...]) -> Layout:
    """Return how columns fit behind a mark, which has a blank beside it only where gaps are wide."""
    wide, tight = arrange(needed, width - 2, least), arrange(needed, width - 1, least)
    if wide.gap > 1 and len(wide.widths) == len(tight.widths):
        return replace(wide, lead=2)
    return replace(tight, lead=1)


def window(cursor: int, first: int, visible: int, total: int) -> int:
    """Return the first visible of `total` rows, moved as little as shows the row of the cursor."""
    first = min(max(first, cursor - visible + 1), cursor)
    return max(0, min(first, total - visible))


def scrollbar(first: int, visible: int, total: int) -> list[bool]:
    """Return for each visible row whether the thumb of a scrollbar is beside it."""
    size = max(1, visible * visible // total)
    start = round((visible - size) * first / max(1, total - visible))
    return [start <= row < start + size for row in range(visible)]
