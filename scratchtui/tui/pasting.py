"""What the terminal pastes: text of anybody's, which is data and never keys, and only so much of it."""

from __future__ import annotations

import re

from textual import events
from textual.app import App
from textual.widgets import Input

from scratchtui.experiments.escapes import printable

MOST = 1 << 16  # characters: a long table, and many faces
_BREAKS = re.compile(r"\s*[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]\s*|\t")


class Pasting(App[None]):
    """An app that hands on no paste of more than MOST, nor one that nobody would see arrive."""

    async def on_event(self, event: events.Event) -> None:
        """Give lines their usual ends, for terminals paste them with the one that the enter key sends."""
        if isinstance(event, events.Paste) and not event.is_forwarded:
            screens = self.screen_stack
            if not screens or self.focused is None or screens[0].has_class("-too-small"):
                return  # it would arrive unseen
            if len(event.text) > MOST:
                words = f"{len(event.text):,} characters are too many; the most is {MOST:,}"
                self.notify(words, title="Not pasted", severity="error", markup=False)
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

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.replace(in_one_line(event.text, verbatim=self.verbatim), *self.selection)
