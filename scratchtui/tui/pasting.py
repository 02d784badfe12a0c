"""What the terminal pastes: text of anybody's, which is data and never keys, and only so much of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers import linux_driver
from textual.widgets import Input

from scratchtui.experiments.escapes import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.message import Message

_BEGIN, _END = "\x1b[200~", "\x1b[201~"
MOST = 1 << 16  # characters: a long table, and many faces
_BREAKS = re.compile(r"\s*[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]\s*|\t")


class PasteReader(XTermParser):
    """Reads what the terminal sends as Textual does, but a paste whole.

    Textual would read the escape sequences in it, and pass those that it does not know on as keys; of one of
    a hundred megabytes it would look at every character.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._pasting = False
        self._pasted = ""  # not more than needed to know that it is too much
        self._rest = ""  # where a marker may have begun

    def feed(self, data: str) -> Iterator[Message]:
        """Yield what `data` completes; nothing means that no more comes."""
        if not data:
            yield from super().feed(data)
        while data:
            if self._pasting:
                text, end, data = (self._rest + data).partition(_END)
                self._rest = "" if end else _begun(text)
                text = text.removesuffix(self._rest)
                self._pasted += text[: MOST + 1 - len(self._pasted)]
                if end:
                    yield from self._ended()
            else:
                before, begin, _ = (self._rest + data).partition(_BEGIN)
                cut = len(before + begin) - len(self._rest) if begin else len(data)
                self._rest = "" if begin else (self._rest + data)[1 - len(_BEGIN) :]
                self._pasting, self._pasted = bool(begin), ""
                yield from super().feed(data[:cut])
                data = data[cut:]

    def _ended(self) -> Iterator[Message]:
        self._pasting = False
        for message in super().feed(_END):
            pasted = isinstance(message, events.Paste)
            yield events.Paste(self._pasted.replace("\0", "")) if pasted else message


def _begun(text: str) -> str:
    """Return the end of a text that may be the beginning of the marker behind a paste."""
    return next((_END[:k] for k in range(len(_END) - 1, 0, -1) if text.endswith(_END[:k])), "")


setattr(linux_driver, "XTermParser", PasteReader)  # noqa: B010 - its input thread makes one for itself


class Pasting(App[None]):
    """An app that hands on no paste of more than MOST, nor one that nobody would see arrive."""

    async def on_event(self, event: events.Event) -> None:
        """Give lines their usual ends, for terminals paste them with the one that the enter key sends."""
        if isinstance(event, events.Paste) and not event.is_forwarded:
            screens = self.screen_stack
            if not screens or self.focused is None or screens[0].has_class("-too-small"):
                return  # it would arrive unseen
            if len(event.text) > MOST:
                words = f"it is too long: the most is {MOST:,} characters"
                self.notify(words, title="Not pasted", severity="error")
                return
            event = events.Paste(re.sub("\r\n?", "\n", event.text))
        await super().on_event(event)


def in_one_line(text: str, *, verbatim: bool = False) -> str:
    r"""Return what was pasted as it can be typed: lines with blanks between, or with \n where that is meant.

    Characters that a terminal would obey become escapes, which can be seen.
    """
    text = text.strip("\r\n")
    return printable(text if verbatim else _BREAKS.sub(" ", text))


class LineInput(Input):
    r"""A line that takes a paste whole, not its first line alone; where `verbatim`, with \n for its ends."""

    verbatim = False

    def __init__(self, **options: Any) -> None:
        super().__init__(compact=True, **options)
        self.cursor_blink = False  # which would be bytes for nothing

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.replace(in_one_line(event.text, verbatim=self.verbatim), *self.selection)
