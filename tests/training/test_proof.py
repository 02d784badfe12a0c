"""The proof of claims, with outcomes made up or real."""

import dataclasses
import math
import random

import pytest

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.binary import Binary
from scratchtui.experiments.claim import Claim
from scratchtui.experiments.experiment import Experiment
from scratchtui.experiments.recipe import default_recipe
from scratchtui.training.processes import outcomes
from scratchtui.training.proof import Outcome, Proof, Trial, Verdict, trials_of, try_out

GOAL = "max_weight_error<1e-6"
MANY = Claim(
    "many", "of many recipes", (GOAL,), ({"bits": "4"}, {"bits": "5"}, {"encoding": "twos"}), most_seeds=7
)


@pytest.mark.parametrize(("seeds", "tried"), [(1, 3), (3, 3), (5, 5), (7, 7), (100, 7)])
def test_seeds_take_turns_at_the_recipes_and_each_recipe_has_one(seeds: int, tried: int) -> None:
    recipes = [trial.recipe for trial in trials_of(Binary, MANY, seeds)]
    assert [recipe.seed for recipe in recipes] == list(range(tried))
    changed = [{"bits": 4}, {"bits": 5}, {"encoding": "twos"}]
    for seed, recipe in enumerate(recipes):
        assert recipe == dataclasses.replace(
            default_recipe(Binary, seed), settings={**default_recipe(Binary).settings, **changed[seed % 3]}
        )


@pytest.mark.parametrize("kind", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_every_claim_can_be_tried(kind: type[Experiment]) -> None:
    names = [claim.name for claim in kind.claims]
    assert len(set(names)) == len(names) > 0
    for claim in kind.claims:
        assert 0 < claim.share <= 1
        for trial in trials_of(kind, claim, 1):
            assert trial.holds
            outcome = try_out(dataclasses.replace(trial, steps=0))
            assert len(outcome.measured) == len(trial.holds)


def trial(steps: int | None = None, *holds: str, **settings: object) -> Trial:
    recipe = default_recipe(Binary)
    whole = {**recipe.settings, **settings}
    return Trial(dataclasses.replace(recipe, settings=whole), steps, holds or (GOAL,))  # type: ignore[arg-type]


def test_training_goes_to_the_goal_and_every_condition_is_measured() -> None:
    outcome = try_out(trial(None, "max_weight_error<1e-6", "loss<1e-9"))
    assert (outcome.held, outcome.steps, outcome.words) == (True, 175, "")
    assert outcome.measured[0] < 1e-6
    assert 0 < outcome.measured[1] < 1e-9
    assert outcome.seconds > 0


def test_one_condition_that_does_not_hold_is_enough() -> None:
    assert not try_out(trial(None, "max_weight_error<1e-6", "loss>1")).held


def test_the_steps_of_a_claim_are_taken_though_the_goal_comes_before() -> None:
    assert try_out(trial(200)).steps == 200
    assert try_out(trial(100)) == dataclasses.replace(try_out(trial(100)), seconds=pytest.approx(0, abs=60))
    assert not try_out(trial(100)).held


def test_a_goal_that_is_met_takes_no_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Binary, "goal", "max_weight_error<1000")
    assert try_out(trial()).steps == 0


def test_a_run_that_diverges_does_not_hold_whatever_it_measures_and_says_why() -> None:
    outcome = try_out(trial(None, "max_weight_error>0", learning_rate=1.0))
    assert not outcome.held
    assert outcome.words.startswith("diverged at step ")


def test_a_metric_that_there_is_not_is_a_fault() -> None:
    with pytest.raises(KeyError):
        try_out(trial(0, "quiz<1"))


def verdict(*measured: float, condition: str = "loss<1", share: float = 1.0) -> Verdict:
    """Return the verdict over seeds that measured so, and took 1, 2, ... steps."""
    below = condition == "loss<1"
    trials = tuple(Trial(default_recipe(Binary, seed), None, (condition,)) for seed in range(len(measured)))
    done = tuple(
        Outcome(held=value < 1 if below else value > 1, measured=(value,), steps=seed + 1, seconds=0.5)
        for seed, value in enumerate(measured)
    )
    return Verdict("binary", Claim("c", "w", (condition,), share=share), trials, done)


@pytest.mark.parametrize(
    ("share", "failing", "passed"),
    [(1.0, 0, True), (1.0, 1, False), (0.98, 2, True), (0.98, 3, False), (0.29, 71, True), (0.29, 72, False)],
)
def test_the_share_that_is_claimed_is_what_must_hold(share: float, failing: int, passed: bool) -> None:
    given = verdict(*[2.0] * failing, *[0.5] * (100 - failing), share=share)
    assert (given.held, given.passed) == (100 - failing, passed)
    assert [each.recipe.seed for each, _ in given.failed] == list(range(failing))


def test_the_worst_is_on_the_wrong_side_and_what_cannot_be_measured_is_worse() -> None:
    assert verdict(0.1, 0.3, 0.2).worst == {"loss<1": 0.3}
    assert verdict(3.0, 1.5, 2.0, condition="loss>1").worst == {"loss>1": 1.5}
    assert math.isnan(verdict(0.1, math.nan, 0.2).worst["loss<1"])


def test_steps_are_the_median_and_seconds_the_sum() -> None:
    given = verdict(0.1, 0.1, 0.1, 0.1)
    assert (given.median_steps, given.seconds) == (2.5, 2.0)


def made_up(seconds: float = 1.0) -> Outcome:
    return Outcome(held=True, measured=(0.0,), steps=1, seconds=seconds)


def test_verdicts_come_in_the_order_of_the_claims_whatever_the_order_of_outcomes() -> None:
    proof = Proof(["binary"], 6)
    places = list(range(len(proof.trials)))
    random.Random(0).shuffle(places)
    given = []
    for place in places:
        proof.take(place, dataclasses.replace(made_up(), steps=proof.trials[place].recipe.seed))
        given += list(proof.verdicts())
    assert [each.claim for each in given] == list(Binary.claims)
    for each in given:
        assert [trial.recipe.seed for trial in each.trials] == list(range(len(each.trials)))
        assert [outcome.steps for outcome in each.outcomes] == list(range(len(each.trials)))
    assert list(proof.verdicts()) == []


def test_the_first_trials_are_one_of_each_claim() -> None:
    first = Proof(["binary"], 100).trials[: len(Binary.claims)]
    assert [trial.holds for trial in first] == [claim.holds for claim in Binary.claims]
    assert {trial.recipe.seed for trial in first} == {0}


def test_the_share_that_is_done_counts_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Binary, "claims", (Claim("a", "", (GOAL,)), Claim("b", "", (GOAL,))))
    proof = Proof(["binary"], 10)
    shares = []
    for place, trial in enumerate(proof.trials):
        proof.take(place, made_up(9.0 if trial is proof.trials[1] or place >= 11 else 1.0))
        shares.append(proof.share)
    assert shares[0] == pytest.approx(1 / 20)  # nobody knows yet what the second claim costs
    assert shares[1:11] == pytest.approx([(place + 9) / 100 for place in range(1, 11)])
    assert shares[11:] == pytest.approx([(10 + 9 * count) / 100 for count in range(2, 11)])


def test_the_number_of_processes_changes_nothing() -> None:
    trials = Proof(["binary"], 3).trials[: len(Binary.claims)]
    here = [dataclasses.replace(try_out(each), seconds=0) for each in trials]
    there = {}
    for done in outcomes(try_out, trials, 2, 60.0):
        assert done is not None
        there[done[0]] = dataclasses.replace(done[1], seconds=0)
    assert [there[place] for place in range(len(here))] == here
