"""Panels: the places where an experiment is seen, and what the user can do at each of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

How = Literal["press", "type", "load", "save", "copy", "paste"]


@dataclass(frozen=True)
class EditKey:
    """A key that edits in a panel, by `action`, a word that the experiment understands.

    `keys` are named as Textual names them, with commas between; `shown` is what is on the key, `short`
    what the footer says of it (nothing: only help tells). `how` says what more there is to it:

    - `press`: nothing;
    - `type`: a line is asked for, which begins as `Experiment.written` has it; `hint` says what may be typed;
    - `load`: the path of a file is asked for, and its text is the edit's;
    - `save`, `copy`: what is `written` goes to a file or to the clipboard, and nothing is edited;
    - `paste`: the text is that of the clipboard, or what the terminal pastes.

    `on` tells what the edit is about: what the cursor is on, the `weight` under it, or the whole `panel`.
    `goes_to` names the panel where what was edited is seen, if that is another one.
    """

    keys: str
    shown: str
    action: str
    help: str
    short: str = ""
    how: How = "press"
    hint: str = ""
    goes_to: str = ""
    on: Literal["place", "weight", "panel"] = "place"


@dataclass(frozen=True)
class Edit:
    """What the user did in a panel: an action at a place, with a text where one was asked for.

    `place` is what the panel's cursor is on: the id of a row and, where cells are chosen, the column; row
    and column of a matrix or canvas; the id of a tile; of a weight, which of the parameters it is, and then
    those in its row of the picture, -1 for cells that are none. `stroke` is true for all but the first of
    the edits that are taken back together, such as pixels painted in one movement.
    """

    action: str
    place: tuple[int, ...] = ()
    text: str = ""
    stroke: bool = False


SET, FREEZE = "set weight", "freeze "  # cell, row, layer
WEIGHT_KEYS = (
    EditKey("w", "w", SET, "type the value of the weight", "set it", "type", "a number", on="weight"),
    EditKey("f", "f", f"{FREEZE}cell", "freeze the weight, marked =, or let it go", "freeze", on="weight"),
    EditKey("F", "F", f"{FREEZE}row", "freeze its row of the picture, or let it go", on="weight"),
    EditKey("L", "L", f"{FREEZE}layer", "freeze its layer, or let it go", on="weight"),
)
POINT = "point"  # the action of a cursor that has moved, in panels that follow it


@dataclass(frozen=True)
class Panel:
    """A place on the screen for a view; panels of one `slot` share it where space is short.

    `edits` are its own keys; a key of the app is named in `help` by its action: `{undo}`. `follows` asks to
    be told where its cursor is, as an edit of action `POINT`. In one of `weights` those can be set by hand
    and frozen.
    """

    name: str
    title: str
    slot: str
    kind: str
    help: str
    edits: tuple[EditKey, ...] = ()
    follows: bool = False
    weights: bool = False

    @property
    def keys(self) -> tuple[EditKey, ...]:
        """Every key that edits in it."""
        return self.edits + WEIGHT_KEYS * self.weights


@dataclass(frozen=True)
class Probe:
    """What the user points at; it changes what is seen, never what is learnt.

    `text` is typed into the prompt; `row` is one of the dataset, -1 the last. `picture` is what is being
    drawn, as the experiment writes it. `held` gives units, by number, the value that they are held at.
    """

    text: str = ""
    row: int = 0
    picture: str = ""
    held: Mapping[int, float] = field(default_factory=dict)
