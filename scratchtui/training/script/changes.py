"""What was changed while a run went on, as a script has it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from scratchtui.experiments.elements import is_element
from scratchtui.experiments.recipe import FROZEN
from scratchtui.training.journal import lasting
from scratchtui.training.script.optimizers import OPTIMIZERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.training.journal import Entry
    from scratchtui.training.script.lesson import Lesson

CHANGE = '''
def change(step):
    """Make the changes that were made after so many steps."""
'''
OWN = {"learning_rate", "momentum", "optimizer", FROZEN.key, "loss"}  # and those that the lesson names


def change_of(journal: Sequence[Entry], lesson: Lesson, known: frozenset[str]) -> str:
    """Return the function that makes the changes of a run; `known` are the variables that are read.

    The experiment of the lesson is changed with it.
    """
    after: dict[int, list[str]] = {}
    for entry in lasting(journal):
        lesson.experiment.change(entry.key, entry.value)
        if code := _changed(entry, lesson, known):
            after.setdefault(entry.step, []).append(code)
    if not after:
        return ""
    names = sorted(
        name for name in known if any(f"{name} = " in code for each in after.values() for code in each)
    )
    heading = f"    global {', '.join(names)}\n" if names else ""
    bodies = [
        f"if step == {step}:\n" + textwrap.indent("\n".join(codes), "    ") for step, codes in after.items()
    ]
    return CHANGE + heading + textwrap.indent("\n".join(bodies), "    ") + "\n"


def _changed(entry: Entry, lesson: Lesson, known: frozenset[str]) -> str:
    """Return the lines that make one change, which the experiment has made already."""
    key, value = entry.key, entry.value
    if is_element(key):
        tensor, index = key.split("[")
        return f'p["{tensor}"][{index.rstrip("]").replace(",", ", ")}] = {float(value)!r}'
    if key == "optimizer":
        return f"update = {OPTIMIZERS[str(value)][0]}"
    if key == FROZEN.key:
        return f"frozen = {frozen(lesson.experiment)}" if "frozen" in known else ""
    if key == "loss":
        return f"loss_of = {lesson.loss(lesson.settings)}" if "loss_of" in known else ""
    assigned = f"{key} = {value!r}" if key in known else ""
    return "\n".join(line for line in (assigned, lesson.renewed(key)) if line)


def frozen(experiment: Experiment) -> str:
    """Return what keeps its value as {name: places}, all of a tensor as slice(None)."""
    parts = []
    places = set(experiment.frozen.tolist())
    for name, own in experiment.elements.places.items():
        first = int(own.flat[0])
        kept = [place - first for place in own.ravel().tolist() if place in places]
        if kept:
            parts.append(f'"{name}": {"slice(None)" if len(kept) == own.size else kept}')
    return f"{{{', '.join(parts)}}}"
