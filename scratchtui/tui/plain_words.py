"""What an app copies: words of names, files and errors, and nothing that commands a terminal."""

from __future__ import annotations

from textual.app import App

from scratchtui.experiments.escapes import readable


class PlainWords(App[None]):
    """An app that copies what can be read."""

    def copy_to_clipboard(self, text: str) -> None:
        """Copy a text, by OSC 52 where the terminal has that; pasted, it commands nothing either."""
        super().copy_to_clipboard(readable(text))
