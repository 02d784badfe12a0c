"""Scripts of runs: they need numpy only, and print the losses of the run."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.recipe import default_recipe
from scratchtui.nn import Conv2D, MaxPool2D
from scratchtui.training.history import LossHistory
from scratchtui.training.journal import Entry
from scratchtui.training.run import Run
from scratchtui.training.script import composition
from scratchtui.training.script.composition import script_of
from scratchtui.training.script.layers import snippets
from scratchtui.training.trainer import Trainer
from tests.experiments.tiny import listed

PRECISION = 1e-9  # relative

FACE = "0024240042423c00"
MANY = "".join(chr(ord("a") + (7 * k * k + k // 3) % 26) for k in range(130))
RUNS = [
    ("binary", {}, 500),
    ("binary", {"optimizer": "adam", "batch_size": 16, "noise": 0.5}, 200),
    ("binary", {"optimizer": "momentum", "bias": True, "initializer": "he", "encoding": "gray"}, 200),
    ("binary", {"optimizer": "rmsprop", "data": "original +5=6.5 -27", "initializer": "xavier"}, 200),
    ("binary", {"bits": 16, "data": "sample:2000", "batch_size": 64, "learning_rate": 0.01}, 50),
    ("nn", {}, 500),
    ("nn", {"activation": "sigmoid", "loss": "squared_error", "optimizer": "momentum", "hidden": "4,4"}, 200),
    ("nn", {"activation": "relu", "initializer": "he", "optimizer": "sgd", "data": "original 1=1"}, 200),
    ("nn", {"activation": "leaky_relu", "optimizer": "rmsprop", "data": "parity:4", "hidden": "none"}, 200),
    ("nn", {"data": "spirals 3=1 +0.5,-1=1", "l1": 0.001, "l2": 0.01, "batch_size": 32,
            "inputs": "x,y,x^2,y^2,xy,sin x,sin y"}, 200),
    ("nn", {"data": "circle", "points": 1000, "test_share": 0.0, "hidden": "16", "initializer": "uniform",
            "frozen": "0.Dense.W[1] 2.Dense.b 2.Dense.W[3,0]"}, 100),
    ("cnn", {"data": "nine"}, 300),
    ("cnn", {}, 20),
    ("cnn", {"layers": 1, "pool": "4", "hidden": 0, "kernel": 5, "optimizer": "momentum", "shift": 2,
             "learning_rate": 0.001}, 30),
    ("cnn", {"pool": "none", "filters": 2, "kernel": 2, "batch_size": 0, "mirror": False, "noise": 0.1,
             "data": f"none +{FACE}=smile", "optimizer": "rmsprop"}, 30),
    ("rnn", {}, 500),
    ("rnn", {"text": "naïve 🙂\\n\\\\ 'quoted' \"twice\"", "window": 5, "clip": 0.1}, 200),
    ("rnn", {"text": MANY, "window": 50, "hidden": 12, "optimizer": "rmsprop", "clip": 1e6,
             "learning_rate": 0.003}, 200),
    ("rnn", {"text": "aaab", "hidden": 1, "optimizer": "sgd", "learning_rate": 0.5}, 200),
]  # fmt: skip
CHANGED = [
    ("binary", {}, [(0, "learning_rate", 0.1), (0, "learning_rate", 0.05), (20, "data", "range:0-9"),
                    (30, "batch_size", 4), (40, "optimizer", "adam"), (50, "0.Dense.W[2,0]", 0.1 + 0.2),
                    (60, "optimizer", "adam"), (70, "noise", 0.3), (80, "batch_size", 0)]),
    ("nn", {}, [(5, "data", "xor 4=1"), (10, "loss", "squared_error"), (15, "l2", 0.01),
                (20, "momentum", 0.5), (25, "optimizer", "momentum"), (30, "momentum", 0.8),
                (40, "frozen", "0.Dense"), (50, "frozen", "none"), (60, "batch_size", 3),
                (70, "data", "and"), (80, "l1", 0.1)]),
    ("cnn", {"data": "nine"}, [(5, "shift", 1), (10, "mirror", False), (15, "noise", 0.2),
                               (20, "data", f"nine +{FACE}=smile"), (25, "batch_size", 4),
                               (30, "0.Conv2D.W[0,0,1,1]", -1.5), (30, "frozen", "0.Conv2D.W")]),
    ("rnn", {}, [(5, "clip", 0.05), (10, "window", 2), (15, "text", "hellohello"), (25, "window", 200),
                 (30, "temperature", 2.0), (40, "0.RNN.Wh[3,4]", 0.7), (50, "frozen", "0.RNN.Wh[1]")]),
]  # fmt: skip


def run_of(
    name: str, settings: dict, steps: int, changes: list[Entry] | None = None
) -> tuple[Run, list[float]]:
    """Return a run that has come to `steps`, and the loss of every step."""
    recipe = default_recipe(EXPERIMENTS[name], seed=7)
    for key, value in settings.items():
        recipe = recipe.with_value(key, value)
    run, trainer = Run(recipe, journal=list(changes or ())), Trainer(recipe)
    run.timeline.append(trainer.experiment.snapshot())
    losses: list[float] = []
    for entry in run.journal:
        losses += trainer.step(entry.step - len(losses)).losses.tolist()
        trainer.change(entry.key, entry.value)
    losses += trainer.step(steps - len(losses)).losses.tolist()
    run.losses = LossHistory.of(1, np.array(losses))
    run.timeline.append(trainer.experiment.snapshot())
    return run, losses


def printed(run: Run, folder: Path) -> np.ndarray:
    """Return the losses that the script of a run yields, in this process."""
    path = folder / "script.py"
    path.write_text(script_of(run), encoding="utf-8")
    return np.array(list(runpy.run_path(str(path))["train"](run.latest.step)))


@pytest.mark.parametrize(("name", "settings", "steps"), RUNS)
def test_a_script_gives_the_losses_of_its_run(name: str, settings: dict, steps: int, tmp_path: Path) -> None:
    run, losses = run_of(name, settings, steps)
    assert len(losses) == steps
    np.testing.assert_allclose(printed(run, tmp_path), losses, rtol=PRECISION, atol=0.0)


@pytest.mark.parametrize(("name", "settings", "changes"), CHANGED, ids=[name for name, *_ in CHANGED])
def test_a_script_makes_the_changes_that_were_made(
    name: str, settings: dict, changes: list, tmp_path: Path
) -> None:
    run, losses = run_of(name, settings, 100, [Entry(*change) for change in changes])
    np.testing.assert_allclose(printed(run, tmp_path), losses, rtol=PRECISION, atol=0.0)


def test_a_script_needs_numpy_alone_and_prints_a_line_a_step(tmp_path: Path) -> None:
    run, losses = run_of("nn", {}, 5)
    path = tmp_path / "script.py"
    path.write_text(script_of(run), encoding="utf-8")
    watched = f"import runpy, sys; runpy.run_path({str(path)!r}, run_name='__main__'); print(*sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", watched],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    *lines, modules = ended.stdout.splitlines()
    assert [line.split() for line in lines] == [[str(k), repr(loss)] for k, loss in enumerate(losses, 1)]
    assert not [name for name in modules.split() if name.startswith("scratchtui")]


def test_large_data_is_packed_and_comes_out_as_it_was(tmp_path: Path) -> None:
    run, losses = run_of("binary", {"bits": 12, "noise": 0.1, "learning_rate": 0.1}, 5)
    np.testing.assert_allclose(printed(run, tmp_path), losses, rtol=PRECISION)


def test_of_a_run_that_took_no_step_the_script_takes_some(tmp_path: Path) -> None:
    run, _ = run_of("nn", {}, 0)
    assert printed(run, tmp_path).size == 0
    assert "else 100)" in script_of(run)


def test_of_an_experiment_that_has_no_script_that_is_said() -> None:
    with listed():
        run, _ = run_of("tiny", {}, 1)
        with pytest.raises(ValueError, match=r"^no script can be written of Tiny: nobody has taught it how$"):
            script_of(run)


def test_a_script_that_would_be_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composition, "LARGEST", 2_000)
    run, _ = run_of("nn", {}, 1)
    with pytest.raises(ValueError, match="save the run"):
        script_of(run)


def test_a_layer_that_there_is_no_snippet_of_is_named() -> None:
    rng = np.random.default_rng(0)
    for layer in (Conv2D(1, 1, 3, rng, stride=2), MaxPool2D(2, stride=1)):
        with pytest.raises(
            ValueError, match=f"no script can be written of a network with {type(layer).__name__}"
        ):
            snippets([layer])
