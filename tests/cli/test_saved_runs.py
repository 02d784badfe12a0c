"""`train --from`, `show` and `predict` take any run that was saved, however it came to be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.hyperparameter import Value
from scratchtui.experiments.panel import SET, Edit
from scratchtui.experiments.recipe import default_recipe
from scratchtui.experiments.snapshot import same_state
from scratchtui.training.files import load_run, save_run
from scratchtui.training.run import Run
from scratchtui.training.session import Session
from scratchtui.training.trainer import Trainer
from tests.cli.conftest import Command
from tests.training.stand_ins import LocalWorker

SMALL: dict[str, dict[str, Value]] = {
    "binary": {"bits": 4, "batch_size": 5, "noise": 0.1},
    "nn": {"hidden": "3", "batch_size": 3},
    "cnn": {"filters": 1, "layers": 1, "hidden": 2, "data": "nine", "batch_size": 4},
    "rnn": {"hidden": 3, "window": 2},
}
INPUTS = {"binary": "1011", "nn": "1,0", "cnn": "00247e0000424200", "rnn": "hel"}
DATA = {"binary": "all +5=6", "nn": "xor 1=1", "cnn": "nine +00247e0000424200=smile", "rnn": "olleh"}


def settle(session: Session) -> None:
    """Let the worker do and tell all that it was asked."""
    assert isinstance(session.worker, LocalWorker)
    for _ in range(3):
        session.ask()
        if session.worker.pipe.commands or session.worker.loop._news:
            session.worker.turns()
        session.receive()


def step(session: Session, count: int = 1) -> None:
    for _ in range(count):
        session.step()
        settle(session)


def fork(session: Session) -> None:
    step(session, 5)
    session.set_value("optimizer", "adam")
    settle(session)
    step(session, 3)
    session.seek(6)
    session.set_value("learning_rate", 0.02)
    settle(session)
    step(session, 2)


def diverge(session: Session) -> None:
    step(session, 2)
    last = session.experiment.network.vector.size - 1
    for place, weight in ((last, "1.7e308"), (last - 1, "-1.7e308")):
        session.edit("weights", Edit(SET, (place,), weight))
    settle(session)
    step(session, 3)
    assert session.state == "diverged"


def set_and_freeze(session: Session) -> None:
    step(session, 2)
    name = session.experiment.elements.name(1)
    session.edit("weights", Edit(SET, (session.experiment.elements.one(name),), "0.3"))
    session.set_value("frozen", name)
    settle(session)
    step(session, 3)


def change_untold(session: Session) -> None:
    step(session, 3)
    session.set_value("learning_rate", 0.03)
    session.set_value("optimizer", "rmsprop")


def edit_data(session: Session) -> None:
    step(session, 2)
    session.set_value("text" if session.kind.name == "rnn" else "data", DATA[session.kind.name])
    settle(session)
    step(session, 2)


def name_and_stop(session: Session) -> None:
    session.runs.rename(session.run, "the slow one")
    session.stop_when("step=9; loss<1e-9")
    step(session, 3)


def begin_anew(session: Session) -> None:
    step(session, 3)
    session.reset(new_seed=True)
    step(session, 2)


LIVES: dict[str, Callable[[Session], None]] = {
    "at step 0": lambda session: None,
    "after some steps": lambda session: step(session, 7),
    "forked": fork,
    "diverged": diverge,
    "with weights set and frozen": set_and_freeze,
    "with changes that the worker has not told of": change_untold,
    "with edited data": edit_data,
    "named, with conditions": name_and_stop,
    "begun anew": begin_anew,
}


def lived(name: str, live: Callable[[Session], None]) -> Run:
    """Return the run that a session of it would save."""
    recipe = default_recipe(EXPERIMENTS[name], seed=5)
    for key, value in SMALL[name].items():
        recipe = recipe.with_value(key, value)
    run = Run(recipe)
    run.timeline.append(Trainer(recipe).experiment.snapshot())
    session = Session(EXPERIMENTS[name], run, LocalWorker())
    live(session)
    return session.whole_run()


@pytest.mark.parametrize("name", EXPERIMENTS)
@pytest.mark.parametrize("live", LIVES.values(), ids=LIVES)
def test_any_saved_run_is_shown_answers_and_goes_on_bit_for_bit(
    live: Callable[[Session], None], name: str, folder: Path, scratchtui_: Command
) -> None:
    with np.errstate(over="ignore", invalid="ignore"):
        run = lived(name, live)
        save_run(run, folder / "run.npz")
    shown = scratchtui_("show", "run.npz")
    assert (shown.code, shown.err) == (0, "")
    assert ["step", f"{run.latest.step:,}"] in [line.split() for line in shown.out.splitlines()]
    answered = scratchtui_("predict", "run.npz", INPUTS[name], "--json")
    assert (answered.code, answered.err) == (0, "")
    on = Trainer(run.recipe, run.latest)
    stretch = on.step(4)
    gone_on = scratchtui_("train", name, "--from", "run.npz", "--steps", "4", "--quiet", "--out", "on.npz")
    assert gone_on.code == (1 if stretch.halt else 0)
    more = load_run(folder / "on.npz")
    assert same_state(more.latest, on.experiment.snapshot())
    np.testing.assert_array_equal(more.losses.mean, [*run.losses.mean, *stretch.losses])
    assert (more.journal, more.name, more.origin, more.stops) == (
        run.journal,
        run.name,
        run.origin,
        run.stops,
    )
    changed = scratchtui_(
        "train", "--from", "run.npz", "--set", "learning_rate=0.004", "--steps", "2", "--json"
    )
    assert changed.done["hyperparameters"]["learning_rate"] == 0.004
