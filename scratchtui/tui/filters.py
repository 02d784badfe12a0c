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
    "◆": "X",
    "◇": "O",
    "→": ">",
    "⇥": ">",
    "⏎": "$",
    "␣": "_",
    "␡": "x",
    "◌": "o",
    "¯": "'",
    **{chr(0x2400 + code): "^" for code in range(32)},
    "✓": "*",
    "✗": "x",
    "‖": "=",
    "…": "~",
    "−": "-",
    "–": "-",
    "≤": "<",
    "×": "x",
    "²": "2",
    "±": "+",
}

_DENSE = 5  # dots of eight, more than those of a steep line


@lru_cache(4096)
def to_ascii(text: str) -> str:
    """Return `text` with every character replaced by as many of ASCII as it has cells."""
    width = cell_len(text)  # of joined characters less than the sum of theirs
    return "".join(_ascii_for(c) for c in text)[:width].ljust(width)


def _ascii_for(character: str) -> str:
    if character < "\x80":
        return character
    if "⠀" <= character <= "⣿":
        return _dotted(ord(character) & 0xFF)
    return _ASCII.get(character) or "?" * cell_len(character)


def _dotted(dots: int) -> str:
    """Return what is nearest to the dots of a braille character, by their bits."""
    upper, lower = dots & 0b00011011, dots & 0b11100100
    if not (upper and lower):
        return "'" if upper else "." if lower else " "
    return "#" if int.bit_count(dots) > _DENSE else ":"


class AsciiOnly(LineFilter):
    """Replaces what a terminal without Unicode cannot show."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return the segments in ASCII."""
        return [s if s.control or s.text.isascii() else Segment(to_ascii(s.text), s.style) for s in segments]


# what is told from the rest by a colour behind it, where there are none
REVERSED = """
App:nocolor {
    & .table--cursor, & .heatmap--cursor, & .hyperparameters--cursor, & .canvas--cursor-on,
    & .canvas--cursor-off, & .input--selection { text-style: reverse; }
    & .option-list--option-highlighted { text-style: bold underline; }
    & .panel:focus { border-title-style: bold reverse; }
    & Palette #--input, & Palette CommandList { border: round $foreground; }
}
"""


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
