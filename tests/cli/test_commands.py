"""`predict`, `show`, `list`, `info`."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from scratchtui import __version__, places
from scratchtui.experiments import EXPERIMENTS, Entry
from scratchtui.experiments.binary import Binary
from scratchtui.experiments.experiment import Experiment
from scratchtui.experiments.prediction import Prediction
from scratchtui.experiments.recipe import SEED
from scratchtui.tui import abilities
from tests.cli.conftest import Command


def test_predict_reads_the_number(scratchtui_: Command, trained: Path) -> None:
    result = scratchtui_("predict", trained, "10110010", "1111_1111")
    assert (result.code, result.out) == (0, "10110010   178\n1111_1111  255\n")


def test_predict_as_json_is_a_list_in_the_order_of_the_inputs(scratchtui_: Command, trained: Path) -> None:
    result = scratchtui_("predict", trained, "10110010", "00000000", "--json")
    first, second = json.loads(result.out)
    assert first == {"input": "10110010", "prediction": pytest.approx(178, abs=1e-4), "probabilities": None}
    assert second == {"input": "00000000", "prediction": 0.0, "probabilities": None}


def test_long_texts_are_shortened_for_people_and_not_for_programs(scratchtui_: Command, folder: Path) -> None:
    text = "it goes on and on, " * 60 + "to the end"
    (folder / "long.txt").write_text(text)
    result = scratchtui_("train", "rnn", "--set", "text=@long.txt", "--steps=1", "--out=run.npz")
    assert max(map(len, result.out.splitlines())) <= 80
    short, long = scratchtui_("predict", "run.npz", "it", text).out.splitlines()
    assert (short[:2], short[40:42], short[42]) == ("it", "  ", short[42:].lstrip()[0])
    assert long.startswith("it goes on and on, i… and on, to the end  ")
    assert json.loads(scratchtui_("predict", "run.npz", text, "--json").out)[0]["input"] == text


class Files(Binary):
    """Rows that are read from files, a line each; its heatmap has nothing to show."""

    name = "files"
    input_files = True

    def inputs(self, text: str) -> list[str]:
        if not text.split():
            raise ValueError("there is no row in it")
        return text.split()

    def absent(self) -> frozenset[str]:
        return frozenset({"weights", "heatmap"})


@pytest.fixture
def of_files(scratchtui_: Command, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run of it, and files to read."""
    monkeypatch.setitem(EXPERIMENTS._entries, "files", Entry("Files", __name__, "Files"))
    assert scratchtui_("train", "files", "--quiet", "--out", "run.npz").code == 0
    (folder / "two").write_text("10110010\n00000001\n")
    (folder / "one").write_text("11111111")
    (folder / "none").write_text("\n")
    (folder / "bad").write_text("00000001 101")
    (folder / "bytes").write_bytes(b"\xff")
    return folder / "run.npz"


def test_predict_reads_files_with_several_inputs_and_standard_input(
    scratchtui_: Command, of_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"00000010 00000011")))
    result = scratchtui_("predict", of_files, "two", "-", "one")
    assert (result.code, result.out) == (0, "two:1  178\ntwo:2  1\n-:1    2\n-:2    3\none:1  255\n")
    listed = json.loads(scratchtui_("predict", "--json", of_files, "two").out)
    assert [each["input"] for each in listed] == ["two:1", "two:2"]


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        (("one", "none"), "none: there is no row in it"),
        (("one", "bad"), "bad: '101' is not a row of 8 digits 0 and 1, such as 10101010"),
        (("bytes",), "bytes is no text in UTF-8"),
        (("there is none",), "cannot use there is none: no such file or directory"),
        (("",), "the name of a file is needed"),
        ((".",), ". is no file"),
        (("-",), "standard input: there is no row in it"),
        (("-", "one", "-"), "standard input can be read once; give - once"),
    ],
)
def test_predict_refuses_files_that_are_bad_by_name(
    scratchtui_: Command,
    of_files: Path,
    monkeypatch: pytest.MonkeyPatch,
    inputs: tuple[str, ...],
    sentence: str,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    result = scratchtui_("predict", of_files, *inputs)
    assert (result.code, result.out, result.err) == (2, "", f"scratchtui: {sentence}\n")


def test_predict_refuses_a_standard_input_that_is_closed_or_endless(
    scratchtui_: Command, of_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert scratchtui_("predict", of_files, "-").err == "scratchtui: standard input is closed\n"
    with Path("/dev/zero").open() as endless:
        monkeypatch.setattr(sys, "stdin", endless)
        assert "standard input is larger than" in scratchtui_("predict", of_files, "-").err


def test_predict_takes_negative_numbers_for_inputs(
    scratchtui_: Command, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Binary, "predict", lambda _, text: Prediction(text, "so"))
    for line in (("-1,2", "-.5,0", "-"), ("--", "-1,2", "-.5,0", "-")):
        result = scratchtui_("predict", "--json", trained, *line)
        assert [each["input"] for each in json.loads(result.out)] == ["-1,2", "-.5,0", "-"]


def test_show_and_train_leave_out_what_has_nothing_to_show(scratchtui_: Command, of_files: Path) -> None:
    titles = scratchtui_("show", of_files).out.splitlines()
    assert "heatmap" not in titles
    assert "weights" not in titles
    assert "rows" in titles
    printed = scratchtui_("train", "files", "--quiet", "--steps", "3").out
    assert printed.split()[:2] == ["step", "3"]


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
    questions = tuple(f"{name}: " for name in EXPERIMENTS)
    assert max(len(line) for line in rest if not line.startswith(questions)) <= 80
    assert any(line.split() == ["bits", "integer", "8", "structural"] for line in rest)


def test_info_tells_versions_folders_and_terminal(
    scratchtui_: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SCRATCHTUI_CONFIG_DIR", str(tmp_path / "mine"))
    monkeypatch.setenv("SCRATCHTUI_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("COLORTERM", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(abilities, "_in_terminfo", lambda _: None)
    lines = scratchtui_("info").out.splitlines()
    facts = dict(line.split("  ", maxsplit=1) for line in lines)
    facts = {name: fact.strip() for name, fact in facts.items()}
    assert facts["scratchtui"] == __version__
    assert {"python", "numpy", "textual", "plotext", "platform"} <= set(facts)
    assert facts["config folder"] == str(tmp_path / "mine")
    assert facts["recoveries"] == f"{tmp_path / 'state' / 'recovery'} (0 of this host)"
    assert (facts["TERM"], facts["colours"], facts["NO_COLOR"]) == ("xterm-256color", "256", "not set")


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


FACE = "0066660042241800"


def test_predict_takes_a_face_in_one_line_where_no_file_has_that_name(
    scratchtui_: Command, folder: Path
) -> None:
    assert scratchtui_("train", "cnn", "--steps", "1", "--quiet", "--out", "cnn.npz").code == 0
    rows = "/".join(f"{int(FACE[at : at + 2], 16):08b}" for at in range(0, 16, 2))
    rows = rows.replace("0", ".").replace("1", "#")
    digits, drawn = scratchtui_("predict", "cnn.npz", FACE, rows, "--json").done
    assert (digits["input"], drawn["input"]) == (FACE, rows)
    assert digits["probabilities"] == drawn["probabilities"]
    (folder / FACE).write_text("two\n", "utf-8")
    refused = scratchtui_("predict", "cnn.npz", FACE)
    assert refused.code == 2
    assert FACE in refused.err
    assert "'two'" in refused.err
