"""With sixteen colours the curves differ, and what is written is read on its ground."""

import pytest
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual import color
from textual.app import App, ComposeResult
from textual.theme import Theme

from scratchtui.tui import ramp
from scratchtui.tui.sixteen import SixteenColours, in_sixteen
from scratchtui.tui.themes import THEMES
from scratchtui.tui.widgets.chart import Chart
from tests.tui.test_chart import paths

READ_ON_WHITE = {0, 1, 4, 5, 8}
READ_ON_BLACK = {2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}


class Stage(App[None]):
    def compose(self) -> ComposeResult:
        yield Chart()


def entry(style: Style | None) -> int | None:
    assert style is not None
    assert style.color is not None
    return style.color.number


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_eight_curves_have_eight_of_the_sixteen_colours(theme: Theme) -> None:
    app = Stage()
    for each in THEMES:
        app.register_theme(each)
    app.theme = theme.name
    async with app.run_test(size=(44, 10)) as pilot:
        shown = app.query_one(Chart)
        shown.show(paths(8, 300))
        await pilot.pause()
        names = [list(shown.render_line(row))[-1] for row in range(8)]
        dark = bool(app.current_theme.dark)
        assert len({entry(in_sixteen(each.style, dark=dark)) for each in names if each.style}) == 8


@pytest.mark.parametrize("share", [0.25, 0.35, 0.45, 0.65, 0.75, 1.0])
@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_words_and_lines_are_read_however_faint_they_are(theme: Theme, share: float) -> None:
    ground, ink = (color.Color.parse(getattr(theme, name)) for name in ("background", "foreground"))
    mixed = ground.blend(ink, share)
    style = Style(color=Color.from_rgb(*mixed.rgb), bgcolor=Color.from_rgb(*ground.rgb))
    (segment,) = SixteenColours().apply([Segment("words", style)], ground)
    assert entry(segment.style) in (READ_ON_BLACK if ground.brightness < 0.5 else READ_ON_WHITE)


@pytest.mark.parametrize("name", ["accent", "success", "warning", "error"])
def test_words_on_a_light_ground_have_no_light_colour(name: str) -> None:
    light = next(theme for theme in THEMES if not theme.dark)
    style = Style(color=getattr(light, name), bgcolor=light.background)
    assert entry(in_sixteen(style, dark=False)) in READ_ON_WHITE


@pytest.mark.parametrize("dark", [True, False])
def test_the_colours_of_numbers_stay_as_they_are(dark: bool) -> None:
    colours = ramp.ramp_for(dark=dark, sixteen=True)
    for level in range(-ramp.LEVELS, ramp.LEVELS + 1):
        ours = colours.entry(level)
        style = Style(color=Color.from_rgb(*ramp.rgb(colours.zero)), bgcolor=Color.from_rgb(*ramp.rgb(ours)))
        drawn = in_sixteen(style, dark=dark)
        assert (entry(drawn), drawn.bgcolor and drawn.bgcolor.number) == (colours.zero, ours)
