"""A line to type into, at the bottom of the screen: a value, a row, an input for the network.

What is said about it stands beside what is typed where both fit, else below it, wrapped.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from scratchtui.experiments.escapes import printable
from scratchtui.tui.pasting import LineInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult


_PADDING = 2  # columns of a label, or of a hint
_LEAST_ROOM = 12  # columns to type in
_MOST_LINES = 3  # of a hint


@dataclass(frozen=True)
class Question:
    """What is asked: `submit` takes the text or raises ValueError; `preview` answers while it is typed.

    A `verbatim` text has escapes for what a line cannot hold.
    """

    label: str
    text: str
    hint: str
    submit: Callable[[str], None]
    preview: Callable[[str], str] | None = None
    verbatim: bool = False


class LineEditor(Horizontal):
    """Hidden until asked to `open`; gives the focus back when it closes."""

    DEFAULT_CSS = """
    LineEditor {
        height: 1;
        display: none;
        background: $panel;
        &.-open { display: block; }
        &.-tall { & #editor-hint { dock: bottom; width: 100%; } }
        & #editor-label { width: auto; padding: 0 1; text-style: bold; color: $accent; background: $panel; }
        & #editor-hint { width: auto; padding: 0 1; color: $text-muted; background: $panel; }
        & #editor-hint.-refused { color: $error; text-style: bold; }
        & Input {
            width: 1fr; background: $panel; border: none;
            & > .input--selection { background: $accent; color: $background; }
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "cancel", show=False),
    ]
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("enter", "take it"), ("esc", "leave it"))

    class Closed(Message):
        """Nothing is asked any longer."""

    @dataclass
    class Grown(Message):
        """It takes so many lines."""

        lines: int

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._question: Question | None = None
        self._words = ""
        self._waits = False
        self._entered: str | None = None

    def compose(self) -> ComposeResult:
        """Label, input, hint."""
        yield Static(id="editor-label", markup=False)
        yield LineInput(select_on_focus=True)
        yield Static(id="editor-hint", markup=False)

    @property
    def is_open(self) -> bool:
        """Whether something is asked."""
        return self._question is not None

    @property
    def waits(self) -> bool:
        """Whether there can be typed, and it is not known yet what is asked."""
        return self._waits

    def wait(self, hint: str) -> None:
        """Let be typed what the next question is answered with."""
        self.open(Question("", "", hint, lambda _: None))
        self._waits = True

    def open(self, question: Question) -> None:
        """Ask; what was typed before it was known what is asked is kept, and taken if it was entered."""
        field = self.query_one(LineInput)
        field.verbatim = question.verbatim
        typed, entered = (field.value, self._entered) if self._waits else ("", None)
        if not self.is_open:
            self._came_from = self.screen.focused
        self._entered = question.text if entered == "" else entered  # nothing typed is what stands there
        self._question, self._waits = question, False
        self.query_one("#editor-label", Static).update(question.label)
        field.value = typed or question.text
        if not typed:
            field.select_all()
        self._hint(question.hint)
        self.add_class("-open")
        if not field.has_focus:
            field.focus()
        if entered is not None:
            self.submit(question)

    def submit(self, question: Question) -> None:
        """Take what was entered last for the answer to a question, if it is still this that is asked."""
        if self._question is question and self._entered is not None:
            self._take(question, self._entered)

    def action_close(self) -> None:
        """Ask no longer."""
        self.close()

    def close(self) -> None:
        """Ask no longer; nothing where nothing is asked."""
        if not self.is_open:
            return
        self._question, self._waits, self._entered = None, False, None
        self.remove_class("-open")
        if self.query_one(Input).has_focus:
            self.screen.set_focus(self._came_from)
        self.post_message(self.Closed())

    @on(Input.Blurred)
    def _leave(self, event: Input.Blurred) -> None:
        event.stop()
        if self.is_open:
            self.action_close()

    @on(Input.Changed)
    def _preview(self, event: Input.Changed) -> None:
        event.stop()
        if self._question is None:
            return
        if self._question.preview is None or not event.value.strip():
            self._hint(self._question.hint)
            return
        try:
            self._hint(self._question.preview(event.value))
        except ValueError:
            self._hint(self._question.hint)

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        self._entered = event.value
        if self._waits and self._question is not None:
            self._hint(f"{self._question.hint}; then it is taken")
        elif self._question is not None:
            self._take(self._question, event.value)

    def _take(self, question: Question, text: str) -> None:
        try:
            question.submit(text)
        except ValueError as refusal:
            self._hint(str(refusal), refused=True)
        else:
            self.action_close()

    def _hint(self, words: str, *, refused: bool = False) -> None:
        self._words = printable(words)
        hint = self.query_one("#editor-hint", Static)
        hint.set_class(refused, "-refused")
        self._fit()

    def on_resize(self) -> None:
        """Fit the new width."""
        if self.is_open:
            self._fit()

    def _fit(self) -> None:
        """Put the hint beside what is typed, or below it."""
        field, hint = self.query_one(Input), self.query_one("#editor-hint", Static)
        width = self.screen.size.width
        label = cell_len(self._question.label if self._question else "") + _PADDING
        typed = max(_LEAST_ROOM, cell_len(field.value) + 1)
        tall = label + typed + cell_len(self._words) + _PADDING > width
        wrapped = wrap(self._words, max(1, width - _PADDING), break_on_hyphens=False)
        below = min(len(wrapped), _MOST_LINES) if tall else 0
        self.set_class(tall, "-tall")
        self.styles.height = 1 + below
        hint.styles.height = below or 1
        hint.update(self._words)
        self.post_message(self.Grown(1 + below))
