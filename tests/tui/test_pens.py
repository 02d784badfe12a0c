"""The shortest sequences lead where the long ones do."""

import io

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color, ColorSystem
from rich.console import Console
from rich.style import Style

from scratchtui.tui.pens import PLAIN, UNKNOWN, Hand, Pens, change, move, on_blank, pen

WIDTH, HEIGHT = 130, 40


def console(color_system: str = "truecolor", *, no_color: bool = False) -> Console:
    return Console(
        file=io.StringIO(),
        force_terminal=True,
        color_system=color_system,
        no_color=no_color,
        legacy_windows=False,
    )


TRUECOLOR = Pens(console())
ATTRIBUTES = ("bold", "italic", "underline", "blink", "reverse", "strike")  # those that pyte shows
COLORS = st.sampled_from([None, "default", "red", "bright_blue", "color(200)", "#0000af", "#010203"])
PENS = st.builds(
    lambda attributes, color, background: TRUECOLOR(
        Style(**dict.fromkeys(attributes, True), color=color, bgcolor=background)
    ),
    st.sets(st.sampled_from(ATTRIBUTES)),
    COLORS,
    COLORS,
)


def held_after(*sequences: str) -> pyte.screens.Char:
    screen = pyte.Screen(2, 1)
    pyte.Stream(screen).feed("".join(sequences))
    return screen.cursor.attrs


@given(st.lists(PENS, min_size=1))
def test_changing_from_pen_to_pen_ends_with_the_last_one(pens):
    held, sequences = PLAIN, []
    for each in pens:
        sequence, held = change(held, each)
        sequences.append(sequence)
        assert held is each
    assert held_after(*sequences) == held_after(f"\x1b[{pens[-1].anew}m")


@given(PENS, PENS)
def test_no_change_is_longer_than_a_reset_and_all_codes(held, wanted):
    sequence, _ = change(held, wanted)
    assert len(sequence) <= len(f"\x1b[{wanted.anew}m")


@pytest.mark.parametrize(
    ("held", "wanted", "sequence"),
    [
        ("bold dim red", "bold red", "22;1"),
        ("underline red", "underline2 red", "24;21"),
        ("bold red", "red", "22"),
        ("bold red on blue", "none", ""),
        ("red on blue", "red", "49"),
        ("red", "none", ""),
        ("red on blue", "bold red on white", "1;47"),
    ],
)
def test_only_what_differs_between_pens_is_told(held, wanted, sequence):
    held, wanted = (TRUECOLOR(Style.parse(each)) for each in (held, wanted))
    assert change(held, wanted) == (f"\x1b[{sequence}m", wanted)


@given(PENS)
def test_a_pen_already_held_costs_nothing(held):
    assert change(held, held) == ("", held)


@given(PENS, PENS)
def test_a_blank_changes_no_more_than_shows(held, wanted):
    sequence, kept = change(held, on_blank(wanted))
    assert kept.background == wanted.background
    assert kept.attributes & {"4", "7", "9"} == wanted.attributes & {"4", "7", "9"}
    assert len(sequence) <= len(change(held, wanted)[0])


@pytest.mark.parametrize(
    ("system", "color", "codes"),
    [
        ("truecolor", "#0000af", "38;5;19"),
        ("truecolor", "#eeeeee", "38;5;255"),
        ("truecolor", "#000000", "38;5;16"),
        ("truecolor", "#0000b0", "38;2;0;0;176"),
        ("truecolor", "red", "31"),
        ("truecolor", "color(12)", "94"),
        ("truecolor", "default", "39"),
        ("256", "#d7d7af", "38;5;187"),
        ("256", "#0000b0", "38;5;19"),
        ("standard", "#0000af", "34"),
        ("standard", "color(19)", "34"),
    ],
)
def test_a_color_is_written_in_its_shortest_form_that_the_color_system_knows(system, color, codes):
    assert Pens(console(system))(Style(color=color)).foreground == codes


def test_the_palette_agrees_with_rich_from_16_to_255():
    for number in range(16, 256):
        triplet = Color.from_ansi(number).get_truecolor()
        assert TRUECOLOR(Style(color=Color.from_triplet(triplet))).foreground == f"38;5;{number}"


def test_a_console_without_color_keeps_attributes_and_drops_colors():
    found = Pens(console(no_color=True))(Style(color="red", bgcolor="#123456", bold=True))
    assert found is pen(frozenset("1"))


def test_styles_that_look_alike_share_a_pen_whatever_their_meta():
    plain = TRUECOLOR(Style(color="red"))
    assert TRUECOLOR(Style(color="red") + Style.from_meta({"@click": "quit"})) is plain
    assert TRUECOLOR(Style(color="red", bold=False)) is plain
    assert TRUECOLOR(Style(color="#0000af")) is TRUECOLOR(Style(color="color(19)"))


def test_a_link_is_opened_and_closed():
    linked = TRUECOLOR(Style(link="https://example.org"))
    assert change(PLAIN, linked)[0] == "\x1b]8;;https://example.org\x1b\\"
    assert change(linked, PLAIN)[0] == "\x1b]8;;\x1b\\"


def test_pens_notice_another_color_system():
    assert TRUECOLOR.suits(console())
    assert not TRUECOLOR.suits(console("256"))
    assert not TRUECOLOR.suits(console(no_color=True))
    assert Pens(console()).system is ColorSystem.TRUECOLOR


def test_a_flood_of_styles_is_not_kept_for_ever():
    pens = Pens(console())
    pens.LIMIT = 10
    found = {pens(Style(color=Color.from_rgb(n, 1, 1))) for n in range(100)}
    assert len(found) == 100
    assert len(pens._by_identity) <= 10


@given(
    st.integers(0, HEIGHT - 1),
    st.none() | st.integers(0, WIDTH - 1),
    st.integers(0, HEIGHT - 1),
    st.integers(0, WIDTH - 1),
)
def test_every_move_arrives_and_never_scrolls(y, x, to_y, to_x):
    screen = pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.Stream(screen)
    stream.feed(f"top\x1b[{y + 1};{(x or 0) + 1}H")
    way = move(y, x, to_y, to_x)
    stream.feed(way)
    assert (screen.cursor.y, screen.cursor.x) == (to_y, to_x)
    assert screen.display[0].startswith("top")
    assert len(way) <= len(f"\x1b[{to_y + 1};{to_x + 1}H")


@pytest.mark.parametrize(
    ("start", "end", "way"),
    [
        ((None, None), (0, 0), "\x1b[H"),
        ((None, None), (4, 0), "\x1b[5H"),
        ((None, None), (0, 4), "\x1b[;5H"),
        ((3, 3), (3, 4), "\x1b[C"),
        ((3, 3), (4, 2), "\v\b"),
        ((3, 3), (9, 3), "\x1b[6B"),
        ((3, 70), (4, 0), "\r\v"),
        ((3, 70), (2, 0), "\x1b[3H"),
    ],
)
def test_the_cheapest_move_is_taken(start, end, way):
    assert move(*start, *end) == way


@pytest.mark.parametrize(
    ("texts", "columns", "written"),
    [
        ("abcdefghij", [0, 1, 2], "\x1b[Habc"),
        ("abcdefghij", [0, 6], "\x1b[Ha\x1b[5Cg"),
        ("abcdefghij", [0, 5], "\x1b[Habcdef"),
        ("abcdefghij", [0, 9], "\x1b[Ha\x1b[8Cj"),
        (["a", UNKNOWN, "c", "d"], [0, 2], "\x1b[Ha\x1b[Cc"),
        (["漢", "", "c", "d"], [1, 2], "\x1b[H漢c"),
        (["e\u0301", "b", "c", "d"], [0, 1], "\x1b[He\u0301\r\x1b[Cb"),
    ],
)
def test_a_short_gap_is_written_over_and_a_long_one_jumped(texts, columns, written):
    hand = Hand()
    hand.write(0, list(texts), [PLAIN] * len(texts), columns)
    assert hand.finish() == written


FLAT = st.builds(
    lambda color, background: TRUECOLOR(Style(color=f"color({color})", bgcolor=f"color({background})")),
    st.integers(16, 20),
    st.integers(16, 20),
)


@given(st.lists(st.tuples(st.sampled_from("▀▄ x"), FLAT), min_size=1, max_size=20))
def test_half_blocks_show_their_colours_whichever_half_is_written(cells):
    hand = Hand()
    hand.write(0, [text for text, _ in cells], [pen for _, pen in cells], list(range(len(cells))))
    screen = pyte.Screen(20, 1)
    pyte.Stream(screen).feed(hand.finish())
    for place, (text, wanted) in enumerate(cells):
        shown = screen.buffer[0][place]
        colours = shown.fg, shown.bg
        ours = held_after(change(PLAIN, wanted)[0])
        expected = ours.fg, ours.bg
        if shown.data != text:
            assert {shown.data, text} == {"▀", "▄"}
            expected = expected[::-1]
        assert colours == expected


def test_a_half_block_whose_colours_are_held_the_other_way_costs_no_sequence():
    one, other = (
        TRUECOLOR(Style(color=f"color({a})", bgcolor=f"color({b})")) for a, b in ((20, 30), (30, 20))
    )
    hand = Hand()
    hand.write(0, ["▀", "▀", "▀"], [one, other, one], [0, 1, 2])
    assert hand.finish().count("38;5") == 1
