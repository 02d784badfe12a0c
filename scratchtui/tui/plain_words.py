"""What an app tells and copies: words of names, files and errors, and nothing that commands a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App

from scratchtui.experiments.escapes import printable, readable

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel


class PlainWords(App[None]):
    """An app whose messages have no markup, so that brackets in a name are just that."""

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Say something."""
        del markup
        words, head = printable(message), printable(title)
        super().notify(words, title=head, severity=severity, timeout=timeout, markup=False)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy a text, by OSC 52 where the terminal has that; pasted, it commands nothing either."""
        super().copy_to_clipboard(readable(text))
