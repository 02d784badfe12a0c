"""Conditions that end training: `METRIC<VALUE`, and what else can come true on a step.

`loss<0.01`, `accuracy>0.9`, `weights[0]>100`, `0.Dense.W[2,0]<0`, `step=1000`, `text=hello`, and
`sign 0.Dense.W[2,0]`, which comes true where that weight changes its sign.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from scratchtui.experiments.elements import is_element
from scratchtui.experiments.escapes import printable, unescaped
from scratchtui.experiments.hyperparameter import decimal, quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scratchtui.experiments.experiment import Experiment

_OTHER_SIGN = re.compile(r"[<>=!]*=[<>=!]*|[<>!]{2,}")
_FORM = re.compile(r"\s*([^\s<>=]+)\s*([<>=])\s*(.*?)\s*", re.DOTALL)
_SIGN = re.compile(r"\s*sign\s+(\S+)\s*")
_ITEM = re.compile(r"(\w+)\[([0-9]{1,9})\]")
CHANGES: Final = "changes sign"
STEP = "step"
BETWEEN = ";"  # conditions in one text


@dataclass(frozen=True)
class Until:
    """What is measured, and what it must be: under (`<`), over (`>`) or equal to (`=`) a value.

    The experiment's own goal is measured only where the experiment says that it is due, any other condition
    always. `=` goes with a step and with texts; a weight may also change its sign.
    """

    metric: str
    sign: Literal["<", ">", "=", "changes sign"]
    value: float | str = 0.0
    own_goal: bool = False

    @classmethod
    def parse(cls, text: str, experiment: Experiment) -> Until:
        """Return the condition that `text` spells; ValueError names the nearest that there is."""
        if (form := _SIGN.fullmatch(text)) is not None:
            experiment.weight(form[1])
            return cls(form[1], CHANGES)
        metrics = experiment.metrics()
        texts = [name for name, value in metrics.items() if isinstance(value, str)]
        parts = _FORM.fullmatch(text)
        if parts is not None and parts[2] == "=" and parts[1] in texts:
            return cls(parts[1], "=", _text(parts[1], parts[3], metrics[parts[1]]))
        if parts is not None and parts[1] == STEP and parts[2] == "=" and not _OTHER_SIGN.match(parts[3]):
            return cls(STEP, "=", _count(parts[3]))
        numbers = ("loss", *(name for name, value in metrics.items() if isinstance(value, float)))
        if (other := _OTHER_SIGN.search(text)) is not None:
            raise ValueError(
                f"{quoted(other[0])} in {quoted(text)} is no sign here; "
                f"write < or >, such as {numbers[0]}<0.001"
            )
        if parts is None or not parts[3]:
            raise ValueError(
                f"{quoted(text)} is no condition; write METRIC<VALUE, such as {numbers[0]}<0.001"
            )
        _refuse_unmeasurable(parts[1], metrics, (*numbers, STEP, *texts), experiment)
        return cls.of(text)

    @classmethod
    def of(cls, text: str) -> Until:
        """Return the condition METRIC<VALUE or METRIC>VALUE of any metric; ValueError where it is none."""
        form = _FORM.fullmatch(text)
        if form is None or form[2] == "=":
            raise ValueError(f"{text!r} is no condition")
        metric, sign, number = form.groups()
        try:
            value = decimal(number)
        except ValueError:
            value = math.nan
        if math.isnan(value):
            raise ValueError(f"{quoted(number)} in {quoted(text)} is not a number")
        return cls(metric, "<" if sign == "<" else ">", value)

    @classmethod
    def goal_of(cls, experiment: Experiment) -> Until:
        """Return the experiment's own goal as it is now."""
        return replace(cls.of(experiment.goal), own_goal=True)

    def measured(self, experiment: Experiment) -> float | str:
        """Return what there is to compare; KeyError or ValueError where there is nothing of that name."""
        if self.metric == STEP:
            return experiment.steps
        if is_element(self.metric):
            return experiment.weight(self.metric)
        if (item := _ITEM.fullmatch(self.metric)) is not None:
            value = experiment.metrics()[item[1]][int(item[2])]
            return math.nan if value is None else float(value)
        if isinstance(self.value, str):
            return str(experiment.metrics()[self.metric])
        return experiment.measure(self.metric)

    def possible(self, experiment: Experiment) -> bool:
        """Whether there is what it measures."""
        try:
            self.measured(experiment)
        except (KeyError, IndexError, ValueError):
            return False
        return True

    def met(self, experiment: Experiment) -> bool:
        """Whether the condition is due and holds for the present state; for a sign, whether it is +."""
        if self.own_goal and not experiment.goal_due():
            return False
        measured = self.measured(experiment)
        if isinstance(measured, str) or isinstance(self.value, str):
            return measured == self.value
        match self.sign:
            case "<":
                return measured < self.value
            case "=":
                return measured >= self.value
        return measured > self.value

    def __str__(self) -> str:
        if self.sign == CHANGES:
            return f"{self.metric} changes sign"
        value = printable(self.value) if isinstance(self.value, str) else f"{self.value:g}"
        if self.metric == STEP and not isinstance(self.value, str):
            value = f"{self.value:.0f}"
        return f"{self.metric} {self.sign} {value}"

    @property
    def text(self) -> str:
        """The condition as it is typed."""
        if self.sign == CHANGES:
            return f"sign {self.metric}"
        if isinstance(self.value, str):
            return f"{self.metric}={printable(self.value)}"
        value = f"{self.value:.0f}" if self.metric == STEP else repr(self.value).removesuffix(".0")
        return f"{self.metric}{self.sign}{value}"


def _text(name: str, written: str, present: str) -> str:
    """Return a text with its escapes read; ValueError if it is not as long as what is compared with it."""
    text = unescaped(written)
    if len(text) != len(present):
        raise ValueError(
            f"{name} has {len(present):,} characters, such as {quoted(printable(present))}, "
            f"so it cannot become {quoted(written)}"
        )
    return text


def _count(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,12}", text.replace(",", "")):
        raise ValueError(f"a step is a whole number, such as {STEP}=1000, not {quoted(text)}")
    return float(text.replace(",", ""))


def _refuse_unmeasurable(
    name: str, metrics: Mapping[str, Any], known: Sequence[str], experiment: Experiment
) -> None:
    """Raise ValueError unless `name` is a number of this experiment."""
    if is_element(name):
        experiment.weight(name)
        return
    item = _ITEM.fullmatch(name)
    values = metrics.get(item[1]) if item is not None else None
    if item is not None and isinstance(values, list) and _numbers(values):
        if int(item[2]) >= len(values):
            raise ValueError(f"{item[1]} has {len(values)} numbers; the last is {item[1]}[{len(values) - 1}]")
        return
    if name in known and name != STEP and isinstance(metrics.get(name, 0.0), float):
        return
    if name == STEP or name in known:
        raise ValueError(f"{name} is compared by =, such as {name}={'1000' if name == STEP else 'hello'}")
    raise ValueError(f"there is no metric {quoted(name)}; {suggestion(name, known)}")


def _numbers(values: Sequence[Any]) -> bool:
    return bool(values) and not isinstance(values[0], str)


def parse_all(text: str, experiment: Experiment) -> tuple[Until, ...]:
    """Return the conditions of a text, with `;` between; ValueError for the first that is none."""
    conditions = [Until.parse(part, experiment) for part in text.split(BETWEEN) if part.strip()]
    return tuple(dict.fromkeys(conditions))


class Watch:
    """Conditions that are waited for: met on the step on which one of them becomes true, having been false.

    A goal is met wherever it is true.
    """

    def __init__(self, goal: Until | None, stops: Sequence[Until], experiment: Experiment) -> None:
        self._goal = goal
        self._before = {stop: stop.met(experiment) for stop in stops}
        self.reached: Until | None = None

    @classmethod
    def of(cls, condition: Until, experiment: Experiment) -> Watch:
        """Return the watch for one condition that is enough wherever it is true."""
        if condition.sign == CHANGES:
            return cls(None, (condition,), experiment)
        return cls(condition, (), experiment)

    @property
    def at_goal(self) -> bool:
        """Whether it is the goal that was reached."""
        return self.reached is self._goal

    def met(self, experiment: Experiment) -> bool:
        """Whether one of them is met on this step; it is `reached` then."""
        self.reached = None
        for stop, before in self._before.items():
            now = stop.met(experiment)
            self._before[stop] = now
            if (now != before) if stop.sign == CHANGES else (now and not before):
                self.reached = self.reached or stop
        if self.reached is None and self._goal is not None and self._goal.met(experiment):
            self.reached = self._goal
        return self.reached is not None


def examples(experiment: Experiment) -> str:
    """Return what may be typed, in one line: conditions that this experiment knows."""
    metrics = experiment.metrics()
    number = next((name for name, value in metrics.items() if isinstance(value, float)), "loss")
    weight = experiment.elements.name(0)
    text = [f"{name}={printable(value)}" for name, value in metrics.items() if isinstance(value, str)]
    shown = ["loss<0.01", f"{number}>0.9", f"{STEP}=1000", *text, f"{weight}<0", f"sign {weight}"]
    return f"{f'{BETWEEN} '.join(shown)}"
