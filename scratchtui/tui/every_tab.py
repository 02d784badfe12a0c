"""The panels that every tab has: the loss, the runs, what two moments differ by, the hyperparameters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scratchtui.experiments.panel import EditKey, Panel
from scratchtui.experiments.recipe import SEED
from scratchtui.training import marks
from scratchtui.tui import status
from scratchtui.tui.widgets.hyperparameters import Line

if TYPE_CHECKING:
    from scratchtui.experiments.view import View
    from scratchtui.training.session import Session
    from scratchtui.tui.keymap import Keymap

LOSS = Panel(
    "loss", "loss", "loss", "curves",
    "The loss of every step, on the batch that the step was taken on. Where a column stands for many steps,\n"
    "it shows their mean and the band from their minimum to their maximum. The cursor reads lowest ≤ mean ≤\n"
    "highest of them, and in a narrow window the loss of each step. `y` makes the axis linear.",
)  # fmt: skip
RUNS = Panel(
    "runs", "runs", "loss", "table",
    "The runs of this tab, in the order in which they began: begin again, or go on from the past, and\n"
    "the run before is kept, its loss a dimmed curve. `*` is pinned: it is never forgotten. Of the others\n"
    "the oldest go first, when there are more than eight.",
    edits=(
        EditKey("enter", "enter", "return", "return to the run under the cursor", "return to it"),
        EditKey("n", "n", "rename", "give it a name", "name", "type", "1 to 24 characters"),
        EditKey("p", "p", "pin", "pin it, or let it go", "pin"),
        EditKey("d,delete", "d", "remove", "forget it", "forget"),
    ),
)  # fmt: skip
SETTINGS = Panel(
    "settings", "hyperparameters", "settings", "settings",
    "What the run is made of. `live` ones take effect on the next step; `reset` ones need a new network:\n"
    "they wait, shown as old → new, until enter begins again with them or esc drops them.",
)  # fmt: skip
BEFORE = (LOSS, RUNS, *marks.PANELS.values())  # an experiment's own


def absent(session: Session) -> frozenset[str]:
    """Return the names of these panels that have nothing to show."""
    names = frozenset() if len(session.runs) > 1 else frozenset({RUNS.name})
    return names if session.marks.comparison is not None else names | marks.PANELS.keys()


def view(session: Session, name: str, keymap: Keymap) -> View | None:
    """Return what the runs or the difference of two moments show; None for another panel."""
    if name == RUNS.name:
        table = session.runs_table()
        return replace(table, note=keymap.filled(table.note))
    comparison = session.marks.comparison
    return comparison.view(name) if comparison is not None and name in marks.PANELS else None


def settings(session: Session) -> tuple[Line, ...]:
    """Return the hyperparameters that anything reads, and the seed."""
    values = {**session.settings, **session.pending}
    remarks = session.experiment.remarks()
    lines = []
    for h in (*session.kind.hyperparameters, SEED):
        if h.applies(values):
            pending = h.format(session.pending[h.key]) if h.key in session.pending else ""
            remark = remarks.get(h.key)
            words, warning = (remark.text, remark.warning) if remark else ("", False)
            value = h.format(session.value(h.key))
            lines.append(Line(h.key, h.label, value, h.live, pending, words, warning))
    return tuple(lines)


def explained(session: Session, panel: Panel) -> str:
    """Return what help says of a panel, of what it sets, and of what there is to warn of."""
    words = panel.help.replace("\n", " ")
    if panel is SETTINGS:
        every = (*session.kind.hyperparameters, SEED)
        words += "\n\n" + "\n".join(f"{h.label}: {h.help} ({h.range})" for h in every)
    if warned := status.warnings(session):
        words += "\n\n" + "\n".join(sentence.words for sentence in warned)
    return words
