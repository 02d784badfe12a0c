"""What a terminal has to be told: pens, and the hand that writes with them.

A pen is a rich style as it looks: its colours after the colour system has had its say, its
attributes, its link, and no meta. Equal pens are one object, so cells are compared by identity.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

from rich.color import Color, ColorSystem
from rich.color_triplet import ColorTriplet
from rich.console import COLOR_SYSTEMS, Console
from rich.style import Style

ATTRIBUTES = {
    "bold": "1",
    "dim": "2",
    "italic": "3",
    "underline": "4",
    "blink": "5",
    "blink2": "6",
    "reverse": "7",
    "conceal": "8",
    "strike": "9",
    "underline2": "21",
    "frame": "51",
    "encircle": "52",
    "overline": "53",
}
OFF = {
    "1": "22",
    "2": "22",
    "3": "23",
    "4": "24",
    "5": "25",
    "6": "25",
    "7": "27",
    "8": "28",
    "9": "29",
    "21": "24",
    "51": "54",
    "52": "54",
    "53": "55",
}
UNSEEN_ON_BLANKS = frozenset(["1", "2", "3", "5", "6", "8"])
ANY = ""  # the foreground of a blank: whichever is set
DEFAULTS = ("39", "49", ANY)

UNKNOWN = "\0"  # the text of a cell of which nobody knows what the terminal shows
BRIDGE = 5  # the longest gap that can cost less to write than to jump


def _palette() -> Iterator[tuple[ColorTriplet, int]]:
    """Yield the colour and the number of the entries 16 to 255, which all terminals agree upon."""
    levels = (0, 95, 135, 175, 215, 255)
    for number in range(216):
        red, green, blue = number // 36, number // 6 % 6, number % 6
        yield ColorTriplet(levels[red], levels[green], levels[blue]), 16 + number
    for number in range(24):
        yield ColorTriplet(*[8 + 10 * number] * 3), 232 + number


EXACT = dict(_palette())
HALVES = {"▀": "▄", "▄": "▀"}


@dataclass(slots=True, eq=False)
class Pen:
    """How a cell is drawn: SGR codes and a link. Compared by identity, so made by `pen` only."""

    attributes: frozenset[str]
    foreground: str
    background: str
    link: str
    anew: str = field(init=False)  # the codes that lead here whatever was held

    def __post_init__(self) -> None:
        codes = sorted(self.attributes)
        codes += [code for code in (self.foreground, self.background) if code not in DEFAULTS]
        self.anew = ";".join(["0", *codes]) if codes else ""


_one = lru_cache(maxsize=1 << 14)(Pen)


def pen(
    attributes: frozenset[str] = frozenset(),
    foreground: str = "39",
    background: str = "49",
    link: str = "",
) -> Pen:
    """Return the one pen that looks like this.

    An evicted pen comes back as another object; its cells are written once more than needed.
    """
    return _one(attributes, foreground, background, link)


PLAIN = pen()


@lru_cache(maxsize=1 << 14)
def turned(given: Pen) -> Pen | None:
    """Return the pen that writes the other half block to the same effect; None where there is none."""
    colours = given.foreground, given.background
    if given.attributes or given.link or [each[:3] for each in colours] != ["38;", "48;"]:
        return None
    return pen(foreground=f"38{given.background[2:]}", background=f"48{given.foreground[2:]}")


@lru_cache(maxsize=1 << 14)
def on_blank(given: Pen) -> Pen:
    """Return what `given` shows where there is no ink: mostly its background."""
    if given.attributes - UNSEEN_ON_BLANKS:  # lines and reversal show the foreground
        return given
    return pen(foreground=ANY, background=given.background, link=given.link)


@lru_cache(maxsize=1 << 15)
def change(held: Pen, wanted: Pen) -> tuple[str, Pen]:
    """Return the shortest sequence from one pen to another, and the pen that is then held.

    They differ for the pen of a blank, which leaves alone what does not show.
    """
    if held is wanted:
        return "", held
    kept = wanted
    if wanted.foreground == ANY:
        attributes = held.attributes & UNSEEN_ON_BLANKS
        kept = pen(attributes, held.foreground, wanted.background, wanted.link)
    codes = _switches(held.attributes, kept.attributes)
    codes += [kept.foreground] * (held.foreground != kept.foreground)
    codes += [kept.background] * (held.background != kept.background)
    sequence = ";".join(codes)
    if len(wanted.anew) < len(sequence):
        sequence = wanted.anew
        kept = pen(wanted.attributes, wanted.foreground or "39", wanted.background, wanted.link)
    elif not codes:
        return _link(held, kept), kept
    return f"\x1b[{sequence}m{_link(held, kept)}", kept


def _link(held: Pen, wanted: Pen) -> str:
    """Return what opens or closes a link."""
    return "" if held.link == wanted.link else f"\x1b]8;;{wanted.link}\x1b\\"


def _switches(held: frozenset[str], wanted: frozenset[str]) -> list[str]:
    """Return the codes that switch attributes off and on; one code may switch off two."""
    if held == wanted:
        return []
    off = {OFF[attribute] for attribute in held - wanted}
    lost = {attribute for attribute in held if OFF[attribute] in off}
    return [*sorted(off), *sorted(wanted - (held - lost))]


class Pens:
    """The pens of one console: its colour system, and whether it has colours at all."""

    LIMIT = 1 << 14

    def __init__(self, console: Console) -> None:
        self.system = COLOR_SYSTEMS[console.color_system or "truecolor"]
        self.no_color = console.no_color
        self._by_identity: dict[int, Pen] = {}
        self._styles: list[Style] = []  # held, so that an identity stays its style's own

    def suits(self, console: Console) -> bool:
        """Tell whether the console still draws in these colours."""
        system = COLOR_SYSTEMS[console.color_system or "truecolor"]
        return system is self.system and console.no_color == self.no_color

    def __call__(self, style: Style | None) -> Pen:
        """Return the pen of a style; quick for a style object seen before."""
        if style is None:
            return PLAIN
        known = self._by_identity.get(id(style))
        if known is not None:
            return known
        if len(self._styles) >= self.LIMIT:
            self._by_identity.clear()
            self._styles.clear()
        found = self._by_identity[id(style)] = self._make(style)
        self._styles.append(style)
        return found

    def of_each(self, styles: Sequence[Style | None]) -> list[Pen]:
        """Return the pen of each style."""
        known = list(map(self._by_identity.get, map(id, styles)))
        if all(known):
            return cast("list[Pen]", known)
        return [self(style) for style in styles]

    def _make(self, style: Style) -> Pen:
        """Return the pen of a style that is new here."""
        attributes = frozenset(code for name, code in ATTRIBUTES.items() if getattr(style, name))
        foreground = self._color(style.color, foreground=True)
        return pen(attributes, foreground, self._color(style.bgcolor, foreground=False), style.link or "")

    def _color(self, color: Color | None, *, foreground: bool) -> str:
        """Return the SGR codes of a colour, as a number of the palette where that is the same."""
        if color is None or color.is_default or self.no_color:
            return "39" if foreground else "49"
        if self.system in (ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT):
            number = EXACT.get(color.triplet) if color.triplet else None
            if number is not None:
                return f"{38 if foreground else 48};5;{number}"
        return ";".join(color.downgrade(self.system).get_ansi_codes(foreground))


class Hand:
    """Writes cells, and knows where the cursor stands and which pen the terminal holds."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.pen = PLAIN
        self.y: int | None = None
        self.x: int | None = None  # None where only the terminal knows

    def write(self, y: int, texts: list[str], pens: list[Pen], columns: list[int]) -> None:
        """Write these columns of line y, which has a text and a pen for each."""
        written = self.written
        width, done, wanted = len(texts), 0, None
        for column in columns:
            if column < done:
                continue  # the second half of the character before
            x = column
            while not texts[x]:
                x -= 1
            if self.x != x or self.y != y:
                self._reach(y, x, texts, pens)
                wanted = None
            text = texts[x]
            if pens[x] is not wanted:
                wanted = pens[x]
                sequence, after = change(self.pen, wanted)
                if text in HALVES and sequence and (other := turned(wanted)) is not None:
                    shorter, then = change(self.pen, other)
                    if len(shorter) < len(sequence):
                        text, sequence, after, wanted = HALVES[text], shorter, then, None
                self.pen = after
                written.append(sequence)
            written.append(text)
            done = x + 1
            while done < width and not texts[done]:
                done += 1
            self.x = done if done < width and len(text) == 1 else None

    def _reach(self, y: int, x: int, texts: list[str], pens: list[Pen]) -> None:
        """Get to a cell: by a jump, or over a short gap by writing what it shows already."""
        if self.y != y or self.x is None or self.x > x:
            self.written.append(move(self.y, self.x, y, x))
            self.y = y
            return
        jump = _steps(x - self.x, "C")
        if x - self.x <= BRIDGE:
            gap = list(zip(texts[self.x : x], pens[self.x : x], strict=True))
            ahead = len(change(self.pen, pens[x])[0])
            if self._bridge_cost(gap, pens[x]) <= len(jump) + ahead:
                for text, pen in gap:
                    sequence, self.pen = change(self.pen, pen)
                    self.written += sequence, text
                return
        self.written.append(jump)

    def _bridge_cost(self, gap: list[tuple[str, Pen]], after: Pen) -> float:
        """Return the bytes for writing the gap and then taking up the pen after it."""
        cost, held = 0, self.pen
        for text, pen in gap:
            if text == UNKNOWN or len(text) > 1:
                return math.inf
            sequence, held = change(held, pen)
            cost += len(sequence) + len(text.encode())
        return cost + len(change(held, after)[0])

    def finish(self) -> str:
        """Return all that was written, with the terminal's pen put back."""
        return "".join(self.written) + change(self.pen, PLAIN)[0]


@lru_cache(maxsize=1 << 14)
def move(y: int | None, x: int | None, to_y: int, to_x: int) -> str:
    """Return the shortest way for the cursor; y or x is None where that is not known.

    Lines go down by a vertical tabulation, as a tty makes of a newline two characters.
    """
    row, column = str(to_y + 1 if to_y else ""), f";{to_x + 1}" if to_x else ""
    ways = [f"\x1b[{row}{column}H"]
    if y is not None and to_y >= y:
        down = to_y - y
        ways.append("\r" + "\v" * down + _steps(to_x, "C"))
        if x is not None:
            back = min("\b" * (x - to_x), _steps(x - to_x, "D"), key=len)
            aside = back if to_x < x else _steps(to_x - x, "C")
            ways.append(min("\v" * down, _steps(down, "B"), key=len) + aside)
    return min(ways, key=len)


def _steps(count: int, direction: str) -> str:
    """Return the relative move by so many cells."""
    if count <= 0:
        return ""
    return f"\x1b[{count if count > 1 else ''}{direction}"
