"""Cells written pen by pen show what they show written line by line, for fewer bytes."""

from __future__ import annotations

import re

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchtui.tui.layers import Line, Skills, layered, written
from scratchtui.tui.pens import PLAIN, Hand, Pen, on_blank, pen

PENS = (
    PLAIN,
    pen(foreground="38;5;75"),
    pen(foreground="38;5;75", background="48;5;18"),
    pen(foreground="38;5;18", background="48;5;75"),
    pen(foreground="38;5;18", background="48;5;18"),
    pen(frozenset("1"), "38;5;208", "48;5;18"),
    pen(frozenset("4"), "38;5;208", "48;5;18"),
    pen(frozenset("7"), "39", "48;5;18"),
)
WIDTH, HEIGHT = 24, 6
SKILLS = [Skills(), Skills(erases=True), Skills(repeats=True), Skills(erases=True, repeats=True)]


def shown(*texts: str) -> list[list[object]]:
    """Return how each cell looks, a blank without lines like its background, a half block turned one way."""
    screen = pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.Stream(screen)
    stream.feed("\x1b[?7l")
    for text in texts:
        stream.feed(re.sub(r"(.)\x1b\[(\d+)b", lambda m: m[1] * (int(m[2]) + 1), text))
    return [[look(screen.buffer[y][x]) for x in range(WIDTH)] for y in range(HEIGHT)]


def look(cell: pyte.screens.Char) -> object:
    if cell.data in "▀▄" and not (cell.reverse or cell.underscore):
        halves = (cell.fg, cell.bg) if cell.data == "▀" else (cell.bg, cell.fg)
        return cell.bg if halves[0] == halves[1] else halves
    if cell.data == " " and not (cell.underscore or cell.reverse):
        return cell.bg
    return cell


def line_of(cells: list[tuple[str, Pen]]) -> tuple[list[str], list[Pen]]:
    return [text for text, _ in cells], [on_blank(p) if text == " " else p for text, p in cells]


stretches = st.tuples(st.sampled_from("ab─│▀▄   "), st.sampled_from(PENS), st.integers(1, WIDTH))


@st.composite
def pictures(draw: st.DrawFn) -> list[list[tuple[str, Pen]]]:
    rows = []
    for _ in range(HEIGHT):
        row: list[tuple[str, Pen]] = []
        while len(row) < WIDTH:
            text, style, count = draw(stretches)
            row += [(text, style)] * count
        rows.append(row[:WIDTH])
    return rows


def changed(old: list[list[tuple[str, Pen]]] | None, new: list[list[tuple[str, Pen]]]) -> dict[int, Line]:
    lines = {}
    for y, row in enumerate(new):
        texts, pens = line_of(row)
        before = line_of(old[y]) if old else ([""] * WIDTH, [PLAIN] * WIDTH)
        columns = [x for x in range(WIDTH) if (texts[x], pens[x]) != (before[0][x], before[1][x])]
        if columns:
            lines[y] = Line(texts, pens, columns)
    return lines


def by_hand(lines: dict[int, Line]) -> str:
    hand = Hand()
    for y, line in lines.items():
        hand.write(y, *line)
    return hand.finish()


@pytest.mark.parametrize("skills", SKILLS, ids=str)
def test_any_change_ends_in_the_picture_that_is_written_line_by_line(skills: Skills) -> None:
    @settings(max_examples=60, deadline=None)
    @given(pictures(), pictures())
    def same(old: list[list[tuple[str, Pen]]], new: list[list[tuple[str, Pen]]]) -> None:
        first, then = changed(None, old), changed(old, new)
        expected = shown(by_hand(first), by_hand(then))
        assert shown(layered(first, skills), layered(then, skills)) == expected
        assert shown(by_hand(first), written(then, skills)) == expected
        assert len(written(then, skills).encode()) <= len(by_hand(then).encode())

    same()


FRAME = pen(foreground="38;5;75")
BLUE = on_blank(pen(background="48;5;18"))


@pytest.mark.parametrize(
    ("texts", "pens", "skills", "expected"),
    [
        (["─" * WIDTH], [FRAME], Skills(repeats=True), "\x1b[38;5;75m\x1b[H─\x1b[23b\x1b[m"),
        ([" " * WIDTH], [BLUE], Skills(erases=True), "\x1b[48;5;18m\x1b[H\x1b[K\x1b[m"),
        ([" " * 12], [BLUE], Skills(erases=True), "\x1b[48;5;18m\x1b[H\x1b[12X\x1b[m"),
        ([" " * 8], [BLUE], Skills(erases=True), "\x1b[48;5;18m\x1b[H        \x1b[m"),
        (["│", "│", "│"], [FRAME], Skills(), "\x1b[38;5;75m\x1b[H│\r\v│\r\v│\x1b[m"),
    ],
)
def test_strokes_are_repeated_blanks_erased_and_columns_written_downwards(
    texts: list[str], pens: list[Pen], skills: Skills, expected: str
) -> None:
    lines = {}
    for y, text in enumerate(texts):
        rest = WIDTH - len(text)
        line = [*text, *" " * rest], [pens[0]] * len(text) + [on_blank(PLAIN)] * rest
        lines[y] = Line(*line, list(range(len(text))))
    assert layered(lines, skills) == expected


def test_a_line_with_wide_or_combined_characters_is_written_by_itself() -> None:
    row = [("漢", FRAME), ("", FRAME), *[("e\u0301", PLAIN)] * 30]
    lines = {0: Line(*line_of(row), list(range(32))), 1: Line(*line_of([("a", FRAME)] * 32), list(range(32)))}
    assert "漢e\u0301" in re.sub(r"\x1b\[[0-9;]*m", "", written(lines, Skills(erases=True, repeats=True)))
