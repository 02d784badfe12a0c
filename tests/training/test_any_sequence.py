"""Whatever a user does in whatever order, what is seen is what a straight run would have come to."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.hyperparameter import Value
from scratchtui.experiments.panel import SET, Edit
from scratchtui.experiments.recipe import Recipe, default_recipe
from scratchtui.experiments.snapshot import same_state
from scratchtui.training.files import load_run, save_run
from scratchtui.training.run import Run
from scratchtui.training.session import Session
from scratchtui.training.timeline import Timeline
from scratchtui.training.trainer import Trainer
from tests.training.stand_ins import LocalWorker

Change = tuple[str, Value]
SMALL: dict[str, dict[str, Value]] = {
    "binary": {"bits": 4, "batch_size": 5},
    "nn": {"hidden": "3", "batch_size": 3},
    "cnn": {"filters": 1, "layers": 1, "hidden": 2, "data": "nine", "batch_size": 4},
    "rnn": {"hidden": 3, "window": 2},
}
CHANGES: dict[str, tuple[Change, ...]] = {
    "binary": (("data", "all +5=6"), ("data", "all"), ("noise", 0.5), ("0.Dense.W[2,0]", 3.5)),
    "nn": (("data", "xor 1=1"), ("data", "xor"), ("l2", 0.01), ("2.Dense.b[0]", -1.5)),
    "cnn": (("mirror", False), ("shift", 2), ("noise", 0.2), ("0.Conv2D.W[0,0,1,1]", 2.0)),
    "rnn": (("text", "olleh"), ("text", "hello"), ("clip", 0.1), ("0.RNN.Wh[1,2]", 0.25)),
}
EVERYWHERE: tuple[Change, ...] = (
    ("learning_rate", 0.01), ("optimizer", "adam"), ("optimizer", "momentum"),
    ("frozen", "0"), ("frozen", "none"),
)  # fmt: skip


class Straight:
    """The model: a recipe, and after which step what was changed; any step is reached by walking there."""

    def __init__(self, recipe: Recipe, changes: tuple[tuple[int, Change], ...] = ()) -> None:
        self.recipe, self.changes = recipe, changes

    def changed(self, step: int, change: Change) -> Straight:
        return Straight(self.recipe, (*(each for each in self.changes if each[0] <= step), (step, change)))

    def walked(self, step: int) -> tuple[Trainer, list[float]]:
        trainer, losses = Trainer(self.recipe), []
        for at, (key, value) in self.changes:
            if at <= step:
                losses += trainer.step(at - trainer.experiment.steps).losses.tolist()
                trainer.change(key, value)
        losses += trainer.step(step - trainer.experiment.steps).losses.tolist()
        return trainer, losses


class AnySequence(RuleBasedStateMachine):
    """A session driven at random, beside the model of every run that it has had."""

    @initialize(name=st.sampled_from(list(EXPERIMENTS)), few=st.booleans())
    def begin(self, name: str, few: bool) -> None:
        self.name, self.worker = name, LocalWorker()
        default = default_recipe(EXPERIMENTS[name])
        recipe = Recipe(name, {**default.settings, **SMALL[name]}, 5)
        run = Run(recipe, timeline=Timeline(byte_budget=9_000 if few else 2**20))
        run.timeline.append(Trainer(recipe).experiment.snapshot())
        self.session = Session(EXPERIMENTS[name], run, self.worker)
        self.models = {id(self.session.run): Straight(recipe)}
        self.kept: list[Run] = [self.session.run]  # so that an id stays its own

    @property
    def model(self) -> Straight:
        return self.models[id(self.session.run)]

    def remember(self, model: Straight) -> None:
        if self.session.run not in self.kept:
            self.kept.append(self.session.run)
        self.models.setdefault(id(self.session.run), model)

    def settle(self) -> None:
        """Let the worker do and tell all that it was asked."""
        for _ in range(3):
            self.session.ask()
            if self.worker.pipe.commands or self.worker.loop._news:
                self.worker.turns()
            self.session.receive()

    @rule(count=st.integers(1, 6))
    def step(self, count: int) -> None:
        for _ in range(count):
            self.session.step()
            self.settle()

    @rule(count=st.integers(1, 4))
    def step_back(self, count: int) -> None:
        for _ in range(count):
            self.session.step_back()

    @rule(direction=st.sampled_from([-1, 1]))
    def leap(self, direction: int) -> None:
        self.session.leap(direction)

    @rule(part=st.floats(0.0, 1.0))
    def seek(self, part: float) -> None:
        self.session.seek(round(part * self.session.run.latest.step))

    @rule(number=st.integers(0, len(EVERYWHERE) + 3))
    def change(self, number: int) -> None:
        key, value = (*CHANGES[self.name], *EVERYWHERE)[number]
        if (key, value) == ("frozen", "0"):
            value = next(iter(self.session.experiment.elements.places))
        before, step, seen = self.model, self.session.experiment.steps, self.session.seen
        if key in self.session.settings and self.session.settings[key] == value:
            return
        run = self.session.run
        if "[" in key:
            self.session.edit("weights", self.session_edit(key, value))
        else:
            self.session.set_value(key, value)
        self.settle()
        if self.session.run is run and seen is None:
            self.models[id(run)] = before.changed(step, (key, value))
        elif (
            step == 0
            and "[" not in key
            and all(at for at, _ in before.changes)
            and self.session.run.recipe != before.recipe
        ):
            self.remember(Straight(self.session.run.recipe))  # at step 0 it is another recipe
        else:
            self.remember(before.changed(step, (key, value)))

    def session_edit(self, key: str, value: Value) -> Edit:
        return Edit(SET, (self.session.experiment.elements.one(key),), repr(value))

    @rule(new_seed=st.booleans())
    def reset(self, new_seed: bool) -> None:
        self.session.reset(new_seed=new_seed)
        self.remember(Straight(self.session.run.recipe))

    @rule(data=st.data())
    @precondition(lambda self: len(self.session.runs) > 1)
    def return_to_a_run(self, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(self.session.runs) - 1))
        self.session.edit("runs", Edit("return", (place,)))

    @rule(redo=st.booleans())
    def take_back(self, redo: bool) -> None:
        run, known = self.session.run, len(self.session.run.journal)
        before = self.model
        if not (self.session.redo() if redo else self.session.undo()):
            return
        self.settle()
        if self.session.run is not run:
            self.kept.append(self.session.run)
            self.models[id(self.session.run)] = self.of_journal(self.session.run)
        else:
            for entry in run.journal[known:]:
                before = before.changed(entry.step, (entry.key, entry.value))
            self.models[id(run)] = before

    def of_journal(self, run: Run) -> Straight:
        """Return what a run says of itself: its recipe, and when what was changed."""
        return Straight(run.recipe, tuple((e.step, (e.key, e.value)) for e in run.journal))

    @rule(action=st.sampled_from(["rename", "pin", "remove"]), data=st.data())
    def keep_or_forget_a_run(self, action: str, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(self.session.runs) - 1))
        if action != "remove" or self.session.runs[place] is not self.session.run:
            self.session.edit("runs", Edit(action, (place,), f"name {data.draw(st.integers(0, 10**9))}"))

    @rule()
    def fork(self) -> None:
        before, seen = self.model, self.session.seen
        self.session.fork()
        if seen is not None:
            changes = tuple(each for each in before.changes if each[0] <= seen.step)
            self.remember(Straight(before.recipe, changes))

    @rule()
    def save_and_open(self) -> None:
        if self.session.seen is not None:
            return
        before = self.model
        with tempfile.TemporaryDirectory() as folder:
            save_run(self.session.whole_run(), Path(folder) / "run.npz")
            self.session.open(load_run(Path(folder) / "run.npz"))
        self.remember(before)

    @invariant()
    def what_is_seen_is_what_a_straight_run_comes_to(self) -> None:
        if not hasattr(self, "session"):
            return
        experiment = self.session.experiment
        trainer, _ = self.model.walked(experiment.steps)
        assert same_state(experiment.snapshot(), trainer.experiment.snapshot())

    def teardown(self) -> None:
        """Compare every loss of every run that is left."""
        if not hasattr(self, "session"):
            return
        for run in self.session.runs:
            _, losses = self.models[id(run)].walked(run.latest.step)
            np.testing.assert_array_equal(run.losses.mean, losses)


SOAK = int(os.environ.get("SOAK", "0"))  # sequences, each twice as long
AnySequence.TestCase.settings = settings(
    max_examples=SOAK or 15, stateful_step_count=40 if SOAK else 20, deadline=None
)
test_any_sequence_of_what_a_user_can_do = AnySequence.TestCase
