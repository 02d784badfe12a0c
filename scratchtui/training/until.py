"""Conditions that end training: `METRIC<VALUE`, and what else can come true on a step.

`loss<0.01`, `accuracy>0.9`, `weights[0]>100`, `0.Dense.W[2,0]<0`, `step=1000`, `text=hello`, and
`sign 0.Dense.W[2,0]`, which comes true where that weight changes its sign.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal

from scratchtui.experiments.elements import is_element
from scratchtui.experiments.escapes import escaped, printable, unescaped
from scratchtui.experiments.hyperparameter import decimal, quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from scratchtui.experiments.experiment import Experiment

_NOT_FINITE = re.compile(r"\s*(?:non[-_ ]?finite|nan|inf)\b", re.IGNORECASE)
_OTHER_SIGN = re.compile(r"[<>=!]*=[<>=!]*|[<>!]{2,}")
_FORM = re.compile(r"\s*([^<>=]*[^\s<>=])\s*([<>=])(.*)", re.DOTALL)
_SIGN = re.compile(r"\s*sign(?:\s+(.*\S))?\s*")
_ITEM = re.compile(r"(\w+)\[([0-9]{1,9})\]")
CHANGES: Final = "changes sign"
STEP = "step"
BETWEEN = ";"  # conditions in one text
ESCAPED = "\\x3b"
MOST = 20  # of them


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
            return cls(_weight(form[1], experiment), CHANGES)
        if _NOT_FINITE.match(text):
            raise ValueError("training always stops where a number is not finite; no condition is needed")
        metrics = experiment.metrics()
        texts = [name for name, value in metrics.items() if isinstance(value, str)]
        name, sign, value = form.groups() if (form := _FORM.fullmatch(text)) is not None else ("", "", "")
        if sign == "=" and name in texts:
            wanted = _text(value, metrics[name])
            experiment.saying(name, wanted)
            return cls(name, "=", wanted)
        numbers = ("loss", *(name for name, value in metrics.items() if isinstance(value, float)))
        if BETWEEN in text:
            raise ValueError(
                f"{quoted(text)} is more than one condition; give one, such as {numbers[0]}<0.001"
            )
        if sign == "=" and name == STEP and not _OTHER_SIGN.match(value):
            return cls(STEP, "=", _count(value.strip()))
        if (other := _OTHER_SIGN.search(text)) is not None:
            raise ValueError(
                f"{quoted(other[0])} in {quoted(text)} is no sign here; "
                f"write < or >, such as {numbers[0]}<0.001"
            )
        if not value.strip():
            raise ValueError(
                f"{quoted(text)} is no condition; write METRIC<VALUE, such as {numbers[0]}<0.001"
            )
        if is_element(name):
            return replace(cls.of(text), metric=_weight(name, experiment))
        items = [
            f"{name}[0]" for name, value in metrics.items() if isinstance(value, list) and _numbers(value)
        ]
        _refuse_unmeasurable(name, metrics, (*numbers, *items, STEP, *texts))
        return cls.of(text)

    @classmethod
    def of(cls, text: str) -> Until:
        """Return the condition METRIC<VALUE or METRIC>VALUE of any metric; ValueError where it is none."""
        form = _FORM.fullmatch(text)
        if form is None or form[2] == "=":
            raise ValueError(f"{text!r} is no condition")
        metric, sign, number = form[1], form[2], form[3].strip()
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
        """Return what there is to compare; KeyError, IndexError or ValueError where there is nothing."""
        if isinstance(self.value, str):
            return str(experiment.metrics()[self.metric])
        return self.measuring(experiment)()

    def measuring(self, experiment: Experiment) -> Callable[[], float]:
        """Return what measures a number of this experiment whenever it is called."""
        if self.metric == STEP:
            return lambda: experiment.steps
        if self.metric == "loss":
            return lambda: experiment.loss
        if is_element(self.metric):
            place = experiment.elements.one(self.metric)
            return partial(experiment.network.vector.item, place)
        if (item := _ITEM.fullmatch(self.metric)) is not None:
            return partial(_item, experiment, item[1], int(item[2]))
        return partial(experiment.measure, self.metric)

    def testing(self, experiment: Experiment) -> Callable[[], bool]:
        """Return what tells whether it is due and holds, whenever it is called."""
        value = self.value
        if isinstance(value, str):
            return experiment.saying(self.metric, value)
        measured = self.measuring(experiment)
        if self.own_goal:
            return lambda: experiment.goal_due() and self._compare(measured())
        if self.sign == "<":
            return lambda: measured() < value
        if self.sign == "=":
            return lambda: measured() >= value
        return lambda: measured() > value

    def _compare(self, measured: float) -> bool:
        return measured < float(self.value) if self.sign == "<" else measured > float(self.value)

    def possible(self, experiment: Experiment) -> bool:
        """Whether there is what it measures, and whether that can become what it is to be."""
        try:
            self.testing(experiment)()
        except (KeyError, IndexError, ValueError):
            return False
        return True

    def met(self, experiment: Experiment) -> bool:
        """Whether the condition is due and holds for the present state."""
        return self.testing(experiment)()

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
            return f"{self.metric}={escaped(self.value).replace(BETWEEN, ESCAPED)}"
        value = f"{self.value:.0f}" if self.metric == STEP else repr(self.value).removesuffix(".0")
        return f"{self.metric}{self.sign}{value}"


def _weight(name: str | None, experiment: Experiment) -> str:
    """Return the name of one weight as it is written; ValueError if there is none."""
    if not name:
        raise ValueError(f"sign needs the name of a weight, such as sign {experiment.elements.name(0)}")
    return experiment.elements.name(experiment.elements.one(name))


def _item(experiment: Experiment, metric: str, index: int) -> float:
    value = experiment.metrics()[metric][index]
    return math.nan if value is None else float(value)


def _text(written: str, present: str) -> str:
    """Return a text with its escapes read; blanks around it belong to it where it is as long with them."""
    whole = unescaped(written)
    return whole if len(whole) == len(present) else unescaped(written.strip())


def _count(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,12}", text.replace(",", "")):
        raise ValueError(f"a step is a whole number, such as {STEP}=1000, not {quoted(text)}")
    return float(text.replace(",", ""))


def _refuse_unmeasurable(name: str, metrics: Mapping[str, Any], known: Sequence[str]) -> None:
    """Raise ValueError unless `name` is a number of this experiment."""
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
    parts = [part for part in text.split(BETWEEN) if part.strip()]
    if len(parts) > MOST:
        raise ValueError(f"{len(parts):,} conditions are too many; {MOST} can be waited for")
    return tuple(dict.fromkeys(Until.parse(part, experiment) for part in parts))


class Watch:
    """Conditions that are waited for: met on the step on which one of them becomes true, having been false.

    A goal is met wherever it is true. `reached` are those that the last step met.
    """

    def __init__(self, goal: Until | None, stops: Sequence[Until], experiment: Experiment) -> None:
        self._goal = goal
        self._goal_met = goal.testing(experiment) if goal is not None else None
        self._crossings = [(stop, _crossing(stop, experiment)) for stop in stops]
        self.reached: tuple[Until, ...] = ()

    @classmethod
    def of(cls, condition: Until, experiment: Experiment) -> Watch:
        """Return the watch for one condition that is enough wherever it is true."""
        if condition.sign == CHANGES:
            return cls(None, (condition,), experiment)
        return cls(condition, (), experiment)

    @property
    def at_goal(self) -> bool:
        """Whether it is the goal that was reached."""
        return self.reached == (self._goal,)

    def met(self) -> bool:
        """Whether one of them is met on this step."""
        crossed = [stop for stop, crossing in self._crossings if crossing()]  # each must see every step
        if crossed:
            self.reached = tuple(crossed)
            return True
        if self._goal is not None and self._goal_met is not None and self._goal_met():
            self.reached = (self._goal,)
            return True
        return False


def _crossing(stop: Until, experiment: Experiment) -> Callable[[], bool]:
    """Return what tells after each step whether the condition has come true with it."""
    if stop.sign == CHANGES:
        return _turning(stop.measuring(experiment))
    test = stop.testing(experiment)
    before = test()

    def crossed() -> bool:
        nonlocal before
        was, before = before, test()
        return before and not was

    return crossed


def _turning(measured: Callable[[], float]) -> Callable[[], bool]:
    """Return what tells whether the sign is another one; 0 has none, so what leaves 0 changes no sign."""
    before = measured()

    def turned() -> bool:
        nonlocal before
        if not (value := measured()):
            return False
        was, before = before, value
        return was != 0 and (was < 0) != (value < 0)

    return turned


def examples(experiment: Experiment) -> str:
    """Return what may be typed, in one line: conditions that this experiment knows."""
    metrics = experiment.metrics()
    number = next((name for name, value in metrics.items() if isinstance(value, float)), "loss")
    weight = experiment.elements.name(0)
    text = [f"{name}={printable(value)}" for name, value in metrics.items() if isinstance(value, str)]
    good = "<0.1" if "error" in number else ">0.9"
    shown = ["loss<0.01", f"{number}{good}", f"{STEP}=1000", *text, f"{weight}<0", f"sign {weight}"]
    return f"{f'{BETWEEN} '.join(shown)}"
