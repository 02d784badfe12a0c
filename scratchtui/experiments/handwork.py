"""What the user does to single weights, set them by hand, freeze them, let them go; and what that does."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.elements import NONE, NOWHERE
from scratchtui.experiments.hyperparameter import decimal, quoted
from scratchtui.experiments.panel import FREEZE, SET, WEIGHT_KEYS
from scratchtui.experiments.recipe import FROZEN

if TYPE_CHECKING:
    from scratchtui.experiments.elements import Elements, Places
    from scratchtui.experiments.hyperparameter import Settings, Value
    from scratchtui.experiments.panel import Edit
    from scratchtui.nn import Array, Optimizer, Sequential

ACTIONS = frozenset(key.action for key in WEIGHT_KEYS)


def written(vector: Array, edit: Edit) -> str:
    """Return the value of the weight that is about to be typed over; ValueError where there is none."""
    return repr(float(vector[_place(edit)])) if edit.action == SET else ""


def edited(elements: Elements, frozen: Places, edit: Edit) -> dict[str, Value]:
    """Return the weight that an edit sets, or what is frozen after it; ValueError in one sentence."""
    place = _place(edit)
    if edit.action == SET:
        return {elements.name(place): finite(edit.text)}
    match edit.action.removeprefix(FREEZE):
        case "layer":
            chosen = elements.layer(place)
        case "row":
            chosen = np.unique([each for each in edit.place if each >= 0])
        case _:
            chosen = np.array([place])
    let_go = np.isin(chosen, frozen).all()
    kept = np.setdiff1d(frozen, chosen) if let_go else np.union1d(frozen, chosen)
    return {FROZEN.key: elements.named(kept)}


def frozen_by(settings: Settings, elements: Elements) -> Places:
    """Return the elements that settings freeze; ValueError where they name one that there is not."""
    if (names := str(settings[FROZEN.key])) == NONE:
        return NOWHERE
    try:
        return elements.many(names)
    except ValueError as refusal:
        raise ValueError(f"{FROZEN.key}: {refusal}") from None


def step_but(frozen: Places, network: Sequential, optimizer: Optimizer) -> None:
    """Update all weights but these, which get no momentum either."""
    kept = network.vector[frozen]
    network.gradient[frozen] = 0.0
    optimizer.step(network.gradient)
    network.vector[frozen] = kept


def _place(edit: Edit) -> int:
    if not edit.place or edit.place[0] < 0:
        raise ValueError("there is no weight under the cursor")
    return edit.place[0]


def finite(value: Value) -> float:
    """Return the value for a weight, or what a text spells; ValueError where it is no finite number."""
    try:
        number = decimal(value) if isinstance(value, str) else float(value)
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"a weight is a finite number, such as 0.5, not {quoted(str(value))}")
    return number
