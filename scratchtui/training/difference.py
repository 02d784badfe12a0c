"""What settings and runs differ by, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.elements import is_element
from scratchtui.experiments.recipe import find_hyperparameter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.hyperparameter import Settings, Value
    from scratchtui.training.run import Run

LONGEST_VALUE = 24  # characters; of a longer one both ends are told
MOST_VALUES = 3  # of one setting in the course of a run; of more the first and the last

History = list[tuple[int, "Value"]]  # the values that a setting had, each with the step after which it began


def value_words(kind: type[Experiment], key: str, value: Value) -> str:
    """Return a value as it is written, of a long text its two ends."""
    return shortened(f"{value:g}" if is_element(key) else find_hyperparameter(kind, key).format(value))


def shortened(text: str) -> str:
    """Return a text, or the two ends of a long one."""
    if len(text) <= LONGEST_VALUE:
        return text
    return f"{text[: LONGEST_VALUE // 2]}…{text[1 - LONGEST_VALUE // 2 :]}"


def setting_words(kind: type[Experiment], key: str, value: Value) -> str:
    """Return key=value."""
    return f"{key}={value_words(kind, key, value)}"


def differences(kind: type[Experiment], settings: Settings, others: Settings) -> str:
    """Return in which hyperparameters settings differ from others: key=value, ..."""
    return ", ".join(
        setting_words(kind, key, value) for key, value in settings.items() if others[key] != value
    )


def history(run: Run) -> dict[str, History]:
    """Return the values that each setting has had in a run, and each weight that was set by hand."""
    found: dict[str, History] = {key: [(0, value)] for key, value in run.recipe.settings.items()}
    for entry in run.journal:
        values = found.setdefault(entry.key, [])
        if values and values[-1][0] == entry.step:
            values.pop()  # no step was taken with it
        if not values or values[-1][1] != entry.value:
            values.append((entry.step, entry.value))
    return found


def difference(run: Run, other: Run) -> str:
    """Return in a few words in what a run is another than `other`, of what was chosen for it on its way."""
    ours, theirs = history(run), history(other)
    told = list(_settings(EXPERIMENTS[run.recipe.experiment], ours, theirs))
    by_hand = filter(is_element, ours.keys() | theirs.keys())
    if count := sum(ours.get(name) != theirs.get(name) for name in by_hand):
        told.append(f"{count} weight{'s' * (count != 1)} by hand")
    changes, here = run.latest.changes, other.latest.changes
    if not told and changes != here:  # which was changed back before a step was taken
        told.append(f"{changes} change{'s' * (changes != 1)}, here {here}")
    return ", ".join(told) or "nothing"


def _settings(kind: type[Experiment], ours: dict[str, History], theirs: dict[str, History]) -> Iterator[str]:
    for key, values in ours.items():
        if is_element(key) or values == theirs[key]:
            continue
        (_, first), *later = values
        words = setting_words(kind, key, first)
        if later and len(values) <= MOST_VALUES:
            words += "".join(f" then {value_words(kind, key, value)} at {step:,}" for step, value in later)
        elif later:
            step, last = later[-1]
            words += f" … {value_words(kind, key, last)} at {step:,} ({len(later)} changes)"
        elif first == theirs[key][-1][1]:
            words += " throughout"
        yield words
