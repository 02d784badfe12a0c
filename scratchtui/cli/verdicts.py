"""How `verify` tells what holds: as JSON for programs, as a table for people."""

from __future__ import annotations

import contextlib
import itertools
import shlex
import shutil
import sys
from abc import ABC, abstractmethod
from time import monotonic
from typing import TYPE_CHECKING, Any

import click

from scratchtui.cli.refusals import complain
from scratchtui.cli.reports import print_json
from scratchtui.cli.saying import say
from scratchtui.experiments import find_experiment
from scratchtui.training.until import Until

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scratchtui.experiments.recipe import Recipe
    from scratchtui.training.proof import Proof, Verdict

REDRAW_SECONDS = 0.1
_BAR = 1000  # parts
_CLEAR_LINE = "\r\x1b[K"


class Verdicts(ABC):
    """Who is told the verdicts, one by one, and counts them."""

    def __init__(self, proof: Proof) -> None:
        self.proof = proof
        self.told = 0
        self.failed = 0
        self._began = monotonic()

    @property
    def seconds(self) -> float:
        """How long the proof has taken."""
        return monotonic() - self._began

    def verdict(self, verdict: Verdict) -> None:
        """Print a claim that has been decided."""
        self.told += 1
        self.failed += not verdict.passed
        self.print(verdict)

    @abstractmethod
    def print(self, verdict: Verdict) -> None:
        """Print a line of it."""

    def progress(self) -> None:  # noqa: B027 - not everybody shows it
        """Show how far it has come, where it is shown."""

    @abstractmethod
    def end(self, *, interrupted: bool) -> None:
        """Sum up: every claim has been decided, or a signal came before."""

    def close(self) -> None:  # noqa: B027 - not everybody has anything open
        """Nothing more will be shown, also where it broke off with an exception."""


class JsonVerdicts(Verdicts):
    """One JSON object a line on stdout: the claims, last a summary."""

    def print(self, verdict: Verdict) -> None:
        """Print a `claim` event."""
        print_json(
            {
                "event": "claim",
                "experiment": verdict.experiment,
                "claim": verdict.claim.name,
                "words": verdict.claim.words,
                "passed": verdict.passed,
                "held": verdict.held,
                "tried": len(verdict.outcomes),
                "share": verdict.claim.share,
                "worst": verdict.worst,
                "median_steps": verdict.median_steps,
                "seconds": verdict.seconds,
                "failed_seeds": [trial.recipe.seed for trial, _ in verdict.failed],
            }
        )

    def end(self, *, interrupted: bool) -> None:
        """Print the `done` event."""
        print_json(
            {
                "event": "done",
                "passed": not self.failed and not interrupted,
                "claims": len(self.proof.claims),
                "decided": self.told,
                "failed": self.failed,
                "seconds": self.seconds,
                "reason": "interrupted" if interrupted else "decided",
            }
        )


class WordsVerdicts(Verdicts):
    """A table on stdout, a row a claim; a progress bar and words on stderr."""

    def __init__(self, proof: Proof, processes: int) -> None:
        super().__init__(proof)
        self._processes = processes
        self._open = contextlib.ExitStack()
        self._bar: Any = None
        self._drawn = 0.0
        self._choose_columns()
        self._line(("", "claim", "held", "steps", "seconds", "worst"), "in words")
        if sys.stderr is not None and sys.stderr.isatty():
            bar = click.progressbar(length=_BAR, label=self._decided(), file=sys.stderr)
            self._bar = self._open.enter_context(bar)

    def print(self, verdict: Verdict) -> None:
        """Print a row, and on stderr with which seeds the claim does not hold and how to see that."""
        if self._bar is not None:
            click.echo(_CLEAR_LINE, nl=False, file=sys.stderr)
        name = f"{verdict.experiment} {verdict.claim.name}"
        cells = (
            "PASS" if verdict.passed else "FAIL",
            name,
            f"{verdict.held}/{len(verdict.outcomes)}",
            f"{verdict.median_steps:,.0f}",
            f"{verdict.seconds:.1f}",
            self._measured(verdict.worst),
        )
        self._line(cells, verdict.claim.words)
        if verdict.failed:
            complain(f"{name}: {_failures(verdict)}")

    def progress(self) -> None:
        """Move the bar on, where there is a terminal to draw it."""
        if self.seconds - self._drawn >= REDRAW_SECONDS:
            self._draw(int(_BAR * self.proof.share))

    def end(self, *, interrupted: bool) -> None:
        """Say how many claims hold."""
        count = len(self.proof.claims)
        if interrupted:
            self.close()
            complain(f"interrupted with {self.told} of {count} claims decided")
        else:
            self._draw(_BAR)
            self.close()
            pace = f"{self.seconds:.1f} s, {self._processes} processes"
            say(f"{self.told - self.failed} of {count} claims hold ({pace})", err=True)

    def close(self) -> None:
        """Give the terminal its cursor back."""
        self._open.close()

    def _draw(self, parts: int) -> None:
        """Draw the bar anew, where there is one; it never goes back."""
        if self._bar is not None:
            self._drawn = self.seconds
            self._bar.label = self._decided()
            self._bar.update(max(0, parts - self._bar.pos))

    def _decided(self) -> str:
        return f"{self.told} of {len(self.proof.claims)} decided"

    def _choose_columns(self) -> None:
        """Choose widths, and leave out words, and then names of metrics, where lines would be wrapped."""
        claims = [claim for _, claim in self.proof.claims]
        name = max((len(f"{kind} {claim.name}") for kind, claim in self.proof.claims), default=0)
        words = max((len(claim.words) for claim in claims), default=0)
        for self._with_words, self._with_metrics in ((True, True), (False, True), (False, False)):
            example = (self._measured(dict.fromkeys(claim.holds, -1.23e-10)) for claim in claims)
            self._widths = (4, name, 7, 7, 7, max(map(len, example), default=0))
            width = sum(self._widths) + 2 * (len(self._widths) - 1) + (2 + words) * self._with_words
            if _fits(width):
                break

    def _measured(self, figures: Mapping[str, float]) -> str:
        return (
            _measured(figures)
            if self._with_metrics
            else "  ".join(itertools.starmap(_figure, figures.items()))
        )

    def _line(self, cells: Iterable[str], words: str) -> None:
        padded = [
            cell.rjust(width) if place in {2, 3, 4} else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(cells, self._widths, strict=True))
        ]
        say("  ".join([*padded, words] if self._with_words else padded).rstrip())


def _fits(width: int) -> bool:
    """Whether lines so wide can be printed without being wrapped."""
    if sys.stdout is None or not sys.stdout.isatty():
        return True
    return width <= shutil.get_terminal_size().columns


def _measured(figures: Mapping[str, float]) -> str:
    """Return what was measured for each condition, with the name of its metric."""
    return ", ".join(f"{Until.of(text).metric} {_figure(text, value)}" for text, value in figures.items())


def _figure(condition: str, value: float) -> str:
    """Return a number in three digits, or as many as it takes to be seen on its side of the condition."""
    limit = float(Until.of(condition).value)
    for digits in range(3, 18):
        text = f"{value:.{digits}g}"
        if (float(text) < limit) == (value < limit):
            break
    return text


def _failures(verdict: Verdict) -> str:
    """Return with which seeds a claim does not hold, and a command that shows the first of them."""
    trial, outcome = verdict.failed[0]
    seeds = ", ".join(str(each.recipe.seed) for each, _ in verdict.failed[:8])
    more = ", ..." * (len(verdict.failed) > 8)
    why = outcome.words or _measured(dict(zip(trial.holds, outcome.measured, strict=True)))
    return f"does not hold with seed {seeds}{more}; {why}; see {_command(trial.recipe, trial.steps)}"


def _command(recipe: Recipe, steps: int | None) -> str:
    """Return the command that trains a recipe."""
    kind = find_experiment(recipe.experiment)
    settings = [
        part
        for h in kind.hyperparameters
        if recipe.settings[h.key] != h.default
        for part in ("--set", f"{h.key}={h.format(recipe.settings[h.key])}")
    ]
    taken = [] if steps is None else ["--steps", str(steps)]
    return shlex.join(
        ["scratchtui", "train", recipe.experiment, "--seed", str(recipe.seed), *settings, *taken]
    )
