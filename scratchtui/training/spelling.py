"""Settings and weights, and changes of them, as text or JSON and back: what is read is what was written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scratchtui.experiments import handwork
from scratchtui.experiments.elements import is_element
from scratchtui.experiments.escapes import escaped
from scratchtui.experiments.hyperparameter import quoted
from scratchtui.experiments.recipe import find_hyperparameter
from scratchtui.training.journal import Entry
from scratchtui.training.texts import path_of, read_text, told

if TYPE_CHECKING:
    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.hyperparameter import Hyperparameter, Value

_CHANGE = re.compile(r"\s*([0-9]{1,13})\s+([^=]+)=(.*)", re.DOTALL)


def written(kind: type[Experiment], key: str, value: Value) -> str:
    """Return a value as it would be typed; ValueError if what is read back is another one."""
    if is_element(key):
        return repr(float(value))
    text = find_hyperparameter(kind, key).format(value)
    if text.startswith("@"):  # which would name a file
        text = f"@{text}"
    if read(kind, key, text) != value:
        raise ValueError(f"{key} is a text that no command line can hold; save the run instead")
    return text


def read(kind: type[Experiment], key: str, typed: str) -> Value:
    """Return the value that was typed for a hyperparameter or a weight; ValueError in one sentence.

    That of a text may be @PATH, what a file says; @@ begins a text with @.
    """
    if is_element(key):
        return handwork.finite(typed)
    hyperparameter = find_hyperparameter(kind, key)
    return hyperparameter.parse(value_text(hyperparameter, typed))


def written_change(kind: type[Experiment], entry: Entry) -> str:
    """Return a change as STEP KEY=VALUE; ValueError where no command line can hold it."""
    return f"{entry.step} {entry.key}={written(kind, entry.key, entry.value)}"


def read_change(kind: type[Experiment], text: str) -> Entry:
    """Return what STEP KEY=VALUE says; ValueError, in one sentence, where it is none.

    KEY is a live hyperparameter, or a weight such as 0.Dense.W[2,0].
    """
    form = _CHANGE.fullmatch(text)
    if form is None:
        raise ValueError(
            f"--then needs 'STEP KEY=VALUE', such as '100 learning_rate=0.1', not {quoted(text)}"
        )
    key = form[2].strip()
    return Entry(int(form[1]), key, read(kind, key, form[3]))


def loaded(kind: type[Experiment], key: str, stored: Any) -> Any:
    """Return the value of a hyperparameter that JSON holds; ValueError where it could not have been typed."""
    hyperparameter = find_hyperparameter(kind, key)
    value = hyperparameter.parse(hyperparameter.format(stored))
    if value != stored:
        raise ValueError(f"{key} is not {stored!r}")
    return value


def stored_change(entry: Entry) -> list[Any]:
    """Return a change as JSON holds it."""
    return [entry.step, entry.key, entry.value]


def loaded_change(kind: type[Experiment], stored: list[Any]) -> Entry:
    """Return the change that JSON holds; ValueError where it is none, but the step is not looked at."""
    step, key, value = stored
    return Entry(step, key, handwork.finite(value) if is_element(key) else loaded(kind, key, value))


def value_text(hyperparameter: Hyperparameter, typed: str) -> str:
    """Return what was typed for a hyperparameter; for a text the one in a file where @FILE was, and @ for @@.

    ValueError, in one sentence, where the file cannot be read.
    """
    typed = typed.strip()
    if hyperparameter.kind != "text" or not typed.startswith("@"):
        return typed
    if typed.startswith("@@"):
        return escaped("@") + typed[2:] if hyperparameter.verbatim else typed[1:]
    text = told(lambda: read_text(path_of(typed[1:]))).strip()
    return escaped(text) if hyperparameter.verbatim else " ".join(text.split())
