"""Words as paragraphs, each span in its mood; longer than the widget, they scroll."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.reactive import reactive

from scratchtui.tui.widgets.drawing import Drawing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scratchtui.experiments.view import Mood, Prose
    from scratchtui.tui.ink import Runs


class ProseView(Drawing, can_focus=True):
    """Draws `Prose`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"prose--dim", "prose--good", "prose--bad", "prose--strong"}
    DEFAULT_CSS = """
    ProseView {
        & > .prose--dim { color: $foreground 65%; }
        & > .prose--good { color: $text-success; }
        & > .prose--bad { color: $text-error; text-style: bold; }
        & > .prose--strong { text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_lines(-1)", "up", show=False),
        Binding("down,j", "scroll_lines(1)", "down", show=False),
    ]
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("↑↓", "scroll"),)

    first: reactive[int] = reactive(0)
    _prose: Prose | None = None

    def show(self, prose: Prose) -> None:
        """Draw these words."""
        if prose != self._prose:
            self._prose = prose
            self.redraw()

    def watch_first(self) -> None:
        """Draw from another line on."""
        self.redraw()

    def action_scroll_lines(self, lines: int) -> None:
        """Scroll by lines, not past the last."""
        count = len(self._lines(self.content_size.width))
        self.first = max(0, min(self.first + lines, count - self.content_size.height))

    def picture(self, width: int, height: int) -> list[Runs]:
        """Return the lines that are seen."""
        lines = self._lines(width)
        first = max(0, min(self.first, len(lines) - height))
        return (lines[first:] + [[] for _ in range(height)])[:height]

    def _lines(self, width: int) -> list[Runs]:
        paragraphs = self._prose.paragraphs if self._prose else ()
        return [line for spans in paragraphs for line in wrapped(spans, width)]


def wrapped(spans: Sequence[tuple[str, Mood]], width: int) -> list[Runs]:
    """Return the spans of a paragraph in lines of `width`, broken between words where there are any."""
    lines: list[Runs] = [[]]
    used = 0
    for word, mood in _words(spans):
        for piece in _pieces(word, max(1, width)):
            if used and used + cell_len(piece.rstrip()) > width:
                lines.append([])
                used = 0
            lines[-1].append((piece, f"prose--{mood}" if mood else ""))
            used += cell_len(piece)
    return lines


def _words(spans: Sequence[tuple[str, Mood]]) -> Iterator[tuple[str, Mood]]:
    """Yield words with the blanks behind them."""
    for text, mood in spans:
        start = 0
        for place in range(1, len(text) + 1):
            if place == len(text) or (text[place - 1] == " " and text[place] != " "):
                yield text[start:place], mood
                start = place


def _pieces(word: str, width: int) -> Iterator[str]:
    """Yield a word that is wider than a line in pieces that are not."""
    piece = ""
    for character in word:
        if cell_len(piece + character) > width and character != " ":
            yield piece
            piece = ""
        piece += character
    yield piece
