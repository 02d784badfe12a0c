"""A run as one line for a POSIX shell, which makes the same run again, bit for bit."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from scratchtui.experiments import EXPERIMENTS
from scratchtui.training.journal import lasting
from scratchtui.training.spelling import written, written_change

if TYPE_CHECKING:
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
            words += ["--set", f"{h.key}={written(kind, h.key, recipe.settings[h.key])}"]
    for entry in lasting(run.journal):
        words += ["--then", written_change(kind, entry)]
    return [*words, "--steps", str(run.latest.step)]
