"""`predict`, `show`, `list`, `info`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scratchtui import __version__, places
from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.experiment import SEED, Experiment
from tests.cli.conftest import Command


def test_predict_reads_the_number(scratchtui_: Command, trained: Path) -> None:
    result = scratchtui_("predict", trained, "10110010", "1111_1111")
    assert (result.code, result.out) == (0, "10110010   178\n1111_1111  255\n")


def test_predict_as_json_is_a_list_in_the_order_of_the_inputs(scratchtui_: Command, trained: Path) -> None:
    result = scratchtui_("predict", trained, "10110010", "00000000", "--json")
    first, second = json.loads(result.out)
    assert first == {"input": "10110010", "prediction": pytest.approx(178, abs=1e-4), "probabilities": None}
    assert second == {"input": "00000000", "prediction": 0.0, "probabilities": None}


def test_show_prints_the_loss_and_every_view_in_80_columns(scratchtui_: Command, trained: Path) -> None:
    result = scratchtui_("show", trained)
    assert (result.code, result.err) == (0, "")
    assert max(map(len, result.out.splitlines())) <= 94  # the question alone is longer than 80
    assert "\x1b" not in result.out
    titles = [panel.title for panel in EXPERIMENTS["binary"].panels]
    lines = result.out.splitlines()
    places_of_titles = [lines.index(title) for title in ("loss", *titles)]
    assert places_of_titles == sorted(places_of_titles)
    assert any(0x2800 < ord(character) < 0x2900 for character in result.out)


@pytest.mark.parametrize(
    "options", [("--steps", "0"), ("--set", "learning_rate=1"), ("--set", "bits=16", "--steps", "2")]
)
def test_show_prints_any_run(scratchtui_: Command, folder: Path, options: tuple[str, ...]) -> None:
    scratchtui_("train", "binary", *options, "--out", "run.npz", "--quiet")
    result = scratchtui_("show", "run.npz")
    assert (result.code, result.err) == (0, "")
    assert "(" in result.out


def test_list_as_json_describes_every_hyperparameter(scratchtui_: Command) -> None:
    listed = {each["name"]: each for each in json.loads(scratchtui_("list", "--json").out)}
    assert list(listed) == list(EXPERIMENTS)
    for kind in EXPERIMENTS.values():
        described = {h["key"]: h for h in listed[kind.name]["hyperparameters"]}
        assert list(described) == [h.key for h in (*kind.hyperparameters, SEED)]
        assert all(
            set(h) == {"key", "type", "default", "range", "change", "help"} for h in described.values()
        )
    binary = {h["key"]: h for h in listed["binary"]["hyperparameters"]}
    assert (binary["learning_rate"]["change"], binary["bits"]["change"]) == ("live", "structural")
    assert (binary["bits"]["default"], binary["bits"]["range"]) == (8, "1 to 16")
    assert binary["batch_size"]["default"] == "all"


@pytest.mark.parametrize("kind", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_every_default_that_is_listed_may_be_set(scratchtui_: Command, kind: type[Experiment]) -> None:
    listed = next(each for each in json.loads(scratchtui_("list", "--json").out) if each["name"] == kind.name)
    spelt = {True: "on", False: "off"}
    defaults = {h["key"]: spelt.get(h["default"], h["default"]) if h["type"] == "switch" else h["default"]
                for h in listed["hyperparameters"]}  # fmt: skip
    settings = [part for key, value in defaults.items() for part in ("--set", f"{key}={value}")]
    assert scratchtui_("train", kind.name, "--steps", "0", "--quiet", *settings).code == 0


def test_list_fits_80_columns_but_for_the_question(scratchtui_: Command) -> None:
    first, *rest = scratchtui_("list").out.splitlines()
    assert first.startswith("binary: ")
    assert max(map(len, rest)) <= 80
    assert any(line.split() == ["bits", "integer", "8", "structural"] for line in rest)


def test_info_tells_versions_folders_and_terminal(
    scratchtui_: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SCRATCHTUI_CONFIG_DIR", str(tmp_path / "mine"))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("COLORTERM", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    lines = scratchtui_("info").out.splitlines()
    facts = dict(line.split("  ", maxsplit=1) for line in lines)
    facts = {name: fact.strip() for name, fact in facts.items()}
    assert facts["scratchtui"] == __version__
    assert {"python", "numpy", "textual", "plotext", "platform"} <= set(facts)
    assert facts["config folder"] == str(tmp_path / "mine")
    assert (facts["TERM"], facts["colours"], facts["NO_COLOR"]) == ("xterm-256color", "256", "not set")


@pytest.mark.parametrize(
    ("environment", "colours"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolor"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, "none"),
        ({"TERM": "linux"}, "16"),
        ({"TERM": "xterm-direct"}, "truecolor"),
        ({"TERM": "dumb"}, "none"),
        ({}, "none"),
    ],
)
def test_info_finds_the_colours(
    scratchtui_: Command, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], colours: str
) -> None:
    for name in ("TERM", "COLORTERM", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert scratchtui_("info").out.splitlines()[-1].split() == ["colours", colours]


@pytest.mark.parametrize("kind", places.KINDS)
def test_folders_are_the_platforms_unless_the_environment_says(
    kind: places.Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"SCRATCHTUI_{kind.upper()}_DIR"
    monkeypatch.delenv(name, raising=False)
    assert places.folder(kind).is_absolute()
    assert "scratchtui" in str(places.folder(kind))
    monkeypatch.setenv(name, "~/elsewhere")
    assert places.folder(kind) == Path.home() / "elsewhere"
