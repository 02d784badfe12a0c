"""Pictures of the real program for the README: `python -m tests.pictures` drives it in a pseudo-terminal.

A picture is an SVG drawn cell by cell; blocks, braille and box lines are shapes, which no font need have.
"""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

import pyte

from tests.terminal.terminal import Terminal

ASSETS = Path(__file__).parent.parent / "assets"
WIDTH, HEIGHT = 10, 20
DEFAULTS = {"fg": "d0d0d0", "bg": "121212"}
HALVES = {"▀": (0, 0, 1, 0.5), "▐": (0.5, 0, 0.5, 1)}
BRAILLE_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
BOXES = {
    "─": "M0 10H10", "│": "M5 0V20", "╭": "M5 20V14Q5 10 9 10H10", "╮": "M5 20V14Q5 10 1 10H0",
    "╰": "M5 0V6Q5 10 9 10H10", "╯": "M5 0V6Q5 10 1 10H0", "┌": "M5 20V10H10", "┐": "M5 20V10H0",
    "└": "M5 0V10H10", "┘": "M5 0V10H0", "├": "M5 0V20M5 10H10", "┤": "M5 0V20M5 10H0",
    "┬": "M0 10H10M5 10V20", "┴": "M0 10H10M5 10V0", "┼": "M0 10H10M5 0V20",
}  # fmt: skip


SIZES = ((80, 24), (120, 40))
SUBJECTS = {"binary": ("178", 90), "nn": ("1,0", 90), "cnn": ("", 300), "rnn": ("he", 40)}


def main() -> None:
    """Make every picture."""
    for tab, (prompt, steps) in SUBJECTS.items():
        for columns, rows in SIZES:
            take(tab, prompt, steps, columns, rows)


def take(tab: str, prompt: str, steps: int, columns: int, rows: int) -> None:
    """Run the program at that size, type at the prompt, and save what it shows after `steps`."""
    with Terminal("--tab", tab, columns=columns, rows=rows) as terminal:
        terminal.wait_for("ready", "space")
        if prompt:
            terminal.press("/")
            terminal.wait_for("esc")
            terminal.type(f"{prompt}\r")
        terminal.press("space")
        terminal.wait_until(lambda: step(terminal) >= steps, f"{steps} steps")
        terminal.press("space")
        terminal.wait_for("paused")
        terminal.wait_until(lambda: not terminal.read(1.0), "a picture that stands still")
        (ASSETS / f"{tab}-{columns}x{rows}.svg").write_text(svg(terminal.screen))
        terminal.press("q")
        terminal.wait_for_exit()


def step(terminal: Terminal) -> int:
    """Return the step that the words below the panels tell."""
    found = re.search(r"running · step ([\d,]+)", terminal.text)
    return int(found[1].replace(",", "")) if found else 0


def svg(screen: pyte.Screen) -> str:
    """Return the screen as an SVG picture."""
    cells = [[_colours(screen.buffer[y][x]) for x in range(screen.columns)] for y in range(screen.lines)]
    parts = []
    for y, line in enumerate(cells):
        for (back,), run in _runs(line, lambda cell: (cell[2],)):
            if back != DEFAULTS["bg"]:
                parts.append(_rectangle(run[0], y, 0, 0, len(run), 1, back))
        for (fore, bold), run in _runs(line, lambda cell: (cell[1], cell[3])):
            parts += _text(line, run, y, fore, bold)
    width, height = screen.columns * WIDTH, screen.lines * HEIGHT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}">'
        f'<rect width="{width}" height="{height}" rx="6" fill="#{DEFAULTS["bg"]}"/>'
        '<g font-family="ui-monospace, \'DejaVu Sans Mono\', Menlo, Consolas, monospace" font-size="16"'
        f' xml:space="preserve">{"".join(parts)}</g></svg>\n'
    )


def _runs(line, key):
    for value, run in groupby(range(len(line)), key=lambda x: key(line[x])):
        yield value, list(run)


def _colours(cell: pyte.screens.Char) -> tuple[str, str, str, bool]:
    fore = DEFAULTS["fg"] if cell.fg == "default" else cell.fg
    back = DEFAULTS["bg"] if cell.bg == "default" else cell.bg
    if cell.reverse:
        fore, back = back, fore
    return cell.data or " ", fore, back, cell.bold


def _text(line, run: list[int], y: int, fore: str, bold: bool) -> list[str]:
    parts, shapes = [], {x: _shape(line[x][0], x, y, fore) for x in run}
    parts += [shape for shape in shapes.values() if shape]
    for blank, stretch in groupby(run, key=lambda x: line[x][0].isspace() or bool(shapes[x])):
        columns = list(stretch)
        if blank:
            continue
        words = escape("".join(line[x][0] for x in columns))
        weight = ' font-weight="bold"' if bold else ""
        parts.append(
            f'<text x="{columns[0] * WIDTH}" y="{y * HEIGHT + 15}" fill="#{fore}"{weight}'
            f' textLength="{len(columns) * WIDTH}" lengthAdjust="spacingAndGlyphs">{words}</text>'
        )
    return parts


def _shape(character: str, x: int, y: int, colour: str) -> str:
    """Return block, braille and box characters as shapes, anything else as nothing."""
    code = ord(character[0])
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
        return _rectangle(x, y, *HALVES[character], colour)
    if 0x2581 <= code <= 0x2588:
        share = (code - 0x2580) / 8
        return _rectangle(x, y, 0, 1 - share, 1, share, colour)
    if 0x2589 <= code <= 0x258F:
        return _rectangle(x, y, 0, 0, (0x2590 - code) / 8, 1, colour)
    return ""


def _rectangle(x: int, y: int, left: float, top: float, width: float, height: float, colour: str) -> str:
    return (
        f'<rect x="{(x + left) * WIDTH:g}" y="{(y + top) * HEIGHT:g}" width="{width * WIDTH:g}"'
        f' height="{height * HEIGHT:g}" fill="#{colour}" shape-rendering="crispEdges"/>'
    )


if __name__ == "__main__":
    main()
