"""Conditions that end training: `METRIC<VALUE`."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scratchtui.experiments.hyperparameter import decimal, quoted, suggestion

if TYPE_CHECKING:
    from scratchtui.experiments.experiment import Experiment

_OTHER_SIGN = re.compile(r"[<>=!]*=[<>=!]*|[<>!]{2,}")
_FORM = re.compile(r"\s*(\w+)\s*([<>])\s*(\S+)\s*")


@dataclass(frozen=True)
class Until:
    """A metric under (or over) a value.

    The experiment's own goal is measured only where the experiment says that it is due, any other condition
    always.
    """

    metric: str
    sign: str
    value: float
    own_goal: bool = False

    @classmethod
    def parse(cls, text: str, metrics: tuple[str, ...]) -> Until:
        """Return the condition that `text` spells; ValueError names the nearest metric there is."""
        if (other := _OTHER_SIGN.search(text)) is not None:
            raise ValueError(
                f"{quoted(other[0])} in {quoted(text)} is no sign here; "
                f"write < or >, such as {metrics[0]}<0.001"
            )
        form = _FORM.fullmatch(text)
        if form is None:
            raise ValueError(
                f"{quoted(text)} is no condition; write METRIC<VALUE, such as {metrics[0]}<0.001"
            )
        if form[1] not in metrics:
            raise ValueError(f"there is no metric {form[1]!r}; {suggestion(form[1], metrics)}")
        return cls.of(text)

    @classmethod
    def of(cls, text: str) -> Until:
        """Return the condition that `text` spells, of any metric; ValueError where it is none."""
        form = _FORM.fullmatch(text)
        if form is None:
            raise ValueError(f"{text!r} is no condition")
        metric, sign, number = form.groups()
        try:
            value = decimal(number)
        except ValueError:
            value = math.nan
        if math.isnan(value):
            raise ValueError(f"{quoted(number)} in {quoted(text)} is not a number")
        return cls(metric, sign, value)

    @classmethod
    def goal_of(cls, experiment: Experiment) -> Until:
        """Return the experiment's own goal as it is now."""
        return replace(cls.of(experiment.goal), own_goal=True)

    def met(self, experiment: Experiment) -> bool:
        """Whether the condition is due and holds for the present state."""
        if self.own_goal and not experiment.goal_due():
            return False
        measured = experiment.measure(self.metric)
        return measured < self.value if self.sign == "<" else measured > self.value

    def __str__(self) -> str:
        return f"{self.metric} {self.sign} {self.value:g}"
