"""What is written of a value or a change is read as the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.hyperparameter import Hyperparameter, Value
from scratchtui.training.journal import Entry
from scratchtui.training.spelling import (
    loaded,
    loaded_change,
    read,
    read_change,
    stored_change,
    value_text,
    written,
    written_change,
)

CHANGES: list[tuple[str, str, Value]] = [
    ("binary", "learning_rate", 0.1 + 0.2),
    ("binary", "bias", True),
    ("binary", "batch_size", 7),
    ("binary", "data", "original +5=6.5 -27"),
    ("binary", "0.Dense.W[2,0]", 0.1 + 0.2),
    ("nn", "inputs", "x,sin x"),
    ("nn", "frozen", "0.Dense.W[0,0] 2.Dense.b"),
    ("rnn", "text", r"\@file it's \n 🙂"),
]


@pytest.mark.parametrize(("name", "key", "value"), CHANGES)
def test_a_change_is_read_as_it_was_written_and_loaded_as_it_was_stored(
    name: str, key: str, value: Value
) -> None:
    kind, entry = EXPERIMENTS[name], Entry(30, key, value)
    assert read(kind, key, written(kind, key, value)) == value
    assert read_change(kind, written_change(kind, entry)) == entry
    assert loaded_change(kind, json.loads(json.dumps(stored_change(entry)))) == entry


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("batch_size", 7.5, "batch_size"),
        ("learning_rate", "0.1", "learning_rate is not '0.1'"),
        ("learning_rate", -1.0, "learning_rate"),
        ("lerning_rate", 0.1, "did you mean 'learning_rate'"),
        ("0.Dense.W[2,0]", float("nan"), "finite"),
    ],
)
def test_what_could_not_have_been_typed_is_not_loaded(key: str, value: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        loaded_change(EXPERIMENTS["binary"], [3, key, value])


def test_a_weight_is_no_hyperparameter() -> None:
    with pytest.raises(ValueError, match="has no hyperparameter"):
        loaded(EXPERIMENTS["binary"], "0.Dense.W[2,0]", 1.0)


TEXT = Hyperparameter("text", "text", "text", "hello", "", verbatim=True)


def test_a_text_may_be_that_of_a_file_and_is_then_written_as_one_is_typed(tmp_path: Path) -> None:
    (tmp_path / "poem").write_text("@ roses\n\tare \\ red\x1b\n", encoding="utf-8")
    typed = value_text(TEXT, f" @{tmp_path / 'poem'} ")
    assert typed == r"\@ roses\n\tare \\ red\x1b"
    assert TEXT.parse(typed) == typed


@pytest.mark.parametrize("typed", ["hello", r"\@hello", "he@llo"])
def test_what_names_no_file_is_what_was_typed(typed: str) -> None:
    assert value_text(TEXT, typed) == typed
    assert value_text(Hyperparameter("bits", "bits", "integer", 8, ""), "@x") == "@x"


def test_two_at_signs_are_one_that_names_no_file_when_it_is_typed_again() -> None:
    assert value_text(TEXT, "@@hello") == r"\@hello"
    assert value_text(TEXT, r"\@hello") == r"\@hello"


@pytest.mark.parametrize("typed", ["@", "@none", "@."])
def test_a_file_that_is_none_is_refused(typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=r"none|is needed|is no file"):
        value_text(TEXT, typed)
