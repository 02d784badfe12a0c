"""Whatever run is saved is the same when it is read, and goes on bit for bit."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.hyperparameter import Value
from scratchtui.experiments.recipe import Recipe, default_recipe
from scratchtui.experiments.snapshot import same_state
from scratchtui.training.files import load_run, save_run
from scratchtui.training.foresight import Foresight
from scratchtui.training.held_out import HeldOutLosses
from scratchtui.training.history import LossHistory
from scratchtui.training.past import Past
from scratchtui.training.run import Run
from scratchtui.training.timeline import Timeline
from scratchtui.training.trainer import Trainer
from scratchtui.training.until import parse_all

SMALL: dict[str, dict[str, Value]] = {
    "binary": {"bits": 4, "batch_size": 5},
    "nn": {"hidden": "3", "data": "circle"},
    "cnn": {"filters": 1, "layers": 1, "hidden": 2, "data": "nine", "batch_size": 4},
    "rnn": {"hidden": 3, "window": 2},
}
CHANGES: dict[str, tuple[tuple[str, Value], ...]] = {
    "binary": (("data", "all +5=6"), ("noise", 0.5), ("0.Dense.W[2,0]", 0.1 + 0.2)),
    "nn": (("l2", 0.01), ("batch_size", 3), ("2.Dense.b[0]", -1.5)),
    "cnn": (("mirror", False), ("noise", 0.2), ("0.Conv2D.W[0,0,1,1]", -1e-310)),
    "rnn": (("text", "olleh"), ("clip", 0.1), ("0.RNN.Wh[1,2]", 1e300)),
}
ANYWHERE: tuple[tuple[str, Value], ...] = (
    ("learning_rate", 0.3), ("optimizer", "adam"), ("optimizer", "momentum"),
    ("frozen", "0"), ("frozen", "none"),
)  # fmt: skip


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """Return a run that took steps and changes in turn."""
    name = draw(st.sampled_from(list(EXPERIMENTS)))
    default = default_recipe(EXPERIMENTS[name])
    recipe = Recipe(name, {**default.settings, **SMALL[name]}, draw(st.sampled_from([0, 7, 2**32 - 1])))
    trainer = Trainer(recipe)
    run = Run(recipe, timeline=Timeline(byte_budget=draw(st.sampled_from([9_000, 2**20]))))
    run.timeline.append(trainer.experiment.snapshot())
    for _ in range(draw(st.integers(0, 6))):
        if draw(st.booleans()):
            first = trainer.experiment.steps + 1
            run.losses = run.losses.merge(LossHistory.of(first, trainer.step(draw(st.integers(1, 9))).losses))
        else:
            key, value = draw(st.sampled_from((*CHANGES[name], *ANYWHERE)))
            if (key, value) == ("frozen", "0"):
                value = next(iter(trainer.experiment.elements.places))
            run.journal.append(trainer.change(key, value))
        run.timeline.append(trainer.experiment.snapshot())
    run.name = draw(st.sampled_from(["", "run 1", "größer √2"]))
    run.origin = draw(st.sampled_from([None, ("run 1", min(3, run.latest.step))]))
    weight = trainer.experiment.elements.name(0)
    texts = st.lists(
        st.sampled_from(["loss<0.1", "step=1000", f"{weight}>1e-17", f"sign {weight}"]), max_size=3
    )
    run.stops = parse_all(";".join(draw(texts)), trainer.experiment)
    return run


@settings(deadline=None, max_examples=40)
@given(run=runs(), back=st.floats(0, 1))
def test_any_run_is_the_same_when_it_is_read_and_goes_on_bit_for_bit(
    run: Run, back: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.npz"
    path.unlink(missing_ok=True)
    save_run(run, path)
    read = load_run(path)
    assert (read.recipe, read.journal, read.name, read.origin, read.stops) == (
        run.recipe, run.journal, run.name, run.origin, run.stops,
    )  # fmt: skip
    assert read.losses.width == run.losses.width
    for buckets in ("index", "low", "high", "total", "count"):
        assert getattr(read.losses, buckets).tobytes() == getattr(run.losses, buckets).tobytes()
    for ours, theirs in zip(read.timeline.snapshots, run.timeline.snapshots, strict=True):
        assert same_state(ours, theirs)
        assert np.array_equal(ours.loss, theirs.loss, equal_nan=True)
        assert ours.changes == theirs.changes
    again, uninterrupted = (Trainer(each.recipe, each.latest) for each in (read, run))
    assert again.step(9).losses.tobytes() == uninterrupted.step(9).losses.tobytes()
    step = round(back * run.latest.step)
    assert same_state(Past(read).at(step), Past(run).at(step))
    assert repr(Foresight(read).forecast) == repr(Foresight(run).forecast)
    curves = [HeldOutLosses(each.recipe).curve(each.timeline.snapshots) for each in (read, run)]
    assert repr(curves[0]) == repr(curves[1])


GO_ON = """
import json, sys
from pathlib import Path
from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.recipe import default_recipe
from scratchtui.training.files import load_run
from scratchtui.training.trainer import Trainer

losses = {}
for name in EXPERIMENTS:
    for other in EXPERIMENTS:
        Trainer(default_recipe(EXPERIMENTS[other], seed=3)).step(3)
    run = load_run(Path(sys.argv[1]) / f"{name}.npz")
    losses[name] = Trainer(run.recipe, run.latest).step(20).losses.tolist()
print(json.dumps(losses))
"""


def test_a_run_goes_on_bit_for_bit_in_another_process_in_which_others_were_trained(tmp_path: Path) -> None:
    expected = {}
    for name, kind in EXPERIMENTS.items():
        trainer = Trainer(default_recipe(kind, seed=5))
        run = Run(trainer.experiment.recipe)
        run.losses = LossHistory.of(1, trainer.step(10).losses)
        run.timeline.append(trainer.experiment.snapshot())
        save_run(run, tmp_path / f"{name}.npz")
        expected[name] = trainer.step(20).losses.tolist()
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", GO_ON, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == expected
