"""A run as one line for a POSIX shell, which makes the same run again, bit for bit."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.elements import is_element
from scratchtui.experiments.recipe import find_hyperparameter
from scratchtui.training.journal import lasting
from scratchtui.training.texts import value_text

if TYPE_CHECKING:
    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.hyperparameter import Hyperparameter, Value
    from scratchtui.training.run import Run

LONGEST = 131_071  # bytes: what Linux takes as one argument, as of `sh -c`


def command_line(run: Run) -> str:
    """Return the line; ValueError, in one sentence, where no shell would take it."""
    line = shlex.join(["scratchtui", "train", *arguments(run)])
    if (size := len(line.encode())) > LONGEST:
        raise ValueError(
            f"the command line would have {size:,} bytes, and a shell takes {LONGEST:,}; save the run instead"
        )
    return line


def arguments(run: Run) -> list[str]:
    """Return what `train` is to be told: only what is not as it is by default, and what was changed when."""
    recipe, kind = run.recipe, EXPERIMENTS[run.recipe.experiment]
    words = [recipe.experiment, "--seed", str(recipe.seed)]
    for h in kind.hyperparameters:
        if recipe.settings[h.key] != h.default:
            words += ["--set", f"{h.key}={_typed(h, recipe.settings[h.key])}"]
    for entry in lasting(run.journal):
        words += ["--then", f"{entry.step} {entry.key}={_written(kind, entry.key, entry.value)}"]
    return [*words, "--steps", str(run.latest.step)]


def _written(kind: type[Experiment], key: str, value: Value) -> str:
    return repr(float(value)) if is_element(key) else _typed(find_hyperparameter(kind, key), value)


def _typed(h: Hyperparameter, value: Value) -> str:
    """Return a value as it would be typed; ValueError if what is read back is another one."""
    text = h.format(value)
    if text.startswith("@"):  # which would name a file
        text = f"@{text}"
    if h.parse(value_text(h, text)) != value:
        raise ValueError(f"{h.key} is a text that no command line can hold; save the run instead")
    return text
