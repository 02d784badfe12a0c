"""`train`: what it reaches, what it prints, and that runs go on where they stopped."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scratchtui.cli import headless
from scratchtui.cli.plan import parse_assignment
from scratchtui.experiments import EXPERIMENTS, build
from scratchtui.experiments.binary import Binary
from scratchtui.experiments.experiment import Experiment
from scratchtui.experiments.recipe import default_recipe
from scratchtui.experiments.snapshot import same_state
from scratchtui.training import keeping
from scratchtui.training.files import load_run
from scratchtui.training.keeping import Kept
from scratchtui.training.run import Run
from scratchtui.training.until import Until
from tests.cli.conftest import Command

DONE = [
    "event",
    "experiment",
    "seed",
    "hyperparameters",
    "step",
    "loss",
    "metrics",
    "seconds",
    "steps_per_second",
    "reason",
    "forecast",
    "forecast_about",
    "warnings",
    "out",
]
CLAIMS = [
    (),
    ("bits=16",),
    ("encoding=twos",),
    ("encoding=bcd",),
    ("encoding=negabinary",),
    ("encoding=gray",),
    ("data=original",),
    ("data=range:0-31",),
    ("bias=on", "noise=1"),
    ("optimizer=adam",),
    ("optimizer=momentum",),
]
STOCHASTIC = ("--set", "batch_size=3", "--set", "optimizer=adam", "--set", "noise=0.5")


def settings(*assignments: str) -> list[str]:
    """Return --set for each."""
    return list(itertools.chain.from_iterable(("--set", assignment) for assignment in assignments))


@pytest.mark.parametrize("assignments", CLAIMS, ids=" ".join)
def test_the_weights_become_the_place_values(scratchtui_: Command, assignments: tuple[str, ...]) -> None:
    result = scratchtui_("train", "binary", "--seed", "7", "--json", *settings(*assignments))
    assert (result.code, result.err, result.done["reason"]) == (0, "", "until")
    assert result.done["metrics"]["max_weight_error"] < 1e-6


INPUTS = {"binary": "10110010", "nn": "0,1", "cnn": "face.txt", "rnn": "h"}


@pytest.mark.parametrize("kind", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_every_experiment_reaches_its_goal_and_is_saved_asked_shown_and_gone_on_with(
    scratchtui_: Command, folder: Path, kind: type[Experiment]
) -> None:
    (folder / "face.txt").write_text("4242000081423c00\n")
    result = scratchtui_("train", kind.name, "--json", "--out", "run.npz")
    assert (result.code, result.err, result.done["reason"]) == (0, "", "until")
    run = load_run(folder / "run.npz")
    goal = Until.of(build(run.recipe).goal)
    measured = result.done["metrics"][goal.metric]
    assert measured < goal.value if goal.sign == "<" else measured > goal.value
    assert None not in result.done["metrics"].values()
    asked = scratchtui_("predict", "run.npz", INPUTS[kind.name])
    assert (asked.code, asked.err, len(asked.out.splitlines())) == (0, "", 1)
    shown = scratchtui_("show", "run.npz")
    assert (shown.code, shown.err) == (0, "")
    more = scratchtui_("train", kind.name, "--from", "run.npz", "--steps", "3", "--json", "--out", "more.npz")
    assert (more.code, more.done["step"]) == (0, run.latest.step + 3)
    met = scratchtui_("train", kind.name, "--from", "run.npz", "--json")
    assert (met.code, met.done["step"]) == (0, run.latest.step)


def test_done_tells_everything_and_nothing_else(scratchtui_: Command, folder: Path) -> None:
    result = scratchtui_("train", "binary", "--seed", "7", "--json", "--set", "bits=4", "--out", "run.npz")
    done = result.done
    assert list(done) == DONE
    assert (done["event"], done["experiment"], done["seed"], done["out"]) == ("done", "binary", 7, "run.npz")
    assert done["hyperparameters"]["bits"] == 4
    assert done["hyperparameters"]["batch_size"] == "all"
    assert set(done["metrics"]) == {"weights", "targets", "max_weight_error"}
    assert (done["forecast"], done["warnings"]) == (done["step"], [])
    assert done["metrics"]["targets"] == [8, 4, 2, 1]
    assert done["metrics"]["weights"] == pytest.approx([8, 4, 2, 1], abs=1e-6)
    assert done["steps_per_second"] == pytest.approx(done["step"] / done["seconds"])


def test_progress_comes_at_most_ten_times_a_second(
    scratchtui_: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = itertools.count(step=0.03)
    monkeypatch.setattr(headless, "monotonic", lambda: next(ticks))
    result = scratchtui_("train", "binary", "--steps", "60", "--json")
    *progress, done = result.events
    assert all(list(event) == ["event", "step", "loss", "steps_per_second"] for event in progress)
    assert 1 < len(progress) <= done["seconds"] * 10
    steps = [event["step"] for event in progress]
    assert steps == sorted(set(steps))


ENDS = {
    "steps": (("--steps", "12"), 0, 12, "steps", ""),
    "no step": (("--steps", "0"), 0, 0, "steps", ""),
    "before the first step": (("--until", "max_weight_error<1000"), 0, 0, "until", ""),
    "until": (("--until", "max_weight_error < 1e-9"), 0, 241, "until", ""),
    "until within steps": (("--until", "loss<100", "--steps", "500"), 0, 18, "until", ""),
    "not reached": (
        ("--until", "loss<1e-9", "--steps", "3"),
        1,
        3,
        "steps",
        "loss < 1e-09 was not reached in 3 steps: loss is 2.26e+03",
    ),
    "not measurable": (
        ("--set", "data=none +5", "--until", "max_weight_error<1", "--steps", "3"),
        1,
        3,
        "steps",
        "max_weight_error < 1 was not reached in 3 steps: max_weight_error cannot be measured",
    ),
    "diverged": (
        ("--set", "learning_rate=1"),
        1,
        278,
        "diverged",
        "diverged at step 279: loss inf; learning rate 1 is above the stable 0.444",
    ),
}


@pytest.mark.parametrize(("options", "code", "step", "reason", "failure"), ENDS.values(), ids=ENDS)
def test_how_training_ends(
    scratchtui_: Command, options: tuple[str, ...], code: int, step: int, reason: str, failure: str
) -> None:
    result = scratchtui_("train", "binary", *options, "--json")
    assert (result.code, result.done["step"], result.done["reason"]) == (code, step, reason)
    assert result.err == (f"scratchtui: {failure}\n" if failure else "")


CONDITIONS: dict[str, tuple[str, Callable[[Experiment], bool]]] = {
    "step=12": ("binary", lambda e: e.steps == 12),
    "weights[0]>100": ("binary", lambda e: e.metrics()["weights"][0] > 100),
    "0.Dense.W[1, 0] > 50": ("binary", lambda e: e.network.parameters["0.Dense.W"][1, 0] > 50),
    "sign 0.Dense.W[1,0]": ("binary", lambda e: e.network.parameters["0.Dense.W"][1, 0] > 0),
    "sign 0.Dense.W[0,0]": ("binary", lambda e: False),  # positive from the beginning on
    "text=hello": ("rnn", lambda e: e.metrics()["text"] == "hello"),
}


@pytest.mark.parametrize("text", CONDITIONS)
def test_training_ends_on_the_step_of_any_condition_or_fails(scratchtui_: Command, text: str) -> None:
    name, holds = CONDITIONS[text]
    experiment = build(default_recipe(EXPERIMENTS[name]))
    assert not holds(experiment)
    while experiment.steps < 100 and not holds(experiment):
        experiment.step()
    result = scratchtui_("train", name, "--until", text, "--steps", "100", "--json")
    assert result.done["step"] == experiment.steps
    assert (result.code, result.done["reason"]) == ((0, "until") if experiment.steps < 100 else (1, "steps"))


def test_what_diverged_is_saved_as_it_was_last(scratchtui_: Command, folder: Path) -> None:
    result = scratchtui_("train", "binary", "--set", "learning_rate=1", "--out", "run.npz", "--json")
    latest = load_run(folder / "run.npz").latest
    assert latest.step == result.done["step"]
    assert np.isfinite(latest.parameters).all()


def test_why_training_ended_is_in_the_file_and_shown(scratchtui_: Command, folder: Path) -> None:
    scratchtui_("train", "binary", "--set", "learning_rate=1", "--out", "diverged.npz")
    assert "diverged at step 279: loss inf" in scratchtui_("show", "diverged.npz").out
    scratchtui_("train", "binary", "--until", "loss<9", "--out", "stopped.npz")
    assert (halt := load_run(folder / "stopped.npz").halt) is not None
    assert (halt.kind, "loss < 9 at step" in halt.reason) == ("stop", True)
    scratchtui_("train", "binary", "--out", "reached.npz")
    assert (halt := load_run(folder / "reached.npz").halt) is not None
    assert halt.kind == "until"


def test_words_are_the_result_on_stdout_and_the_rest_on_stderr(scratchtui_: Command, folder: Path) -> None:
    result = scratchtui_("train", "binary", "--set", "bits=2", "--out", "run.npz")
    lines = result.out.splitlines()
    assert lines[0].split() == ["bit", "weight", "target", "error"]
    assert lines[1].split()[:3] == ["1", "2.00", "2"]
    assert lines[2].split()[:3] == ["0", "1.00", "1"]
    assert [line.split()[0] for line in lines[4:]] == ["step", "loss", "max_weight_error"]
    assert result.err.startswith("binary, seed 0: Does one linear layer")
    step = lines[4].split()[1]
    assert f"forecast: max_weight_error<1e-06 at step {step}\n" in result.err
    assert f"max_weight_error < 1e-06 at step {step} (" in result.err
    assert result.err.endswith("saved to run.npz\n")
    assert "\x1b" not in result.out + result.err


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("learning_rate=0.9", "learning rate: diverges from 0.444 on"),
        ("momentum=0.5", "momentum: nothing reads it unless optimizer is momentum"),
        ("data=range:0-3", "bits 7-2 are never set"),
    ],
)
def test_what_there_is_to_warn_of_is_said_before(scratchtui_: Command, assignment: str, words: str) -> None:
    result = scratchtui_("train", "binary", "--steps", "1", "--set", assignment)
    assert words in result.err


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["words", "json"])
@pytest.mark.parametrize(("options", "code"), [((), 0), (("--steps", "3", "--until", "loss<1"), 1)])
def test_quiet_says_nothing_on_stderr(
    scratchtui_: Command, options: tuple[str, ...], code: int, form: tuple[str, ...]
) -> None:
    result = scratchtui_("train", "binary", "--quiet", *options, *form)
    assert (result.code, result.err) == (code, "")
    assert result.out


def test_json_tells_whether_a_forecast_is_exact(scratchtui_: Command) -> None:
    hot = settings("data=original", "noise=1e6")
    runs = [scratchtui_("train", "binary", "--steps", "1", "--json", *each).done for each in ((), hot)]
    assert [run["forecast_about"] for run in runs] == [False, True]


def test_a_run_that_has_diverged_is_not_told_again_to_lower_a_learning_rate_that_is_low(
    scratchtui_: Command, folder: Path
) -> None:
    scratchtui_("train", "binary", "--set", "learning_rate=1", "--steps", "999", "--out", "diverged.npz")
    result = scratchtui_("train", "binary", "--from", "diverged.npz", "--set", "learning_rate=0.2")
    assert "loss inf; from weights as large as these nothing leads back: begin again" in result.err


def test_one_recipe_gives_the_same_losses_bit_for_bit(scratchtui_: Command, folder: Path) -> None:
    for name in ("a.npz", "b.npz"):
        scratchtui_("train", "binary", "--seed", "3", "--steps", "200", *STOCHASTIC, "--out", name, "--quiet")
    a, b = load_run(folder / "a.npz"), load_run(folder / "b.npz")
    assert a.losses.total.tolist() == b.losses.total.tolist()
    assert same_state(a.latest, b.latest)


def test_going_on_gives_what_the_uninterrupted_run_gave(scratchtui_: Command, folder: Path) -> None:
    recipe = ("--seed", "3", *STOCHASTIC)
    scratchtui_("train", "binary", *recipe, "--steps", "200", "--out", "whole.npz")
    scratchtui_("train", "binary", *recipe, "--steps", "73", "--out", "part.npz")
    scratchtui_("train", "binary", "--from", "part.npz", "--steps", "127", "--out", "joined.npz")
    whole, joined = load_run(folder / "whole.npz"), load_run(folder / "joined.npz")
    assert joined.losses.total.tolist() == whole.losses.total.tolist()
    assert same_state(joined.latest, whole.latest)
    assert same_state(joined.timeline.snapshots[0], whole.timeline.snapshots[0])


def test_going_on_takes_live_changes_and_keeps_the_recipe(scratchtui_: Command, folder: Path) -> None:
    scratchtui_("train", "binary", "--steps", "20", "--out", "part.npz")
    result = scratchtui_(
        "train", "binary", "--from", "part.npz", "--set", "learning_rate=0.1", "--json", "--out", "more.npz"
    )
    run = load_run(folder / "more.npz")
    assert (result.code, result.done["hyperparameters"]["learning_rate"]) == (0, 0.1)
    assert run.recipe.settings["learning_rate"] == 0.2
    assert {snapshot.step: snapshot.settings["learning_rate"] for snapshot in run.timeline.snapshots}[
        20
    ] == 0.1
    assert len(run.losses) == result.done["step"] == run.latest.step


def test_the_timeline_is_fine_at_the_beginning_and_bounded(scratchtui_: Command, folder: Path) -> None:
    scratchtui_("train", "binary", "--steps", "5000", "--out", "run.npz")
    steps = [snapshot.step for snapshot in load_run(folder / "run.npz").timeline.snapshots]
    assert steps[:64] == list(range(64))
    assert steps[-1] == 5000
    assert len(steps) < 400


def obstructed(run: Path, kind: str) -> None:
    """Let there be no way to write `run` any longer."""
    if kind == "exists by now":
        run.write_text("precious")
    else:
        run.parent.rmdir()
        run.parent.write_text("a file where the folder was")


@pytest.mark.parametrize("form", [(), ("--json",), ("--quiet",)], ids=["words", "json", "quiet"])
@pytest.mark.parametrize("kind", ["exists by now", "could not be written"])
def test_a_run_that_cannot_be_saved_where_it_was_to_be_is_saved_elsewhere_and_that_is_said(
    scratchtui_: Command, folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str, form: tuple[str, ...]
) -> None:
    monkeypatch.setenv("SCRATCHTUI_STATE_DIR", str(folder / "state"))
    out = folder / "runs" / "run.npz"
    out.parent.mkdir()
    as_trained = headless.keep_run

    def keep_run(run: Run, path: Path) -> Kept:
        obstructed(path, kind)
        return as_trained(run, path)

    monkeypatch.setattr(headless, "keep_run", keep_run)
    result = scratchtui_("train", "binary", "--steps", "12", "--out", out, *form)
    place = out.with_name("run-2.npz") if kind == "exists by now" else folder / "state" / "run.npz"
    assert result.code == 1
    assert f"scratchtui: {out} {kind}" in result.err
    assert f"so the run is in {place}\n" in result.err
    assert load_run(place).latest.step == 12
    assert form != ("--json",) or result.done["out"] == str(place)
    assert not out.is_file() or out.read_text() == "precious"


def test_a_run_that_nothing_takes_is_lost_with_a_word(
    scratchtui_: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setenv("SCRATCHTUI_STATE_DIR", str(folder / "state"))
    monkeypatch.setattr(keeping, "save_run", full)
    result = scratchtui_("train", "binary", "--json", "--out", "run.npz")
    assert (result.code, result.done["out"]) == (1, None)
    assert result.err.startswith(
        "scratchtui: run.npz could not be written (No space left on device), and no "
    )


@pytest.mark.parametrize(
    ("given", "data"),
    [("@rows.txt", "original +5=6"), ("@ ~/rows.txt", "original +5=6"), ("all +5", "all +5")],
)
def test_a_text_may_come_from_a_file_and_the_run_carries_it(
    scratchtui_: Command, folder: Path, monkeypatch: pytest.MonkeyPatch, given: str, data: str
) -> None:
    monkeypatch.setenv("HOME", str(folder))
    (folder / "rows.txt").write_text("original\n+5=6\n")
    result = scratchtui_(
        "train", "binary", "--set", f"data={given}", "--steps", "1", "--out", "run.npz", "--json"
    )
    assert (result.code, result.done["hyperparameters"]["data"]) == (0, data)
    (folder / "rows.txt").unlink()
    assert load_run(folder / "run.npz").recipe.settings["data"] == data


def test_only_a_text_is_read_from_a_file_and_two_ats_begin_one_with_an_at() -> None:
    texts = replace(Binary.hyperparameters[0], key="text", kind="text", default="hello")

    class Speaking(Binary):
        hyperparameters = (*Binary.hyperparameters, texts)

    assert parse_assignment(Speaking, "text=@@home") == (texts, "@home")
    assert parse_assignment(Speaking, "text=a@b=c") == (texts, "a@b=c")
    with pytest.raises(ValueError, match="not '@home'"):
        parse_assignment(Speaking, "bits=@home")
