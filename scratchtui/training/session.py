"""One experiment as its user has it: the run, the moment of it that is looked at, what was edited.

Knows no screen, so that a test, or any other front end, can hold one.
"""

from __future__ import annotations

import math
import secrets
from contextlib import nullcontext
from dataclasses import replace
from sys import intern
from typing import TYPE_CHECKING, Literal

from scratchtui.experiments.elements import is_element
from scratchtui.experiments.panel import POINT, Edit, Probe
from scratchtui.experiments.recipe import SEED, Recipe, default_recipe, find_hyperparameter
from scratchtui.training.close_up import CloseUp
from scratchtui.training.course import Course
from scratchtui.training.foresight import Foresight
from scratchtui.training.headline import Headline
from scratchtui.training.held_out import HeldOutLosses
from scratchtui.training.link import Link
from scratchtui.training.lookback import Lookback
from scratchtui.training.marks import Marks
from scratchtui.training.messages import Progress
from scratchtui.training.run import Run
from scratchtui.training.runs import Runs
from scratchtui.training.search import A_LITTLE
from scratchtui.training.store import STORE
from scratchtui.training.undo import Undo
from scratchtui.training.until import parse_all
from scratchtui.training.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.forecast import Forecast
    from scratchtui.experiments.hyperparameter import Hyperparameter, Settings, Value
    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.experiments.view import Curves, Table

RUNS = "runs"  # the panel of them
AT_ONCE = 0.1  # seconds for a moment of the past, before keys are heard again

State = Literal[
    "ready", "running", "silent", "paused", "past", "finding", "reached", "stopped", "diverged", "failed"
]
_HALTED: dict[str, State] = {"until": "reached", "stop": "stopped", "diverged": "diverged"}


class Session:
    """A run in the user's hands.

    `link` is what the worker was told of it, `course` how its training goes, `looking` which moment of it is
    looked at, `close_up` its losses step by step; `pending` holds structural settings that wait for a reset.

    What hangs on the moment that is looked at, if that is still being looked for, waits for it, but no longer
    than the seconds of `patience`: then it raises StillFindingError, nothing is changed, `search_on` goes on.
    """

    run: Run  # that goes on, or that is looked back at
    pending: Mapping[str, Value]
    looking: Lookback
    close_up: CloseUp
    patience = math.inf

    def __init__(self, kind: type[Experiment], run: Run | None = None, worker: Worker | None = None) -> None:
        self.kind = kind
        self.probe, self.pending = Probe(), {}
        self.link = Link(worker or Worker())
        self.course = Course(self.link, kind.speed)
        self.runs = Runs()
        self.marks = Marks()
        self._undo = Undo(self)
        run = run or _fresh(default_recipe(kind))
        self.runs.take_up(run)
        self._hold(run)
        self.course.stops = run.stops

    @property
    def worker(self) -> Worker:
        """The process that trains."""
        return self.link.worker

    @property
    def experiment(self) -> Experiment:
        """A copy in this process, at the newest snapshot or at the moment of the past that is seen."""
        return self.looking.experiment

    @property
    def settings(self) -> Settings:
        """The live settings at the moment that is seen, and the structural ones."""
        return self.experiment.settings

    @property
    def recipe(self) -> Recipe:
        """The recipe with the live settings as they are."""
        return Recipe(self.run.recipe.experiment, self.settings, self.run.recipe.seed)

    @property
    def forecast(self) -> Forecast:
        """When the goal will be met, as it was foretold where a setting was last changed."""
        return self._foresight.forecast

    @property
    def state(self) -> State:
        """What the run is doing, in a word."""
        if trouble := self.link.trouble:
            return trouble
        if self.running:
            return "running"
        if self.sought is not None:
            return "finding"
        if self.seen is not None:
            return "past"
        if self.course.halt is not None:
            return _HALTED[self.course.halt.kind]
        return "paused" if self.experiment.steps else "ready"

    @property
    def running(self) -> bool:
        """Whether it trains."""
        return self.course.running

    def losses(self, within: tuple[int, int] | None = None) -> Curves:
        """Return the loss of every step, that on held-out data, if any, and dimmed that of other runs.

        From the first to the last of the steps `within` it is looked for step by step (`close_up`).
        """
        snapshots = self.run.timeline.snapshots
        held_out = self._held_out.curve(snapshots) if self.experiment.has_held_out else None
        return self.runs.curves(self.run, held_out, self.close_up.of(within))

    def runs_table(self) -> Table:
        """Return the runs of this tab side by side."""
        away = self.looking.away
        return self.runs.table(self.run, self._headline.of_end(self.run) if away else self.headline())

    def headline(self) -> str:
        """Return how far the moment that is seen has come; while it runs, one of the last few moments."""
        return self._headline.of(self.experiment, running=self.running)

    def mark(self) -> str:
        """Mark the moment that is seen; return a sentence of what can be seen by it."""
        self.looking.arrive(self.patience)
        return self.marks.add(self.run, self.experiment.snapshot())

    def value(self, key: str) -> Value:
        """Return a setting, or the seed, as it is in force."""
        return self.recipe.value(key)

    def toggle(self) -> None:
        """Run, or pause; from a moment of the past, run on from there; again where the worker is silent."""
        if self.link.trouble == "silent":
            self.link.give_up()
            self.course.running = False
        if self.running:
            self.pause()
        else:
            self.fork()
            self.course.run(self.experiment)

    def pause(self) -> None:
        """Stop training where it is."""
        self.course.pause()

    def step(self) -> None:
        """Pause, and take one step if it was paused already; in the past, look at the next step."""
        if self.running:
            self.pause()
        elif self.looking.away:
            self.seek(self.looking.step + 1)
        else:
            self.course.step(self.experiment)

    def step_back(self) -> None:
        """Look at the step before; training pauses."""
        self.seek(self.looking.step - 1)

    def leap(self, direction: int) -> None:
        """Look a tenth of the run further back (-1) or on (+1); training pauses."""
        self.seek(self.looking.step + direction * self.looking.leap)

    def seek(self, step: int) -> None:
        """Look at the moment after `step` steps, or at the nearest there is; training pauses."""
        self.pause()
        seconds = AT_ONCE if self.sought is None else A_LITTLE  # so that a key can be held
        self.looking.to(step)
        self.search_on(seconds)

    def search_on(self, seconds: float = A_LITTLE) -> None:
        """Go on for so long to look for the moment that was asked for, if it has not been found."""
        self.looking.search(seconds)

    @property
    def seen(self) -> Snapshot | None:
        """The moment of the past that is looked at; None for the newest."""
        return self.looking.seen

    @property
    def sought(self) -> int | None:
        """The step that is being looked for, where that takes long."""
        return self.looking.sought

    def fork(self) -> None:
        """Make the moment of the past that is seen the end of a run of its own."""
        if self.looking.away and (run := self.looking.forked(self.patience)) is not None:
            with self._undo.noting():
                self.take_up(run)

    def so_far(self, *, losses: bool = True) -> Run:
        """Return the run up to the moment that is looked at, with all that was changed by then.

        Of a past moment without its `losses`, where they are not wanted: they may take long to find.
        """
        return self.looking.forked(self.patience, losses=losses) or self.whole_run()

    def change_speed(self, direction: int) -> None:
        """Go to the next speed up (+1) or down (-1)."""
        self.course.change_speed(direction, self.experiment)

    def reset(self, *, new_seed: bool = False) -> None:
        """Begin again with these settings and those that wait for it; ValueError if they clash."""
        self.looking.arrive(self.patience)
        self._begin_again(self.pending, new_seed=new_seed)

    def _begin_again(self, changed: Mapping[str, Value], *, new_seed: bool = False) -> None:
        recipe = self.recipe
        for key, value in changed.items():
            recipe = recipe.with_value(key, value)
        if new_seed:
            recipe = recipe.with_value(SEED.key, secrets.randbelow(10_000))
        run = _fresh(recipe)
        with self._undo.noting():
            self.pending = {}
            self.take_up(run)

    def set_value(self, key: str, value: Value) -> None:
        """Change a hyperparameter: a live one at once, a structural one at the next reset.

        ValueError in one sentence where the data would be unusable; nothing is changed then.
        """
        self.looking.arrive(self.patience)
        if self.experiment.can_change(key, value):
            with self._undo.noting():
                self.change(key, value)
            return
        changed = {**self.pending, key: value}
        pending = {k: v for k, v in changed.items() if v != self.recipe.value(k)}
        if pending and not self.experiment.steps:
            self._begin_again(pending)
            return
        with self._undo.noting():
            self.pending = pending

    def drop_pending(self) -> None:
        """Let no setting wait for a reset any longer."""
        with self._undo.noting():
            self.pending = {}

    def edit(self, panel: str, edit: Edit) -> None:
        """Make an edit of the user's in a panel; ValueError in one sentence where it cannot be."""
        if panel == RUNS:
            with self._undo.noting():
                if (run := self.runs.edit(edit, self.run)) is not None:
                    self.take_up(run)
            return
        if edit.action != POINT:
            self.looking.arrive(self.patience)
        probe, changes = self.experiment.edited(panel, edit, self.probe)
        with nullcontext() if edit.action == POINT else self._undo.noting(changes, stroke=edit.stroke):
            for key, value in changes.items():
                self.change(key, value)
            self.probe = probe

    def written(self, panel: str, edit: Edit) -> str:
        """Return as text what stands where an edit is about to be made."""
        if panel == RUNS:
            return self.runs[edit.place[0]].name
        self.looking.arrive(self.patience)
        return self.experiment.written(panel, edit, self.probe)

    def undo(self) -> str:
        """Take back the last edit; return in words what changed by that, nothing if there was none."""
        self.looking.arrive(self.patience)
        return self._undo.back()

    def redo(self) -> str:
        """Make the edit again that was last taken back; return in words what changed by that, if anything."""
        self.looking.arrive(self.patience)
        return self._undo.forth()

    def news(self) -> str:
        """Return in words what was let go, for want of room or of a way back, since this was asked last."""
        return " ".join(filter(None, (self._undo.news(), STORE.news())))

    def stop_when(self, text: str) -> None:
        """Stop where one of the conditions in a text comes true; ValueError where it is none."""
        with self._undo.noting():
            self.course.watch_for(parse_all(text, self.experiment), self.experiment)

    def open(self, run: Run) -> None:
        """Make a run from a file the present one; the one before is kept."""
        with self._undo.noting():
            self.take_up(run)
            self.course.stops = run.stops

    def whole_run(self) -> Run:
        """Return the run as it is now, with all that was changed, to be saved while it goes on."""
        run = replace(self.run.copied(), stops=self.course.stops, halt=self.course.halt)
        self.link.complete(run)
        return run

    def kind_of(self, key: str) -> Hyperparameter:
        """Return what is known of a hyperparameter, or of the seed."""
        return find_hyperparameter(self.kind, key)

    def ask(self) -> None:
        """Ask the worker for progress, unless it has been asked or does not run."""
        self.link.ask()

    def receive(self) -> bool:
        """Take in what the worker has told; whether there was anything."""
        heard = False
        for event in self.link.heard():
            heard = True
            if isinstance(event, Progress):
                self._absorb(event)
            else:
                self.course.running = False
        return heard

    def close(self) -> None:
        """End the worker."""
        self.worker.close()

    def take_up(self, run: Run) -> None:
        """Make `run` the present one, at its end, and leave the one before; no edit by itself."""
        before = self.run
        if before is not run:
            self.looking.come_back()
            self.link.complete(before)
            before.halt = self.course.halt
            before.headline = self.experiment.headline()
        self.runs.take_up(run, before)
        self._hold(run)

    def change(self, key: str, value: Value) -> None:
        """Change a live hyperparameter or a weight, here and in the worker; no edit by itself."""
        if type(value) is str:
            value = intern(value)  # the journal holds it too
        if self.looking.away:
            self.looking.arrive(self.patience)
            self.experiment.change(key, value)  # which is refused there, if at all, before there is a fork
            self.looking.show()
            self.fork()
        aims = self.course.aims(self.experiment)
        self.experiment.change(key, value)
        self._headline.expire()
        if self.link.begun or self.experiment.changes > 1 or self.experiment.steps or is_element(key):
            self.link.change(key, value)
            self._foresight.changed(self.experiment)
            self.course.changed(self.experiment, aims)
        else:
            before = self.run
            self.take_up(_fresh(self.recipe.with_value(key, value)))
            if before not in self.runs:  # nothing had been learnt: it is still the same run to its user
                before.instead = self.run

    def _hold(self, run: Run) -> None:
        self.run = run
        self.looking, self.close_up = Lookback(run, self.link), CloseUp(run)
        self._foresight, self._held_out = Foresight(run), HeldOutLosses(run.recipe)
        self._headline = Headline()
        self.pending = {k: v for k, v in self.pending.items() if v != self.recipe.value(k)}
        self.link.take_up(run)
        self.course.take_up(self.experiment, run.halt)

    def _absorb(self, progress: Progress) -> None:
        self.run.absorb(progress)
        self._foresight.heard(progress.snapshots)
        self.looking.show()
        self.course.absorb(progress)
        self._undo.grown()
        if not self.running and self.seen is None:
            self.course.note_goal(self.experiment)


def _fresh(recipe: Recipe) -> Run:
    run = Run(recipe)
    run.begin()
    return run
