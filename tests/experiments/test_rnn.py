"""The RNN experiment: what it learns, how it goes on, what it says to prompts, what it refuses."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchtui.experiments.hyperparameter import Value
from scratchtui.experiments.letters.text import TWO_HUNDRED, WORDS
from scratchtui.experiments.panel import Probe
from scratchtui.experiments.recipe import find_hyperparameter
from scratchtui.experiments.rnn import RNN
from scratchtui.experiments.snapshot import same_state
from scratchtui.training.trainer import Trainer
from scratchtui.training.until import Until
from tests.experiments.letters.runs import LONG, probabilities_of_what_comes, recipe, trained, untrained

# what it learns


@pytest.mark.parametrize(
    "settings", [{}, {"hidden": 1}, {"text": "aab", "hidden": 5}, {"text": "zz"}], ids=str
)
def test_the_gradient_agrees_with_central_differences(settings: dict[str, Any]) -> None:
    experiment = trained(3, clip=1e6, **settings)
    checks = experiment.check_gradients()
    assert all(check.relative_error < 1e-6 for check in checks), checks
    checked = experiment.network.gradient.copy()
    experiment.gradient()
    np.testing.assert_allclose(experiment.network.gradient, checked, rtol=1e-9)


@pytest.mark.parametrize("seed", range(0, 100, 7))
def test_hello_is_written_from_h_whatever_the_seed(seed: int) -> None:
    experiment = trained(seed=seed)
    assert experiment.metrics()["text"] == "hello"
    assert experiment.measure("accuracy") == 1.0
    assert experiment.measure("certainty") > 0.5
    assert experiment.predict("h").prediction == "ello"
    assert experiment.steps < 200


@pytest.mark.parametrize("seed", range(10))
def test_one_hidden_unit_is_enough_for_hello(seed: int) -> None:
    assert trained(seed=seed, hidden=1, learning_rate=0.03).metrics()["text"] == "hello"


@pytest.mark.parametrize("word", WORDS)
def test_words_of_many_kinds_are_learnt_with_the_defaults(word: str) -> None:
    assert trained(text=word).metrics()["text"] == word


def repeated(letters: list[str]) -> str:
    """Return X a X b for letters X, a, b: only memory of the very beginning tells what comes at the end."""
    *again, one, other = letters
    return "".join([*again, one, *again, other])


ANY_WORD = (
    st.text(st.sampled_from("abcdeé本 "), min_size=2, max_size=20).filter(lambda w: len(w.strip()) > 1)
    | st.lists(st.sampled_from("abcdefghijklmnop"), min_size=4, max_size=11, unique=True).map(repeated)
    | st.integers(0, 18).map(lambda before: "a" * before + "b" + "a" * (18 - before) + "c")
    | st.permutations("abcdefghijklmnopqrst").map("".join)
)


@settings(max_examples=40, deadline=None)
@given(ANY_WORD, st.integers(0, 99))
def test_any_word_is_learnt_well_within_its_budget(word: str, seed: int) -> None:
    experiment = trained(seed=seed, text=find_hyperparameter(RNN, "text").parse(word))
    assert experiment.metrics()["text"] == word.strip()
    assert experiment.steps < experiment.step_budget() / 2


def test_two_hundred_characters_are_written_without_a_slip() -> None:
    assert len(TWO_HUNDRED) == 200
    experiment = trained(text=TWO_HUNDRED, hidden=100, learning_rate=0.003)
    assert experiment.metrics()["text"] == TWO_HUNDRED
    assert experiment.steps < 200


def test_the_claims_name_settings_that_there_are_and_metrics_that_are_measured() -> None:
    experiment = untrained()
    for claim in RNN.claims:
        for settings_ in claim.recipes:
            assert all(find_hyperparameter(RNN, key).parse(text) for key, text in settings_.items())
        for condition in claim.holds:
            until = Until.of(condition)
            assert until.metric in experiment.metrics()
            assert 0.0 <= experiment.measure(until.metric) < until.value


def test_a_text_longer_than_the_window_is_learnt_window_by_window() -> None:
    experiment = trained(text=LONG, window=16, hidden=48, learning_rate=0.004)
    assert "windows" in experiment.notice()
    assert experiment.metrics()["text"] == LONG


def test_the_certainty_of_windows_is_due_once_a_pass_and_never_wrong() -> None:
    experiment = untrained(text=LONG, window=16)
    due = []
    for _ in range(6):
        experiment.step()
        due.append(experiment.goal_due())
        assert experiment.measure("certainty") == pytest.approx(probabilities_of_what_comes(experiment).min())
    assert due == [False, False, True] * 2


@pytest.mark.parametrize("text", ["hello", "aaab", "naïve"])
def test_free_writing_is_right_where_every_character_is_said_right(text: str) -> None:
    experiment = untrained(text=text)
    for _ in range(200):
        experiment.step()
        metrics = experiment.metrics()
        assert (metrics["text"] == text) == (metrics["accuracy"] == 1.0)
        assert metrics["certainty"] == pytest.approx(experiment.measure("certainty"))


# determinism


@pytest.mark.parametrize(
    "settings", [{}, {"text": LONG, "window": 16}, {"clip": 0.01, "optimizer": "momentum"}], ids=str
)
def test_a_restored_snapshot_goes_on_as_the_uninterrupted_run_did(settings: dict[str, Any]) -> None:
    whole, part = untrained(3, **settings), untrained(3, **settings)
    losses = [whole.step() for _ in range(23)]
    snapshot = whole.snapshot()
    whole.measure("certainty")
    losses += [whole.step() for _ in range(23)]
    part.measure("certainty")
    part.restore(snapshot)
    again = [part.step() for _ in range(23)]
    assert again == losses[23:]
    assert same_state(whole.snapshot(), part.snapshot())


def test_looking_changes_nothing() -> None:
    looked_at, alone = untrained(hidden=6), untrained(hidden=6)
    for _ in range(20):
        for panel in RNN.panels:
            looked_at.view(panel.name, [], Probe("he", 2, held={0: 1.0}))
        looked_at.metrics()
        looked_at.check_gradients()
        assert looked_at.step() == alone.step()


CHANGES: list[tuple[str, Value]] = [
    ("text", "hollehe"),
    ("learning_rate", 0.01),
    ("optimizer", "sgd"),
    ("clip", 0.001),
    ("window", 2),
    ("temperature", 0.1),
]


@pytest.mark.parametrize(("key", "value"), CHANGES)
def test_a_live_change_leaves_what_was_learnt_and_goes_on(key: str, value: Value) -> None:
    experiment = trained(30)
    before = experiment.network.vector.copy()
    experiment.change(key, value)
    assert np.array_equal(experiment.network.vector, before)
    assert all(math.isfinite(experiment.step()) for _ in range(20))
    assert not np.array_equal(experiment.network.vector, before)


def test_a_text_of_the_same_characters_is_live_and_any_other_needs_a_new_network() -> None:
    experiment = trained()
    assert experiment.can_change("text", "ohell")
    assert not experiment.can_change("text", "help")
    with pytest.raises(ValueError, match="new network"):
        experiment.change("text", "help")
    experiment.change("text", "olleh")
    trainer = Trainer(recipe(text="olleh"), experiment.snapshot())
    trainer.step(3000, Until.of(experiment.goal))
    assert trainer.experiment.metrics()["text"] == "olleh"


def test_a_gradient_is_no_longer_than_the_clip() -> None:
    experiment = untrained(clip=0.01)
    experiment.gradient()
    assert np.linalg.norm(experiment.network.gradient) == pytest.approx(0.01)


def test_settings_that_are_not_of_the_text_leave_the_text_as_it_is() -> None:
    experiment = untrained()
    text = experiment.text
    for key in ("temperature", "clip", "window"):
        experiment.change(key, 3)
    assert experiment.text is text


# prompts and refusals


@pytest.mark.parametrize(("prompt", "rest"), [("h", "ello"), ("he", "llo"), ("hell", "o")])
def test_a_prompt_is_continued(prompt: str, rest: str) -> None:
    experiment = trained()
    prediction = experiment.predict(prompt)
    assert (prediction.input, prediction.prediction) == (prompt, rest)
    assert prediction.probabilities is not None
    assert next(iter(prediction.probabilities)) == rest[0]
    assert sum(prediction.probabilities.values()) == pytest.approx(1.0)
    assert experiment.answer(prompt).startswith(f"{prompt} → {rest}  ({rest[0]} ")


def test_a_prompt_longer_than_the_text_gets_one_character() -> None:
    assert len(str(trained(5).predict("hellohello").prediction)) == 1


@pytest.mark.parametrize("prompt", ["x", "hex", "H", "\x1b"])
def test_a_prompt_with_a_strange_character_is_told_which_there_are(prompt: str) -> None:
    with pytest.raises(ValueError, match="it knows e h l o") as refusal:
        untrained().predict(prompt)
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize("text", ["", "a", "x" * 4001, "a\\ud800b"])
def test_a_text_that_cannot_be_learnt_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"text|Unicode") as refusal:
        untrained(text=text)
    assert str(refusal.value).isprintable()
    assert len(str(refusal.value)) < 100


def test_a_text_of_one_character_has_nothing_to_learn() -> None:
    experiment = trained(text="zzzz")
    assert experiment.steps == 1
    assert "nothing to learn" in experiment.notice()


def test_the_more_there_is_to_learn_the_more_steps_are_granted() -> None:
    budgets = [untrained(text=text).step_budget() for text in ("hi", "hello", LONG)]
    assert all(less < more for less, more in pairwise(budgets))
