"""The command palette, in the clothes of the app."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from inspect import unwrap
from typing import TYPE_CHECKING

from textual import work
from textual.app import SystemCommand
from textual.command import CommandList, CommandPalette
from textual.css.query import NoMatches
from textual.widgets import Input

from scratchtui.experiments import EXPERIMENTS
from scratchtui.tui.actions import called
from scratchtui.tui.dialog import Dialog
from scratchtui.tui.themes import THEMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scratchtui.tui.app import ScratchApp
    from scratchtui.tui.keymap import Keymap


def commands(app: ScratchApp, keymap: Keymap) -> Iterator[SystemCommand]:
    """Yield what can be found by its name: every action, every tab and every theme."""
    for action in keymap.actions:
        if action.name not in {"tab", "command_palette"}:
            call = partial(app.run_action, called(action))
            yield SystemCommand(action.help, f"key {action.shown}" if action.shown else "no key", call)
    for index, (name, key) in enumerate(keymap.tabs.items()):
        go = partial(app.action_tab, index)
        yield SystemCommand(f"go to {EXPERIMENTS.title(name)}", f"key {key}" if key else "no key", go)
    for theme in THEMES:
        yield SystemCommand(f"theme {theme.name}", "colours", partial(app.choose_theme, theme.name))


class Palette(CommandPalette, Dialog[None]):
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

    def on_mount(self) -> None:
        """Let the cursor stand still: blinking would be bytes for nothing."""
        for field in self.query(Input):  # there is none where it has been left already
            field.cursor_blink = False

    @work(exclusive=True, group=CommandPalette._GATHER_COMMANDS_GROUP)
    async def _gather_commands(self, search_value: str) -> None:
        """Look for commands, unless the palette has been left before that begins."""
        with suppress(NoMatches):
            await unwrap(CommandPalette._gather_commands)(self, search_value)

    def _action_command_list(self, action: str) -> None:
        """Pass a key on to the list, once there is one: it cannot turn pages of no height."""
        if self.query_one(CommandList).size.height:
            super()._action_command_list(action)
