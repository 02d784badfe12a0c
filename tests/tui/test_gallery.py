"""A gallery shows every tile, in cells as large as fit, and a cursor that reaches every cell."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from scratchtui.experiments.faces.views import filters_view, layers_view
from scratchtui.experiments.panel import EditKey
from scratchtui.experiments.view import Gallery, Matrix, Tile
from scratchtui.tui.requests import EditAsked
from scratchtui.tui.tiling import GLYPHS, PICTURES, Scale, laid_out, seen_lines
from scratchtui.tui.widgets.gallery import GalleryView


class Stage(App[None]):
    """A gallery, and what it tells."""

    AUTO_FOCUS = None

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, tuple[int, ...]]] = []

    def compose(self) -> ComposeResult:
        gallery = GalleryView(id="faces")
        gallery.edits = (EditKey("enter", "enter", "look", "look at it"),)
        yield gallery

    def on_edit_asked(self, event: EditAsked) -> None:
        self.asked.append((event.edit.action, event.edit.place))


@asynccontextmanager
async def gallery(size: tuple[int, int]) -> AsyncIterator[tuple[GalleryView, Pilot[None]]]:
    app = Stage()
    async with app.run_test(size=size) as pilot:
        yield app.query_one(GalleryView), pilot


def tile(number: int, rows: int = 3, columns: int = 3, **options: object) -> Tile:
    values = np.random.default_rng(number).uniform(-1, 1, (rows, columns))
    return Tile(f"f{number}", Matrix(values), **options)  # type: ignore[arg-type]


TILES = st.lists(
    st.builds(tile, st.integers(0, 99), st.integers(1, 8), st.integers(1, 8)), min_size=1, max_size=12
)


@settings(deadline=None)
@given(TILES, st.integers(20, 90), st.integers(3, 40), st.sampled_from([PICTURES, GLYPHS]))
def test_tiles_stand_in_their_order_and_never_over_one_another(
    tiles: list[Tile], width: int, height: int, offers: tuple[Scale, ...]
) -> None:
    spots = laid_out(tiles, (width, height), offers)
    taken = set()
    for spot in spots:
        cells = {(spot.x + x, spot.y + y) for x in range(spot.width) for y in range(spot.height)}
        assert not taken & cells
        assert spot.x + spot.width <= max(width, spot.width)
        taken |= cells
    assert [(spot.y, spot.x) for spot in spots] == sorted((spot.y, spot.x) for spot in spots)


@settings(deadline=None)
@given(TILES, st.integers(20, 90), st.integers(1, 40), st.lists(st.integers(0, 400), min_size=1, max_size=6))
def test_lines_of_tiles_are_seen_whole_and_the_cursor_among_them(
    tiles: list[Tile], width: int, room: int, moves: list[int]
) -> None:
    spots = laid_out(tiles, (width, room), PICTURES)
    first = 0
    for move in moves:
        tile = move % len(spots)
        line = spots[tile].y + move % spots[tile].height
        seen = seen_lines(spots, (tile, line), room, first)
        assert seen.first <= line < seen.last <= min(seen.total, seen.first + room)
        for spot in spots if not seen.cut else ():
            assert seen.first <= spot.y < spot.y + spot.height <= seen.last or not (
                seen.first <= spot.y < seen.last
            )
        assert (seen.hidden == 0) == (seen.total <= room or (seen.cut and len({s.y for s in spots}) == 1))
        assert seen == seen_lines(spots, (tile, line), room, seen.first)
        first = seen.first


async def test_each_tile_has_its_title_and_caption() -> None:
    async with gallery((60, 12)) as (shown, _):
        shown.show(Gallery((tile(1, caption="a bar"), tile(2, caption="a curve"))))
        text = shown.text()
        assert all(words in text for words in ("f1", "f2", "a bar", "a curve"))


async def test_cells_are_as_large_as_all_tiles_fit_in() -> None:
    async with gallery((60, 12)) as (shown, _):
        shown.show(Gallery((tile(1),)))
        assert (shown._spots[0].grid.wide, shown._spots[0].grid.tall) == (4, 2)
        shown.show(Gallery(tuple(tile(k, 8, 8) for k in range(6))))
        assert shown._spots[0].grid.halves


async def test_numbers_are_written_where_they_are_asked_for_and_fit() -> None:
    values = np.array([[0.25, -1.5]])
    async with gallery((60, 6)) as (shown, _):
        shown.show(Gallery((Tile("w", Matrix(values, ("a",), ("x", "y"))),), numbers=True))
        assert "0.25" in shown.text()
        assert "-1.50" in shown.text()
        assert "x" in shown.text()


async def test_arrows_reach_every_cell_of_every_tile_and_stop_at_the_ends() -> None:
    async with gallery((40, 20)) as (shown, pilot):
        shown.show(Gallery(tuple(tile(k) for k in range(3))))
        shown.focus()
        seen = set()
        for _ in range(12):
            seen.add(shown.cursor)
            await pilot.press("right")
        assert {(t, 0, c) for t in range(3) for c in range(3)} <= seen
        assert shown.cursor == (2, 0, 2)


async def test_down_goes_to_the_tile_below() -> None:
    async with gallery((12, 30)) as (shown, pilot):
        shown.show(Gallery((tile(1), tile(2))))
        shown.focus()
        await pilot.press("down", "down", "down")
        assert shown.cursor == (1, 0, 0)
        await pilot.press("up")
        assert shown.cursor == (0, 2, 0)


async def test_the_exact_value_under_the_cursor_is_told_with_its_tile() -> None:
    async with gallery((60, 12)) as (shown, pilot):
        shown.show(
            Gallery((Tile("filter 1", Matrix(np.array([[0.12345, 7.0]]), ("top",), ("left", "right"))),))
        )
        shown.focus()
        await pilot.press("right")
        assert "filter 1 · top, right: 7.0000" in shown.text()


async def test_what_is_below_the_bottom_is_scrolled_to() -> None:
    async with gallery((12, 8)) as (shown, pilot):
        shown.show(Gallery(tuple(tile(k, 8, 8) for k in range(6))))
        shown.focus()
        assert "f5" not in shown.text()
        await pilot.press(*["pagedown"] * 5)
        assert "f5" in shown.text()


async def test_a_key_edits_what_the_tile_stands_for() -> None:
    async with gallery((40, 12)) as (shown, pilot):
        shown.show(Gallery((tile(1, id=7), tile(2, id=9))))
        shown.focus()
        await pilot.press("pagedown", "enter")
        assert isinstance(pilot.app, Stage)
        assert pilot.app.asked == [("look", (9, 0, 0))]


async def test_a_gallery_without_tiles_says_why() -> None:
    async with gallery((40, 6)) as (shown, pilot):
        shown.show(Gallery((), empty="no face is drawn"))
        shown.focus()
        await pilot.press("down", "right", "enter", "pageup")
        assert "no face is drawn" in shown.text()


@pytest.mark.parametrize("size", [(4, 1), (3, 3), (10, 2), (200, 50)])
async def test_any_size_is_drawn(size: tuple[int, int]) -> None:
    async with gallery(size) as (shown, pilot):
        shown.show(Gallery(tuple(tile(k, 8, 8) for k in range(5)), note="words " * 30))
        shown.focus()
        await pilot.press("down", "pagedown")
        assert len(shown.text().split("\n")) == size[1]


async def test_in_signs_each_cell_has_one() -> None:
    async with gallery((40, 12)) as (shown, _):
        shown.signs = True
        shown.show(Gallery((Tile("f", Matrix(np.array([[1.0, -1.0]]))),)))
        assert "+" in shown.text()
        assert "-" in shown.text()


async def test_a_value_that_trembles_does_not_change_its_colour() -> None:
    async with gallery((40, 12)) as (shown, _):
        shown.show(Gallery((Tile("f", Matrix(np.array([[0.93, 1.0]]))),), limit=1.0))
        before = shown._rows
        for value in (0.935, 0.94, 0.925):
            shown.show(Gallery((Tile("f", Matrix(np.array([[value, 1.0]]))),), limit=1.0))
            assert shown._rows == before


async def test_what_is_above_and_below_is_hinted_at() -> None:
    async with gallery((12, 6)) as (shown, pilot):
        shown.show(Gallery(tuple(tile(number) for number in range(9))))
        shown.focus()
        await pilot.pause()
        assert shown.text().splitlines()[-1].endswith("▼")
        await pilot.press(*["pagedown"] * 3)
        assert shown.text().splitlines()[-1].endswith("▲▼")
        await pilot.press(*["pagedown"] * 5)
        assert shown.text().splitlines()[-1].endswith("▲")


async def test_the_cursor_stays_on_its_picture_while_they_change_places() -> None:
    async with gallery((40, 12)) as (shown, pilot):
        shown.show(Gallery((tile(1, id=7), tile(2, id=9), tile(3, id=4))))
        shown.focus()
        await pilot.press("pagedown", "down", "right")
        shown.show(Gallery((tile(2, id=9), tile(3, id=4), tile(1, id=7))))
        assert shown.place == (9, 1, 1)
        shown.show(Gallery((tile(1, id=6), tile(2, id=11), tile(3, id=9))))  # after an edit of the dataset
        assert shown.place == (11, 1, 1)
        shown.show(Gallery((tile(3, id=4), tile(1, id=11))))  # it is gone, and another one has its number
        assert shown.place == (11, 1, 1)
        shown.show(Gallery((tile(3, id=4), tile(1, id=7))))
        assert shown.place is not None


FLAT, DEEP = np.array([[0.5, 1.0]]), np.array([[-0.5, -4.0]])


@pytest.mark.parametrize(
    ("tiles", "limit", "unfocused", "second"),
    [
        ((Tile("a", Matrix(FLAT)), Tile("b", Matrix(DEEP))), None, "each its own scale", "-4"),
        ((Tile("a", Matrix(FLAT)), Tile("b", Matrix(DEEP))), 4.0, "-4", "-4"),
        ((Tile("a", Matrix(FLAT, limit=4.0)), Tile("b", Matrix(DEEP))), None, "-4", "-4"),
        ((Tile("a", Matrix(FLAT), layer="1"), Tile("b", Matrix(DEEP), layer="1")), None, "-4", "-4"),
        (
            (Tile("a", Matrix(FLAT), layer="1"), Tile("b", Matrix(DEEP), layer="2")),
            None,
            "each layer its own scale",
            "-4",
        ),
        ((Tile("a", Matrix(FLAT)), Tile("b", Matrix(2 * FLAT))), None, "each its own scale", "0  2"),
    ],
    ids=["own", "given", "given to one", "a layer", "layers", "own without a minus"],
)
async def test_a_scale_is_that_of_all_tiles_or_of_the_one_under_the_cursor(
    tiles: tuple[Tile, ...], limit: float | None, unfocused: str, second: str
) -> None:
    async with gallery((60, 8)) as (shown, pilot):
        shown.show(Gallery(tiles, limit=limit))
        await pilot.pause()
        assert " ".join(shown.text().splitlines()[-1].split()).startswith(" ".join(unfocused.split()))
        shown.focus()
        await pilot.press("pagedown")
        below = shown.text().splitlines()[-1]
        assert " ".join(second.split()) in " ".join(below.split())
        assert "scale" not in below


async def test_where_all_is_zero_there_is_no_scale_for_its_ends_to_be_taken_for_the_reading() -> None:
    async with gallery((60, 8)) as (shown, pilot):
        shown.show(Gallery((Tile("a", Matrix(0.0 * FLAT)), Tile("b", Matrix(0.0 * FLAT))), limit=1.0))
        shown.focus()
        await pilot.pause()
        assert shown.text().splitlines()[-1].strip() == "a · row 1, column 1: 0"


async def test_equal_weights_of_a_layer_have_equal_colours() -> None:
    rng = np.random.default_rng(0)
    banks = [rng.normal(size=(3, 1, 3, 3)), rng.normal(size=(3, 3, 3, 3)) / 9]
    biases = [np.full(3, 0.3), np.full(3, 0.01)]
    drawn = filters_view(banks, biases)
    async with gallery((60, 30)) as (shown, _):
        shown.show(drawn)
        limits = dict(zip([tile.title for tile in drawn.tiles], shown._limits, strict=True))
    assert len({limits[name] for name in ("1.1", "1.2", "1.3", "1.biases")}) == 1
    assert len({limits[name] for name in ("2.1", "2.2", "2.3", "2.biases")}) == 1
    assert limits["1.1"] >= np.abs(banks[0]).max() > limits["2.1"] >= np.abs(banks[1]).max()


async def test_no_map_of_a_layer_is_beyond_its_scale() -> None:
    maps = [("conv 1", np.array([[[0.0, 1.249]], [[0.0, 0.5]]])), ("scores", np.array([-3.04, 1.0]))]
    async with gallery((60, 12)) as (shown, _):
        shown.show(layers_view(maps))
        assert shown._limits == (1.5, 1.5, 4.0)


async def test_all_filters_of_a_layer_are_seen_where_the_screen_is_small() -> None:
    rng = np.random.default_rng(0)
    drawn = filters_view(
        [rng.normal(size=(12, 1, 3, 3)), rng.normal(size=(12, 12, 3, 3))], [np.zeros(12)] * 2
    )
    async with gallery((30, 9)) as (shown, pilot):
        shown.show(drawn)
        await pilot.pause()
        assert "1.12" in shown.text()
        assert "14 more" in shown.text()
        shown.focus()
        await pilot.press(*["pagedown"] * 13)
        assert shown.text().splitlines()[0].strip() == "2.1"
        assert "2.1 · r1, c1: " in shown.text()


async def test_a_note_gives_way_to_what_a_whole_tile_takes() -> None:
    faces = tuple(tile(k, 8, 8, caption=f"right {k}%") for k in range(20))
    async with gallery((70, 7)) as (shown, pilot):
        shown.show(Gallery(faces, limit=1.0, note="3 of 20 wrong"))
        await pilot.pause()
        assert "right 0%" in shown.text()
        assert "3 of 20 wrong" in shown.text()
        shown.focus()
        await pilot.pause()
        assert "f0 · row 1, column 1" in shown.text()
