"""What was changed while a run went on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scratchtui.experiments.hyperparameter import Value


@dataclass(frozen=True)
class Entry:
    """A live hyperparameter, changed after `step` steps."""

    step: int
    key: str
    value: Value
