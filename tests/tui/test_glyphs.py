"""What is told by colour is told without it, too."""

import pytest

from scratchtui.tui.glyphs import marked, spelt
from tests.tui.stage import Stage, stage


def test_each_curve_has_a_glyph_of_its_own_in_chart_and_legend() -> None:
    rows = [
        [("1e0│", "chart--axis"), ("⠁⠉", "chart--curve-0"), ("⠀ ⣿", "chart--curve-1"), ("⡇", "chart--band")],
        [("━ unseen  ", "chart--curve-1"), ("⠒⠤ run 1", "chart--dim")],
    ]
    assert marked(rows) == [
        [("1e0│", "chart--axis"), ("⠁⠉", "chart--curve-0"), ("⠀ x", "chart--curve-1"), ("⡇", "chart--band")],
        [("x unseen  ", "chart--curve-1"), ("·· run 1", "chart--dim")],
    ]


def emphasised(s: Stage, attribute: str) -> set[str]:
    """Return what is written reversed, underlined or bold on the screen."""
    return {
        seg.text.strip() for row in s.strips for seg in row if seg.style and getattr(seg.style, attribute)
    } - {""}


async def test_what_a_cursor_is_on_is_reversed_where_there_are_no_colours() -> None:
    async with stage(colourless=True) as s:
        assert emphasised(s, "reverse") >= {"1 Binary", "hyperparameters"}
        await s.press("2")
        await s.shows("x1 x2")
        await s.press("tab", "tab")
        assert emphasised(s, "reverse") >= {"2 Neural net", "rows", "0"}
        await s.press("e")
        await s.shows("command line")
        assert any("command line" in each for each in emphasised(s, "underline"))


@pytest.mark.parametrize(("width", "shown"), [(60, False), (80, True)])
async def test_the_name_makes_room_for_the_pace(width: int, shown: bool) -> None:
    async with stage((width, 24)) as s:
        assert ("scratchtui" in s.rows[0]) is shown
        assert s.rows[0].rstrip().endswith("seed 0   10/s ‖")


async def test_arrows_are_words_in_ascii_for_other_keys_look_like_them() -> None:
    assert spelt((("↑↓←→ hjkl", "move"), ("g", "go"))) == (("arrows hjkl", "move"), ("g", "go"))
    async with stage(ascii_only=True) as s:
        await s.shows("up/down choose", "left/right change")
        await s.press("tab", "f1")
        await s.shows("left/right  read the curves")
