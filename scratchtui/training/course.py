"""How the training of a run goes: at which speed, until when, and whether and why it has stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchtui.training.messages import UNLIMITED, Advance, Pause, Train
from scratchtui.training.trainer import Halt
from scratchtui.training.until import Until

if TYPE_CHECKING:
    from scratchtui.experiments.experiment import Experiment
    from scratchtui.training.link import Link
    from scratchtui.training.messages import Progress

SPEEDS = (*(m * 10.0**k for k in range(5) for m in (1, 2, 5)), 100_000.0, UNLIMITED)


class Course:
    """Orders training over a link; the experiment that is asked for is the run's as it is seen.

    It stops at the goal, unless that was reached before (`reached_at`), and at the user's `stops`, which
    are kept, as the speed is, from run to run. `halt` is why it stopped by itself; None once it goes on.
    """

    running: bool
    halt: Halt | None
    reached_at: int | None

    def __init__(self, link: Link, speed: float) -> None:
        self._link = link
        self.speed_index = SPEEDS.index(speed)
        self.stops: tuple[Until, ...] = ()
        self.running, self.halt, self.reached_at = False, None, None

    @property
    def speed(self) -> float:
        """Steps a second."""
        return SPEEDS[self.speed_index]

    def take_up(self, experiment: Experiment, halt: Halt | None = None) -> None:
        """Be about another run from here on: paused, or stopped by `halt`, its goal reached if it is met."""
        self.running, self.halt, self.reached_at = False, halt, None
        self.note_goal(experiment)

    def run(self, experiment: Experiment) -> None:
        """Train, or go on."""
        self.halt, self.running = None, True
        self._aim(experiment)

    def pause(self) -> None:
        """Stop training where it is."""
        if self.running:
            self.running = False
            self._link.order(Pause())

    def step(self, experiment: Experiment) -> None:
        """Take one step; one that meets a condition is told as if it had stopped there."""
        self.halt = None
        self._link.order(Advance(1, self._possible_stops(experiment)))

    def change_speed(self, direction: int, experiment: Experiment) -> None:
        """Go to the next speed up (+1) or down (-1)."""
        self.speed_index = min(max(self.speed_index + direction, 0), len(SPEEDS) - 1)
        self._aim(experiment)

    def watch_for(self, stops: tuple[Until, ...], experiment: Experiment) -> None:
        """Stop at these from here on."""
        self.stops = stops
        self._aim(experiment)

    def aims(self, experiment: Experiment) -> tuple[str, tuple[Until, ...]]:
        """Return what there is to wait for, whether or not it was reached before."""
        return experiment.goal, self._possible_stops(experiment)

    def changed(self, experiment: Experiment, before: tuple[str, tuple[Until, ...]]) -> None:
        """Train for what there is to wait for after a change, also where the goal before was reached."""
        self.halt = None
        if self.reached_at is not None or before != self.aims(experiment):
            self.reached_at = None
            self._aim(experiment)

    def absorb(self, progress: Progress) -> None:
        """Take in what the worker tells of whether it trains."""
        if progress.halt is not None:
            if progress.halt.kind == "until":
                self.reached_at = progress.halt.step
            self.halt, self.running = progress.halt, False
        if progress.running and self.halt is not None:
            self.halt, self.running = None, True  # run again before the halt was known here

    def note_goal(self, experiment: Experiment) -> None:
        """Take the goal for reached if it is, however the run came to it."""
        if experiment.steps and self.reached_at is None and self._goal(experiment) is None:
            self.reached_at = experiment.steps
            self.halt = self.halt or Halt("until", experiment.steps, "the goal is met")

    def _aim(self, experiment: Experiment) -> None:
        """Have what trains do so at this speed and until this goal or these stops."""
        if self.running:
            self._link.order(Train(self.speed, self._goal(experiment), self._possible_stops(experiment)))

    def _goal(self, experiment: Experiment) -> Until | None:
        """Return the condition at which to stop; none once it has been reached: one can go on."""
        if self.reached_at is not None:
            return None
        goal = Until.goal_of(experiment)
        return None if goal.met(experiment) else goal

    def _possible_stops(self, experiment: Experiment) -> tuple[Until, ...]:
        return tuple(stop for stop in self.stops if stop.possible(experiment))
