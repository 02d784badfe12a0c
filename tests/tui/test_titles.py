"""A title names the panel that is seen and, as far as there is room, those behind it in the order of tab."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from rich.cells import cell_len
from rich.text import Text

from scratchtui.experiments.panel import Panel
from scratchtui.tui.titles import BETWEEN, markup_of, panel_at, parts_of
from tests.experiments.tiny import Tiny, listed
from tests.tui.stage import Stage, stage

NAMES = ("filters", "layers", "pixels", "confusion", "faces", "patches", "data")
PANELS = tuple(Panel(name, name, "side", "matrix", f"About {name}.") for name in NAMES)

TITLES = [  # width, title
    (80, "filters │ layers │ pixels │ confusion │ faces │ patches │ data"),
    (66, "filters │ layers │ pixels │ confusion │ faces │ patches │ data"),
    (65, "filters │ layers │ pixels │ confusion │ faces │ patches │ +1"),
    (63, "filters │ layers │ pixels │ confusion │ faces │ +2"),
    (32, "filters │ layers │ +5"),
    (34, "filters │ layers │ pixels │ +4"),
    (16, "filters │ +6"),
    (15, "filters"),
    (5, "filters"),
]


@pytest.mark.parametrize(("width", "title"), TITLES)
def test_names_that_do_not_fit_are_counted(width: int, title: str) -> None:
    parts = parts_of(PANELS[0], list(PANELS[1:]), width)
    assert BETWEEN.join(words for words, _ in parts) == title
    assert Text.from_markup(markup_of(parts)).plain == title


def test_a_panel_with_none_behind_it_has_its_own_name_alone() -> None:
    assert parts_of(PANELS[0], [], 30) == [("filters", PANELS[0])]


def test_each_part_of_a_title_stands_for_a_panel_and_the_count_for_the_first_of_the_rest() -> None:
    parts = parts_of(PANELS[0], list(PANELS[1:]), 34)
    title = BETWEEN.join(words for words, _ in parts)
    found = [panel_at(parts, x) for x in range(-1, len(title) + 2)]
    assert [found[1 + title.index(name)] for name in NAMES[:3]] == list(PANELS[:3])
    assert found[1 + title.index("+4")] is PANELS[3]
    assert found[0] is found[-1] is None
    assert found[1 + title.index("│")] is None


@pytest.fixture
def seven(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An experiment with seven panels that share a place; each draws the same."""
    view = Tiny.view
    monkeypatch.setattr(Tiny, "panels", (*PANELS, Tiny.panels[0]))
    monkeypatch.setattr(
        Tiny, "view", lambda self, panel, *rest: view(self, panel if panel == "picture" else "weights", *rest)
    )
    with listed():
        yield


def title_row(s: Stage) -> str:
    """Return the title of the panels that share a place, as it is on the screen."""
    (y,) = {s.app.query_one(f"#{name}").region.y for name in NAMES if s.app.query_one(f"#{name}").display}
    return s.rows[y][48:]


async def test_tab_goes_to_what_stands_next_in_the_title(seven: None) -> None:
    async with stage(tab="tiny") as s:
        s.app.pane.panels.go_to("filters")
        await s.settle()
        for name, following in pairwise(NAMES):
            assert s.app.focused is not None
            assert s.app.focused.id == name
            focused = s.app.focused
            await s.until(lambda focused=focused: focused.region.width, "place for the panel")  # type: ignore[misc]
            title = Text.from_markup(str(s.app.focused.border_title)).plain
            assert cell_len(title) <= s.app.focused.region.width - 4
            shown, beside, *rest = title.split(BETWEEN)
            assert (shown, beside) == (name, following)
            count = sum(int(part[1:]) if part.startswith("+") else 1 for part in (beside, *rest))
            assert count == len(NAMES) - 1
            await s.press("tab")
        assert s.app.focused is not None
        assert s.app.focused.id == "data"


async def test_a_name_or_the_count_that_is_clicked_brings_its_panel_to_the_front(seven: None) -> None:
    async with stage(tab="tiny") as s:
        await s.pilot.pause()
        row = title_row(s)
        assert "filters │ layers │ +5" in row
        y = s.app.query_one("#filters").region.y
        await s.pilot.click(offset=(48 + row.index("layers"), y))
        await s.settle()
        assert s.app.focused is s.app.query_one("#layers")
        row = title_row(s)
        assert "layers │ pixels │ +5" in row
        await s.pilot.click(offset=(48 + row.index("+5"), y))
        await s.settle()
        assert s.app.focused is s.app.query_one("#confusion")
