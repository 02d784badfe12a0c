"""The cells of the screen as they stand there now, for a picture of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual._compositor import LayoutUpdate

from scratchtui.tui.cells import clusters, pieces
from scratchtui.tui.picture import Cell

if TYPE_CHECKING:
    from rich.color import Color
    from rich.style import Style
    from rich.terminal_theme import TerminalTheme
    from textual.app import App

    from scratchtui.tui.picture import Line


def photographed(app: App[None]) -> list[Line]:
    """Return the cells of the app, without the dialogs over it."""
    update = app.screen_stack[0]._compositor.render_update(full=True)
    if not isinstance(update, LayoutUpdate):
        raise TypeError("Textual no longer draws a whole screen as lines of strips")
    theme, lines = app.ansi_theme, []
    for _, strips in pieces(update):
        segments = [segment for _, strip in strips for segment in strip if not segment.control]
        lines.append([cell for text, style, _ in segments for cell in _cells(text, style, theme)])
    return lines


def _cells(text: str, style: Style | None, theme: TerminalTheme) -> list[Cell]:
    fore, back, bold = "", "", False
    if style is not None:
        fore, back, bold = _hex(style.color, theme), _hex(style.bgcolor, theme), bool(style.bold)
    fore, back = fore or _digits(theme.foreground_color), back or _digits(theme.background_color)
    if style is not None and style.reverse:
        fore, back = back, fore
    return [Cell(each, fore, back, bold) for each in clusters(text)]


def _hex(color: Color | None, theme: TerminalTheme) -> str:
    return "" if color is None or color.is_default else _digits(color.get_truecolor(theme))


def _digits(colour: tuple[int, int, int]) -> str:
    return "".join(f"{part:02x}" for part in colour)
