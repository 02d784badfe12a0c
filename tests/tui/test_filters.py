"""What terminals without Unicode or colour are sent instead."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

import scratchtui
from scratchtui.tui.filters import AsciiOnly, Colourless, to_ascii
from tests.tui.stage import stage

PACKAGE = Path(scratchtui.__file__).parent
BLACK = Color(0, 0, 0)
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
COLOURS = st.sampled_from(["red", "#12ab34", "color(200)", "default"])
PARTS = ("bold", "dim", "italic", "underline", "blink", "reverse", "strike", "overline")
STYLES = st.builds(
    Style, color=COLOURS, bgcolor=COLOURS, **{part: st.sampled_from([None, True, False]) for part in PARTS}
)


@settings(deadline=None)
@given(TEXTS)
def test_anything_becomes_ascii_of_the_same_width(text: str) -> None:
    shown = to_ascii(text)
    assert shown.isascii()
    assert cell_len(shown) == len(shown) == cell_len(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("abc ~ 123", "abc ~ 123"),
        ("╭─ loss ─╮│┤└┬╯", "+- loss -+|++++"),
        ("↑↓ ←→ ▶ ‖ · …", "^v <> > = . ~"),
        ("bits 8 → 7", "bits 8 > 7"),
        ("⠀⠁⠉⣀⠤⡇⣿", " ''..:#"),
        ("●○", "xo"),
        ("日本", "????"),
        ("e\u0301x", "ex"),
        ("\N{WOMAN}\u200d\N{PERSONAL COMPUTER}", "??"),
        ("", ""),
    ],
)
def test_what_a_figure_becomes(text: str, shown: str) -> None:
    assert to_ascii(text) == shown


@settings(deadline=None)
@given(st.lists(st.builds(Segment, TEXTS, STYLES), max_size=5))
def test_ascii_keeps_styles_and_the_number_of_segments(segments: list[Segment]) -> None:
    shown = AsciiOnly().apply(segments, BLACK)
    assert [s.style for s in shown] == [s.style for s in segments]
    assert [s.cell_length for s in shown] == [s.cell_length for s in segments]


@settings(deadline=None)
@given(TEXTS, STYLES)
def test_colourless_keeps_text_bold_underline_and_reverse_and_no_colour(text: str, style: Style) -> None:
    (shown,) = Colourless().apply([Segment(text, style)], BLACK)
    assert shown.text == text
    assert shown.style is not None
    assert shown.style.color is None
    assert shown.style.bgcolor is None
    for part in ("bold", "underline", "reverse"):
        assert getattr(shown.style, part) == getattr(style, part)


@settings(deadline=None)
@given(st.sampled_from([AsciiOnly(), Colourless()]))
def test_filters_leave_control_and_unstyled_segments_alone(line_filter: AsciiOnly | Colourless) -> None:
    segments = [Segment("x"), Segment("\x1b[?25l", None, [(1,)])]  # type: ignore[list-item]
    assert line_filter.apply(segments, BLACK) == segments


async def test_the_app_in_ascii_is_ascii_down_to_its_dialogs() -> None:
    async with stage(ascii_only=True) as s:
        await s.press("full_stop", "full_stop", "slash")
        await s.answer("178")
        await s.shows("step 2", "(178)")
        assert s.text.isascii()
        assert {len(row) for row in s.rows} == {80}
        await s.press("M")
        await s.shows("mouse o")
        await s.press("question_mark")
        await s.shows("esc closes")
        assert s.text.isascii()
        await s.press("escape", "colon")
        await s.shows("quit")
        assert s.text.isascii()


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_the_app_without_colour_has_none_and_says_the_same(size: tuple[int, int]) -> None:
    async with stage(size, colourless=True) as s:
        await s.press("full_stop", "full_stop", "z")
        await s.shows("step 2")
        for row in s.strips:
            assert not [seg for seg in row if seg.style and (seg.style.color or seg.style.bgcolor)]
        assert any(seg.style and seg.style.bold for row in s.strips for seg in row)


OF_USERS = re.compile("[éïветмипр日本の🙂🙃]|[¡¬®ÿ▟]")  # texts to learn, and the ends of ranges


def test_every_character_that_is_drawn_has_one_of_ascii() -> None:
    drawn = set("".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")))
    unknown = {c for c in drawn if "?" in to_ascii(c) and c != "?" and not OF_USERS.match(c)}
    assert not unknown
