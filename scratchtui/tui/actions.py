"""Every action of the app, once: bindings, footer, help, palette and README are all made from this table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Action:
    """One thing a key does: the method `action_NAME` of the pane of the present tab, or of the app.

    `short` is for the footer (none: not shown there), `help` for everything else. `otherwise` is shown
    where the focused panel has a use of its own for the key that is `shown`.
    """

    name: str
    keys: tuple[str, ...]
    shown: str
    help: str
    short: str = ""
    otherwise: str = ""


OF_A_TAB = (
    Action("run_or_pause", ("space", "f5"), "space", "run, or pause", "run", "F5"),
    Action("step", ("full_stop",), ".", "pause, then one step on", "step"),
    Action("step_back", ("comma",), ",", "one step back", "back"),
    Action("leap_back", ("less_than_sign",), "<", "a tenth of the run back"),
    Action("leap_on", ("greater_than_sign",), ">", "a tenth of the run on"),
    Action("first_step", ("home",), "home", "the beginning of the run"),
    Action("last_step", ("end",), "end", "the end of the run"),
    Action("slower", ("minus",), "-", "train slower"),
    Action("faster", ("plus", "equals_sign"), "+", "train faster", "speed"),
    Action("stop_when", ("b",), "b", "stop when something comes true"),
    Action("reset", ("r",), "r", "begin again with the same seed", "reset"),
    Action("reset_new_seed", ("R",), "R", "begin again with a new seed"),
    Action("save", ("s",), "s", "save the run to a file"),
    Action("open", ("o",), "o", "open a saved run"),
    Action("undo", ("u",), "u", "take back the last edit"),
    Action("redo", ("U",), "U", "make again what was taken back"),
    Action("mark", ("C",), "C", "mark this moment; the last two marked are compared"),
    Action("export", ("e",), "e", "export: command line, losses, weights, screen, script"),
    Action("ask", ("slash",), "/", "type an input for the network", "input"),
)
OF_THE_APP = (
    Action("focus_next", ("tab",), "tab", "go to the next panel", "panel"),
    Action("focus_previous", ("shift+tab",), "shift+tab", "go to the panel before"),
    Action("zoom", ("z",), "z", "show the focused panel alone, or all again", "zoom"),
    Action("tab", tuple("123456789"), "1-9", "go to a tab"),
    Action("explain", ("question_mark", "f1"), "?", "help for the focused panel, and all keys", "help"),
    Action("command_palette", ("colon", "ctrl+p"), ":", "find any command by its name", "palette"),
    Action("next_theme", ("f2",), "F2", "dark, light, and other themes"),
    Action("toggle_mouse", ("M",), "M", "mouse on or off"),
    Action("quit", ("q",), "q", "quit", "quit"),
)
ACTIONS = (*OF_A_TAB, *OF_THE_APP)


def left_by(keys: tuple[tuple[str, str], ...]) -> list[tuple[str, Action]]:
    """Return the actions that can be had beside a panel's own keys, each with the key that does it."""
    taken = {shown for shown, _ in keys}
    shown = [(action.otherwise if action.shown in taken else action.shown, action) for action in ACTIONS]
    return [(key, action) for key, action in shown if key]
