"""Line filters for terminals that lack something: every line goes through them after it is drawn."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.color import Color

_ASCII = {
    **dict.fromkeys("─━═╌┄▔▁", "-"),
    **dict.fromkeys("│┃║▏▕╎┆▎▍▌▐", "|"),
    **dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼┏┓┗┛╔╗╚╝", "+"),
    **dict.fromkeys("▀▄█▊▋▉▇▆▅▓", "#"),
    **dict.fromkeys("▒▃", "="),
    **dict.fromkeys("░▂", "-"),
    **dict.fromkeys("▶▸►›", ">"),
    **dict.fromkeys("◀◂‹←", "<"),
    **dict.fromkeys("▲△↑", "^"),
    **dict.fromkeys("▼▽↓", "v"),
    **dict.fromkeys("·•∙◦⋅", "."),
    "●": "x",  # a class and the other one, as where there are no colours
    "○": "o",
    "→": ">",
    "‖": "=",
    "…": "~",
    "−": "-",
    "–": "-",
    "≤": "<",
    "×": "x",
    "²": "2",
    "±": "+",
}


@lru_cache(4096)
def to_ascii(text: str) -> str:
    """Return `text` with every character replaced by as many of ASCII as it has cells."""
    width = cell_len(text)  # of joined characters less than the sum of theirs
    return "".join(_ascii_for(c) for c in text)[:width].ljust(width)


def _ascii_for(character: str) -> str:
    if character < "\x80":
        return character
    if "⠀" <= character <= "⣿":
        return " .:*#"[min(4, (int.bit_count(ord(character) & 0xFF) + 1) // 2)]
    return _ASCII.get(character) or "?" * cell_len(character)


class AsciiOnly(LineFilter):
    """Replaces what a terminal without Unicode cannot show."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return the segments in ASCII."""
        return [s if s.control or s.text.isascii() else Segment(to_ascii(s.text), s.style) for s in segments]


@lru_cache(1024)
def _without_colour(style: Style) -> Style:
    return Style(bold=style.bold, underline=style.underline, reverse=style.reverse, meta=style.meta)


class Colourless(LineFilter):
    """Leaves bold, underline and reverse, and sends no colour at all."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return the segments without colours."""
        return [
            s if s.control or s.style is None else Segment(s.text, _without_colour(s.style)) for s in segments
        ]


def for_terminal(colours: str | None, *, colourless: bool, ascii_only: bool) -> Iterator[LineFilter]:
    """Yield what a terminal needs that knows these `colours`, as Rich names them, or is to be sent fewer."""
    if colourless:
        yield Colourless()
    elif colours == "standard":
        from scratchtui.tui.sixteen import SixteenColours  # with numpy, which others need not wait for

        yield SixteenColours()
    if ascii_only:
        yield AsciiOnly()
