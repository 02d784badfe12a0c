"""Hyperparameters: what a user may set, how it is written, and what is refused."""

from __future__ import annotations

import difflib
import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from scratchtui.experiments.escapes import printable

Value = float | int | bool | str
Settings = Mapping[str, Value]
Kind = Literal["float", "integer", "choice", "switch", "text"]

_MANTISSAS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
_LEAST_ABOVE_ZERO = 1e-3
_CLOSE = 0.6
_QUOTED = 32
_SWITCH = {
    "on": True,
    "true": True,
    "yes": True,
    "1": True,
    "off": False,
    "false": False,
    "no": False,
    "0": False,
}


def nearest(word: str, words: Iterable[str]) -> str:
    """Return the one of `words` that `word` was most likely meant to be: lr is learning_rate."""
    return max(words, key=lambda each: _likeness(word, each))


def suggestion(word: str, words: Iterable[str], *, listing: bool = False) -> str:
    """Return the end of a refusal, which names the nearest of `words`.

    It lists them all where `listing`, or where none is close.
    """
    known = list(words)
    guess = nearest(word, known)
    close = _likeness(word, guess) >= _CLOSE
    words_for_guess = f"did you mean {guess!r}?" if close else f"the nearest is {guess!r}"
    return f"{words_for_guess} ({', '.join(known)})" if listing or not close else words_for_guess


def _likeness(word: str, candidate: str) -> float:
    """Return 0 to 1 for letters in common, 1 to 2 for the beginning of a word of it, 3 for its initials."""
    typed, meant = (each.lower().strip("-").replace("-", "_") for each in (word, candidate))
    parts = [part for part in meant.split("_") if part]
    if len(parts) > 1 and typed == "".join(part[0] for part in parts):
        return 3.0
    share = difflib.SequenceMatcher(None, typed, meant).ratio()
    begins = typed and any(each.startswith(typed) for each in (meant, *parts))
    return 1.0 + share if begins else share


def decimal(text: str) -> float:
    """Return the number that `text` spells as all programs write it: no 1_0, no digits but 0 to 9."""
    if not text.isascii() or "_" in text:
        raise ValueError(f"{quoted(text)} is not a number")
    return float(text)


def quoted(text: str) -> str:
    """Return what a user gave, in quotes, and of a long text the two ends: the sentence around it matters."""
    text = text.strip()
    if len(text) > _QUOTED:
        text = f"{text[: _QUOTED // 2]}…{text[-_QUOTED // 4 :]}"
    return repr(text)


def _first_word(value: Value) -> Value:
    return value.split(maxsplit=1)[0] if isinstance(value, str) and value.strip() else value


@dataclass(frozen=True)
class Hyperparameter:
    """One setting of an experiment.

    A live one takes effect on the next step; any other is structural and needs a new network.
    `names` are words for special numbers ("all" for a batch of 0); `when` names the settings under
    which anything reads it, as {key: values}: of a text its first word counts, since edits follow it. A text
    is made of words, unless it is `verbatim`: then it is any text, with escapes for what a line cannot hold.
    """

    key: str
    label: str
    kind: Kind
    default: Value
    help: str
    live: bool = False
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    names: Mapping[str, int] = field(default_factory=dict)
    step: float | None = None
    when: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    verbatim: bool = False

    @property
    def range(self) -> str:
        """What `parse` takes: the choices, or the names and the limits."""
        match self.kind:
            case "choice":
                return ", ".join(self.choices)
            case "switch":
                return "on, off"
            case "text":
                return ", ".join(self.choices) or "text, or @FILE"
            case _:
                return " or ".join([*self.names, f"{self._figure(self.low)} to {self._figure(self.high)}"])

    def applies(self, settings: Settings) -> bool:
        """Whether anything reads this hyperparameter under `settings`."""
        return all(_first_word(settings[key]) in values for key, values in self.when.items())

    def parse(self, text: str) -> Value:
        """Return the value that `text` spells; ValueError names the nearest valid choice."""
        text = text.strip()
        match self.kind:
            case "choice":
                return self._choice(text)
            case "switch":
                if text.lower() not in _SWITCH:
                    raise ValueError(f"{self.key} is on or off, not {quoted(text)}")
                return _SWITCH[text.lower()]
            case "text":
                return printable(text if self.verbatim else " ".join(text.split()))
            case _:
                return self._number(text)

    def format(self, value: Value) -> str:
        """Return how `value` is written; `parse` reads it back."""
        if self.kind == "switch":
            return "on" if value else "off"
        if self.kind == "float":
            return self._figure(float(value))
        return next((name for name, number in self.names.items() if number == value), str(value))

    def nudge(self, value: Value, direction: int) -> Value:
        """Return the next value up (+1) or down (-1): a round one, within the limits."""
        match self.kind:
            case "choice":
                return self.choices[(self.choices.index(str(value)) + direction) % len(self.choices)]
            case "switch":
                return not value
            case "text":
                return value
            case "integer":
                return self._whole_neighbour(int(value), direction)
            case "float":
                moved = self._round_neighbour(float(value), direction)
        return min(max(moved, self.low), self.high)

    def _figure(self, number: float) -> str:
        return str(int(number)) if self.kind == "integer" else repr(float(number)).removesuffix(".0")

    def _choice(self, text: str) -> str:
        if text in self.choices:
            return text
        numbers = [choice for choice in self.choices if choice.isdigit()]
        if numbers and text.isdecimal():
            close = min(numbers, key=lambda choice: abs(int(choice) - int(text[:9])))
            raise ValueError(
                f"{self.key} has no choice {quoted(text)}; the nearest is {close} ({', '.join(self.choices)})"
            )
        raise ValueError(
            f"{self.key} has no choice {quoted(text)}; {suggestion(text, self.choices, listing=True)}"
        )

    def _number(self, text: str) -> float | int:
        if text in self.names:
            return self.names[text]
        try:
            number = decimal(text)
            if self.kind == "integer":
                number = int(text)
        except ValueError:
            what = "a whole number" if self.kind == "integer" else "a number"
            raise ValueError(f"{self.key} is {what} ({self.range}), not {quoted(text)}") from None
        if isinstance(number, float) and math.isnan(number):
            raise ValueError(f"{self.key} = {quoted(text)[1:-1]} is no number; it takes {self.range}")
        if not self.low <= number <= self.high:
            limit = self.high if number > self.high else self.low
            given = quoted(text)[1:-1]
            raise ValueError(
                f"{self.key} = {given} is outside {self.range}; the nearest is {self._figure(limit)}"
            )
        return number

    def _whole_neighbour(self, value: int, direction: int) -> int:
        names = list(self.names.values())  # they lie before the lowest number, in their order
        if value in names or (value <= self.low and direction < 0 and names):
            place = (names.index(value) if value in names else len(names)) + direction
            return names[max(place, 0)] if place < len(names) else int(self.low)
        moved = value + direction * int(self.step or 1)
        return int(min(max(moved, self.low), self.high))

    def _round_neighbour(self, value: float, direction: int) -> float:
        if self.step is not None:
            steps = value / self.step
            place = math.floor(steps + 1e-9) + 1 if direction > 0 else math.ceil(steps - 1e-9) - 1
            return round(place * self.step, 12)
        least = self.low if self.low > 0.0 else _LEAST_ABOVE_ZERO
        if direction < 0 and value <= least:
            return self.low
        if value < least:
            return least
        decade = math.floor(math.log10(value))
        ladder = [float(f"{m}e{k}") for k in (decade - 1, decade, decade + 1) for m in _MANTISSAS]
        if direction > 0:
            return ladder[bisect_right(ladder, value * (1 + 1e-9))]
        return ladder[bisect_left(ladder, value * (1 - 1e-9)) - 1]


@dataclass(frozen=True)
class Remark:
    """A sentence about one hyperparameter, shown beside it; a warning is shown as one."""

    text: str
    warning: bool = False
