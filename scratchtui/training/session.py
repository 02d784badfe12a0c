"""One experiment as its user has it: the run, the moment of it that is looked at, what was edited.

Knows no screen, so that a test, or any other front end, can hold one.
"""

from __future__ import annotations

import math
import secrets
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from scratchtui.experiments.elements import is_element
from scratchtui.experiments.panel import POINT, Edit, Probe
from scratchtui.experiments.recipe import SEED, Recipe, default_recipe, find_hyperparameter
from scratchtui.training.close_up import CloseUp
from scratchtui.training.edits import Edits
from scratchtui.training.files import restored
from scratchtui.training.foresight import Foresight
from scratchtui.training.held_out import HeldOutLosses
from scratchtui.training.journal import Entry
from scratchtui.training.link import Link
from scratchtui.training.lookback import Lookback
from scratchtui.training.marks import Marks
from scratchtui.training.messages import UNLIMITED, Advance, Change, Failed, Pause, Progress, Train
from scratchtui.training.run import Run
from scratchtui.training.runs import Roster, Runs
from scratchtui.training.trainer import Halt
from scratchtui.training.until import Until, parse_all
from scratchtui.training.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.forecast import Forecast
    from scratchtui.experiments.hyperparameter import Hyperparameter, Settings, Value
    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.experiments.view import Curves, Table

SPEEDS = (*(m * 10.0**k for k in range(5) for m in (1, 2, 5)), 100_000.0, UNLIMITED)
RUNS = "runs"  # the panel of them
AT_ONCE, A_LITTLE = 0.1, 0.01  # seconds for a moment of the past, before keys are heard again
HEADLINE_EVERY = 0.4  # seconds while it runs: a headline may take longer than all else that is drawn

State = Literal["ready", "running", "paused", "past", "finding", "reached", "stopped", "diverged", "failed"]
_HALTED: dict[str, State] = {"until": "reached", "stop": "stopped", "diverged": "diverged"}


@dataclass(frozen=True)
class Standing:
    """What an edit can be taken back to: what was pointed at, the settings of which run, weights by name.

    `at` is the step of its past that was looked at, None its newest moment.
    """

    probe: Probe
    settings: Settings
    run: Run
    stops: tuple[Until, ...]
    roster: Roster
    at: int | None
    weights: Mapping[str, float] = field(default_factory=dict)


class Session:
    """A run in the user's hands.

    `experiment` is a copy in this process, at the newest snapshot or at the moment of the past that is
    `seen`; `pending` holds structural settings that wait for a reset.
    """

    experiment: Experiment
    pending: dict[str, Value]
    running: bool
    halt: Halt | None
    failure: str
    reached_at: int | None
    _untold: list[Change]  # changes that are not known to have been carried out
    _looking: Lookback
    close_up: CloseUp
    _foresight: Foresight
    _held_out: HeldOutLosses | None
    _headline: str
    _headline_due: float

    def __init__(self, kind: type[Experiment], run: Run | None = None, worker: Worker | None = None) -> None:
        self.kind = kind
        self.speed_index = SPEEDS.index(kind.speed)
        self.probe = Probe()
        self._link = Link(worker or Worker())
        self._edits: Edits[Standing] = Edits()
        self.runs = Runs()
        self.marks = Marks()
        self.stops: tuple[Until, ...] = ()  # whatever the run: a reset keeps them
        self._run: Run | None = None
        self._take_up(run or _fresh(default_recipe(kind)))
        self.stops = self.run.stops

    @property
    def run(self) -> Run:
        """The run that goes on, or that is looked back at."""
        if self._run is None:
            raise RuntimeError("a session has a run from its beginning on")
        return self._run

    @property
    def worker(self) -> Worker:
        """The process that trains."""
        return self._link.worker

    @property
    def settings(self) -> Settings:
        """The live settings at the moment that is seen, and the structural ones."""
        return self.experiment.settings

    @property
    def recipe(self) -> Recipe:
        """The recipe with the live settings as they are."""
        return Recipe(self.run.recipe.experiment, self.settings, self.run.recipe.seed)

    @property
    def speed(self) -> float:
        """Steps a second."""
        return SPEEDS[self.speed_index]

    @property
    def forecast(self) -> Forecast:
        """When the goal will be met, as it was foretold where a setting was last changed."""
        return self._foresight.forecast

    @property
    def state(self) -> State:
        """What the run is doing, in a word."""
        if self.failure:
            return "failed"
        if self.running:
            return "running"
        if self.sought is not None:
            return "finding"
        if self.seen is not None:
            return "past"
        if self.halt is not None:
            return _HALTED[self.halt.kind]
        return "paused" if self.experiment.steps else "ready"

    def losses(self, within: tuple[int, int] | None = None) -> Curves:
        """Return the loss of every step, that on held-out data, if any, and dimmed that of other runs.

        From the first to the last of the steps `within` it is looked for step by step (`close_up`).
        """
        held_out = None
        if self.experiment.has_held_out:
            if self._held_out is None:
                self._held_out = HeldOutLosses(self.run.recipe)
            held_out = self._held_out.curve(self.run.timeline.snapshots)
        return self.runs.curves(self.run, held_out, self.close_up.of(within))

    def runs_table(self) -> Table:
        """Return the runs of this tab side by side."""
        return self.runs.table(self.run, self.headline())

    def headline(self) -> str:
        """Return how far the moment that is seen has come; while it runs, one of the last few moments."""
        now = time.monotonic()
        if not self.running or now >= self._headline_due:
            self._headline, self._headline_due = self.experiment.headline(), now + HEADLINE_EVERY
        return self._headline

    def mark(self) -> str:
        """Mark the moment that is seen; return a sentence of what can be seen by it."""
        return self.marks.add(self.run, self.experiment.snapshot())

    def value(self, key: str) -> Value:
        """Return a setting, or the seed, as it is in force."""
        return self.recipe.value(key)

    def toggle(self) -> None:
        """Run, or pause; from a moment of the past, run on from there."""
        if self.running:
            self.pause()
            return
        self.fork()
        self.halt, self.running = None, True
        self._train()

    def pause(self) -> None:
        """Stop training where it is."""
        if self.running:
            self.running = False
            self._order(Pause())

    def step(self) -> None:
        """Pause, and take one step if it was paused already; in the past, look at the next step."""
        if self.running:
            self.pause()
        elif self._looking.away:
            self.seek(self._looking.step + 1)
        else:
            self.halt = None
            self._order(Advance(1))

    def step_back(self) -> None:
        """Look at the step before; training pauses."""
        self.seek(self._looking.step - 1)

    def leap(self, direction: int) -> None:
        """Look a tenth of the run further back (-1) or on (+1); training pauses."""
        self.seek(self._looking.step + direction * self._looking.leap)

    def seek(self, step: int) -> None:
        """Look at the moment after `step` steps, or at the nearest there is; training pauses."""
        self.pause()
        seconds = AT_ONCE if self.sought is None else A_LITTLE  # so that a key can be held
        self._looking.to(step)
        self.search_on(seconds)

    def search_on(self, seconds: float = A_LITTLE) -> None:
        """Go on for so long to look for the moment that was asked for, if it has not been found."""
        if self._looking.search(seconds):
            self._show_moment()

    @property
    def seen(self) -> Snapshot | None:
        """The moment of the past that is looked at; None for the newest."""
        return self._looking.seen

    @property
    def sought(self) -> int | None:
        """The step that is being looked for, where that takes long."""
        return self._looking.sought

    @property
    def sought_share(self) -> float:
        """How much of the way to that step has been gone."""
        return self._looking.share

    def fork(self) -> None:
        """Make the moment of the past that is seen the end of a run of its own."""
        if self._looking.away and (run := self._looking.forked()) is not None:
            self._take_up(run)

    def so_far(self) -> Run:
        """Return the run up to the moment that is seen or looked for, with all that was changed by then."""
        if self.sought is not None:
            self.search_on(math.inf)
        return self._looking.forked() or self.whole_run()

    def change_speed(self, direction: int) -> None:
        """Go to the next speed up (+1) or down (-1)."""
        self.speed_index = min(max(self.speed_index + direction, 0), len(SPEEDS) - 1)
        if self.running:
            self._train()

    def reset(self, *, new_seed: bool = False) -> None:
        """Begin again with these settings and those that wait for it; ValueError if they clash."""
        recipe = self.recipe
        for key, value in self.pending.items():
            recipe = recipe.with_value(key, value)
        if new_seed:
            recipe = recipe.with_value(SEED.key, secrets.randbelow(10_000))
        before, fresh = self._standing, _fresh(recipe)
        self._take_up(fresh)
        self._edits.note(before, self._standing)

    def set_value(self, key: str, value: Value) -> None:
        """Change a hyperparameter: a live one at once, a structural one at the next reset.

        ValueError in one sentence where the data would be unusable; nothing is changed then.
        """
        if self.experiment.can_change(key, value):
            before = self._standing
            self._change(key, value)
            self._edits.note(before, self._standing)
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
        if panel == RUNS:
            self._edit_runs(edit)
            return
        probe, changes = self.experiment.edited(panel, edit, self.probe)
        before = self._standing_with(changes)
        for key, value in changes.items():
            self._change(key, value)
        self.probe = probe
        if edit.action != POINT:
            self._edits.note(before, self._standing_with(changes), stroke=edit.stroke)

    def written(self, panel: str, edit: Edit) -> str:
        """Return as text what stands where an edit is about to be made."""
        if panel == RUNS:
            return self.runs[edit.place[0]].name
        return self.experiment.written(panel, edit, self.probe)

    def _edit_runs(self, edit: Edit) -> None:
        before = self._standing
        if (run := self.runs.edit(edit, self.run)) is not None:
            self._take_up(run)
        self._edits.note(before, self._standing)

    def undo(self) -> bool:
        """Take back the last edit; whether there was one."""
        return self._return_to(self._edits.back(self._standing_before))

    def redo(self) -> bool:
        """Make the edit again that was last taken back; whether there was one."""
        return self._return_to(self._edits.forth(self._standing_before))

    def stop_when(self, text: str) -> None:
        """Stop where one of the conditions in a text comes true; ValueError where it is none."""
        before = self._standing
        self._watch_for(parse_all(text, self.experiment))
        self._edits.note(before, self._standing)

    def _watch_for(self, stops: tuple[Until, ...]) -> None:
        self.stops = stops
        if self.running:
            self._train()

    @property
    def _possible_stops(self) -> tuple[Until, ...]:
        return tuple(stop for stop in self.stops if stop.possible(self.experiment))

    def _train(self) -> None:
        self._order(Train(self.speed, self._goal(), self._possible_stops))

    def open(self, run: Run) -> None:
        """Make a run from a file the present one; the one before is kept."""
        before = self._standing
        self._take_up(run)
        self.stops = run.stops
        self._edits.note(before, self._standing)

    def whole_run(self) -> Run:
        """Return the run as it is now, with all that was changed, to be saved while it goes on."""
        run = replace(self.run.copied(), stops=self.stops)
        if self._untold:
            self._complete(run)
        return run

    def kind_of(self, key: str) -> Hyperparameter:
        """Return what is known of a hyperparameter, or of the seed."""
        return find_hyperparameter(self.kind, key)

    def ask(self) -> None:
        """Ask the worker for progress, unless it has been asked or does not run."""
        self._link.ask()

    def receive(self) -> bool:
        """Take in what the worker has told; whether there was anything."""
        heard = False
        for event in self._link.heard():
            heard = True
            match event:
                case Progress():
                    self._absorb(event)
                case Failed(reason=reason):
                    self.running = False
                    self.failure = reason
        return heard

    def close(self) -> None:
        """End the worker."""
        self.worker.close()

    @property
    def _standing(self) -> Standing:
        at = self._looking.step if self._looking.away else None
        return Standing(self.probe, self.settings, self.run, self.stops, self.runs.roster, at)

    def _standing_with(self, keys: Iterable[str]) -> Standing:
        """Return the present state with the weights that are among these keys."""
        weights = {key: self.experiment.weight(key) for key in keys if is_element(key)}
        return replace(self._standing, weights=weights)

    def _standing_before(self, other: Standing) -> Standing:
        """Return the state to come back to from another; at the newest moment if that is to be changed."""
        if other.run.present is self.run and other.at is None and self._looking.away:
            untold = {change.key: change.value for change in self._untold if not is_element(change.key)}
            if other.weights or other.settings != {**self.run.latest.settings, **untold}:
                self._looking.to(self.run.latest.step)
                self._show_moment()
        return self._standing_with(other.weights)

    def _return_to(self, standing: Standing | None) -> bool:
        if standing is None:
            return False
        run = standing.run.present
        left = run is not self.run
        if left:
            self._take_up(run)
        self.runs.return_to(standing.roster)
        self.probe = standing.probe
        if standing.stops != self.stops:
            self._watch_for(standing.stops)
        if left and standing.at is not None:
            self.seek(standing.at)
        if standing.at is not None or self._looking.away:  # where no more than the probe can be changed
            return True
        for key, value in standing.settings.items():
            if self.settings[key] != value:
                self._change(key, value)
        for name, weight in standing.weights.items():
            if self.experiment.weight(name) != weight:
                self._change(name, weight)
        return True

    def _change(self, key: str, value: Value) -> None:
        """Change a live hyperparameter or a weight of the network, and of the worker's."""
        self.fork()
        aims = self.experiment.goal, self._possible_stops
        self.experiment.change(key, value)
        self._headline_due = 0.0
        if self._link.begun or self.experiment.changes > 1 or self.experiment.steps or is_element(key):
            self._begin()
            change = Change(key, value)
            self._untold.append(change)
            self._order(change)
            self._foresight.changed(self.experiment)
            self.halt = None
            self._aim_again(new=aims != (self.experiment.goal, self._possible_stops))
        else:
            before = self.run
            self._take_up(_fresh(self.recipe.with_value(key, value)))
            before.instead = self.run  # nothing had been learnt: it is still the same run to its user

    def _aim_again(self, *, new: bool) -> None:
        """Train for what there is to wait for after a change, also where the goal before was reached."""
        if self.reached_at is not None or new:
            self.reached_at = None
            if self.running:
                self._train()

    def _goal(self) -> Until | None:
        """Return the condition at which to stop; none once it has been reached: one can go on."""
        if self.reached_at is not None:
            return None
        goal = Until.goal_of(self.experiment)
        return None if goal.met(self.experiment) else goal

    def _take_up(self, run: Run) -> None:
        """Make `run` the present one, at its end."""
        if self._run is not None and self._run is not run:
            self._leave(self._run)
        self.runs.take_up(run, self._run)
        self._edits.forget(lambda standing: standing.run.present.forgotten)
        self._run = run
        self._looking = Lookback(run)
        self.close_up = CloseUp(run)
        self.experiment = restored(run)
        self._held_out = None
        self._untold = []
        self.pending = {}
        self.running = False
        self.reached_at = None
        self.halt = None
        self.failure = ""
        self._headline_due = 0.0
        self._foresight = Foresight(run)
        self._note_goal()
        self._link.take_up()

    def _leave(self, run: Run) -> None:
        """Let a run end as it is here, also where the worker has not told of all yet."""
        self._looking.to(run.latest.step)
        self._show_moment()
        if self._untold:
            self._complete(run)
        run.headline = self.experiment.headline()

    def _complete(self, run: Run) -> None:
        """Add to a run what was changed after its last step."""
        experiment = restored(run)
        for change in self._untold:
            experiment.change(change.key, change.value)
            run.journal.append(Entry(experiment.steps, change.key, change.value))
        run.timeline.append(experiment.snapshot())

    def _order(self, command: Advance | Change | Pause | Train) -> None:
        self._begin()
        self._link.order(command)

    def _begin(self) -> None:
        self.failure = ""
        self._link.begin(self.run, self._untold)

    def _absorb(self, progress: Progress) -> None:
        self.run.absorb(progress)
        del self._untold[: len(progress.journal)]
        self._foresight.heard(progress.snapshots)
        self._show_moment()
        if progress.halt is not None:
            if progress.halt.kind == "until":
                self.reached_at = progress.halt.step
            self.halt, self.running = progress.halt, False
        if progress.running and self.halt is not None:
            self.halt, self.running = None, True  # run again before the halt was known here
        if not self.running and self.seen is None:
            self._note_goal()

    def _show_moment(self) -> None:
        """Bring `experiment` to the moment that is seen."""
        self.experiment.restore(self.seen or self.run.latest)
        for change in self._untold if self.seen is None else ():
            self.experiment.change(change.key, change.value)

    def _note_goal(self) -> None:
        """Take the goal for reached if it is, however the run came to it."""
        if self.experiment.steps and self.reached_at is None and self._goal() is None:
            self.reached_at = self.experiment.steps
            self.halt = self.halt or Halt("until", self.experiment.steps, "the goal is met")


def _fresh(recipe: Recipe) -> Run:
    run = Run(recipe)
    run.begin()
    return run
