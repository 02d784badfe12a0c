"""A chart draws its curves, names them, and stands still while data arrives."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import combinations

import numpy as np
import pytest
from textual.app import App, ComposeResult
from textual.color import Color
from textual.pilot import Pilot
from textual.theme import Theme

from scratchtui.experiments.view import Curve, Curves
from scratchtui.tui import plot
from scratchtui.tui.themes import THEMES
from scratchtui.tui.widgets.chart import Chart

DESIGN = 44, 9


class Stage(App[None]):
    """A chart and nothing else."""

    def compose(self) -> ComposeResult:
        yield Chart()


@asynccontextmanager
async def chart(size: tuple[int, int] = DESIGN) -> AsyncIterator[tuple[Chart, Pilot[None]]]:
    app = Stage()
    async with app.run_test(size=size) as pilot:
        yield app.query_one(Chart), pilot


def loss(steps: int, last: float = 1e-12) -> Curves:
    x = np.arange(steps + 1.0)
    y = 1e4 * (last / 1e4) ** (x / max(1, steps))
    return Curves((Curve("loss", x, y),), logarithmic=True, empty="no step yet")


def paths(bits: int = 8, steps: int = 96, lowest: float = -0.5) -> Curves:
    x = np.arange(steps + 1.0)
    powers = [bit + np.log2(1.0 - 0.9 * np.exp(-x / (3.0 + bit))) for bit in range(bits)]
    curves = tuple(
        Curve(str(2**bit), x, np.where(powers[bit] < lowest, np.nan, powers[bit]))
        for bit in reversed(range(bits))
    )
    ticks = tuple((float(bit), str(2**bit)) for bit in reversed(range(bits)))
    return Curves(curves, ticks=ticks)


def lines(shown: Chart) -> list[str]:
    return shown.text().split("\n")


async def test_without_points_the_sentence_stands_in_the_middle() -> None:
    async with chart() as (shown, _):
        shown.show(Curves((), empty="no step yet: space runs"))
        (row,) = [y for y, line in enumerate(lines(shown)) if line]
        assert row == DESIGN[1] // 2
        assert lines(shown)[row].strip() == "no step yet: space runs"


async def test_points_that_are_no_numbers_are_no_points() -> None:
    async with chart() as (shown, _):
        x = np.arange(3.0)
        shown.show(
            Curves((Curve("loss", x, np.array([np.nan, np.inf, 0.0])),), logarithmic=True, empty="none")
        )
        assert shown.text().strip() == "none"


async def test_at_the_design_size_seven_rows_are_canvas_and_the_ticks_are_powers_of_ten() -> None:
    async with chart() as (shown, _):
        shown.show(loss(200))
        drawn = lines(shown)
        assert len(drawn) == 9
        assert [line[5] for line in drawn[:7]] == list("│┤││┤│┤")
        assert [drawn[y][:5].strip() for y in (1, 4, 6)] == ["1e0", "1e-6", "1e-12"]
        assert drawn[7].strip().strip("└┬─") == ""
        assert drawn[7].count("┬") == 5
        assert drawn[8].split() == ["step", "0", "50", "100", "150", "200"]


async def test_two_hundred_thousand_steps_are_written_short() -> None:
    async with chart() as (shown, _):
        shown.show(loss(200_000))
        assert lines(shown)[8].split() == ["step", "0", "50k", "100k", "150k", "200k"]


SIZES = [(44, 9), (20, 5), (12, 2), (12, 4), (30, 7), (100, 30), (190, 45)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("curves", [loss(200), paths(), paths(16, 300)])
async def test_every_row_fits_the_widget(size: tuple[int, int], curves: Curves) -> None:
    async with chart(size) as (shown, _):
        shown.show(curves)
        assert len(lines(shown)) == size[1]
        assert max(map(len, lines(shown))) <= size[0]
        assert set(shown.text()) & {chr(code) for code in range(0x2801, 0x2900)}


async def test_the_same_data_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    builds: list[tuple[int, int]] = []
    draw = plot.draw

    def counted(strokes: Sequence[tuple[plot.Dots, int]], size: tuple[int, int]) -> plot.Picture:
        builds.append(size)
        return draw(strokes, size)

    monkeypatch.setattr(plot, "draw", counted)
    async with chart() as (shown, pilot):
        shown.show(loss(200))
        shown.show(loss(200))
        await pilot.pause()
        assert len(builds) == 1
        shown.show(loss(199))
        assert len(builds) == 2


async def test_the_old_part_of_a_curve_stands_still_while_steps_are_added() -> None:
    whole = loss(200)
    (curve,) = whole.curves

    def until(step: int) -> Curves:
        part = Curve(curve.name, curve.x[:step], curve.y[:step])
        return Curves((part,), logarithmic=True)

    async with chart() as (shown, _):
        shown.show(until(155))
        before = lines(shown)
        shown.show(until(159))
        after = lines(shown)
        differing = [
            (y, x)
            for y, (a, b) in enumerate(zip(before, after, strict=True))
            for x in range(max(len(a), len(b)))
            if a[x : x + 1].replace("\u2800", " ") != b[x : x + 1].replace("\u2800", " ")
            and (a[x : x + 1] + b[x : x + 1]).strip(" \u2800")
        ]
        assert 1 <= len(differing) <= 3


async def test_given_ticks_and_names_at_the_right_tell_the_paths_apart() -> None:
    async with chart((60, 14)) as (shown, _):
        shown.show(paths())
        ends = [line.split()[-1] for line in lines(shown)[:12] if line and line[-1].isdigit()]
        assert ends == ["128", "64", "32", "16", "8", "4", "2", "1"]
        labels = [line[: line.index("┤")].strip() for line in lines(shown) if "┤" in line]
        assert labels == ["128", "64", "32", "16", "8", "4", "2", "1"]


def ticks_and_names(shown: Chart) -> list[tuple[str, str]]:
    """Return the words at the left and at the right end of each row of the canvas."""
    rows = [line for line in lines(shown) if set(line) & set("┤│")]
    return [(row[: row.index(next(c for c in row if c in "┤│"))].strip(), name_of(row)) for row in rows]


def name_of(row: str) -> str:
    return row.rsplit(maxsplit=1)[-1] if row[-1].isdigit() else ""


POWERS = ["128", "64", "32", "16", "8", "4", "2", "1"]
THINNED = [  # size, bits, the ticks and names that are seen, rows of canvas
    ((44, 10), 8, POWERS, 8),
    ((44, 9), 8, POWERS, 8),
    ((44, 18), 8, POWERS, 16),
    ((44, 8), 8, ["128", "32", "8", "2"], 6),
    ((44, 5), 8, ["128", "32", "8", "2"], 4),
    ((44, 4), 8, ["128", "16", "2"], 3),
    ((44, 10), 16, ["32768", "8192", "2048", "512", "128", "32", "8", "2"], 8),
    ((44, 10), 4, ["8", "4", "2", "1"], 8),
]


@pytest.mark.parametrize(("size", "bits", "seen", "rows"), THINNED)
async def test_a_tick_and_the_curve_on_it_share_a_row_and_where_rows_lack_are_thinned_alike(
    size: tuple[int, int], bits: int, seen: list[str], rows: int
) -> None:
    async with chart(size) as (shown, _):
        shown.show(paths(bits, 300))
        words = ticks_and_names(shown)
        assert len(words) == rows
        assert [pair for pair in words if any(pair)] == [(word, word) for word in seen]


async def test_each_landed_curve_is_drawn_in_the_row_of_its_tick() -> None:
    async with chart((44, 10)) as (shown, _):
        shown.show(paths(8, 300))
        canvas = [line[line.index("┤") + 1 : -4] for line in lines(shown)[:8]]
        columns = len(canvas[0])
        assert all(set(row[columns // 3 : 2 * columns // 3]) <= set("⠉⠒⠤⣀") for row in canvas)


async def test_of_curves_in_one_row_the_highest_is_named_and_none_is_named_elsewhere() -> None:
    x = np.arange(50.0)
    curves = tuple(Curve(name, x, np.full(50, y)) for name, y in (("1", 2.9), ("2", 3.1), ("3", 0.0)))
    async with chart((44, 10)) as (shown, _):
        shown.show(Curves(curves, ticks=paths().ticks))
        assert [name for _, name in ticks_and_names(shown)] == ["", "", "", "", "2", "", "", "3"]


async def test_numbers_below_the_ticks_take_rows_and_what_is_left_is_thinned() -> None:
    async with chart((44, 10)) as (shown, _):
        shown.show(paths(8, 300, lowest=-10.0))
        pairs = [("128", "128"), ("32", "32"), ("", ""), ("8", "8"), ("2", "2"), *[("", "")] * 3]
        assert ticks_and_names(shown) == pairs


async def test_other_ticks_make_another_axis() -> None:
    async with chart((44, 10)) as (shown, _):
        shown.show(paths(8))
        shown.show(paths(7))
        after = shown.text()
    async with chart((44, 10)) as (shown, _):
        shown.show(paths(7))
        assert shown.text() == after


async def test_names_of_sixteen_paths_do_not_overlap_at_the_design_size() -> None:
    async with chart() as (shown, _):
        shown.show(paths(16, 300))
        ends = [int(line.split()[-1]) for line in lines(shown)[:7] if line[-1:].isdigit()]
        assert len(ends) >= 5
        assert ends == sorted(ends, reverse=True)
        assert all(value & (value - 1) == 0 for value in ends)


async def test_a_single_curve_has_neither_name_nor_legend() -> None:
    async with chart() as (shown, _):
        shown.show(loss(200))
        assert "loss" not in shown.text()


async def test_long_names_stand_in_a_legend() -> None:
    x = np.arange(10.0)
    named = [Curve(name, x, x * n) for n, name in enumerate(("on what it learns", "on the rest"))]
    async with chart() as (shown, _):
        shown.show(Curves(tuple(named)))
        assert lines(shown)[0].split("━")[1:] == [" on what it learns  ", " on the rest"]


async def test_a_value_far_outside_the_ticks_does_not_squash_the_rest() -> None:
    x = np.arange(50.0)
    y = np.where(x == 20, -300.0, 7.0)
    ticks = tuple((float(k), str(2**k)) for k in range(8))
    async with chart((60, 14)) as (shown, _):
        shown.show(Curves((Curve("a", x, y),), ticks=ticks))
        assert sum("┤" in line for line in lines(shown)) == 8


async def test_extremes_and_mark_stand_behind_the_curve() -> None:
    x = np.arange(100.0)
    curve = Curve("loss", x, np.full(100, 0.5), low=np.zeros(100), high=np.ones(100))
    async with chart() as (shown, _):
        shown.show(Curves((curve,)))
        plain = shown.text()
        shown.show(Curves((curve,)), mark=50.0)
        assert "⡇" in plain
        assert lines(shown)[:7] == plain.split("\n")[:7]  # the band is where the mark would be
        column = lines(shown)[7].index("▲")
        shown.show(Curves((Curve("loss", x, np.full(100, 0.5)),)), mark=50.0)
        assert {line.index("│", 8) for line in lines(shown)[:7] if "│" in line[8:]} == {column}


@pytest.mark.parametrize(("height", "pointed"), [(9, "─▲─"), (5, " ▲ ")])
async def test_the_axis_points_at_the_mark_where_curves_hide_it(height: int, pointed: str) -> None:
    x = np.arange(100.0)
    async with chart((44, height)) as (shown, _):
        shown.show(Curves((Curve("loss", x, x),)), mark=40.0)
        assert pointed in lines(shown)[height - 2 if height > 6 else height - 1]
        shown.show(Curves((Curve("loss", x, x),)), mark=0.0)
        assert "▲" in shown.text() or height < 6  # there the label of 0 is emphasised


async def test_a_resize_draws_again_and_a_theme_changes_colours_only() -> None:
    async with chart() as (shown, pilot):
        shown.show(loss(200))
        before = shown.text()
        dark = shown.render_line(3)
        pilot.app.theme = "textual-light"
        await pilot.pause()
        assert shown.text() == before
        assert shown.render_line(3).text == dark.text
        assert list(shown.render_line(3)) != list(dark)
        await pilot.resize_terminal(80, 20)
        assert len(lines(shown)) == 20


def difference(one: Color, other: Color) -> int:
    return sum(abs(a - b) for a, b in zip(one.rgb, other.rgb, strict=True))


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of WCAG, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: Color) -> float:
    parts = np.array(colour.normalized)
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_eight_curves_differ_in_colour_and_are_read_on_the_background(theme: Theme) -> None:
    app = Stage()
    app.register_theme(theme)
    app.theme = theme.name
    async with app.run_test(size=(44, 10)) as pilot:
        shown = app.query_one(Chart)
        shown.show(paths(8, 300))
        await pilot.pause()
        names = [list(shown.render_line(row))[-1] for row in range(8)]
        assert [segment.text.strip() for segment in names] == POWERS
        colours = [Color.from_rich_color(segment.style.color) for segment in names if segment.style]
        ground = Color.from_rich_color(shown.rich_style.bgcolor)
        assert len(colours) == 8
        assert min(difference(*pair) for pair in combinations(colours, 2)) >= 80
        assert min(contrast(colour, ground) for colour in colours) >= 4.0


async def test_the_ninth_curve_has_the_colour_of_the_first() -> None:
    async with chart((44, 11)) as (shown, _):
        shown.show(paths(9, 400))
        styles = [list(shown.render_line(row))[-1].style for row in range(9)]
        assert styles[8] == styles[0]
        assert len(set(styles)) == 8


async def test_a_curve_has_one_foreground_on_the_widgets_own_background() -> None:
    async with chart() as (shown, _):
        shown.show(loss(200))
        backgrounds = {
            segment.style.bgcolor for y in range(9) for segment in shown.render_line(y) if segment.style
        }
        assert backgrounds == {shown.rich_style.bgcolor}
