"""The terminal shows what Textual would have drawn, for fewer bytes."""

import contextlib
import importlib.util
import io
import os
import re
import sys
from itertools import pairwise
from pathlib import Path

import pexpect
import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events, messages
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.driver import Driver
from textual.geometry import Offset, Region, Size
from textual.strip import Strip
from textual.widgets import Input, Static

from scratchtui.tui import cells
from scratchtui.tui.cells import Cells, DifferentialDisplay, DifferingCells, clusters, hook_is_known

# what a terminal swallows and pyte would print: kitty's keyboard, and questions about modes
UNKNOWN_TO_PYTE = re.compile(r"\x1b\[[<>=][0-9;:]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p")

ALTERNATE_SCREEN_OFF = "\x1b[?1049l"


class Terminal:
    """A terminal emulator without line wrap, as Textual sets it."""

    def __init__(self, width: int, height: int) -> None:
        self.screen = pyte.Screen(width, height)
        self.stream = pyte.Stream(self.screen)
        self.feed("\x1b[?7l")

    def feed(self, text: str) -> None:
        self.stream.feed(UNKNOWN_TO_PYTE.sub("", text))

    def picture(self) -> list[list[object]]:
        """Return what each cell looks like; a blank without lines looks like its background."""
        return [self._line(y) for y in range(self.screen.lines)]

    def _line(self, y: int) -> list[object]:
        line, looks, x = self.screen.buffer[y], [], 0
        while x < self.screen.columns:
            cell = line[x]
            whole = x + 1 < self.screen.columns and not line[x + 1].data
            if cell.data and wide(cell.data) and whole:
                looks += [cell, "its second half"]
                x += 2
                continue
            if not cell.data or wide(cell.data):  # a terminal blanks what is left of a split one
                cell = cell._replace(data=" ")
            if cell.data == "▄" and not (cell.underscore or cell.reverse or cell.strikethrough):
                cell = cell._replace(data="▀", fg=cell.bg, bg=cell.fg)  # the same, turned
            if cell.data == "▀" and cell.fg == cell.bg != "default":
                cell = cell._replace(data=" ")
            if cell.data == " " and not (cell.underscore or cell.reverse or cell.strikethrough):
                cell = cell._replace(fg="any", bold=False, italics=False, blink=False)
            looks.append(cell)
            x += 1
        return looks


def wide(text: str) -> bool:
    return len(clusters(text)) > 1


def console(color_system: str = "truecolor", *, no_color: bool = False) -> Console:
    return Console(
        file=io.StringIO(),
        force_terminal=True,
        color_system=color_system,
        no_color=no_color,
        legacy_windows=False,
    )


STYLES = (
    {},
    {"color": "#0000af", "bgcolor": "#ffffff"},
    {"color": "#0000af", "bgcolor": "#d7d7af"},
    {"color": "#123456", "bgcolor": "#654321", "bold": True},
    {"color": "#123456", "underline": True},
    {"color": "red", "bgcolor": "bright_blue", "reverse": True, "italic": True},
    {"color": "color(200)", "strike": True, "dim": True, "bold": True},
    {"color": "default", "bgcolor": "default", "blink": True, "link": "https://example.org"},
)
INEXACT = [style for style in STYLES if "#0000af" not in style.values()]
NARROW = ["a", "b", " ", " ", "▀", "⣿", "é", "e\u0301"]
WIDE = ["漢", "한", "😀"]


@st.composite
def strips(draw, width: int, styles=STYLES) -> Strip:
    """A strip of exactly this many cells."""
    segments, used = [], 0
    while used < width:
        text = draw(st.sampled_from(NARROW + (WIDE if width - used > 1 else [])))
        repeat = draw(st.integers(1, max(1, (width - used) // len(clusters(text)))))
        meta = draw(st.sampled_from([None, {"offset": used}]))
        style = Style(**draw(st.sampled_from(styles)), meta=meta)
        segments.append(Segment(text * repeat, style))
        used += len(clusters(text)) * repeat
    return Strip(segments, width)


@st.composite
def rows_of_chops(draw, size: Size, styles=STYLES) -> list[dict[int, Strip | None]]:
    """Each line cut anywhere, as overlapping widgets cut it."""
    rows = []
    for _ in range(size.height):
        inner = draw(st.sets(st.integers(1, size.width - 1), max_size=3)) if size.width > 1 else ()
        cuts = [0, *sorted(inner), size.width]
        rows.append({cut: draw(strips(end - cut, styles)) for cut, end in pairwise(cuts)})
    return rows


@st.composite
def updates(draw, size: Size, styles=STYLES) -> LayoutUpdate | ChopsUpdate:
    rows = draw(rows_of_chops(size, styles))
    if draw(st.booleans()):
        return LayoutUpdate([row.values() for row in rows], size.region)
    ends = [[*list(row)[1:], size.width] for row in rows]
    if draw(st.booleans()):  # cells that another widget covers are not rendered
        y = draw(st.integers(0, size.height - 1))
        rows[y][draw(st.sampled_from(list(rows[y])))] = None
    spans = []
    for y in sorted(draw(st.sets(st.integers(0, size.height - 1), min_size=1))):
        marks = sorted(draw(st.sets(st.integers(0, size.width), min_size=2, max_size=4)))
        spans += [(y, *pair) for pair in zip(marks[::2], marks[1::2], strict=False)]
    return ChopsUpdate(rows, spans, ends)


@st.composite
def films(draw, styles=STYLES) -> tuple[Size, list[LayoutUpdate | ChopsUpdate]]:
    size = Size(draw(st.integers(1, 14)), draw(st.integers(1, 4)))
    return size, draw(st.lists(updates(size, styles), min_size=1, max_size=4))


def play(film, color_system: str = "truecolor") -> tuple[int, int]:
    """Show each update in both ways and compare the pictures; return the bytes of both."""
    size, frames = film
    stock, ours, shown = Terminal(*size), Terminal(*size), Cells(size, console(color_system))
    stock_bytes = our_bytes = 0
    Segment._split_cells.cache_clear()  # its styles remember the codes of another colour system
    for frame in frames:
        expected = frame.render_segments(console(color_system))
        text = DifferingCells(shown, shown.compare(frame)).render_segments(console(color_system))
        stock.feed(expected.replace("\n", ""))  # it can scroll there, and moves next anyway
        ours.feed(text)
        assert ours.picture() == stock.picture()
        assert held(ours) == held(Terminal(1, 1))
        stock_bytes += len(expected.encode())
        our_bytes += len(text.encode())
    return our_bytes, stock_bytes


def held(terminal: Terminal) -> pyte.screens.Char:
    return terminal.screen.cursor.attrs


@settings(max_examples=100, deadline=None)
@given(films())
def test_any_updates_end_in_the_picture_that_stock_drawing_gives(film):
    play(film)


@pytest.mark.parametrize("color_system", ["256", "standard"])
def test_fewer_colors_give_the_picture_that_stock_drawing_gives(color_system):
    @settings(max_examples=30, deadline=None)
    @given(films(INEXACT if color_system == "256" else STYLES))
    def shows_the_same(film):
        play(film, color_system)

    shows_the_same()


@settings(max_examples=30, deadline=None)
@given(films())
def test_an_update_shown_again_writes_nothing(film):
    size, frames = film
    shown = Cells(size, console())
    for frame in frames:
        DifferingCells(shown, shown.compare(frame)).render_segments(console())
        assert shown.compare(frame) == {}


def line(*segments: tuple[str, Style | None]) -> LayoutUpdate:
    strip = Strip([Segment(text, style) for text, style in segments])
    return LayoutUpdate([[strip]], Region(0, 0, strip.cell_length, 1))


RED, BLUE = Style(color="red"), Style(color="blue")


@pytest.mark.parametrize(
    ("before", "after", "written"),
    [
        ([("abc", RED)], [("abc", RED + Style.from_meta({"@click": "quit"}))], ""),
        ([("abc", RED)], [("a", RED), ("bc", RED)], ""),
        ([("   ", RED)], [("   ", BLUE)], ""),
        ([("abc", None)], [("abd", None)], "\x1b[;3Hd"),
        ([("漢b", None)], [("字b", None)], "\x1b[H字"),
        ([("漢b", None)], [("xyb", None)], "\x1b[Hxy"),
        ([("xyb", None)], [("漢b", None)], "\x1b[H漢"),
        ([("e\u0301bc", None)], [("ebc", None)], "\x1b[Hebc"),
        ([("abc", None)], [("a\x1b[31mb", None)], "\x1b[;2H[31mb"),
        ([("abc", RED)], [("abc", BLUE)], "\x1b[H\x1b[34mabc\x1b[m"),
        ([("a c", RED)], [("b d", RED)], "\x1b[H\x1b[31mb d\x1b[m"),
        ([("ab ", RED)], [("ac ", BLUE)], "\x1b[H\x1b[34mac\x1b[m"),
    ],
)
def test_only_what_looks_different_is_written(before, after, written):
    shown = Cells(Size(max(update_width(before), update_width(after)), 1), console())
    DifferingCells(shown, shown.compare(line(*before))).render_segments(console())
    difference = DifferingCells(shown, shown.compare(line(*after)))
    assert difference.render_segments(console()) == written


def update_width(segments: list[tuple[str, Style | None]]) -> int:
    return sum(len(clusters(text)) for text, _ in segments)


@pytest.mark.parametrize(
    ("covered", "written"),
    [(1, "\x1b[Hx "), (2, "\x1b[H x")],
    ids=["its first half", "its second half"],
)
def test_what_is_left_of_a_wide_character_that_was_half_covered_is_blank(covered, written):
    shown = Cells(Size(2, 1), console())
    DifferingCells(shown, shown.compare(line(("漢", None)))).render_segments(console())
    chop = Strip([Segment("x")], 1)
    update = ChopsUpdate([{covered - 1: chop}], [(0, covered - 1, covered)], [[covered]])
    assert DifferingCells(shown, shown.compare(update)).render_segments(console()) == written


def test_control_segments_fill_no_cells():
    shown = Cells(Size(2, 1), console())
    update = LayoutUpdate([[Strip([Segment("\x1b[2J", None, [(4,)]), Segment("ab")], 2)]], Region(0, 0, 2, 1))
    text = DifferingCells(shown, shown.compare(update)).render_segments(console())
    assert text == "\x1b[Hab"


def test_what_lies_outside_the_terminal_is_cut_off():
    shown = Cells(Size(3, 1), console())
    row = [Strip([Segment("ab漢漢")], 6)]
    update = LayoutUpdate([row, row], Region(0, 0, 6, 2))
    text = DifferingCells(shown, shown.compare(update)).render_segments(console())
    assert text == "\x1b[Hab "


def test_without_color_no_color_is_written():
    shown = Cells(Size(2, 1), console(no_color=True))
    update = line(("a", Style(color="#0000af", bgcolor="red")), ("b", RED))
    text = DifferingCells(shown, shown.compare(update)).render_segments(console(no_color=True))
    assert text == "\x1b[Hab"


# a real app, and a driver that keeps what it is given


class Recorder(Driver):
    """A driver whose terminal is an emulator."""

    can_suspend = True

    def __init__(self, app: App[None], **settings: object) -> None:
        super().__init__(app, **settings)
        self.terminal = Terminal(*self._size)
        self.written = ""

    def write(self, data: str) -> None:
        self.written += data
        self.terminal.feed(data)

    def start_application_mode(self) -> None:
        self.tell_size(*self._size)

    def tell_size(self, width: int, height: int) -> None:
        self.send_message(events.Resize(Size(width, height), Size(width, height)))

    def disable_input(self) -> None: ...

    def stop_application_mode(self) -> None: ...


class Stock(App[None]):
    """An app with wide and narrow text, a field, and what Textual lays over them."""

    CSS = "Static { height: auto; background: #000087; } #moving { width: 10; offset: 1 -1; }"

    def __init__(self, driver_class: type[Driver] | None = Recorder) -> None:
        super().__init__(driver_class)
        self.displays = self.count = 0

    def compose(self):
        yield Static("漢字 and [b]bold[/b] and [#d70000 on #ffffff]exact[/] e\u0301e\u0301", id="text")
        yield Static("moves", id="moving")
        yield Static("0", id="count")
        field = Input("field")
        field.cursor_blink = False
        yield field

    def post_display_hook(self) -> None:
        self.displays += 1

    def on_key(self, event: events.Key) -> None:
        if event.key == "f5":
            self.count += 1
            self.query_one("#count", Static).update(f"count {self.count} 漢" * self.count)

    @property
    def recorder(self) -> Recorder:
        assert isinstance(self._driver, Recorder)
        return self._driver


class Differential(DifferentialDisplay, Stock):
    """The same app, drawn by differences."""


def move_widget(app: Stock) -> None:
    app.query_one("#moving").offset = Offset(6, -1)


def change_text(app: Stock) -> None:
    app.query_one("#text", Static).update("[i]漢 moved 字[/i] by one")


def change_theme(app: Stock) -> None:
    app.theme = "textual-light"


def change_size(app: Stock) -> None:
    app.recorder.terminal.screen.resize(9, 34)
    app.recorder.tell_size(34, 9)


def pop_screen(app: Stock) -> None:
    app.pop_screen()


def open_palette(app: Stock) -> None:
    app.action_command_palette()


def mark_widget(app: Stock) -> None:
    app.query_one("#moving").styles.background = "#d70000"


STORY = (move_widget, change_text, change_theme, open_palette, pop_screen, change_size, mark_widget)


async def tell(app: Stock) -> list[object]:
    """Return the picture and the cursor after each part of the story."""
    pictures = []
    async with app.run_test(headless=False, size=(40, 12)) as pilot:
        for part in STORY:
            part(app)
            await pilot.pause()
            await pilot.press("x")
            await pilot.wait_for_animation()
            cursor = app.recorder.terminal.screen.cursor
            pictures.append((part.__name__, app.recorder.terminal.picture(), cursor.y, cursor.x))
    return pictures


async def test_an_app_looks_as_it_does_in_stock_drawing_and_costs_less():
    ours, stock = Differential(), Stock()
    assert await tell(ours) == await tell(stock)
    assert len(ours.recorder.written) < len(stock.recorder.written) / 2


async def test_nothing_is_written_when_nothing_changed_but_the_hook_runs():
    app = Differential()
    async with app.run_test(headless=False, size=(40, 12)) as pilot:
        await pilot.pause()
        before, displays = app.recorder.written, app.displays
        app.refresh(layout=True)
        app.query_one("#text").refresh()
        await pilot.pause()
        assert app.recorder.written == before
        assert app.displays > displays


async def test_a_cursor_that_moved_over_unchanged_cells_is_still_moved():
    app = Differential()
    async with app.run_test(headless=False, size=(40, 12)) as pilot:
        await pilot.pause()
        app.cursor_position = Offset(7, 5)
        app.refresh()
        await pilot.pause()
        cursor = app.recorder.terminal.screen.cursor
        assert (cursor.x, cursor.y) == (7, 5)


async def test_bytes_written_counts_all_that_drawing_hands_to_the_driver():
    app = Differential()
    async with app.run_test(headless=False, size=(40, 12)) as pilot:
        await pilot.pause()
        app.post_message(messages.TerminalSupportsSynchronizedOutput())
        await pilot.pause()
        assert app.bytes_written == len(drawn(app).encode())
        change_text(app)
        await pilot.pause()
        assert app.bytes_written == len(drawn(app).encode())


async def test_a_large_frame_is_marked_where_the_terminal_can_show_it_at_once(monkeypatch):
    app = Differential()
    async with app.run_test(headless=False, size=(40, 12)) as pilot:
        await pilot.pause()
        app.post_message(messages.TerminalSupportsSynchronizedOutput())
        await pilot.pause()
        change_text(app)
        await pilot.pause()
        assert "\x1b[?2026" not in drawn(app)
        monkeypatch.setattr(cells, "UNMARKED", 0)
        app.forget_display()
        app.refresh()
        await pilot.pause()
        assert drawn(app).count("\x1b[?2026h") == drawn(app).count("\x1b[?2026l") == 1
        assert app.bytes_written == len(drawn(app).encode())


def drawn(app: Differential) -> str:
    """Return what was written, without the shapes of the mouse pointer."""
    return re.sub(r"\x1b\]22;[a-z]*\x07", "", app.recorder.written)


def lose_to_another_program(app: Differential) -> None:
    with app.suspend():
        app.recorder.terminal.feed("\x1b[2J\x1b[Hanother program")


def lose_to_a_restarted_driver(app: Differential) -> None:
    app.recorder.terminal.feed("\x1b[2J")
    app.recorder.start_application_mode()


def lose_to_a_narrow_moment(app: Differential) -> None:
    app.recorder.terminal.feed("\x1b[2J")
    app.recorder.tell_size(20, 12)
    app.recorder.tell_size(40, 12)


def lose_and_redraw(app: Differential) -> None:
    app.recorder.terminal.feed("\x1b[2Jnoise of another process")
    app.forget_display()
    app.refresh()


def lose_to_another_renderable(app: Differential) -> None:
    app._display(app.screen, Text("\n\nnot of the compositor"))
    app.refresh()


@pytest.mark.parametrize(
    "lose",
    [
        lose_to_another_program,
        lose_to_a_restarted_driver,
        lose_to_a_narrow_moment,
        lose_and_redraw,
        lose_to_another_renderable,
    ],
    ids=lambda lose: lose.__name__,
)
async def test_a_picture_that_was_lost_is_written_whole(lose):
    app = Differential()
    async with app.run_test(headless=False, size=(40, 12)) as pilot:
        await pilot.pause()
        before = app.recorder.terminal.picture()
        lose(app)
        assert app.recorder.terminal.picture() != before
        await pilot.pause()
        await pilot.pause(0.05)
        assert app.recorder.terminal.picture() == before


async def test_an_update_that_textual_withholds_is_not_taken_as_shown():
    app = Differential()
    async with app.run_test(headless=False, size=(40, 12)) as pilot:
        await pilot.pause()
        before = app.recorder.written
        row = [Strip([Segment("withheld")], 8)]
        update = LayoutUpdate([row], Region(0, 0, 8, 1))
        with app.batch_update():
            app._display(app.screen, update)
        assert app.recorder.written == before
        app._display(app.screen, update)
        assert app.recorder.terminal.screen.display[0].startswith("withheld")


async def test_a_headless_app_is_drawn_by_textual():
    app = Differential()
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        assert app.displays > 0
        assert app.bytes_written == 0


# the hook


def test_textual_still_has_the_hook_that_this_hangs_on():
    assert hook_is_known(), (
        "Textual's App._display or its compositor's updates changed: the app is drawn in the stock "
        "way, with ten times the bytes; bring scratchtui/tui/cells.py up to date"
    )
    assert "_display" in vars(DifferentialDisplay)


def another_display(self, screen, renderable, *, more): ...


def another_layout(self, strips, region):
    self.lines, self.region = strips, region


@pytest.mark.parametrize(
    ("owner", "name", "changed"),
    [
        (App, "_display", another_display),
        (LayoutUpdate, "__init__", another_layout),
        (ChopsUpdate, "__init__", another_display),
    ],
    ids=["the hook", "an attribute", "a parameter"],
)
def test_another_hook_leaves_drawing_to_textual(monkeypatch, owner, name, changed):
    monkeypatch.setattr(owner, name, changed)
    spec = importlib.util.spec_from_file_location("cells_of_another_textual", cells.__file__)
    other = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, other)
    spec.loader.exec_module(other)
    assert not other.hook_is_known()
    assert "_display" not in vars(other.DifferentialDisplay)
    assert other.DifferentialDisplay.bytes_written == 0


# a real terminal


class Pty:
    """This file's app run in a pseudo-terminal."""

    def __init__(self, kind: str) -> None:
        root = str(Path(cells.__file__).parents[2])
        env = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": root}
        self.child = pexpect.spawn(
            sys.executable,
            [__file__, kind],
            env={**os.environ, **env},
            dimensions=(12, 40),
            encoding="utf-8",
            timeout=20,
        )
        self.received = ""

    def wait_for(self, text: str) -> None:
        """Read until the text is on the screen."""
        while True:
            terminal = Terminal(40, 12)
            terminal.feed(self.received)
            if any(text in line for line in terminal.screen.display):
                return
            self.read()

    def read(self) -> None:
        self.received += self.child.read_nonblocking(1 << 16, timeout=20)

    def read_what_comes(self) -> None:
        with contextlib.suppress(pexpect.TIMEOUT):
            self.received += self.child.read_nonblocking(1 << 16, timeout=0.01)

    def last_picture(self) -> list[list[object]]:
        """Quit and return what was on the screen before."""
        self.child.send("\x11")
        self.child.expect(pexpect.EOF)
        self.received += self.child.before
        assert self.child.wait() == 0
        terminal = Terminal(40, 12)
        terminal.feed(self.received.partition(ALTERNATE_SCREEN_OFF)[0])
        return terminal.picture()


def test_in_a_real_terminal_the_app_looks_as_in_stock_drawing():
    pictures, sizes = [], []
    for kind in ("Stock", "Differential"):
        pty = Pty(kind)
        pty.wait_for("moves")
        for count in range(1, 4):
            pty.child.send("\x1b[15~x")
            pty.wait_for("x" * count)
        sizes.append(len(pty.received))
        pictures.append(pty.last_picture())
    stock, ours = pictures
    assert ours == stock
    assert sizes[1] < sizes[0]


if __name__ == "__main__":
    {"Stock": Stock, "Differential": Differential}[sys.argv[1]](driver_class=None).run()
