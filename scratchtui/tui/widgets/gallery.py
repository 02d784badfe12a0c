"""Small matrices side by side, with one cursor that goes from cell to cell and from tile to tile."""

from __future__ import annotations

from dataclasses import replace
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widgets import Input

from scratchtui.tui import ramp
from scratchtui.tui.ink import centred, clipped, text_of
from scratchtui.tui.mosaic import HERE, LABEL, Mosaic, explanation, same, scale_of
from scratchtui.tui.tiling import Seen, Spot, laid_out, neighbour, scales, seen_lines
from scratchtui.tui.widgets.pointed import Pointed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from textual import events

    from scratchtui.experiments.view import Gallery, Tile
    from scratchtui.tui.ink import Runs

MARK = "gallery--mark"
MOST_NOTE_LINES = 2


class GalleryView(Pointed, can_focus=True):
    """Draws a `Gallery`; with the focus it tells the exact value under its cursor."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {MARK}
    DEFAULT_CSS = """
    GalleryView {
        & > .gallery--mark { color: $text-warning; text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "tile(-1)", "picture before", show=False),
        Binding("pagedown", "tile(1)", "picture after", show=False),
    ]
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("↑↓←→", "cell"), ("PgUp PgDn", "picture"))

    cursor: reactive[tuple[int, int, int]] = reactive((0, 0, 0))

    _gallery: Gallery | None = None
    _levels: tuple[NDArray[np.int8], ...] = ()
    _limits: tuple[float, ...] = ()
    _spots: tuple[Spot, ...] = ()
    _first = 0

    def show(self, gallery: Gallery) -> None:
        """Draw this gallery; nothing if it is shown already."""
        if self._gallery is not None and _alike(self._gallery, gallery):
            return
        shapes = [tile.matrix.values.shape for tile in gallery.tiles]
        alike = self._gallery is not None and shapes == [t.matrix.values.shape for t in self._gallery.tiles]
        limits = _limits(gallery, self._limits if alike else (None,) * len(shapes))
        levels = self._levels if alike and limits == self._limits else (None,) * len(shapes)
        self._levels = tuple(
            ramp.quantise(ramp.scaled(tile.matrix.values, limit, logarithmic=tile.matrix.logarithmic), before)
            for tile, limit, before in zip(gallery.tiles, limits, levels, strict=True)
        )
        self._follow_tile(gallery)
        self._gallery, self._limits = gallery, limits
        self.set_reactive(GalleryView.cursor, self.validate_cursor(self.cursor))
        self.redraw()

    def _follow_tile(self, gallery: Gallery) -> None:
        """Keep the cursor on its picture, where tiles stand for something, or on what has its id since."""
        before, (place, row, column) = self._gallery, self.cursor
        in_use = self.has_focus or isinstance(self.screen.focused, Input)  # a line may be typed about it
        if not in_use or before is None or place >= len(before.tiles):
            return
        left = before.tiles[place]
        if left.id is None:
            return
        picture = left.matrix.values  # of the dataset, in which an edit may give it another id
        same = [n for n, tile in enumerate(gallery.tiles) if np.array_equal(tile.matrix.values, picture)]
        if places := same or [n for n, tile in enumerate(gallery.tiles) if tile.id == left.id]:
            self.set_reactive(GalleryView.cursor, (places[0], row, column))

    def validate_cursor(self, cursor: tuple[int, int, int]) -> tuple[int, int, int]:
        """Keep the cursor on a cell of a tile."""
        tiles = self._gallery.tiles if self._gallery else ()
        if not tiles:
            return 0, 0, 0
        place = max(0, min(cursor[0], len(tiles) - 1))
        rows, columns = tiles[place].matrix.values.shape
        return place, max(0, min(cursor[1], rows - 1)), max(0, min(cursor[2], columns - 1))

    @property
    def place(self) -> tuple[int, ...] | None:
        """What the tile under the cursor stands for (its number, where for nothing), row and column."""
        if self._gallery is None or not self._gallery.tiles:
            return None
        tile, row, column = self.cursor
        stands_for = self._gallery.tiles[tile].id
        return tile if stands_for is None else stands_for, row, column

    @property
    def subject(self) -> object:
        """What the tile under the cursor stands for, and its picture."""
        if self.place is None or self._gallery is None:
            return None
        return self.place[0], self._gallery.tiles[self.cursor[0]].matrix.values.tobytes()

    @property
    def weights(self) -> tuple[int, ...]:
        """Which element of the parameters the cursor is on, -1 for none, then those in its row."""
        tiles = self._gallery.tiles if self._gallery is not None else ()
        tile, row, column = self.cursor
        return tiles[tile].matrix.weights_at(row, column) if tiles else (-1,)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the cell that was clicked."""
        offset = event.get_content_offset(self)
        if offset is None or self._gallery is None:
            return
        for place, spot in enumerate(self._spots):
            grid, tile = spot.grid, self._gallery.tiles[place]
            line = offset.y + self._first - spot.y - bool(tile.title) - grid.top
            column = (offset.x - spot.x - grid.left) // grid.wide
            row = line * 2 if grid.halves else line // grid.tall
            if 0 <= row < grid.rows and 0 <= column < grid.columns:
                self.cursor = place, row, column

    def action_move(self, down: int, right: int) -> None:
        """Move the cursor by cells, over the edge of a tile to the next."""
        place, row, column = self.cursor
        self.cursor = place, row + down, column + right
        if self.cursor == (place, row, column) and self._spots:
            other = neighbour(self._spots, place, down, right)
            if other != place:
                far = 1 << 30
                self.cursor = other, -far * down if down else row, -far * right if right else column

    def action_tile(self, tiles: int) -> None:
        """Move the cursor by tiles."""
        self.cursor = self.cursor[0] + tiles, *self.cursor[1:]

    def picture(self, width: int, height: int) -> list[Runs]:
        """Return the tiles, the note, and the line that tells of the cell under the cursor."""
        gallery = self._gallery
        if gallery is None:
            return [[] for _ in range(height)]
        if not gallery.tiles:
            return centred(gallery.empty, width, height, LABEL)
        below = int(height > 2)
        note = wrap(gallery.note, max(1, width))[:MOST_NOTE_LINES] if height > 4 else []
        seen = self._lay_out(gallery, width, height - below - len(note))
        aside = seen.cut and bool(note)  # a whole picture is worth more
        if aside:
            note = []
            seen = self._lay_out(gallery, width, height - below)
        self._first = seen.first
        rows = self._tiles(gallery, width)[seen.first : seen.last]
        spare = height - below - len(note) - len(rows)
        more = f"{seen.hidden} more" * (seen.hidden > 0)
        rows += [[(clipped(more, width), LABEL)] if line == 0 else [] for line in range(spare)]
        rows += [[(line, LABEL)] for line in note]
        told = self._beside(gallery, width, more * (not spare), seen.hint, aside=aside)
        return rows + [told] * below

    def _lay_out(self, gallery: Gallery, width: int, room: int) -> Seen:
        """Find a place for each tile, and return which are seen in so many rows."""
        negative = any(map(_negative, gallery.tiles))
        offers = scales(max(self._limits), negative=negative, numbers=gallery.numbers, glyphs=self.signs)
        self._spots = tuple(laid_out(gallery.tiles, (width, room), offers))
        place, row, _ = self.cursor
        spot = self._spots[place]
        above = bool(gallery.tiles[place].title) + spot.grid.top
        line = spot.y + (above + spot.grid.line_of(row, 0)) * (row > 0)  # of the first row the title, too
        return seen_lines(self._spots, (place, line), room, self._first)

    def _tiles(self, gallery: Gallery, width: int) -> list[Runs]:
        """Return all tiles, in as many rows as they take."""
        bottom = max(spot.y + spot.height for spot in self._spots)
        rows: list[Runs] = [[] for _ in range(bottom)]
        for place, (tile, spot) in enumerate(zip(gallery.tiles, self._spots, strict=True)):
            for y, runs in enumerate(self._tile(tile, place, spot), spot.y):
                row = rows[y]
                blank = spot.x - cell_len(text_of(row))
                row += [(" " * blank, ""), *runs] if blank > 0 else runs
        return [_cut(row, width) for row in rows]

    def _tile(self, tile: Tile, place: int, spot: Spot) -> list[Runs]:
        """Return the rows of a tile: title, cells, caption."""
        here = self.has_focus and place == self.cursor[0]
        pen = HERE if here else MARK if tile.marked else LABEL
        rows: list[Runs] = []
        if tile.title:
            rows.append([(clipped(tile.title, spot.width), pen)])
        rows += self._mosaic(tile, place, spot).rows()
        rows += [[(clipped(line, spot.width), pen)] for line in tile.caption.splitlines()]
        return rows

    def _mosaic(self, tile: Tile, place: int, spot: Spot) -> Mosaic:
        cursor = self.cursor[1:] if self.has_focus and place == self.cursor[0] else None
        limit, levels = self._limits[place], self._levels[place]
        return Mosaic(tile.matrix, levels, limit, spot.grid, (0, 0), cursor, self.signs)

    def _beside(self, gallery: Gallery, width: int, more: str, hint: str, *, aside: bool) -> Runs:
        """Return the line below: what is told, how many tiles more there are, and where."""
        room = width - len(hint) - bool(hint)
        if aside and not self.has_focus:
            told: Runs = [(clipped(gallery.note, room), LABEL)]
        else:
            told = self._told(gallery, room)
        blank = width - cell_len(text_of(told))
        end = f"{more} {hint}" if more and len(more) + len(hint) + 2 < blank else hint
        return [*told, (end.rjust(blank), LABEL)] if end else told

    def _told(self, gallery: Gallery, width: int) -> Runs:
        """Return where the cursor is, what stands there, and the scale."""
        place = self.cursor[0]
        tile = gallery.tiles[place]
        mosaic = self._mosaic(tile, place, self._spots[place])
        before = f"{tile.title} · " if self.has_focus and tile.title else ""
        return explanation(mosaic, width, before, self._scale(gallery, mosaic))

    def _scale(self, gallery: Gallery, mosaic: Mosaic) -> Runs:
        """Return the scale of all tiles or, where they differ, that of the cursor's; or that they do.

        Nothing where every value is 0, as between two moments that are equal.
        """
        if not any(np.nan_to_num(tile.matrix.values).any() for tile in gallery.tiles):
            return []
        tiles = list(zip(gallery.tiles, self._limits, strict=True))
        alike = [tile for tile, limit in tiles if _same_scale(tile, limit, mosaic)]
        if self.has_focus or len(alike) == len(tiles):
            return scale_of(mosaic, negative=any(map(_negative, alike)))
        if self.signs and mosaic.grid.decimals is not None:  # then the numbers themselves are read
            return []
        layer = "layer " * all(tile.layer for tile in gallery.tiles)
        return [(f"each {layer}its own scale", LABEL)]


def _alike(one: Gallery, other: Gallery) -> bool:
    """Tell whether two galleries look alike."""
    if replace(one, tiles=()) != replace(other, tiles=()) or len(one.tiles) != len(other.tiles):
        return False
    return all(
        (a.title, a.caption, a.marked, a.id, a.layer) == (b.title, b.caption, b.marked, b.id, b.layer)
        and same(a.matrix, b.matrix)
        for a, b in zip(one.tiles, other.tiles, strict=True)
    )


def _limits(gallery: Gallery, held: Sequence[float | None]) -> tuple[float, ...]:
    """Return the magnitude with the strongest colour in each tile; of one layer it is that of the largest."""
    layers = [tile.layer or str(place) for place, tile in enumerate(gallery.tiles)]
    largest: dict[str, float] = {}
    for layer, tile in zip(layers, gallery.tiles, strict=True):
        finite = np.abs(tile.matrix.values[np.isfinite(tile.matrix.values)])
        largest[layer] = max(largest.get(layer, 0.0), float(finite.max(initial=0.0)))
    return tuple(
        tile.matrix.limit or gallery.limit or ramp.steady_limit(largest[layer], before)
        for layer, tile, before in zip(layers, gallery.tiles, held, strict=True)
    )


def _negative(tile: Tile) -> bool:
    return bool((tile.matrix.values < 0).any())


def _same_scale(tile: Tile, limit: float, mosaic: Mosaic) -> bool:
    return (limit, tile.matrix.logarithmic) == (mosaic.limit, mosaic.matrix.logarithmic)


def _cut(row: Runs, width: int) -> Runs:
    """Return the part of a row that fits."""
    kept: Runs = []
    for text, pen in row:
        if width <= 0:
            break
        kept.append((text[:width], pen))
        width -= len(text)
    return kept
