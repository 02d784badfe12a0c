"""The screen as a picture: an SVG drawn cell by cell, and as text.

Blocks, braille and box lines are drawn as shapes, which no font need have: few programs that show an SVG
have one in which braille is as wide as letters.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

WIDTH, HEIGHT = 10, 20
HALVES = {"▀": (0.0, 0.0, 1.0, 0.5), "▐": (0.5, 0.0, 0.5, 1.0)}
BRAILLE_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
BOXES = {
    "─": "M0 10H10", "│": "M5 0V20", "╭": "M5 20V14Q5 10 9 10H10", "╮": "M5 20V14Q5 10 1 10H0",
    "╰": "M5 0V6Q5 10 9 10H10", "╯": "M5 0V6Q5 10 1 10H0", "┌": "M5 20V10H10", "┐": "M5 20V10H0",
    "└": "M5 0V10H10", "┘": "M5 0V10H0", "├": "M5 0V20M5 10H10", "┤": "M5 0V20M5 10H0",
    "┬": "M0 10H10M5 10V20", "┴": "M0 10H10M5 10V0", "┼": "M0 10H10M5 0V20",
}  # fmt: skip


class Cell(NamedTuple):
    """What stands in a cell, its two colours as six hexadecimal digits, and whether it is bold.

    The second half of a wide character has no text.
    """

    text: str
    fore: str
    back: str
    bold: bool = False


Line = list[Cell]


def text(lines: Sequence[Line]) -> str:
    """Return the characters alone, a line each, without blanks at the end."""
    return "".join(f"{''.join(cell.text for cell in line).rstrip()}\n" for line in lines)


def ground(lines: Sequence[Line]) -> str:
    """Return the colour that is behind most cells."""
    return Counter(cell.back for line in lines for cell in line).most_common(1)[0][0]


def svg(lines: Sequence[Line], ground: str) -> str:
    """Return the cells as an SVG picture upon a ground, six hexadecimal digits."""
    parts = []
    for y, line in enumerate(lines):
        for back, run in _runs(line, lambda cell: cell.back):
            if back != ground:
                parts.append(_rectangle(run[0], y, (0.0, 0.0, len(run), 1.0), back))
        for _, run in _runs(line, lambda cell: f"{cell.fore} {cell.bold}"):
            parts += _inked(line, run, y)
    width, height = len(lines[0]) * WIDTH, len(lines) * HEIGHT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}">'
        f'<rect width="{width}" height="{height}" rx="6" fill="#{ground}"/>'
        '<g font-family="ui-monospace, \'DejaVu Sans Mono\', Menlo, Consolas, monospace" font-size="16"'
        f' xml:space="preserve">{"".join(parts)}</g></svg>\n'
    )


def _runs(line: Line, key: Callable[[Cell], str]) -> Iterator[tuple[str, list[int]]]:
    for value, run in groupby(range(len(line)), key=lambda x: key(line[x])):
        yield value, list(run)


def _inked(line: Line, run: list[int], y: int) -> list[str]:
    """Return what is written or drawn in cells of one colour and weight."""
    fore, bold = line[run[0]].fore, line[run[0]].bold
    shapes = {x: _shape(line[x].text, x, y, fore) for x in run}
    parts = [shape for shape in shapes.values() if shape]
    for blank, stretch in groupby(run, key=lambda x: line[x].text.isspace() or bool(shapes[x])):
        columns = list(stretch)
        words = escape("".join(line[x].text for x in columns))
        if blank or not words:
            continue
        weight = ' font-weight="bold"' if bold else ""
        parts.append(
            f'<text x="{columns[0] * WIDTH}" y="{y * HEIGHT + 15}" fill="#{fore}"{weight}'
            f' textLength="{len(columns) * WIDTH}" lengthAdjust="spacingAndGlyphs">{words}</text>'
        )
    return parts


def _shape(character: str, x: int, y: int, colour: str) -> str:
    """Return block, braille and box characters as shapes, anything else as nothing."""
    code = ord(character[0]) if character else 0
    if path := BOXES.get(character):
        place = f"translate({x * WIDTH} {y * HEIGHT})"
        return f'<path transform="{place}" d="{path}" stroke="#{colour}" fill="none"/>'
    if 0x2801 <= code <= 0x28FF:
        dots = [(dx, dy) for bit, (dx, dy) in enumerate(BRAILLE_DOTS) if (code - 0x2800) >> bit & 1]
        return "".join(
            f'<circle cx="{cx}" cy="{cy}" r="1.7" fill="#{colour}"/>'
            for cx, cy in ((x * WIDTH + 2.5 + 5 * dx, y * HEIGHT + 2.5 + 5 * dy) for dx, dy in dots)
        )
    if character in HALVES:
        return _rectangle(x, y, HALVES[character], colour)
    if 0x2581 <= code <= 0x2588:
        share = (code - 0x2580) / 8
        return _rectangle(x, y, (0.0, 1 - share, 1.0, share), colour)
    if 0x2589 <= code <= 0x258F:
        return _rectangle(x, y, (0.0, 0.0, (0x2590 - code) / 8, 1.0), colour)
    return ""


def _rectangle(x: int, y: int, part: tuple[float, float, float, float], colour: str) -> str:
    """Return a part (left, top, width, height) of the cell at x and y, or more than one cell, filled."""
    left, top, width, height = part
    return (
        f'<rect x="{(x + left) * WIDTH:g}" y="{(y + top) * HEIGHT:g}" width="{width * WIDTH:g}"'
        f' height="{height * HEIGHT:g}" fill="#{colour}" shape-rendering="crispEdges"/>'
    )
