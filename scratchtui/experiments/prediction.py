"""Predictions: what an experiment answers to an input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Prediction:
    """The answer to one input; `probabilities` by class name, where there are classes."""

    input: str
    prediction: float | str
    probabilities: Mapping[str, float] | None = None
