"""One line to type into, at the bottom of the screen: a value, a row, an input for the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult


@dataclass(frozen=True)
class Question:
    """What is asked: `submit` takes the text or raises ValueError; `preview` answers while it is typed."""

    label: str
    text: str
    hint: str
    submit: Callable[[str], None]
    preview: Callable[[str], str] | None = None


class LineEditor(Horizontal):
    """Hidden until asked to `open`; gives the focus back when it closes."""

    DEFAULT_CSS = """
    LineEditor {
        height: 1;
        display: none;
        background: $panel;
        &.-open { display: block; }
        & #editor-label { width: auto; padding: 0 1; text-style: bold; color: $accent; background: $panel; }
        & #editor-hint { width: auto; padding: 0 1; color: $text-muted; background: $panel; }
        & #editor-hint.-refused { color: $error; text-style: bold; }
        & Input {
            width: 1fr; min-width: 12; background: $panel; border: none;
            & > .input--selection { background: $accent; color: $background; }
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "cancel", show=False)]
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("enter", "take it"), ("esc", "leave it"))

    class Closed(Message):
        """Nothing is asked any longer."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._question: Question | None = None

    def compose(self) -> ComposeResult:
        """Label, input, hint."""
        yield Static(id="editor-label", markup=False)
        yield Input(compact=True, select_on_focus=True)
        yield Static(id="editor-hint", markup=False)

    @property
    def is_open(self) -> bool:
        """Whether something is asked."""
        return self._question is not None

    def open(self, question: Question) -> None:
        """Ask."""
        self._question = question
        self._came_from = self.screen.focused
        self.query_one("#editor-label", Static).update(question.label)
        field = self.query_one(Input)
        field.value = question.text
        self._hint(question.hint)
        self.add_class("-open")
        field.focus()

    def action_close(self) -> None:
        """Ask no longer."""
        self._question = None
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
        if self._question is None:
            return
        try:
            self._question.submit(event.value)
        except ValueError as refusal:
            self._hint(str(refusal), refused=True)
        else:
            self.action_close()

    def _hint(self, words: str, *, refused: bool = False) -> None:
        hint = self.query_one("#editor-hint", Static)
        hint.set_class(refused, "-refused")
        hint.update(words)
