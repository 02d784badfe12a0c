"""What was changed while a run went on."""

from __future__ import annotations

from dataclasses import dataclass
from sys import intern
from typing import TYPE_CHECKING

from scratchtui.experiments.elements import is_element
from scratchtui.experiments.recipe import FROZEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scratchtui.experiments.hyperparameter import Value

_LAST_COUNTS = {"learning_rate", "momentum", FROZEN.key}


@dataclass(frozen=True, slots=True)
class Entry:
    """A live hyperparameter, changed after `step` steps."""

    step: int
    key: str
    value: Value

    def __post_init__(self) -> None:
        """Hold each key and each text once: a run may have a hundred thousand entries."""
        object.__setattr__(self, "key", intern(self.key))
        if type(self.value) is str:
            object.__setattr__(self, "value", intern(self.value))

    def __reduce__(self) -> tuple[type[Entry], tuple[int, str, Value]]:
        """Come through a pipe as what it is made of."""
        return Entry, (self.step, self.key, self.value)


def lasting(journal: Sequence[Entry]) -> list[Entry]:
    """Return the entries that a run needs to be reproduced.

    Of changes of one learning rate, momentum, weight or of what is frozen after the same step the last
    counts; others may draw random numbers, so that none can be left out.
    """
    last = {(entry.step, entry.key): place for place, entry in enumerate(journal)}
    return [
        entry
        for place, entry in enumerate(journal)
        if last[entry.step, entry.key] == place or not (entry.key in _LAST_COUNTS or is_element(entry.key))
    ]
