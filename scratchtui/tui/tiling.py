"""How the tiles of a gallery share a widget: side by side, all in the largest cells with which they fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from scratchtui.tui.grid import LONGEST_LABEL, Grid, decimals_for, number_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchtui.experiments.view import Tile

GAP, NARROW_GAP = 2, 1  # columns between tiles


@dataclass(frozen=True)
class Spot:
    """A tile's rectangle, title and caption included, and the cells that its matrix is drawn in."""

    x: int
    y: int
    width: int
    height: int
    grid: Grid


@dataclass(frozen=True)
class Scale:
    """The size of a cell in characters; a `tall` of 0 is half a row, `decimals` asks for numbers."""

    wide: int
    tall: int
    decimals: int | None = None


PICTURES = (Scale(4, 2), Scale(2, 1), Scale(1, 0))
GLYPHS = (Scale(4, 2), Scale(2, 1), Scale(1, 1))


def scales(limit: float, *, negative: bool, numbers: bool, glyphs: bool) -> tuple[Scale, ...]:
    """Return the sizes that cells may have, the best first."""
    pictures = GLYPHS if glyphs else PICTURES
    if not numbers:
        return pictures
    decimals = decimals_for(limit)
    return Scale(number_width(limit, decimals, negative=negative) + 2, 1, decimals), *pictures


def laid_out(tiles: Sequence[Tile], size: tuple[int, int], offers: Sequence[Scale]) -> list[Spot]:
    """Return the place of each tile in `size` (columns, rows), below one another where they must.

    Of the scales offered, the first with which all is seen; else the last, and what is below the
    bottom is to be scrolled to. Then titles of one word move together, and a tile that is taller than those
    before it begins a line, so that a line is no taller than it has to be.
    """
    width, height = size
    for scale in offers:
        spots = [_measured(tile, scale, width) for tile in tiles]
        placed = _flow(spots, width, GAP)
        if _bottom(placed) <= height and all(spot.width <= width for spot in placed):
            return placed
    wordy = any(" " in tile.title or tile.caption for tile in tiles)
    return _flow(spots, width, GAP if wordy else NARROW_GAP, even=True)


def _bottom(spots: Sequence[Spot]) -> int:
    return max((spot.y + spot.height for spot in spots), default=0)


def _measured(tile: Tile, scale: Scale, most: int) -> Spot:
    rows, columns = tile.matrix.values.shape
    longest = max(map(cell_len, tile.matrix.row_labels), default=0)
    left = min(longest, LONGEST_LABEL) + 1 if longest and columns * scale.wide + longest < most else 0
    top = int(bool(tile.matrix.column_labels) and scale.decimals is not None)
    lines = rows * scale.tall if scale.tall else -(-rows // 2)
    grid = Grid(left, top, 0, scale.wide, scale.tall, scale.decimals, rows, columns)
    captions = tile.caption.splitlines()
    words = max(map(len, (tile.title, *captions)))
    width = max(left + columns * scale.wide, min(words, most))
    return Spot(0, 0, width, bool(tile.title) + top + lines + len(captions), grid)


def _flow(spots: Sequence[Spot], width: int, gap: int, *, even: bool = False) -> list[Spot]:
    """Fill lines from the left; the next begins below the tallest of the one above.

    In `even` ones no tile is taller than the first.
    """
    placed: list[Spot] = []
    x = y = below = 0
    for spot in spots:
        if x and (x + spot.width > width or (even and y + spot.height > below)):
            x, y = 0, below
        placed.append(Spot(x, y, spot.width, spot.height, spot.grid))
        x, below = x + spot.width + gap, max(below, y + spot.height)
    return placed


@dataclass(frozen=True)
class Seen:
    """The rows of a layout that are seen: from `first` up to `last` of `total`.

    So many tiles are `hidden`, in other lines. `cut` tells that a line is too tall to be seen whole.
    """

    first: int
    last: int
    total: int
    hidden: int
    cut: bool

    @property
    def hint(self) -> str:
        """Signs for what is above and below."""
        return "▲" * (self.first > 0) + "▼" * (self.last < self.total)


def seen_lines(spots: Sequence[Spot], cursor: tuple[int, int], room: int, before: int) -> Seen:
    """Return as many whole lines of tiles as there is room for, moved from `before` as little as need be.

    The cursor, a tile and a row of the layout, is among them. Of a line that is taller than the room as much
    is seen as there is room for.
    """
    tile, row = cursor
    edges = [*sorted({spot.y for spot in spots}), _bottom(spots)]
    here = edges.index(spots[tile].y)
    top, bottom = edges[here], edges[here + 1]
    if bottom - top > room:
        first = min(max(before, top), bottom - room)
        first = max(min(first, row), row - room + 1)
        hidden = sum(spot.y != top for spot in spots)
        return Seen(first, first + room, edges[-1], hidden, cut=True)
    most = min(edge for edge in edges if edges[-1] - edge <= room)  # from there on all is seen
    firsts = [edge for edge in edges if edge <= min(top, most) and bottom - edge <= room]
    first = min(firsts, key=lambda edge: abs(edge - before))
    last = max(edge for edge in edges if edge - first <= room)
    hidden = sum(not first <= spot.y < last for spot in spots)
    return Seen(first, last, edges[-1], hidden, cut=False)


def neighbour(spots: Sequence[Spot], place: int, down: int, right: int) -> int:
    """Return the tile beside, above or below another one; itself where there is none."""
    if right:
        return max(0, min(place + right, len(spots) - 1))
    here = spots[place]
    lines = sorted({spot.y for spot in spots})
    line = lines.index(here.y) + down
    if not 0 <= line < len(lines):
        return place
    others = [number for number, spot in enumerate(spots) if spot.y == lines[line]]
    return min(others, key=lambda number: abs(spots[number].x - here.x))
