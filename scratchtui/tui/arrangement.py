"""Where each panel goes: a pure function of the screen's size."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

SLOTS = ("loss", "side", "stage", "prompt", "settings", "about")
SMALLEST = (60, 20)
MEDIUM = (108, 34)
LARGE = (160, 40)
_LEAST = 6
_COMFORTABLE = 10
_MOST_OF_A_COLUMN = 0.55
_WIDE_ENOUGH = 76  # for two fifths to show a table


@dataclass(frozen=True)
class Place:
    """A rectangle on the screen, in cells."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Wish:
    """A panel, the slot it shares where space is short, and how many rows it wants.

    None wants all it can get; what there is goes to those in proportion to `share`.
    """

    name: str
    slot: str
    rows: int | None = None
    share: int = 1


def arrange(
    width: int,
    height: int,
    wishes: tuple[Wish, ...],
    front: frozenset[str],
    zoomed: str | None = None,
) -> dict[str, Place]:
    """Return the place of every panel that is seen in `width` x `height`.

    Of slots that are shared the panels in `front` are always seen, and as many others as there is room
    for; where space is short, none. A zoomed panel is seen alone.
    """
    if zoomed is not None:
        return {zoomed: Place(0, 0, width, height)}
    by_slot: dict[str, list[Wish]] = {}
    for wish in wishes:
        by_slot.setdefault(wish.slot, []).append(wish)
    loss, side, stage, prompt, settings, about = (by_slot.get(slot, []) for slot in SLOTS)
    wide = width >= MEDIUM[0] and height >= MEDIUM[1]
    loss = _beside_the_chart(loss, front) if wide else _in_front(loss, front, height)
    if width >= LARGE[0] and height >= LARGE[1]:
        lead = 1 + _spare(stage[:1], height - _rows([*loss, *prompt]))
        beside = _fitting(stage[lead:], front, height // 2)
        side = _within(_fitting(side, front, height - _rows(beside)), height - _rows(beside))
        columns = [[*loss, *stage[:lead], *prompt], [*side, *beside], [*settings, *about]]
        shares = [9, 7, 4]
    elif wide:
        lead = max(
            1, len(stage) - _spare([*side, *settings], height)
        )  # of the stage; the rest goes beside it
        beside = stage[lead:]
        stage = _fitting(stage[:lead], front, height - _rows([*loss, *prompt]))
        room = height - _rows([*beside, *settings])
        side = _within(_fitting(side, front, room), room)
        columns, shares = [[*loss, *stage, *prompt], [*side, *beside, *settings]], [3, 2]
    else:
        most = round(_MOST_OF_A_COLUMN * height)
        side, stage = (_in_front(shared, front, most) for shared in (side, stage))
        columns = [[*loss, *stage, *prompt], [*side, *settings]]
        shares = [3, 2] if width >= _WIDE_ENOUGH else [1, 1]
    return _columns(width, height, columns, shares)


def _rows(wishes: list[Wish]) -> int:
    """Return how many rows the panels need to be comfortable; longer ones scroll."""
    return sum(min(wish.rows or _COMFORTABLE, _COMFORTABLE) for wish in wishes)


def _spare(wishes: list[Wish], height: int) -> int:
    """Return how many more panels a column has room for, where all that are in it say what they want."""
    rows = [wish.rows for wish in wishes]
    return max(0, height - sum(each or height for each in rows)) // _COMFORTABLE


def _fitting(shared: list[Wish], front: frozenset[str], rows: int) -> list[Wish]:
    """Return the panels of a slot that are seen in so many rows: those in front, then in their order."""
    seen = [wish for wish in shared if wish.name in front]
    for wish in shared:
        if wish not in seen and _rows([*seen, wish]) <= rows:
            seen.append(wish)
    return sorted(seen, key=shared.index) or shared[:1]


def _within(shared: list[Wish], height: int) -> list[Wish]:
    """Return the panels of a slot, the tallest cut until they leave the rest of the column its rows."""
    rows = [wish.rows or 0 for wish in shared]
    while sum(rows) > max(height, _LEAST * len(rows)):
        rows[rows.index(max(rows))] -= 1
    return [replace(wish, rows=most or None) for wish, most in zip(shared, rows, strict=True)]


def _beside_the_chart(shared: list[Wish], front: frozenset[str]) -> list[Wish]:
    """Return the first panel of a slot, and that of the others which is in front, or comes next."""
    chart, others = shared[:1], shared[1:]
    return [*chart, *([wish for wish in others if wish.name in front] or others)[:1]]


def _in_front(shared: list[Wish], front: frozenset[str], most: int) -> list[Wish]:
    """Return the panel of a slot that is seen, as large as the largest, so that nothing moves."""
    rows = min(max((wish.rows or 0 for wish in shared), default=0), most)
    share = max((wish.share for wish in shared), default=1)
    return [replace(wish, rows=rows or None, share=share) for wish in shared if wish.name in front]


def _columns(width: int, height: int, columns: list[list[Wish]], shares: list[int]) -> dict[str, Place]:
    edges = [round(width * sum(shares[:k]) / sum(shares)) for k in range(len(shares) + 1)]
    places = {}
    for column, (left, right) in zip(columns, pairwise(edges), strict=True):
        top = 0
        for wish, rows in zip(column, _heights(column, height), strict=True):
            places[wish.name] = Place(left, top, right - left, rows)
            top += rows
    return places


def _heights(column: list[Wish], height: int) -> list[int]:
    """Share out `height`: first what each asks for, then the rest among those that take any."""
    if not column:
        return []
    greedy = [k for k, wish in enumerate(column) if wish.rows is None] or [len(column) - 1]
    rows = [_LEAST if k in greedy else wish.rows or _LEAST for k, wish in enumerate(column)]
    while sum(rows) > height:
        rows[rows.index(max(rows))] -= 1
    for _ in range(height - sum(rows)):
        rows[min(greedy, key=lambda k: rows[k] / column[k].share)] += 1
    return rows
