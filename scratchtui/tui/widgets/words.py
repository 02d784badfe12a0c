"""Lines of words, drawn only where they differ from what stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from scratchtui.experiments.escapes import readable
from scratchtui.tui.status import Sentence

if TYPE_CHECKING:
    from rich.text import Text


class Words(Static):
    """Words without markup."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes, markup=False)

    def say(self, words: str | Text) -> None:
        """Write words, unless they stand there already."""
        if isinstance(words, str):
            words = readable(words)
        if self.content != words:
            self.update(words, layout=False)


class SentenceLine(Words):
    """A sentence in one line, in the colour of its mood, shortened to what fits."""

    DEFAULT_CSS = """
    SentenceLine {
        height: 1;
        padding: 0 1;
        color: $text-muted;
        &.-good { color: $success; }
        &.-attention { color: $warning; }
        &.-bad { color: $error; text-style: bold; }
    }
    """
    _sentence = Sentence("", "quiet")
    _help_key = ""

    def show(self, sentence: Sentence, help_key: str) -> None:
        """Draw this sentence; where it does not say all, the key that does."""
        self._sentence, self._help_key = sentence, help_key
        for mood in ("good", "attention", "bad"):
            self.set_class(mood == sentence.mood, f"-{mood}")
        self.say(sentence.fitted(self.content_size.width, help_key))

    def on_resize(self) -> None:
        """Fit the new width."""
        self.show(self._sentence, self._help_key)
