"""Files of strangers: whatever is in them, they are refused in one sentence, or what they say can be used.

Real files are damaged in every way that hypothesis thinks of. `FUZZ=20000` is how many examples
of each kind are tried instead of a few.
"""

from __future__ import annotations

import json
import os
import tempfile
import warnings
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scratchtui.experiments import EXPERIMENTS, build
from scratchtui.experiments.faces.face import read_faces
from scratchtui.experiments.panel import Edit, Probe
from scratchtui.experiments.recipe import default_recipe
from scratchtui.training.files import RunFileError, load_run, save_run
from scratchtui.training.history import LossHistory
from scratchtui.training.past import Past
from scratchtui.training.run import Run
from scratchtui.training.session import Session
from scratchtui.training.spelling import read
from scratchtui.training.texts import read_text, told
from scratchtui.training.trainer import Halt, Trainer
from scratchtui.training.until import parse_all
from tests.training.stand_ins import LocalWorker

NAMES = list(EXPERIMENTS)
FEW = 12
COUNT = int(os.environ.get("FUZZ", "0"))
fuzzed = settings(
    deadline=None, max_examples=COUNT or FEW, suppress_health_check=list(HealthCheck), database=None
)
FAR = 50  # steps, which are taken again to look at one between two snapshots

CHANGES: dict[str, list[tuple[str, Any]]] = {
    "binary": [
        ("data", "none " + " ".join(f"+{row}={row / 2}" for row in range(1, 40))),
        ("optimizer", "adam"),
        ("0.Dense.W[2,0]", 0.3),
        ("data", "none " + " ".join(f"+{row}={row / 2}" for row in range(1, 41))),
    ],
    "nn": [("noise", 0.2), ("frozen", "0.Dense.W[0]"), ("batch_size", 3), ("l2", 0.001)],
    "cnn": [("data", "nine"), ("batch_size", 4), ("mirror", False)],
    "rnn": [("text", "ohell"), ("window", 2), ("clip", 0.5), ("optimizer", "momentum")],
}


@cache
def real_run(name: str) -> bytes:
    """Return the file of a run with changes of data, and all else that a run can hold."""
    run = Run(default_recipe(EXPERIMENTS[name], 7), name="run 2", origin=("run 1", 3))
    run.begin()
    trainer = Trainer(run.recipe)
    for change in [*CHANGES[name], None]:
        first = trainer.experiment.steps + 1
        run.losses = run.losses.merge(LossHistory.of(first, trainer.step(3).losses))
        run.timeline.append(trainer.experiment.snapshot())
        if change is not None:
            run.journal.append(trainer.change(*change))
            run.timeline.append(trainer.experiment.snapshot())
    run.stops = parse_all("loss<0.01; step=99", trainer.experiment)
    run.halt = Halt("stop", run.latest.step, f"step = {run.latest.step}")
    with tempfile.TemporaryDirectory() as folder:
        save_run(run, Path(folder) / "run.npz")
        return (Path(folder) / "run.npz").read_bytes()


@cache
def real_entries(name: str) -> dict[str, Any]:
    with np.load(BytesIO(real_run(name))) as entries:
        return dict(entries)


def refused_or_usable(path: Path) -> None:
    """Read the run at `path`: if it is none, by the documented refusal; else do with it all that can be."""
    try:
        run = load_run(path)
    except RunFileError as refusal:
        sentence = str(refusal)
    else:
        use(run, path)
        return
    assert str(path) in sentence
    assert "\n" not in sentence


def use(run: Run, path: Path) -> None:
    with np.errstate(all="ignore"):
        look(run)
        look_back(run)
        go_on(run)
    again = path.with_name("again.npz")
    again.unlink(missing_ok=True)
    save_run(run, again)
    assert load_run(again).journal == run.journal


def look(run: Run) -> None:
    experiment = run.experiment()
    for panel in type(experiment).panels:
        if panel.name not in experiment.absent():
            experiment.view(panel.name, run.timeline.snapshots, Probe())
    run.losses.view()
    experiment.metrics()
    experiment.forecast()
    experiment.headline()


def look_back(run: Run) -> None:
    """Look at moments of the past, those between two snapshots too, and part from there."""
    past, before = Past(run), 0
    for snapshot in run.timeline.snapshots[:8]:
        for step in {max(before, snapshot.step - 1), snapshot.step}:
            if step - before < FAR:
                past.at(step)
        before = snapshot.step
    session = Session(EXPERIMENTS[run.recipe.experiment], run, LocalWorker())
    assert session.state in {"ready", "paused", "reached", "stopped", "diverged"}


def go_on(run: Run) -> None:
    trainer = Trainer(run.recipe, run.latest)
    first = run.latest.step + 1
    run.losses = run.losses.merge(LossHistory.of(first, trainer.step(3).losses))
    run.timeline.append(trainer.experiment.snapshot())
    run.halt = None


# damage


def flipped(content: bytes, data: st.DataObject) -> bytes:
    changed = bytearray(content)
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=6)):
        changed[place] ^= data.draw(st.integers(1, 255))
    return bytes(changed)


def cut(content: bytes, data: st.DataObject) -> bytes:
    first, last = sorted(data.draw(st.integers(0, len(content))) for _ in range(2))
    kept = [content[:last], content[first:], content[:first] + content[last:]]
    return data.draw(st.sampled_from([*kept, content[:last] + content[first:]]))


def spliced(content: bytes, data: st.DataObject) -> bytes:
    place = data.draw(st.integers(0, len(content)))
    return content[:place] + data.draw(st.binary(max_size=40)) + content[place:]


DAMAGES = [flipped, cut, spliced]


def damaged(content: bytes, data: st.DataObject) -> bytes:
    return data.draw(st.sampled_from(DAMAGES))(content, data)


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=8),
        st.sampled_from([0, 1, -1, 2**31, 2**53, 2**63, 2**200, 1e308, "sgd", "adam", "all", "none", "data"]),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def replaced(value: Any, data: st.DataObject) -> Any:  # noqa: PLR0911 - a way of damage each
    """Return JSON with something within it replaced, dropped, repeated or changed places."""
    children: list[Any] = []
    if isinstance(value, dict | list):
        children = list(value) if isinstance(value, dict) else list(range(len(value)))
    if not children or data.draw(st.integers(0, 7)) == 0:
        return data.draw(JSON)
    child = data.draw(st.sampled_from(children))
    match data.draw(st.integers(0, 5)):
        case 0 if isinstance(value, dict):
            return {key: item for key, item in value.items() if key != child}
        case 0:
            return value[:child] + value[child + 1 :]
        case 1 if isinstance(value, list):
            return value[:child] + [value[child]] * data.draw(st.integers(2, 40)) + value[child:]
        case 2:
            other = data.draw(st.sampled_from(children))
            changed = value.copy()
            changed[child], changed[other] = value[other], value[child]
            return changed
    within = replaced(value[child], data)
    if isinstance(value, dict):
        return {**value, child: within}
    return [*value[:child], within, *value[child + 1 :]]


def retyped(array: Any, data: st.DataObject) -> Any:
    """Return an array with other values, of another type or another shape."""
    kinds = ["i1", "i8", "u8", "f4", "f8", "?", "c16", "U3", "S3"]
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        match data.draw(st.integers(0, 5)):
            case 0:
                return (
                    array.astype(data.draw(st.sampled_from(kinds)))
                    if array.dtype.kind in "if"
                    else array[None]
                )
            case 1:
                return array.reshape(-1)[: data.draw(st.integers(0, max(array.size, 1)))]
            case 2:
                return array[..., None] if data.draw(st.booleans()) else array.reshape(-1)
            case 3:
                return array[::-1] if array.ndim else array
            case 4 if array.dtype.kind in "if" and array.size:
                values = [-1, 0, 1, 2**31, 2**62, -(2**63)]
                if array.dtype.kind == "f":
                    values = [-1.0, 0.0, 1e154, 1e308, np.nan, -np.inf, 5e-324]
                changed = array.copy()
                changed.flat[data.draw(st.integers(0, array.size - 1))] = data.draw(st.sampled_from(values))
                return changed
    return data.draw(st.sampled_from([np.array("x"), np.zeros(0), np.array(1.0), np.ones((2, 3, 4))]))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stranger") / "run.npz"


@pytest.mark.parametrize("name", NAMES)
def test_a_real_run_is_usable(name: str, file: Path) -> None:
    file.write_bytes(real_run(name))
    refused_or_usable(file)
    assert load_run(file).halt is not None


@pytest.mark.parametrize("name", NAMES)
@fuzzed
@given(data=st.data())
def test_a_run_of_damaged_bytes(name: str, file: Path, data: st.DataObject) -> None:
    file.write_bytes(damaged(real_run(name), data))
    refused_or_usable(file)


@pytest.mark.parametrize("name", NAMES)
@fuzzed
@given(data=st.data())
def test_a_run_whose_arrays_are_others(name: str, file: Path, data: st.DataObject) -> None:
    entries = dict(real_entries(name))
    for _ in range(data.draw(st.integers(1, 2))):
        one, other = (data.draw(st.sampled_from(sorted(entries))) for _ in range(2))
        match data.draw(st.integers(0, 3)):
            case 0:
                entries[one], entries[other] = entries[other], entries[one]
            case 1:
                strange = real_entries(data.draw(st.sampled_from(NAMES)))
                entries[one] = data.draw(st.sampled_from([strange.get(one), *strange.values()]))
                entries[one] = np.zeros(0) if entries[one] is None else entries[one]
            case _:
                entries[one] = retyped(entries[one], data)
    with file.open("wb") as opened:
        np.savez(opened, **entries)
    refused_or_usable(file)


@pytest.mark.parametrize("name", NAMES)
@fuzzed
@given(data=st.data())
def test_a_run_that_says_something_else(name: str, file: Path, data: st.DataObject) -> None:
    meta = json.loads(str(real_entries(name)["meta"]))
    for _ in range(data.draw(st.integers(1, 2))):
        meta = replaced(meta, data)
    with file.open("wb") as opened:
        np.savez(opened, **{**real_entries(name), "meta": np.array(json.dumps(meta))})
    refused_or_usable(file)


# texts

FACES = "smile\n........\n..#..#..\n........\n........\n.#....#.\n..####..\n........\n........\n\n" * 2
LETTERS = st.text(
    st.sampled_from("+-=.,;:#/@[]0123456789eE\u0660\u00a0\n\r\t \\x'\"abcdeinx\ud7ff\U0001f600"), max_size=60
)
TEXTS: dict[str, list[str]] = {
    "binary": ["all -3 +7=9.5", "range:1-9 +3", "sample:5", "none +1"],
    "nn": ["xor +1,0=1", "circle +0.5,0.5=1", "table 1111=0 1001=1", "parity:3", "8,8"],
    "cnn": ["nine", "all -1", FACES],
    "rnn": ["hello", "a\\x0ab", "the cat sat"],
}


def a_text(data: st.DataObject, name: str) -> bytes:
    """Return what may be in a file where a text is wanted: one that was damaged, or letters, or anything."""
    real = data.draw(st.sampled_from(TEXTS[name])).encode()
    letters = data.draw(LETTERS).encode()
    return data.draw(
        st.sampled_from([real, letters, real + b" " + letters, letters + b"\n" + real, damaged(real, data)])
        | st.binary(max_size=40)
    )


def refused_in_a_sentence(act: Callable[[], object]) -> None:
    sentence = "taken"
    try:
        act()
    except ValueError as refusal:
        sentence = str(refusal)
    assert "\n" not in sentence
    assert 0 < len(sentence) < 1000


@pytest.mark.parametrize("name", NAMES)
@fuzzed
@given(data=st.data())
def test_a_text_in_a_file(name: str, file: Path, data: st.DataObject) -> None:
    file.write_bytes(a_text(data, name))
    kind = EXPERIMENTS[name]
    texts = [h.key for h in kind.hyperparameters if h.kind == "text"]
    key = data.draw(st.sampled_from(texts))

    def use() -> None:
        value = read(kind, key, f"@{file}")
        build(default_recipe(kind).with_value(key, value)).step()

    refused_in_a_sentence(use)


@fuzzed
@given(data=st.data())
def test_faces_in_a_file(file: Path, data: st.DataObject) -> None:
    experiment = EXPERIMENTS["cnn"](default_recipe(EXPERIMENTS["cnn"]))
    content = a_text(data, "cnn")
    file.write_bytes(damaged(FACES.encode(), data) if data.draw(st.booleans()) else content)

    def show() -> None:
        text = told(lambda: read_text(file))
        for each in experiment.inputs(text)[:3]:
            experiment.predict(each)
        read_faces(text)

    def load() -> None:
        edit = Edit("load", text=told(lambda: read_text(file)))
        probe, changes = experiment.edited("face", edit, Probe())
        for key, value in changes.items():
            experiment.change(key, value)
        experiment.view("face", [experiment.snapshot()], probe)

    refused_in_a_sentence(show)
    refused_in_a_sentence(load)
