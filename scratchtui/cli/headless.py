"""Training without the app: the loop, with its clock and its signals."""

from __future__ import annotations

import contextlib
import math
import signal
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from scratchtui.cli.refusals import complain
from scratchtui.experiments.escapes import printable
from scratchtui.experiments.hyperparameter import quoted
from scratchtui.training.history import Backlog
from scratchtui.training.keeping import keep_run
from scratchtui.training.pace import Pace
from scratchtui.training.trainer import Halt
from scratchtui.training.until import CHANGES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import FrameType

    from scratchtui.cli.plan import Plan

REPORT_SECONDS = 0.1
_STRETCH_SECONDS = 0.01
_GRACE = 1.0  # seconds, in which further signals are the same wish: a key held down, a terminal and its shell
_HEEDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Reason = Literal["steps", "until", "diverged", "interrupted"]


@dataclass(frozen=True)
class Outcome:
    """How training ended; `failure` is the sentence for a run that failed, `code` the exit code.

    `out` is where the run is saved, `trouble` says why it is elsewhere than it was to be, or nowhere.
    """

    reason: Reason
    code: int
    seconds: float
    taken: int
    words: str
    failure: str = ""
    out: Path | None = None
    trouble: str = ""

    @property
    def steps_per_second(self) -> float:
        """The mean over the whole training; 0 where no step was taken."""
        return self.taken / self.seconds if self.taken else 0.0


class Report(Protocol):
    """Who is told how training goes."""

    def begin(self, plan: Plan) -> None:
        """Training is about to begin, from where the plan says."""

    def progress(self, step: int, loss: float, steps_per_second: float) -> None:
        """Training has come to `step`, at this pace since the last time; at most ten times a second."""

    def end(self, plan: Plan, outcome: Outcome) -> None:
        """Training has ended, and the run is saved where it was to be and could be."""

    def close(self) -> None:
        """Nothing more will be told, also where training broke off with an exception."""


class Signals:
    """The first signal within that asks to end, as `number`; one a second later has its usual effect."""

    def __init__(self) -> None:
        self.number = 0
        self._since = 0.0

    @contextlib.contextmanager
    def caught(self) -> Iterator[Signals]:
        """Hold the signals' usual effect back."""
        before = {number: signal.getsignal(number) for number in _HEEDED}
        held = {n: handler for n, handler in before.items() if handler is not signal.SIG_IGN}

        def note(number: int, _: FrameType | None) -> None:
            if not self.number:
                self.number, self._since = number, monotonic()
            elif monotonic() - self._since >= _GRACE:
                for each, handler in held.items():
                    signal.signal(each, handler)
                signal.raise_signal(number)

        for number in held:
            signal.signal(number, note)
        try:
            yield self
        finally:
            for number, handler in held.items():
                signal.signal(number, handler)


def carry_out(plan: Plan, report: Report) -> int:
    """Train as planned, save, report; return the exit code."""
    with (
        contextlib.closing(report),
        Signals().caught() as signals,
        np.errstate(over="ignore", invalid="ignore"),
    ):
        training = _Training(plan, report, signals)
        saved = None
        try:
            report.begin(plan)
            outcome = training.outcome(training.train())
            outcome = saved = _saved(plan, outcome)
            report.end(plan, outcome)
        except OSError:  # nobody listens any longer; what has been learnt is kept
            saved = saved or _saved(plan, training.outcome(None))
            if saved.trouble:
                complain(saved.trouble)
            if not signals.number:
                raise
            return saved.code  # a terminal that hangs up says so twice
    return outcome.code


def _saved(plan: Plan, outcome: Outcome) -> Outcome:
    """Write the run where it is wanted; that it is elsewhere, or nowhere, makes it a failure."""
    if plan.out is None:
        return outcome
    kept = keep_run(plan.run, plan.out)
    code = outcome.code or (1 if kept.trouble else 0)
    return replace(outcome, code=code, out=kept.path, trouble=kept.trouble)


class _Training:
    """One plan being carried out, a stretch of steps at a time."""

    def __init__(self, plan: Plan, report: Report, signals: Signals) -> None:
        self._plan = plan
        self._report = report
        self._signals = signals
        self._experiment = plan.trainer.experiment
        self._taken = 0
        self._changes = list(plan.changes)
        self._pace = Pace(_STRETCH_SECONDS)
        self._losses = Backlog()
        self._started = self._reported = monotonic()
        self._reported_at = 0

    def train(self) -> Halt | None:
        """Take the steps that are planned; return why they ended early, if they did."""
        plan, halt = self._plan, None
        if plan.until is not None and plan.until.sign != CHANGES and plan.until.met(self._experiment):
            halt = Halt("until", self._experiment.steps, f"{plan.until} at step {self._experiment.steps:,}")
        try:
            while halt is None and self._taken < plan.steps and not self._signals.number:
                self._make_changes()
                due = self._pace.due(self._experiment.steps)
                halt = self._stretch(min(plan.steps - self._taken, due, self._steps_to_change))
            if halt is None and self._taken == plan.steps:
                self._make_changes()
        finally:
            plan.run.losses = plan.run.losses.merge(self._losses.take())
            plan.run.halt = self._as_the_app_says(halt)
        return halt

    def _as_the_app_says(self, halt: Halt | None) -> Halt | None:
        """Return why it ended as a run says it: of conditions it calls only the experiment's own the goal."""
        if halt is None or halt.kind != "until" or (until := self._plan.until) is None or until.own_goal:
            return halt
        return replace(halt, kind="stop")

    def _make_changes(self) -> None:
        """Change what is to be changed after the present step."""
        run, trainer = self._plan.run, self._plan.trainer
        while self._changes and self._changes[0].step <= self._experiment.steps:
            change = self._changes.pop(0)
            run.journal.append(trainer.change(change.key, change.value))
            run.timeline.append(self._experiment.snapshot())

    @property
    def _steps_to_change(self) -> int:
        """How many steps can be taken before something is to be changed."""
        return self._changes[0].step - self._experiment.steps if self._changes else self._plan.steps

    def outcome(self, halt: Halt | None) -> Outcome:
        """Return how it ended: by `halt`, by a signal, or after all its steps."""
        seconds, until, step = (
            monotonic() - self._started,
            self._plan.until,
            self._experiment.steps,
        )
        if halt is not None and halt.kind == "diverged":
            return Outcome("diverged", 1, seconds, self._taken, halt.reason, halt.reason)
        if halt is not None:
            return Outcome("until", 0, seconds, self._taken, halt.reason)
        if number := self._signals.number:
            words = f"interrupted at step {step:,}"
            return Outcome("interrupted", 128 + number, seconds, self._taken, words)
        words = f"step {step:,}"
        if until is None:
            return Outcome("steps", 0, seconds, self._taken, words)
        measured = until.measured(self._experiment)
        if isinstance(measured, str):
            state = f"is {quoted(printable(measured))}"
        else:
            state = "cannot be measured" if math.isnan(measured) else f"is {measured:.3g}"
        failure = f"{until} was not reached in {self._taken:,} steps: {until.metric} {state}"
        return Outcome("steps", 1, seconds, self._taken, words, failure)

    def _stretch(self, count: int) -> Halt | None:
        began, first = monotonic(), self._experiment.steps + 1
        stretch = self._plan.trainer.step(count, self._plan.until)
        self._taken += len(stretch.losses)
        self._losses.add(first, stretch.losses)
        self._plan.run.timeline.append(self._experiment.snapshot())
        ended = monotonic()
        self._pace.note(count, ended - began)
        self._tell(ended)
        return stretch.halt

    def _tell(self, moment: float) -> None:
        if moment - self._reported < REPORT_SECONDS:
            return
        rate = (self._taken - self._reported_at) / (moment - self._reported)
        self._report.progress(self._experiment.steps, self._experiment.loss, rate)
        self._reported, self._reported_at = moment, self._taken
