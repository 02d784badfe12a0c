"""Claims: what an experiment says of itself, in a form that can be put to the proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Claim:
    """With these settings, `holds` after training to the goal, for a `share` of the seeds tried.

    `recipes` are settings as they are written behind --set; seed s trains the recipe s modulo their number.
    `holds` are conditions, METRIC<VALUE or METRIC>VALUE, on what `Experiment.measure` measures. `steps`
    are taken where they are given, otherwise training stops at the goal or when the step budget is spent.
    `most_seeds` bounds how many seeds are tried where one takes long.
    """

    name: str
    words: str
    holds: tuple[str, ...]
    recipes: tuple[Mapping[str, str], ...] = ({},)
    share: float = 1.0
    steps: int | None = None
    most_seeds: int = 100
