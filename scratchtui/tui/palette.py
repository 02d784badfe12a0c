"""The command palette, in the clothes of the app."""

from __future__ import annotations

from textual.command import CommandList, CommandPalette


class Palette(CommandPalette):
    """Finds any command by its name."""

    DEFAULT_CSS = """
    Palette {
        background: $background 60%;
        & > Vertical { margin-top: 1; width: 64; background: $surface; border: round $accent; height: auto; }
        & #--input { border: none; padding: 0 1; }
        & SearchIcon { display: none; }
        & CommandList { border: none; max-height: 14; background: $surface; }
        & LoadingIndicator { display: none; }
    }
    """

    def _action_command_list(self, action: str) -> None:
        """Pass a key on to the list, once there is one: it cannot turn pages of no height."""
        if self.query_one(CommandList).size.height:
            super()._action_command_list(action)
