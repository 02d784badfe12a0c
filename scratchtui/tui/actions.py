"""Every action of the app, once: bindings, footer, help, palette and README are all made from this table.

`keymap.py` has the same with the keys that the user would rather have.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Action:
    """One thing a key does: the method `action_NAME` of the pane of the present tab, or of the app.

    `short` is for the footer (none: not shown there), `help` for everything else. `keys` are named as
    Textual names them; `shown` is what is on the first, `otherwise` what is on the second, where that is
    worth telling. Of `each` the keys do the like, one after the other.
    """

    name: str
    keys: tuple[str, ...]
    shown: str
    help: str
    short: str = ""
    otherwise: str = ""
    each: bool = False


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
    Action("tab", tuple("123456789"), "1-9", "go to a tab", each=True),
    Action("explain", ("question_mark", "f1"), "?", "help for the focused panel, and all keys", "help"),
    Action("command_palette", ("colon", "ctrl+p"), ":", "find any command by its name", "palette"),
    Action("recover", ("f4",), "F4", "restore what was in no file; how the autosave does"),
    Action("count_bytes", ("B",), "B", "show how many bytes a second are sent, or no longer"),
    Action("next_theme", ("f2",), "F2", "dark, light, and other themes"),
    Action("toggle_mouse", ("M",), "M", "mouse on or off"),
    Action("quit", ("q", "f10"), "q", "quit", "quit", "F10"),
)
ACTIONS = (*OF_A_TAB, *OF_THE_APP)
_OF_A_TAB = {action.name for action in OF_A_TAB}


def called(action: Action) -> str:
    """Return an action as Textual calls it."""
    return f"in_tab({action.name!r})" if action.name in _OF_A_TAB else action.name
