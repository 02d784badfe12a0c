"""Whatever a user does in whatever order, what is seen is what a straight run would have come to."""

from __future__ import annotations

import math
import os
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from unittest.mock import patch

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.hyperparameter import Value
from scratchtui.experiments.panel import SET, Edit
from scratchtui.experiments.recipe import Recipe, default_recipe
from scratchtui.experiments.snapshot import same_state
from scratchtui.training import history
from scratchtui.training.files import load_run, save_run
from scratchtui.training.history import LossHistory
from scratchtui.training.messages import UNLIMITED, Advance
from scratchtui.training.run import Run
from scratchtui.training.runs import MOST, Roster
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


STRUCTURAL: dict[str, tuple[Change, ...]] = {
    "binary": (("bits", 5), ("bits", 4), ("seed", 6)),
    "nn": (("hidden", "2"), ("hidden", "3"), ("seed", 6)),
    "cnn": (("filters", 2), ("filters", 1), ("seed", 6)),
    "rnn": (("hidden", 4), ("hidden", 3), ("seed", 6)),
}
TURNS = 1000  # of the worker, after which it does not stop


class Straight:
    """The model: a recipe, and after which step what was changed; any step is reached by walking there."""

    def __init__(self, recipe: Recipe, changes: tuple[tuple[int, Change], ...] = ()) -> None:
        self.recipe, self.changes = recipe, changes

    def changed(self, step: int, change: Change) -> Straight:
        return Straight(self.recipe, (*self.cut(step).changes, (step, change)))

    def cut(self, step: int) -> Straight:
        return Straight(self.recipe, tuple(each for each in self.changes if each[0] <= step))

    def walked(self, step: int) -> tuple[Trainer, list[float]]:
        trainer, losses = Trainer(self.recipe), []
        for at, (key, value) in self.changes:
            if at <= step:
                losses += trainer.step(at - trainer.experiment.steps).losses.tolist()
                trainer.change(key, value)
        losses += trainer.step(step - trainer.experiment.steps).losses.tolist()
        return trainer, losses


@dataclass
class Point:
    """What is expected of an edit that is taken back: a moment of a run, its settings, weights by name.

    The roster has the runs that were listed, and their names; `pending` waited for a reset.
    """

    roster: Roster
    run: Run
    step: int | None
    settings: dict[str, Value]
    weights: dict[str, float]
    stops: tuple[str, ...]
    pending: dict[str, Value]


class AnySequence(RuleBasedStateMachine):
    """A session driven at random, beside the model of every run that it has had.

    A new thing that a user can do is a rule; one that changes the run tells `remember` what the model of
    the run is then, and `edited` that it can be taken back.
    """

    @initialize(
        name=st.sampled_from(list(EXPERIMENTS)),
        few=st.booleans(),
        cramped=st.booleans(),
        capacity=st.sampled_from([8, 4096]),
    )
    def begin(self, name: str, few: bool, cramped: bool, capacity: int) -> None:
        self.name, self.worker, self.cramped = name, LocalWorker(), cramped
        self.limits = [
            patch("scratchtui.training.history.CAPACITY", capacity),
            patch("scratchtui.training.run.FEWEST_BUCKETS", 4),
            patch("scratchtui.training.room.BYTE_BUDGET", 9_000 if few else 2**20),
            patch("scratchtui.training.room.BYTES_OF_A_TAB", 60_000 if cramped else 2**25),
        ]
        for limit in self.limits:
            limit.start()
        default = default_recipe(EXPERIMENTS[name])
        recipe = Recipe(name, {**default.settings, **SMALL[name]}, 5)
        run = Run(recipe, timeline=Timeline(byte_budget=9_000 if few else 2**20))
        self.session = Session(EXPERIMENTS[name], run, self.worker)
        self.models = {id(self.session.run): Straight(recipe)}
        self.kept: list[Run] = [self.session.run]  # so that an id stays its own
        self.numbers = count(1)  # for names, which no two runs have in common
        self.before: list[Point] = []
        self.after: list[Point] = []

    @property
    def model(self) -> Straight:
        return self.models[id(self.session.run)]

    def remember(self, model: Straight) -> None:
        if self.session.run not in self.kept:
            self.kept.append(self.session.run)
        self.models.setdefault(id(self.session.run), model)

    def point(self, *weights: str) -> Point:
        session = self.session
        return Point(
            session.runs.roster,
            session.run,
            None if session.seen is None else session.seen.step,
            dict(session.settings),
            {name: session.experiment.weight(name) for name in weights},
            tuple(stop.text for stop in session.course.stops),
            dict(session.pending),
        )

    def edited(self, before: Point) -> None:
        """Expect an edit to be taken back, if it has changed anything."""
        if self.point(*before.weights) != before:
            self.before.append(before)
            self.after.clear()

    def settle(self) -> None:
        """Let the worker do and tell all that it was asked, and what is looked for be found."""
        self.session.search_on(math.inf)
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

    @rule(count=st.integers(2, 40))
    def train(self, count: int) -> None:
        """Go on by as many steps as one stretch of training may be, from the past in a run of its own."""
        self.fork()
        self.session.course.halt = None  # as where it takes one step
        self.session.link.order(Advance(count))
        self.settle()

    @rule(count=st.integers(1, 4))
    def step_back(self, count: int) -> None:
        for _ in range(count):
            self.session.step_back()
        self.settle()

    @rule(direction=st.sampled_from([-1, 1]))
    def leap(self, direction: int) -> None:
        self.session.leap(direction)
        self.settle()

    @rule(part=st.sampled_from([0.0, 1.0]) | st.floats(0.0, 1.0), away=st.none() | st.floats(0.0, 1.0))
    def seek(self, part: float, away: float | None) -> None:
        """Seek a moment; `away` is another that is looked for a little before."""
        last = self.session.run.latest.step
        if away is not None:
            with patch("scratchtui.training.session.AT_ONCE", -1.0):
                self.session.seek(round(away * last))
        self.session.seek(round(part * last))
        self.settle()

    @rule(number=st.integers(0, len(EVERYWHERE) + 3))
    def change(self, number: int) -> None:
        key, value = (*CHANGES[self.name], *EVERYWHERE)[number]
        if (key, value) == ("frozen", "0"):
            value = next(iter(self.session.experiment.elements.places))
        model, step, seen = self.model, self.session.experiment.steps, self.session.seen
        if key in self.session.settings and self.session.settings[key] == value:
            return
        run, before = self.session.run, self.point(*[key] * ("[" in key))
        if "[" in key:
            place = self.session.experiment.elements.one(key)
            self.session.edit("weights", Edit(SET, (place,), repr(value)))
        else:
            self.session.set_value(key, value)
        if self.session.run is run and seen is None:
            self.models[id(run)] = model.changed(step, (key, value))
        elif (
            step == 0
            and "[" not in key
            and all(at for at, _ in model.changes)
            and self.session.run.recipe != model.recipe
        ):
            self.remember(Straight(self.session.run.recipe))  # at step 0 it is another recipe
        else:
            self.remember(model.changed(step, (key, value)))
        self.edited(before)
        self.settle()

    @rule(new_seed=st.booleans())
    def reset(self, new_seed: bool) -> None:
        before = self.point()
        self.session.reset(new_seed=new_seed)
        self.remember(Straight(self.session.run.recipe))
        self.edited(before)

    @rule(data=st.data())
    @precondition(lambda self: len(self.session.runs) > 1)
    def return_to_a_run(self, data: st.DataObject) -> None:
        before = self.point()
        place = data.draw(st.integers(0, len(self.session.runs) - 1))
        if self.session.runs[place] is not self.session.run:
            self.session.edit("runs", Edit("return", (place,)))
            self.edited(before)

    @rule(redo=st.booleans())
    def take_back(self, redo: bool) -> None:
        source, target = (self.after, self.before) if redo else (self.before, self.after)
        self.let_go()
        session, expected = self.session, source.pop() if source else None
        if expected is not None:
            target.append(self.point_before(expected))
        stays, seen = expected is not None and expected.run.present is session.run, session.seen
        assert bool(session.redo() if redo else session.undo()) == (expected is not None)
        if expected is None:
            return
        self.settle()
        self.expect_roster(expected.roster)
        assert tuple(stop.text for stop in session.course.stops) == expected.stops
        assert session.pending == expected.pending
        if stays and expected.step is not None:  # no more than names had changed there
            assert session.seen is seen
        elif not stays or session.seen is None:
            assert (None if session.seen is None else session.seen.step) == expected.step
            assert session.settings == expected.settings
        if expected.step is None:
            assert all(session.experiment.weight(name) == value for name, value in expected.weights.items())
        assert session.run is expected.run.present
        self.remember(Straight(session.run.recipe))  # at step 0 it may be another run
        model = self.model
        for entry in session.run.journal[len(model.changes) :]:  # what was changed to what it had been
            model = model.changed(entry.step, (entry.key, entry.value))
        self.models[id(session.run)] = model

    def let_go(self) -> None:
        """Where memory is short, expect the oldest edits to be gone; else that all are there."""
        kept = self.session._undo._edits
        if self.cramped:
            del self.before[: len(self.before) - len(kept._before)]
            del self.after[: len(self.after) - len(kept._after)]
        assert (len(self.before), len(self.after)) == (len(kept._before), len(kept._after))

    def expect_roster(self, roster: Roster) -> None:
        """Expect the runs in their places and named as then, but for the oldest of too many."""
        listed = list(self.session.runs)
        then = {run.present: (name, pinned) for run, name, pinned in roster.labels}
        since = [run for run in listed if run not in then]
        gone = [run for run in then if run not in listed]
        assert listed == [*(run for run in then if run in listed), *since]
        assert not gone or len(listed) >= MOST
        assert len({run.name for run in listed}) == len(listed)
        for run, (name, pinned) in then.items():
            assert run.pinned == pinned
            assert run.name == name or name in {each.name for each in since}

    def point_before(self, other: Point) -> Point:
        """Return what is expected of making again what is now taken back, to come to the other point."""
        run, latest = self.session.run, self.session.run.latest
        if (
            other.run.present is run
            and other.step is None
            and (other.weights or other.settings != latest.settings)
        ):
            places = {name: self.session.experiment.elements.one(name) for name in other.weights}
            weights = {name: float(latest.parameters[place]) for name, place in places.items()}
            return replace(self.point(), step=None, settings=dict(latest.settings), weights=weights)
        return self.point(*other.weights)

    @rule(action=st.sampled_from(["rename", "pin", "remove"]), data=st.data())
    def keep_or_forget_a_run(self, action: str, data: st.DataObject) -> None:
        place, before = data.draw(st.integers(0, len(self.session.runs) - 1)), self.point()
        if action != "remove" or self.session.runs[place] is not self.session.run:
            self.session.edit("runs", Edit(action, (place,), f"name {next(self.numbers)}"))
            self.edited(before)

    @rule()
    def fork(self) -> None:
        model, seen, before = self.model, self.session.seen, self.point()
        self.session.fork()
        if seen is not None:
            self.remember(model.cut(seen.step))
            self.edited(before)

    @rule(count=st.integers(2, 10))
    def reset_again_and_again(self, count: int) -> None:
        """Have more runs than are listed."""
        for _ in range(count):
            self.train(1)
            self.reset(new_seed=False)

    @rule(number=st.integers(0, 2))
    def change_the_structure(self, number: int) -> None:
        key, value = STRUCTURAL[self.name][number]
        steps, before = self.session.experiment.steps, self.point()
        self.session.set_value(key, value)
        assert self.session.pending.get(key, self.session.value(key)) == value
        if not steps and self.session.run is not before.run:
            self.remember(Straight(self.session.run.recipe))
        self.edited(before)

    @rule()
    def drop_what_waits(self) -> None:
        before = self.point()
        self.session.drop_pending()
        self.edited(before)

    @rule(places=st.lists(st.integers(0, 8), min_size=2, max_size=3))
    def set_weights_in_one_stroke(self, places: list[int]) -> None:
        session = self.session
        places = [place % session.experiment.network.vector.size for place in places]
        names = [session.experiment.elements.name(place) for place in places]
        model, step, before = self.model.cut(session.experiment.steps), session.experiment.steps, None
        before = self.point(*names)
        for number, (place, name) in enumerate(zip(places, names, strict=True)):
            value = next(self.numbers) / 64
            session.edit("weights", Edit(SET, (place,), repr(value), stroke=number > 0))
            model = model.changed(step, (name, value))
        self.remember(model)
        self.models[id(session.run)] = model
        self.edited(before)
        self.settle()

    @rule(count=st.integers(1, 9))
    def stop_at_a_step(self, count: int) -> None:
        """Train at full speed, and stop on the very step."""
        self.fork()
        session, before = self.session, self.point()
        last = session.experiment.steps + count
        session.stop_when(f"step={last}")
        self.edited(before)
        while session.course.speed != UNLIMITED:
            session.change_speed(+1)
        session.toggle()
        for _ in range(TURNS):
            session.ask()
            self.worker.turns()
            session.receive()
            if not session.running:
                break
        assert session.experiment.steps == last or session.state == "reached"
        self.settle()

    @rule()
    def save_and_open(self) -> None:
        model, before = self.model, self.point()
        with tempfile.TemporaryDirectory() as folder:
            save_run(self.session.whole_run(), Path(folder) / "run.npz")
            self.session.open(load_run(Path(folder) / "run.npz"))
        self.remember(model)
        self.edited(before)

    @rule()
    def take_away_what_is_seen(self) -> None:
        run, step = self.session.so_far(), self.session.experiment.steps
        self.agree(run, self.model.cut(step))

    @invariant()
    def what_is_seen_is_what_a_straight_run_comes_to(self) -> None:
        if not hasattr(self, "session"):
            return
        experiment = self.session.experiment
        trainer, _ = self.model.walked(experiment.steps)
        assert same_state(experiment.snapshot(), trainer.experiment.snapshot())

    def agree(self, run: Run, model: Straight) -> None:
        """Compare every loss and the last moment of a run."""
        trainer, losses = model.walked(run.latest.step)
        assert same_state(run.latest, trainer.experiment.snapshot())
        expected = LossHistory.of(1, np.array(losses))
        if len(losses) > history.CAPACITY:  # of fewer each is kept by itself
            assert run.losses.width >= expected.width
            expected = expected._widen(run.losses.width)
        if self.cramped:
            expected = expected._widen(max(run.losses.width, expected.width))
        assert run.losses.width == expected.width
        for name in ("index", "low", "high", "count"):
            np.testing.assert_array_equal(getattr(run.losses, name), getattr(expected, name))
        np.testing.assert_allclose(run.losses.total, expected.total, rtol=1e-14)

    def teardown(self) -> None:
        """Compare every run that is left."""
        if not hasattr(self, "session"):
            return
        with ExitStack() as finally_:
            for limit in self.limits:
                finally_.callback(limit.stop)
            for run in self.session.runs:
                self.agree(run, self.models[id(run)])


SOAK = int(os.environ.get("SOAK", "0"))  # sequences, each twice as long
AnySequence.TestCase.settings = settings(
    max_examples=SOAK or 15, stateful_step_count=40 if SOAK else 20, deadline=None
)
test_any_sequence_of_what_a_user_can_do = AnySequence.TestCase
