"""What is said in place of everything else where the window has too little room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchtui.tui.arrangement import SMALLEST
from scratchtui.tui.widgets.words import Words

if TYPE_CHECKING:
    from textual.geometry import Size


class TooSmall(Words):
    """The size that there is and the one that is needed, in the middle of the screen."""

    DEFAULT_CSS = """
    TooSmall { display: none; width: 100%; height: 100%; content-align: center middle; text-align: center; }
    """

    def tell(self, size: Size, quit_key: str, *, trains: bool) -> None:
        """Say that `size` is too small, whether a network still trains, and which key quits."""
        self.say(
            f"{size.width}x{size.height} is too small: {SMALLEST[0]}x{SMALLEST[1]} is needed\n"
            f"{'training goes on' if trains else 'nothing is training'} · {quit_key} quits"
        )
