"""A fifth experiment is one file and a line in a table: all else comes by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from scratchtui.experiments import EXPERIMENTS, build
from scratchtui.experiments.recipe import default_recipe
from scratchtui.experiments.snapshot import same_state
from scratchtui.training.files import load_run
from scratchtui.training.trainer import Trainer
from tests.cli.conftest import Command
from tests.experiments.tiny import BLANK, Tiny, listed
from tests.tui.stage import stage

BELOW = "........" * 4 + "########" * 4


@pytest.fixture(autouse=True)
def tiny() -> Iterator[None]:
    with listed():
        yield


def test_it_is_listed_with_what_can_be_set(scratchtui_: Command) -> None:
    listing = scratchtui_("list")
    assert "tiny: Is there more ink" in listing.out
    assert "pictures" in listing.out
    described = json.loads(scratchtui_("list", "--json").out)
    assert [each["name"] for each in described] == list(EXPERIMENTS)
    assert described[-1]["goal"] == "accuracy>0.99"


def test_it_is_trained_to_its_goal_saved_shown_continued_and_asked(
    scratchtui_: Command, folder: Path
) -> None:
    trained = scratchtui_("train", "tiny", "--seed", 3, "--set", "pictures=16", "--out", "tiny.npz", "--json")
    assert (trained.code, trained.done["reason"]) == (0, "until")
    assert trained.done["metrics"] == {"accuracy": 1.0}
    assert trained.done["hyperparameters"]["pictures"] == 16
    shown = scratchtui_("show", "tiny.npz")
    assert "your picture" in shown.out
    assert BLANK[:8] in shown.out.split()
    answers = json.loads(scratchtui_("predict", "tiny.npz", BELOW, "--json").out)
    assert [answer["prediction"] for answer in answers] == ["below"]
    further = scratchtui_("train", "tiny", "--from", "tiny.npz", "--steps", 5, "--json")
    assert further.done["step"] == trained.done["step"] + 5


def test_what_is_wrong_about_it_is_refused_as_for_every_other(scratchtui_: Command) -> None:
    refused = scratchtui_("train", "tiny", "--set", "picture=3")
    assert (refused.code, "did you mean 'pictures'?" in refused.err) == (2, True)
    refused = scratchtui_("train", "tinny")
    assert (refused.code, "'tiny'" in refused.err) == (2, True)


def test_a_restored_snapshot_of_it_goes_on_as_the_uninterrupted_run_did() -> None:
    recipe = default_recipe(Tiny, seed=1)
    whole = Trainer(recipe)
    whole.step(10)
    halfway = whole.experiment.snapshot()
    whole.step(10)
    resumed = Trainer(recipe, halfway)
    resumed.step(10)
    assert same_state(resumed.experiment.snapshot(), whole.experiment.snapshot())


def test_its_gradients_are_checked() -> None:
    assert all(check.relative_error < 1e-6 for check in build(default_recipe(Tiny)).check_gradients())


async def test_it_has_a_tab_with_panels_help_and_hyperparameters() -> None:
    async with stage() as s:
        await s.press(str(len(EXPERIMENTS)))
        await s.shows(
            f"{len(EXPERIMENTS)} Tiny", "picture", "weights", "hyperparameters", "pictures", "ready"
        )
        await s.press("full_stop")
        await s.shows("paused · step 1", "% right")
        s.app.query_one("#picture").focus()
        await s.settle()
        await s.press("question_mark")
        await s.shows("What you draw", "m  turn it upside down")


async def test_a_run_of_it_that_was_saved_opens_in_the_app(scratchtui_: Command, folder: Path) -> None:
    scratchtui_("train", "tiny", "--steps", 7, "--out", "tiny.npz", "--quiet")
    async with stage(run=load_run(folder / "tiny.npz")) as s:
        await s.shows("step 7", "Tiny", "picture")
