"""Cells written pen by pen, where that takes fewer bytes than line by line.

Of all cells that one pen can write, the lines of a frame downwards, the rest from the top to the bottom. A
blank is written with any pen of its background; long ones are erased, long strokes repeated, where the
terminal can do so.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from scratchtui.tui.pens import (
    ANY,
    HALVES,
    PLAIN,
    UNKNOWN,
    UNSEEN_ON_BLANKS,
    Hand,
    change,
    move,
    on_blank,
    turned,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scratchtui.tui.pens import Pen

_WORTH_ERASING = 9  # blanks, of which erasing and the move behind them take fewer bytes
_WORTH_ERASING_AT_THE_END = 4
_SHORT = 64  # bytes, of what is not worth an attempt
_WORTH_REPEATING = 7  # bytes
_NARROW = 2  # cells, of what is written downwards
_BRIDGE = 4  # cells that are written once more rather than jumped over


@dataclass(frozen=True)
class Skills:
    """What a terminal can do beside writing cells: erase with the background, repeat a character."""

    erases: bool = False
    repeats: bool = False


NO_SKILLS = Skills()


class Run(NamedTuple):
    """Cells of line `y` from `x` on; blanks to be erased have no text."""

    y: int
    x: int
    text: str
    width: int
    ends_line: bool


class Line(NamedTuple):
    """A line as it will be, a text and a pen for each cell, and the columns to be written."""

    texts: list[str]
    pens: list[Pen]
    columns: list[int]


def written(lines: Mapping[int, Line], skills: Skills) -> str:
    """Return what writes the lines in the fewest bytes, beginning and ending with the plain pen."""
    in_lines = _line_by_line(lines)
    if len(in_lines) < _SHORT:
        return in_lines
    simple = {y: line for y, line in lines.items() if _one_each(line)}
    others = {y: line for y, line in lines.items() if y not in simple}
    in_layers = _line_by_line(others) + layered(simple, skills)
    return min(in_lines, in_layers, key=lambda text: len(text.encode()))


def _line_by_line(lines: Mapping[int, Line]) -> str:
    hand = Hand()
    for y, line in lines.items():
        hand.write(y, *line)
    return hand.finish()


def _one_each(line: Line) -> bool:
    return all(len(text) == 1 for text in line.texts)


def layered(lines: Mapping[int, Line], skills: Skills) -> str:
    """Return what writes lines of characters that take a cell each, pen by pen."""
    groups: dict[Pen, list[Run]] = defaultdict(list)
    for y, line in lines.items():
        for pen, run in _runs(y, _with_turned_halves(line), skills):
            groups[pen].append(run)
    writer = _Writer(lines, skills)
    for pen, runs in _in_order(groups):
        writer.write(pen, runs)
    return writer.finish()


def _with_turned_halves(line: Line) -> Line:
    """Return the line with each half block in the one of its two ways that others may share."""
    texts, pens, columns = line
    if HALVES.keys().isdisjoint(texts[x] for x in columns):
        return line
    texts, pens = texts.copy(), pens.copy()
    for x in columns:
        if texts[x] in HALVES and (other := turned(pens[x])) is not None:
            if pens[x].foreground[3:] == pens[x].background[3:]:
                texts[x], pens[x] = " ", on_blank(pens[x])
            elif other.background < pens[x].background:
                texts[x], pens[x] = HALVES[texts[x]], other
    return Line(texts, pens, columns)


def _fits(held: Pen, blank: Pen) -> bool:
    """Tell whether this is the pen of a blank that looks the same if written with the other one."""
    return (
        blank.foreground == ANY
        and held.background == blank.background
        and held.link == blank.link
        and not held.attributes - UNSEEN_ON_BLANKS
    )


def _runs(y: int, line: Line, skills: Skills) -> Iterator[tuple[Pen, Run]]:
    """Yield each run of a line, and its pen."""
    texts, pens, columns = line
    if skills.erases:
        erased = list(_blanks(texts, pens, columns))
        for x, end in erased:
            yield pens[x], Run(y, x, "", end - x, end == len(texts))
        columns = _without(columns, erased)
    start = end = -1
    held = PLAIN
    for x in columns:
        pen = pens[x]
        if x == end and pen is not held:
            if _fits(held, pen):
                pen = held
            elif _fits(pen, held):
                held = pen
        if x != end or pen is not held:
            if start >= 0:
                yield held, Run(y, start, "".join(texts[start:end]), end - start, ends_line=False)
            start, held = x, pen
        end = x + 1
    if start >= 0:
        yield held, Run(y, start, "".join(texts[start:end]), end - start, ends_line=False)


def _blanks(texts: list[str], pens: list[Pen], columns: list[int]) -> Iterator[tuple[int, int]]:
    """Yield where blanks of one pen begin and end that are worth erasing, those between them included."""
    start = end = count = 0
    for x in [*columns, len(texts)]:
        blank = x < len(texts) and pens[x].foreground == ANY and texts[x] == " "
        if blank and count and all(texts[k] == " " and pens[k] is pens[start] for k in range(end, x + 1)):
            end, count = x + 1, count + 1
            continue
        if count >= (_WORTH_ERASING_AT_THE_END if end == len(texts) else _WORTH_ERASING):
            yield start, end
        start, end, count = x, x + 1, int(blank)


def _without(columns: list[int], ranges: list[tuple[int, int]]) -> list[int]:
    for start, end in ranges:
        columns = [x for x in columns if not start <= x < end]
    return columns


def _in_order(groups: dict[Pen, list[Run]]) -> Iterator[tuple[Pen, list[Run]]]:
    """Yield pens with what they write, backgrounds together; blanks come with the first pen of theirs."""
    blank = {pen.background: pen for pen in groups if pen.foreground == ANY and not pen.link}
    pens = [pen for pen in groups if blank.get(pen.background) is not pen]
    for pen in sorted(pens, key=lambda pen: (pen.background, pen.foreground, sorted(pen.attributes))):
        blanks = blank.get(pen.background)
        if blanks is not None and _fits(pen, blanks):
            del blank[pen.background]
            yield pen, groups[pen] + groups[blanks]
        else:
            yield pen, groups[pen]
    for pen in blank.values():
        yield pen, groups[pen]


class _Writer:
    """Writes runs, and knows where the cursor is and which pen the terminal holds."""

    def __init__(self, lines: Mapping[int, Line], skills: Skills) -> None:
        self._lines, self._skills = lines, skills
        self._written: list[str] = []
        self._held = PLAIN
        self._y: int | None = None
        self._x: int | None = None

    def write(self, pen: Pen, runs: list[Run]) -> None:
        """Write runs with a pen."""
        sequence, self._held = change(self._held, pen)
        self._written.append(sequence)
        for run in _downwards(runs):
            self._reach(run.y, run.x, pen)
            if run.text:
                self._written.append(_repeated(run.text) if self._skills.repeats else run.text)
                self._x = run.x + run.width if run.x + run.width < len(self._lines[run.y].texts) else None
            else:
                self._written.append("\x1b[K" if run.ends_line else f"\x1b[{run.width}X")

    def _reach(self, y: int, x: int, pen: Pen) -> None:
        """Get to a cell, over a short gap by writing what is to be seen there."""
        if y == self._y and self._x is not None and 0 <= x - self._x <= _BRIDGE:
            if x == self._x:
                return
            texts, pens, _ = self._lines[y]
            gap = range(self._x, x)
            text = "".join(texts[k] for k in gap)
            cheap = len(text.encode()) <= _BRIDGE and UNKNOWN not in text
            if cheap and all(pens[k] is pen or _fits(pen, pens[k]) for k in gap):
                self._written.append(text)
                self._x = x
                return
        self._written.append(move(self._y, self._x, y, x))
        self._y, self._x = y, x

    def finish(self) -> str:
        """Return all that was written, with the plain pen at the end."""
        return "".join(self._written) + change(self._held, PLAIN)[0]


def _downwards(runs: list[Run]) -> Iterable[Run]:
    """Yield runs from the top to the bottom, but those below a narrow one directly after it."""
    runs.sort()
    narrow = {(run.y, run.x): run for run in runs if run.width <= _NARROW and run.text}
    done = set()
    for run in runs:
        place: tuple[int, int] = run.y, run.x
        if place in done:
            continue
        yield run
        below = narrow.get(place)
        while below is not None:
            done.add(place)
            place = place[0] + 1, place[1]
            below = narrow.get(place)
            if below is None or below.width != run.width or place in done:
                break
            yield below


def _repeated(text: str) -> str:
    """Return text with strokes of one character shortened to the character and how often it comes again."""
    parts, start = [], 0
    while start < len(text):
        end = start + 1
        while end < len(text) and text[end] == text[start]:
            end += 1
        stroke = text[start:end]
        again = f"{text[start]}\x1b[{len(stroke) - 1}b"
        parts.append(again if len(stroke.encode()) > max(len(again.encode()), _WORTH_REPEATING) else stroke)
        start = end
    return "".join(parts)
