"""Hidden units that the user holds at a value, whatever the text: a part of the probe."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scratchtui.experiments.hyperparameter import Hyperparameter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scratchtui.experiments.panel import Edit, Probe

NOTHING_HELD: Mapping[int, float] = {}
PANELS = frozenset({"units", "twins"})  # where units can be held
HOLD = "hold"
_VALUE = Hyperparameter("value", "value", "float", 0.0, "", low=-1.0, high=1.0)


def held_of(probe: Probe, units: int) -> dict[int, float]:
    """Return the units that are held, of those that there are."""
    return {unit: value for unit, value in probe.held.items() if unit < units}


def edited(probe: Probe, edit: Edit) -> Probe | None:
    """Return the probe with one unit more or less held, or none; None for another edit, or ValueError."""
    match edit.action:
        case "silence":
            return replace(probe, held={**probe.held, edit.place[0]: 0.0})
        case "hold":
            return replace(probe, held={**probe.held, edit.place[0]: float(_VALUE.parse(edit.text))})
        case "release":
            kept = {unit: value for unit, value in probe.held.items() if unit != edit.place[0]}
            return replace(probe, held=kept)
        case "release_all":
            return replace(probe, held={})
    return None
