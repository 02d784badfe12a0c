"""How `train` tells what happens: as JSON for programs, as words for people."""

from __future__ import annotations

import contextlib
import json
import math
import sys
from typing import TYPE_CHECKING, Any

import click

from scratchtui.cli.refusals import complain
from scratchtui.cli.saying import say
from scratchtui.experiments.escapes import printable
from scratchtui.experiments.panel import Probe
from scratchtui.experiments.view import Prose, Table
from scratchtui.training.entries import finite

if TYPE_CHECKING:
    from scratchtui.cli.headless import Outcome
    from scratchtui.cli.plan import Plan
    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.hyperparameter import Hyperparameter, Value


class JsonReport:
    """One JSON object a line on stdout; on stderr nothing but why a run failed."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._foretold: dict[str, Any] = {}

    def begin(self, plan: Plan) -> None:
        """Note what can be foretold, and say nothing: whatever asked for JSON knows the plan."""
        experiment = plan.trainer.experiment
        forecast = experiment.forecast()
        self._foretold = {
            "forecast": forecast.step,
            "forecast_about": forecast.about,
            "warnings": _warnings(experiment),
        }

    def progress(self, step: int, loss: float, steps_per_second: float) -> None:
        """Print a `progress` event."""
        print_json({"event": "progress", "step": step, "loss": loss, "steps_per_second": steps_per_second})

    def end(self, plan: Plan, outcome: Outcome) -> None:
        """Print the `done` event, and on stderr why the run failed, if it did."""
        experiment = plan.trainer.experiment
        print_json(
            {
                "event": "done",
                "experiment": experiment.name,
                "seed": plan.run.recipe.seed,
                "hyperparameters": {
                    h.key: as_given(h, experiment.settings[h.key]) for h in experiment.hyperparameters
                },
                "step": experiment.steps,
                "loss": experiment.loss,
                "metrics": experiment.metrics(),
                "seconds": outcome.seconds,
                "steps_per_second": outcome.steps_per_second,
                "reason": outcome.reason,
                **self._foretold,
                "out": None if outcome.out is None else str(outcome.out),
            }
        )
        if outcome.failure and not self._quiet:
            complain(outcome.failure)
        if outcome.trouble:
            complain(outcome.trouble)

    def close(self) -> None:
        """Do nothing: nothing is open."""


class WordsReport:
    """Progress and words on stderr, the result on stdout."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._bar: Any = None
        self._open = contextlib.ExitStack()
        self._told = 0

    def begin(self, plan: Plan) -> None:
        """Say what is about to happen, and what there is to know about it."""
        if self._quiet:
            return
        experiment = plan.trainer.experiment
        self._told = experiment.steps
        say(f"{experiment.name}, seed {plan.run.recipe.seed}: {experiment.question}", err=True)
        for words in _warnings(experiment):
            say(words, err=True)
        if (forecast := experiment.forecast()).step is not None:
            say(f"forecast: {experiment.goal} at {forecast.words}", err=True)
        if sys.stderr is not None and sys.stderr.isatty():
            bar = click.progressbar(length=plan.steps, label="training", file=sys.stderr)
            self._bar = self._open.enter_context(bar)

    def progress(self, step: int, loss: float, steps_per_second: float) -> None:
        """Move the bar on, where there is a terminal to draw it."""
        if self._bar is not None:
            self._bar.label = f"step {step:,}, loss {loss:.3g}, {steps_per_second:,.0f} steps a second"
            self._bar.update(step - self._told)
            self._told = step

    def end(self, plan: Plan, outcome: Outcome) -> None:
        """Print the result, and how it came about."""
        experiment = plan.trainer.experiment
        if self._bar is not None:
            self._bar.update(experiment.steps - self._told)
            self._open.close()
        if outcome.trouble:
            complain(outcome.trouble)
        say(_result(experiment))
        if self._quiet:
            return
        if outcome.failure:
            complain(outcome.failure)
        else:
            pace = f"{outcome.seconds:.2f} s, {outcome.steps_per_second:,.0f} steps a second"
            say(f"{outcome.words} ({pace})", err=True)
        if outcome.out is not None and not outcome.trouble:
            say(f"saved to {printable(str(outcome.out))}", err=True)

    def close(self) -> None:
        """Give the terminal its cursor back, if it is still there."""
        with contextlib.suppress(OSError):
            self._open.close()


def as_given(hyperparameter: Hyperparameter, value: Value) -> Value:
    """Return the value as a user gives it: its name where it has one."""
    names = (name for name, number in hyperparameter.names.items() if number == value)
    return next(names, value)


def print_json(value: Any) -> None:
    """Print JSON on a line of its own; a number that JSON cannot write is null."""
    say(json.dumps(finite(value), allow_nan=False).replace("\x7f", r"\u007f"))


def _warnings(experiment: Experiment) -> list[str]:
    """Return what the settings and the data give cause to say before training."""
    words = [
        f"{h.label}: nothing reads it unless "
        + ", ".join(f"{key} is {' or '.join(map(str, values))}" for key, values in h.when.items())
        for h in experiment.hyperparameters
        if experiment.settings[h.key] != h.default and not h.applies(experiment.settings)
    ]
    labels = {h.key: h.label for h in experiment.hyperparameters}
    words += [
        f"{labels[key]}: {remark.text}" for key, remark in experiment.remarks().items() if remark.warning
    ]
    return [*words, *experiment.notices()]


def _result(experiment: Experiment) -> str:
    """Return the first panel, where that can be written briefly, and the single figures."""
    from scratchtui.tui.text import WIDTH, columns_text, shortened, view_text

    absent = experiment.absent()
    first = next(panel for panel in experiment.panels if panel.name not in absent)
    view = experiment.view(first.name, (), Probe())
    metrics = {
        name: value for name, value in experiment.metrics().items() if isinstance(value, float | int | str)
    }
    room = WIDTH - 2 - max(map(len, metrics), default=0)
    figures = {"step": f"{experiment.steps:,}"} | {
        name: shortened(printable(value), room) if isinstance(value, str) else f"{value:.4g}"
        for name, value in ({"loss": experiment.loss} | metrics).items()
        if isinstance(value, str) or not math.isnan(value)  # what there is nothing to measure on
    }
    blocks = [view_text(view)] if isinstance(view, Table | Prose) else []
    return "\n\n".join([*blocks, columns_text(list(figures.items()))])
