"""One experiment as its user has it: the run, the worker that carries it on, a copy to look at.

Knows no screen, so that a test, or any other front end, can hold one.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from scratchtui.experiments import build
from scratchtui.experiments.experiment import (
    SEED,
    Experiment,
    Forecast,
    Recipe,
    default_recipe,
    find_hyperparameter,
)
from scratchtui.experiments.panel import POINT, Edit, Probe
from scratchtui.training.edits import Edits
from scratchtui.training.files import restored
from scratchtui.training.held_out import HeldOutLosses
from scratchtui.training.messages import (
    UNLIMITED,
    Advance,
    Ask,
    Begin,
    Change,
    Command,
    Failed,
    Pause,
    Progress,
    Train,
)
from scratchtui.training.run import Run
from scratchtui.training.trainer import Halt
from scratchtui.training.until import Until
from scratchtui.training.worker import Worker

if TYPE_CHECKING:
    from scratchtui.experiments.hyperparameter import Hyperparameter, Settings, Value
    from scratchtui.experiments.view import Curves

SPEEDS = (*(m * 10.0**k for k in range(5) for m in (1, 2, 5)), 100_000.0, UNLIMITED)

State = Literal["ready", "running", "paused", "reached", "diverged", "failed"]


class Session:
    """A run in the user's hands.

    `experiment` is a copy in this process, always at the newest snapshot; `pending` holds
    structural settings that wait for a reset.
    """

    run: Run
    experiment: Experiment
    settings: Settings
    pending: dict[str, Value]
    running: bool
    halt: Halt | None
    failure: str
    forecast: Forecast
    reached_at: int | None
    _held_out: HeldOutLosses | None
    _begun: bool
    _asked: bool
    _forecast_is_early: bool

    def __init__(self, kind: type[Experiment], run: Run | None = None, worker: Worker | None = None) -> None:
        self.kind = kind
        self.worker = worker or Worker()
        self.speed_index = SPEEDS.index(kind.speed)
        self.probe = Probe()
        self._edits: Edits[tuple[Probe, Settings]] = Edits()
        self._run_id = 0
        self._take_up(run or _fresh(default_recipe(kind)))

    @property
    def recipe(self) -> Recipe:
        """The recipe with the live settings as they are."""
        return Recipe(self.run.recipe.experiment, self.settings, self.run.recipe.seed)

    @property
    def speed(self) -> float:
        """Steps a second."""
        return SPEEDS[self.speed_index]

    @property
    def state(self) -> State:
        """What the run is doing, in a word."""
        if self.failure:
            return "failed"
        if self.running:
            return "running"
        if self.halt is not None:
            return "diverged" if self.halt.kind == "diverged" else "reached"
        return "paused" if self.experiment.steps else "ready"

    def losses(self) -> Curves:
        """Return the loss of every step, and that on held-out data where there is any."""
        curves = self.run.losses.view()
        if not self.experiment.has_held_out:
            return curves
        if self._held_out is None:
            self._held_out = HeldOutLosses(self.run.recipe)
        held_out = self._held_out.curve(self.run.timeline.moments)
        if held_out is None:
            return curves
        return replace(curves, curves=(*(replace(c, name="train") for c in curves.curves), held_out))

    def value(self, key: str) -> Value:
        """Return a setting, or the seed, as it is in force."""
        return self.recipe.value(key)

    def toggle(self) -> None:
        """Run, or pause."""
        if self.running:
            self.pause()
            return
        self.halt, self.running = None, True
        self._order(Train(self.speed, self._goal()))

    def pause(self) -> None:
        """Stop training where it is."""
        if self.running:
            self.running = False
            self._order(Pause())

    def step(self) -> None:
        """Pause, and take one step if it was paused already."""
        if self.running:
            self.pause()
            return
        self.halt = None
        self._order(Advance(1))

    def change_speed(self, direction: int) -> None:
        """Go to the next speed up (+1) or down (-1)."""
        self.speed_index = min(max(self.speed_index + direction, 0), len(SPEEDS) - 1)
        if self.running:
            self._order(Train(self.speed, self._goal()))

    def reset(self, *, new_seed: bool = False) -> None:
        """Begin again with these settings and those that wait for it; ValueError if they clash."""
        recipe = self.recipe
        for key, value in self.pending.items():
            recipe = recipe.with_value(key, value)
        if new_seed:
            recipe = recipe.with_value(SEED.key, secrets.randbelow(10_000))
        self._take_up(_fresh(recipe))
        self._edits = Edits()

    def set_value(self, key: str, value: Value) -> None:
        """Change a hyperparameter: a live one at once, a structural one at the next reset.

        ValueError in one sentence where the data would be unusable; nothing is changed then.
        """
        if self.experiment.can_change(key, value):
            before = self.probe, self.settings
            self._change(key, value)
            self._edits.note(before, (self.probe, self.settings))
            return
        changed = {**self.pending, key: value}
        self.pending = {k: v for k, v in changed.items() if v != self.recipe.value(k)}
        if not self.experiment.steps and self.pending:
            try:
                self.reset()
            except ValueError:
                self.pending.pop(key, None)
                raise

    def edit(self, panel: str, edit: Edit) -> None:
        """Make an edit of the user's in a panel; ValueError in one sentence where it cannot be."""
        before = self.probe, self.settings
        probe, changes = self.experiment.edited(panel, edit, self.probe)
        for key, value in changes.items():
            self._change(key, value)
        self.probe = probe
        if edit.action != POINT:
            self._edits.note(before, (probe, self.settings), stroke=edit.stroke)

    def undo(self) -> bool:
        """Take back the last edit; whether there was one."""
        return self._return_to(self._edits.back((self.probe, self.settings)))

    def redo(self) -> bool:
        """Make the edit again that was last taken back; whether there was one."""
        return self._return_to(self._edits.forth((self.probe, self.settings)))

    def _return_to(self, state: tuple[Probe, Settings] | None) -> bool:
        if state is None:
            return False
        self.probe, settings = state
        for key, value in settings.items():
            if self.settings[key] != value:
                self._change(key, value)
        return True

    def _change(self, key: str, value: Value) -> None:
        """Change a live hyperparameter of the network, and of the worker's."""
        goal = self.experiment.goal
        self.experiment.change(key, value)
        if self._begun or self.experiment.steps:
            self._begin()
            self.settings = {**self.settings, key: value}
            self._journal(Change(key, value), new_goal=self.experiment.goal != goal)
        else:
            self._take_up(_fresh(self.recipe.with_value(key, value)))

    def kind_of(self, key: str) -> Hyperparameter:
        """Return what is known of a hyperparameter, or of the seed."""
        return find_hyperparameter(self.kind, key)

    def parse(self, key: str, text: str) -> Value:
        """Return the value that `text` spells for a hyperparameter; ValueError in one sentence."""
        return self.kind_of(key).parse(text)

    def ask(self) -> None:
        """Ask the worker for progress, unless it has been asked or does not run."""
        if self._begun and not self._asked:
            self._asked = True
            self.worker.send(Ask())

    def receive(self) -> bool:
        """Take in what the worker has told; whether there was anything."""
        heard = False
        try:
            for event in self.worker.events():
                heard = True
                match event:
                    case Progress(run=self._run_id):
                        self._asked = False
                        self._absorb(event)
                    case Failed(run=self._run_id, reason=reason):
                        self._fail(reason)
        except EOFError:
            self._fail("the training process ended")
            heard = True
        return heard

    def close(self) -> None:
        """End the worker."""
        self.worker.close()

    def _goal(self) -> Until | None:
        """Return the condition at which to stop; none once it has been reached: one can go on."""
        if self.reached_at is not None:
            return None
        goal = Until.goal_of(self.experiment)
        return None if goal.met(self.experiment) else goal

    def _take_up(self, run: Run) -> None:
        """Make `run` the present one."""
        self.run = run
        self._run_id += 1
        self.experiment = restored(run)
        self._held_out = None
        self.settings = dict(run.latest.settings)
        self.pending = {}
        self.running = self._begun = self._asked = False
        self.reached_at = None
        self._forecast_is_early = False
        self.halt = None
        self.failure = ""
        self.forecast = self._forecast_of(run)
        self._note_goal()
        if self.worker.pid is not None:
            self.worker.send(Pause())

    def _order(self, command: Command) -> None:
        self._begin()
        self.worker.send(command)
        self.ask()

    def _begin(self) -> None:
        """Have the worker take up the run, with the settings that its last snapshot has not got yet."""
        self.failure = ""
        if self._begun:
            return
        self._begun = True
        latest = self.run.latest
        self.worker.send(Begin(self._run_id, self.run.recipe, latest))
        for key, value in self.settings.items():
            if latest.settings[key] != value:
                self.worker.send(Change(key, value))

    def _journal(self, change: Change, *, new_goal: bool) -> None:
        """Send a change of this run, and what it makes of goal and forecast."""
        self._order(change)
        self.forecast = self.experiment.forecast()
        self._forecast_is_early = True
        self.halt = None
        if self.reached_at is not None or new_goal:
            self.reached_at = None
            if self.running:
                self._order(Train(self.speed, self._goal()))

    def _absorb(self, progress: Progress) -> None:
        self.run.absorb(progress)
        if self._forecast_is_early:
            self._forecast_from(progress)
        self.experiment.restore(self.run.latest)
        for key, value in self.settings.items():  # what the worker had not taken up when it told this
            if self.experiment.settings[key] != value:
                self.experiment.change(key, value)
        if progress.halt is not None:
            if progress.halt.kind == "until":
                self.reached_at = progress.halt.step
            self.halt, self.running = progress.halt, False
        if progress.running and self.halt is not None:
            self.halt, self.running = None, True  # run again before the halt was known here
        if not self.running:
            self._note_goal()

    def _note_goal(self) -> None:
        """Take the goal for reached if it is, however the run came to it."""
        if self.experiment.steps and self.reached_at is None and self._goal() is None:
            self.reached_at = self.experiment.steps
            self.halt = self.halt or Halt("until", self.experiment.steps, "the goal is met")

    def _forecast_of(self, run: Run) -> Forecast:
        """Forecast from where the settings were last changed, so that the outcome can be compared."""
        origin = run.latest
        for moment in reversed(run.timeline.moments):
            if dict(moment.settings) != self.settings:
                break
            origin = moment
        self.experiment.restore(origin)
        forecast = self.experiment.forecast()
        self.experiment.restore(run.latest)
        return forecast

    def _forecast_from(self, progress: Progress) -> None:
        """Forecast from the very step on which the worker took up the change."""
        for moment in progress.moments:
            if dict(moment.settings) == self.settings:
                self.experiment.restore(moment)
                self.forecast = self.experiment.forecast()
                self._forecast_is_early = False
                return

    def _fail(self, reason: str) -> None:
        self.running = self._begun = self._asked = False
        self.failure = reason


def _fresh(recipe: Recipe) -> Run:
    run = Run(recipe)
    run.timeline.append(build(recipe).snapshot())
    return run
