"""Panels share the screen: none overlaps, nothing is wasted, all that matters is seen at every size."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchtui.tui.arrangement import LARGE, MEDIUM, SMALLEST, Place, Wish, arrange
from tests.tui.stage import Stage, stage

BARS = 4  # header, footer and two lines of words
FRONT = frozenset({"loss", "weights", "paths", "settings"})
BEHIND = frozenset({"loss", "heatmap", "rows", "settings"})
PROMPT = 1
LEAST = 6


def wishes(weights: int = 11, heatmap: int = 8, settings_rows: int = 16) -> tuple[Wish, ...]:
    return (
        Wish("loss", "loss", None, 2),
        Wish("weights", "side", weights),
        Wish("heatmap", "side", heatmap),
        Wish("paths", "stage", None, 3),
        Wish("rows", "stage", None, 2),
        Wish("settings", "settings", settings_rows),
        Wish("prompt", "prompt", PROMPT),
        Wish("about", "about"),
    )


WIDTHS = st.integers(SMALLEST[0], 240)
HEIGHTS = st.integers(SMALLEST[1] - BARS, 80)
WISHES = st.builds(wishes, st.integers(4, 24), st.integers(6, 9), st.integers(4, 18))


def overlap(a: Place, b: Place) -> bool:
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height


@settings(deadline=None)
@given(WIDTHS, HEIGHTS, WISHES, st.sampled_from([FRONT, BEHIND]))
def test_panels_tile_the_screen(
    width: int, height: int, asked: tuple[Wish, ...], front: frozenset[str]
) -> None:
    places = arrange(width, height, asked, front)
    for place in places.values():
        assert 0 <= place.x < place.x + place.width <= width
        assert 0 <= place.y < place.y + place.height <= height
    assert not [pair for pair in combinations(places.values(), 2) if overlap(*pair)]
    assert sum(place.width * place.height for place in places.values()) == width * height


@settings(deadline=None)
@given(WIDTHS, HEIGHTS, WISHES, st.sampled_from([FRONT, BEHIND]))
def test_what_is_in_front_is_seen_at_every_size_and_can_be_used(
    width: int, height: int, asked: tuple[Wish, ...], front: frozenset[str]
) -> None:
    places = arrange(width, height, asked, front)
    assert front <= set(places)
    for name, rows in ((wish.name, wish.rows or LEAST) for wish in asked if wish.name in front):
        assert places[name].height >= min(rows, LEAST)
        assert places[name].width >= 22
    assert places["prompt"].height == PROMPT
    if width >= MEDIUM[0] and height >= MEDIUM[1]:
        assert {"weights", "heatmap", "paths", "rows"} <= set(places)
    assert ("about" in places) == (width >= LARGE[0] and height >= LARGE[1])


@settings(deadline=None)
@given(st.integers(60, 107), HEIGHTS, WISHES)
def test_nothing_moves_when_the_hidden_panels_come_to_the_front(
    width: int, height: int, asked: tuple[Wish, ...]
) -> None:
    one, other = arrange(width, height, asked, FRONT), arrange(width, height, asked, BEHIND)
    assert one["loss"] == other["loss"]
    assert one["settings"] == other["settings"]
    assert one["weights"] == other["heatmap"]
    assert one["paths"] == other["rows"]


@pytest.mark.parametrize("name", ["loss", "heatmap", "rows", "settings"])
def test_a_zoomed_panel_has_it_all(name: str) -> None:
    assert arrange(80, 20, wishes(), FRONT, name) == {name: Place(0, 0, 80, 20)}


def test_where_there_is_room_each_has_the_rows_it_asked_for() -> None:
    places = arrange(*LARGE, wishes(), FRONT)
    assert places["weights"].height == 11
    assert places["heatmap"].height == 8
    assert places["settings"].height == 16


FEW_ROWS = (
    Wish("loss", "loss", None, 2),
    Wish("table", "side", 7),
    *(Wish(name, "stage", None, 2) for name in ("surface", "units", "weights", "activations")),
    Wish("settings", "settings", 14),
    Wish("prompt", "prompt", PROMPT),
)


@pytest.mark.parametrize("front", ["surface", "units", "weights", "activations"])
def test_where_the_column_at_the_side_has_room_the_last_of_the_stage_has_it(front: str) -> None:
    places = arrange(120, 36, FEW_ROWS, frozenset({"loss", "table", front, "settings"}))
    assert (places["table"].height, places["settings"].height) == (7, 14)
    assert (places["activations"].x, places["activations"].height) == (72, 15)
    assert front in places
    assert len(places) == 7


def test_where_the_stage_begins_with_a_short_table_others_stand_below_it() -> None:
    asked = (
        *(Wish("loss", "loss", None, 2), Wish("twins", "side", 20), Wish("word", "stage", 8)),
        *(Wish(name, "stage") for name in ("probabilities", "writes", "reach", "memory")),
        *(Wish("settings", "settings", 12), Wish("about", "about")),
    )
    places = arrange(200, 46, asked, frozenset({"loss", "twins", "word", "settings"}))
    assert [name for name, place in places.items() if place.x == 0] == [
        "loss",
        "word",
        "probabilities",
        "writes",
    ]
    assert {"reach", "memory"} < set(places)
    assert places["word"].height == 8


# every kind of arrangement, both sides of each edge between them, and the sizes that are looked at
SIZES = [(60, 20), (80, 24), (107, 50), (108, 37), (108, 38), (120, 40), (159, 50), (160, 43), (160, 44)]
SIZES += [(200, 20), (60, 50), (200, 50), (61, 21)]


def panels_seen(s: Stage) -> list[tuple[str, Place]]:
    seen = [widget for widget in s.app.pane.panels.children if widget.display and widget.size.height]
    return [(widget.id or "", Place(*widget.region)) for widget in seen]


async def test_through_any_resize_panels_stand_within_the_screen_with_all_their_frame() -> None:
    async with stage((80, 24)) as s:
        await s.press("full_stop")
        for width, height in SIZES:
            await s.pilot.resize_terminal(width, height)
            await s.until(lambda w=width, h=height: (len(s.rows), len(s.rows[0])) == (h, w), "resize")
            await s.shows("loss", "hyperparameters", "decode › / to type", "paused · step 1")
            seen = panels_seen(s)
            assert {"loss", "weights", "paths", "settings", "prompt"} <= {name for name, _ in seen}
            area = Place(*s.app.pane.panels.region)
            for name, place in seen:
                assert place.x + place.width <= width, name
                assert area.y <= place.y <= place.y + place.height <= area.y + area.height, name
                if name != "prompt":
                    rows = s.rows
                    assert rows[place.y][place.x] == "╭", (name, width, height)
                    assert rows[place.y + place.height - 1][place.x + place.width - 1] == "╯"
