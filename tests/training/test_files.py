"""Runs on disk: bit for bit, whole or not at all, nothing but a sentence for what is no run."""

import errno
import json
import os
import pickle
import zipfile
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchtui.experiments import EXPERIMENTS, build
from scratchtui.experiments.binary import Binary
from scratchtui.experiments.bits import rows
from scratchtui.experiments.hyperparameter import Value
from scratchtui.experiments.panel import Probe
from scratchtui.experiments.recipe import Recipe, default_recipe
from scratchtui.experiments.snapshot import same_state
from scratchtui.training.entries import FORMAT
from scratchtui.training.files import RunFileError, load_run, save_run
from scratchtui.training.history import LossHistory
from scratchtui.training.journal import Entry
from scratchtui.training.meta import MOST_CHANGES
from scratchtui.training.run import Run
from scratchtui.training.trainer import Trainer
from scratchtui.training.until import Until, parse_all

Entries = dict[str, Any]


def run_of(*stages: int | tuple[str, Value], **settings: Value) -> tuple[Run, Trainer]:
    """Return a run that took steps and changes in turn, and the trainer that carried it out."""
    default = default_recipe(Binary, seed=7)
    trainer = Trainer(Recipe("binary", {**default.settings, **settings}, 7))
    run = Run(trainer.experiment.recipe)
    run.timeline.append(trainer.experiment.snapshot())
    for stage in stages:
        if isinstance(stage, int):
            first = trainer.experiment.steps + 1
            run.losses = run.losses.merge(LossHistory.of(first, trainer.step(stage).losses))
        else:
            run.journal.append(trainer.change(*stage))
        run.timeline.append(trainer.experiment.snapshot())
    return run, trainer


RUNS: dict[str, Callable[[], tuple[Run, Trainer]]] = {
    "at step 0": run_of,
    "of 100 steps": lambda: run_of(*[10] * 10),
    "in batches": lambda: run_of(33, 5, 1, batch_size=7, noise=0.5, bias=True),
    "with every optimizer": lambda: run_of(
        5, ("optimizer", "adam"), 5, ("optimizer", "momentum"), 5, ("optimizer", "rmsprop"), 5
    ),
    "with weights set by hand": lambda: run_of(5, ("0.Dense.W[2,0]", 0.1 + 0.2), 5, ("frozen", "0.Dense"), 2),
    "with edited rows": lambda: run_of(5, ("data", "none +5=6 +1"), 7, ("learning_rate", 0.01), bits=4),
    "with weights set and frozen": lambda: run_of(
        ("0.Dense.W[3,0]", 7.25), 5, ("frozen", "0.Dense.W[3,0] 0.Dense.W[0]"), 5, ("0.Dense.W[0,0]", 0.1), 3
    ),
    "diverged": lambda: run_of(100_000, learning_rate=2.0),
    "longer than its buckets": lambda: run_of(5000, learning_rate=0.01, bits=2),
}


@pytest.mark.parametrize("make", RUNS.values(), ids=RUNS)
def test_a_run_comes_back_bit_for_bit_and_goes_on(
    make: Callable[[], tuple[Run, Trainer]], tmp_path: Path
) -> None:
    run, uninterrupted = make()
    path = tmp_path / "run.npz"
    save_run(run, path)
    back = load_run(path)
    assert back.recipe == run.recipe
    assert back.losses.width == run.losses.width
    for name in ("index", "low", "high", "total", "count"):
        assert getattr(back.losses, name).tobytes() == getattr(run.losses, name).tobytes()
    assert back.journal == run.journal
    assert len(back.timeline.snapshots) == len(run.timeline.snapshots)
    for ours, theirs in zip(back.timeline.snapshots, run.timeline.snapshots, strict=True):
        assert same_state(ours, theirs)
        assert np.array_equal(ours.loss, theirs.loss, equal_nan=True)
    resumed = Trainer(back.recipe, back.latest)
    assert resumed.step(200).losses.tobytes() == uninterrupted.step(200).losses.tobytes()


def test_a_run_keeps_its_name_and_where_it_was_forked(tmp_path: Path) -> None:
    run, _ = run_of(5)
    run.name, run.origin = "slow one", ("run 1", 3)
    save_run(run, tmp_path / "run.npz")
    back = load_run(tmp_path / "run.npz")
    assert (back.name, back.origin) == (run.name, run.origin)


def test_conditions_that_this_network_does_not_know_are_not_saved(tmp_path: Path) -> None:
    run, _ = run_of(5, bits=4)
    larger = run_of(5)[1].experiment
    run.stops = parse_all("loss<0.5; weights[7]>1; sign 0.Dense.W[7,0]; step=9", larger)
    run.stops += (Until("text", "=", "hello"),)
    save_run(run, tmp_path / "run.npz")
    assert [stop.text for stop in load_run(tmp_path / "run.npz").stops] == ["loss<0.5", "step=9"]


@pytest.mark.parametrize(("text", "kept"), [("heoll", 1), ("olleh", 0), ("banana", 0), ("hallo", 0)])
def test_a_text_that_is_waited_for_is_saved_where_the_network_could_write_it(
    text: str, kept: int, tmp_path: Path
) -> None:
    recipe = default_recipe(EXPERIMENTS["rnn"])
    experiment = build(recipe)
    run = Run(recipe.with_value("text", text), stops=parse_all("text=hello", experiment))
    run.timeline.append(build(run.recipe).snapshot())
    save_run(run, tmp_path / "run.npz")
    assert len(load_run(tmp_path / "run.npz").stops) == kept


def test_numpy_opens_a_run_without_pickle_and_finds_the_parameters(tmp_path: Path) -> None:
    run, trainer = run_of(100)
    save_run(run, tmp_path / "run.npz")
    with np.load(tmp_path / "run.npz", allow_pickle=False) as entries:
        np.testing.assert_array_equal(
            entries["0.Dense.W"], trainer.experiment.network.parameters["0.Dense.W"]
        )
        meta = json.loads(str(entries["meta"]))
        assert "allow_pickle" not in entries
    assert meta["format"] == 1
    assert meta["experiment"] == "binary"
    assert meta["seed"] == 7
    assert meta["step"] == 100
    assert meta["metrics"]["max_weight_error"] == trainer.experiment.measure("max_weight_error")


def test_an_existing_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    path.write_text("precious")
    with pytest.raises(FileExistsError, match="choose another name"):
        save_run(run_of(3)[0], path)
    assert path.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [path]


def refuse_links(*_: object, **__: object) -> NoReturn:
    raise OSError(errno.EPERM, "Operation not permitted")


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_file_made_while_saving_is_left_alone(
    links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.npz"
    monkeypatch.setattr(os, "fsync", lambda _: path.write_text("precious"))
    if not links:
        monkeypatch.setattr(os, "link", refuse_links)
    with pytest.raises(FileExistsError, match=r"run\.npz exists already; choose another name$"):
        save_run(run_of(3)[0], path)
    assert path.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [path]


def test_a_run_takes_the_place_of_its_own_file_and_of_no_other(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    earlier = save_run(run_of(3)[0], path)
    later = save_run(run_of(5)[0], path, earlier)
    assert (earlier.step, later.step, load_run(path).latest.step) == (3, 5, 5)
    assert (later.size, path.stat().st_mode & 0o777) == (path.stat().st_size, 0o600)
    with pytest.raises(FileExistsError, match="choose another name"):
        save_run(run_of(7)[0], path, earlier)
    os.utime(path, (1, 1))
    with pytest.raises(FileExistsError, match="choose another name"):
        save_run(run_of(7)[0], path, later)
    path.unlink()
    path.symlink_to("elsewhere.npz")
    with pytest.raises(FileExistsError, match="choose another name"):
        save_run(run_of(7)[0], path, later)
    path.unlink()
    assert save_run(run_of(7)[0], path, later).step == 7
    assert list(tmp_path.iterdir()) == [path]


def test_what_touches_an_own_file_while_it_is_written_again_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.npz"
    earlier = save_run(run_of(3)[0], path)
    monkeypatch.setattr(os, "fsync", lambda _: path.write_text("precious"))
    with pytest.raises(FileExistsError, match="choose another name"):
        save_run(run_of(5)[0], path, earlier)
    assert path.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_that_leads_nowhere_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    path.symlink_to("nowhere")
    with pytest.raises(FileExistsError, match="choose another name"):
        save_run(run_of(3)[0], path)
    assert path.is_symlink()


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_run_is_the_users_own_and_leaves_nothing_beside_it(
    links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not links:
        monkeypatch.setattr(os, "link", refuse_links)
    path = tmp_path / "run.npz"
    save_run(run_of(3)[0], path)
    assert load_run(path).latest.step == 3
    assert (path.stat().st_mode & 0o777, path.stat().st_nlink) == (0o600, 1)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("again", [False, True], ids=["new", "again"])
@pytest.mark.parametrize("function", ["fsync", "fdopen", "link"])
def test_a_full_disk_leaves_all_as_it_was(
    function: str, again: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "run.npz"
    earlier = None
    if again:
        earlier = save_run(run_of(3)[0], path)
        if function == "link":
            path.unlink()
    before = list(tmp_path.iterdir())
    monkeypatch.setattr(os, function, full)
    with pytest.raises(OSError, match="No space left") as refusal:
        save_run(run_of(5)[0], path, earlier)
    assert refusal.value.filename == str(path)
    assert list(tmp_path.iterdir()) == before
    assert not before or load_run(path).latest.step == 3


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        save_run(run_of(3)[0], tmp_path / "none" / "run.npz")


# what is no run


@cache
def good_bytes() -> bytes:
    file = BytesIO()
    np.savez_compressed(file, **good_entries())
    return file.getvalue()


@cache
def _good_entries() -> Entries:
    import tempfile

    run, _ = run_of(20, ("optimizer", "adam"), 20, batch_size=3)
    with tempfile.TemporaryDirectory() as folder:
        save_run(run, Path(folder) / "run.npz")
        with np.load(Path(folder) / "run.npz") as entries:
            return dict(entries)


def good_entries() -> Entries:
    return dict(_good_entries())


def good_meta() -> dict[str, Any]:
    meta: dict[str, Any] = json.loads(str(good_entries()["meta"]))
    return meta


def refused(path: Path) -> str:
    """Return the sentence with which the file is refused."""
    with pytest.raises(RunFileError) as refusal:
        load_run(path)
    sentence = str(refusal.value)
    assert str(path) in sentence
    assert "\n" not in sentence
    return sentence


def written(folder: Path, content: bytes | Entries) -> Path:
    path = folder / "odd.npz"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        with path.open("wb") as file:
            np.savez_compressed(file, **content)
    return path


def changed(**changes: Any) -> Entries:
    """Return the entries of a good run with some of them, or None for none, put in."""
    entries = {name.replace(".", "_"): name for name in good_entries()}
    result = good_entries()
    for key, value in changes.items():
        name = entries.get(key, key)
        if value is None:
            del result[name]
        else:
            result[name] = np.array(value)
    return result


def with_meta(**changes: Any) -> Entries:
    return changed(meta=json.dumps({**good_meta(), **changes}))


def test_the_good_run_is_good(tmp_path: Path) -> None:
    assert load_run(written(tmp_path, good_bytes())).latest.step == 40
    assert load_run(written(tmp_path, changed())).latest.step == 40


def test_a_history_of_two_buckets_is_good_too(tmp_path: Path) -> None:
    assert load_run(written(tmp_path, losses(width=16))).losses.mean.tolist() == [1.5, 1.5]
    far = np.finfo(np.float64).max
    entries = losses(width=16, low=[far, 1.0], high=[far, 2.0], total=[far, 24.0])
    assert load_run(written(tmp_path, entries)).losses.high[0] == far


TOO_MUCH: dict[str, tuple[str, int, Callable[[], Entries], str]] = {
    "changes of data": (
        "soundness.MOST_CHANGES",
        5,
        lambda: with_meta(journal=[[20, "noise", k / 10] for k in range(6)]),
        "more than 5 changes of its data",
    ),
    "texts": (
        "meta.MOST_TEXT",
        2**20,
        lambda: with_meta(texts=[[0, "x" * 2**16, 0], *[[2**16, "", 0]] * 16]),
        "more than 1 MiB of texts",
    ),
    "settings": (
        "meta.LONGEST",
        2**20,
        lambda: changed(meta="x" * (2**20 + 1)),
        "more than 1 MiB of settings and changes",
    ),
    "bytes": (
        "entries._LARGEST_META",
        2**20,
        lambda: changed(meta="x" * 2**19),
        "more than 32 MiB of settings and changes",
    ),
    "arrays": ("archive.LARGEST", 2**20, lambda: changed(x=np.zeros(2**18)), "more than 1 MiB"),
}


@pytest.mark.parametrize(("limit", "most", "make", "words"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_more_than_a_run_can_hold_is_refused_in_a_sentence(
    limit: str,
    most: int,
    make: Callable[[], Entries],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(f"scratchtui.training.{limit}", most)
    assert f"holds {words}, which no run does" in refused(written(tmp_path, make()))


def test_changes_that_only_alternate_are_tried_out_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, _ = run_of(*[("data", ("original", "all")[k % 2]) for k in range(100)], 3)
    save_run(run, tmp_path / "run.npz")
    calls: list[str] = []
    make_rows = rows.make_rows
    monkeypatch.setattr(
        rows, "make_rows", lambda text, *rest: (calls.append(text), make_rows(text, *rest))[1]
    )
    assert load_run(tmp_path / "run.npz").journal == run.journal
    assert len(calls) < 6


def test_a_run_that_could_not_be_opened_again_is_not_saved(tmp_path: Path) -> None:
    run, _ = run_of(3)
    run.journal = [Entry(3, "noise", k / 1e6) for k in range(MOST_CHANGES + 1)]
    with pytest.raises(
        OSError, match="more than 4,096 changes of its data could not be opened again"
    ) as refusal:
        save_run(run, tmp_path / "run.npz")
    assert (refusal.value.errno, refusal.value.filename) == (errno.EFBIG, str(tmp_path / "run.npz"))
    assert not list(tmp_path.iterdir())


def test_a_run_as_it_was_written_at_first_is_read(tmp_path: Path) -> None:
    settings = good_meta()["hyperparameters"]
    entries = with_meta(
        snapshot_settings=[settings, {**settings, "optimizer": "adam"}], snapshot_setting=[0, 0, 1, 1]
    )
    ours, theirs = (load_run(written(tmp_path, each)) for each in (good_entries(), entries))
    assert all(map(same_state, ours.timeline.snapshots, theirs.timeline.snapshots))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "there is no file" in refused(tmp_path / "none.npz")


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(RunFileError, match="is a pipe or a device"):
        load_run(tmp_path / "pipe")


@pytest.mark.parametrize("weights", [np.zeros((8, 1)), np.zeros(8), np.full((8, 1), np.nan), None])
def test_parameters_that_are_not_those_of_the_last_snapshot_are_refused(tmp_path: Path, weights: Any) -> None:
    entries = changed(**{"0.Dense.W": weights}) if weights is not None else changed()
    if weights is None:
        del entries["0.Dense.W"]
    assert "damaged" in refused(written(tmp_path, entries))


def test_a_newer_format_says_so(tmp_path: Path) -> None:
    sentence = refused(written(tmp_path, with_meta(format=FORMAT + 1, version="9.9")))
    assert "9.9" in sentence
    assert "newer" in sentence


def test_what_a_newer_version_wrote_in_this_format_and_cannot_be_read_is_no_damage(tmp_path: Path) -> None:
    more = {**good_meta()["hyperparameters"], "dropout": 0.5}
    assert "is newer than this" in refused(written(tmp_path, with_meta(hyperparameters=more, version="99.0")))
    assert "damaged" in refused(written(tmp_path, with_meta(hyperparameters=more)))


def test_a_run_that_repeats_what_snapshots_share_is_read_too(tmp_path: Path) -> None:
    batches: list[list[Any]] = []
    for memory, place in good_meta()["snapshot_batches"]:
        batches.append([memory or batches[-1][0], place])
    ours, theirs = (
        load_run(written(tmp_path, entries)).timeline.snapshots
        for entries in (good_entries(), with_meta(snapshot_batches=batches))
    )
    assert all(map(same_state, ours, theirs))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
        (MemoryError(), "there is not memory enough to read"),
    ],
)
def test_what_is_no_fault_of_the_file_is_not_called_damage(
    error: Exception, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> NoReturn:
        raise error

    path = written(tmp_path, good_bytes())
    monkeypatch.setattr(np, "frombuffer", fail)
    with pytest.raises((OSError, RunFileError), match=words) as refusal:
        load_run(path)
    assert str(path) in str(refusal.value)


def an_npy() -> bytes:
    file = BytesIO()
    np.save(file, np.arange(3))
    return file.getvalue()


def losses(width: int, **buckets: Any) -> Entries:
    """Return a run of 40 steps with a history of two buckets, each of one loss from 1 to 2."""
    history = {"index": [0, 1], "low": [1.0, 1.0], "high": [2.0, 2.0], "count": [width, width]} | buckets
    history["total"] = buckets.get("total", np.multiply(1.5, history["count"]))
    entries = with_meta(loss_bucket_width=width)
    for name, values in history.items():
        entries[f"losses.{name}"] = np.array(values, None if name == "index" else float)
    return entries


def sizes(last: int) -> Any:
    return np.array([0] * (len(good_entries()["snapshots.step"]) - 1) + [last])


FOREIGN: dict[str, Callable[[], bytes | Entries]] = {
    "empty": lambda: b"",
    "text": lambda: b"hello\n",
    "zeros": lambda: bytes(1000),
    "a pickle": lambda: pickle.dumps({"meta": 1}),
    "one array": an_npy,
    "an npz of something else": lambda: {"x": np.arange(3)},
    "a zip without members": lambda: b"PK\x05\x06" + bytes(18),
    "meta that is no JSON": lambda: changed(meta="{"),
    "meta that nests too deeply": lambda: changed(meta="[" * 100_000),
    "meta that is a list": lambda: changed(meta="[]"),
    "meta that is a number": lambda: changed(meta=3.0),
    "an experiment that there is not": lambda: with_meta(experiment="cnm"),
    "an experiment that is no name": lambda: with_meta(experiment=["binary"]),
    "a format that there is not": lambda: with_meta(format=0),
    "no seed": lambda: with_meta(seed=None),
    "a seed that is a list": lambda: with_meta(seed=[1, 2]),
    "a seed below zero": lambda: with_meta(seed=-1),
    "another step": lambda: with_meta(step=39),
    "no snapshot": lambda: changed(
        meta=json.dumps({**good_meta(), "snapshot_setting": [], "snapshot_batches": [], "step": 0}),
        snapshots_step=np.zeros(0, int),
        snapshots_loss=np.zeros(0),
        snapshots_parameters=np.zeros((0, 8)),
        snapshots_optimizer=np.zeros(0),
        snapshots_optimizer_size=np.zeros(0, int),
    ),
    "weights that are not finite": lambda: changed(
        snapshots_parameters=good_entries()["snapshots.parameters"] * np.nan
    ),
    "weights in single precision": lambda: changed(
        snapshots_parameters=good_entries()["snapshots.parameters"].astype(np.float32)
    ),
    "too few weights": lambda: changed(snapshots_parameters=good_entries()["snapshots.parameters"][:, :7]),
    "a loss for each weight": lambda: changed(snapshots_loss=good_entries()["snapshots.parameters"]),
    "steps out of order": lambda: changed(snapshots_step=good_entries()["snapshots.step"][::-1]),
    "steps that are no whole numbers": lambda: changed(
        snapshots_step=good_entries()["snapshots.step"].astype(float)
    ),
    "an optimizer without its memory": lambda: changed(
        snapshots_optimizer=np.zeros(0), snapshots_optimizer_size=np.zeros(4, int)
    ),
    "a weight that there is not": lambda: with_meta(journal=[[20, "0.Dense.W[9,0]", 1.0]]),
    "a frozen weight that there is not": lambda: with_meta(journal=[[20, "frozen", "9.Dense"]]),
    "no losses": lambda: changed(losses_low=None),
    "fewer losses than buckets": lambda: changed(losses_low=good_entries()["losses.low"][:3]),
    "losses that are not finite": lambda: changed(losses_high=good_entries()["losses.high"] * np.inf),
    "conditions that are none": lambda: with_meta(stops=["loss"]),
    "a first snapshot that has what the one before it has": lambda: with_meta(
        snapshot_batches=[[None, place] for _, place in good_meta()["snapshot_batches"]]
    ),
    "more conditions than can be waited for": lambda: with_meta(stops=["loss<0.5"] * 21),
    "a fork at a step that it has not come to": lambda: with_meta(origin=["run 1", 41]),
    "a fork before the beginning": lambda: with_meta(origin=["run 1", -5]),
    "a fork at a word": lambda: with_meta(origin=["run 1", "7"]),
    "a reason to stop that there is not": lambda: with_meta(halt=["bored", 40, "it was late"]),
    "a reason to stop elsewhere": lambda: with_meta(halt=["diverged", 40, "loss inf"]),
    "a reason to stop that moves the cursor": lambda: with_meta(halt=["stop", 40, "\x1b[2J"]),
    "a reason to stop of any length": lambda: with_meta(halt=["stop", 40, "x" * 10_001]),
    "losses of steps that were not taken": lambda: losses(index=[38, 2**62], width=1),
    "losses of steps beyond any number": lambda: losses(index=[2**62, 2**62 + 1], width=4),
    "losses of places of one byte": lambda: losses(index=np.array([100, 101], np.int8), width=64),
    "losses of fewer steps than there were": lambda: losses(width=16, count=[16, 15]),
    "losses of more steps than there were": lambda: losses(index=[0, 2], width=16, count=[16, 9]),
    "a mean above the highest loss": lambda: losses(width=16, total=[33.0, 16.0]),
    "a mean below the lowest loss": lambda: losses(width=16, total=[15.0, 16.0]),
    "a mean beyond all numbers": lambda: losses(width=16, total=[1e300, 16.0]),
    "a memory of an optimizer that another has": lambda: changed(
        snapshots_optimizer_size=good_entries()["snapshots.optimizer_size"][::-1]
    ),
    "a memory of an optimizer that is taken back": lambda: changed(
        snapshots_optimizer_size=sizes(-17), snapshots_optimizer=np.zeros(0)
    ),
    "data that cannot be, where no snapshot has them": lambda: with_meta(
        journal=[[20, "optimizer", "adam"], [20, "data", "none"], [20, "data", "all"]]
    ),
    "a change of what needs a new network": lambda: with_meta(journal=[[20, "bits", 8]]),
    "fewer changes than it had before": lambda: changed(snapshots_changes=sizes(1)[::-1]),
    "no width": lambda: with_meta(loss_bucket_width=0),
    "a width that is no power of two": lambda: with_meta(loss_bucket_width=3),
}


NO_ARCHIVE, OTHER_ARCHIVE = (
    "is no .npz file, as runs are",
    "is an .npz file, but no run that scratchtui saved",
)
DAMAGED, UNKNOWN = (
    "is a run that scratchtui saved, but damaged",
    "is damaged, or no run that scratchtui saved",
)
KINDS = {
    "empty": NO_ARCHIVE,
    "text": NO_ARCHIVE,
    "zeros": NO_ARCHIVE,
    "a pickle": NO_ARCHIVE,
    "one array": NO_ARCHIVE,
    "an npz of something else": OTHER_ARCHIVE,
    "a zip without members": OTHER_ARCHIVE,
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_no_run_is_refused_and_told_from_one_that_is_damaged(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, FOREIGN[name]())
    assert refused(path) == f"{path} {KINDS.get(name, DAMAGED)}"


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda content: content[: len(content) // 2], UNKNOWN),
        (lambda content: b"xx" + content[2:], DAMAGED),
        (lambda content: content.replace(b"snapshots.step", b"snapshots.stop"), OTHER_ARCHIVE),
    ],
    ids=["cut", "begun otherwise", "without its steps"],
)
def test_of_a_damaged_run_no_more_is_said_than_can_be_known(
    damage: Callable[[bytes], bytes], words: str, tmp_path: Path
) -> None:
    path = tmp_path / "odd.npz"
    save_run(run_of(20)[0], path)
    path.write_bytes(damage(path.read_bytes()))
    assert refused(path) == f"{path} {words}"


class Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return (os._exit, (3,))


@pytest.mark.parametrize("name", ["meta", "snapshots.parameters", "losses.low"])
def test_nothing_is_unpickled(name: str, tmp_path: Path) -> None:
    entries = good_entries()
    entries[name] = np.array([Bomb()], dtype=object)
    refused(written(tmp_path, entries))


def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    whole = good_bytes()
    for length in range(0, len(whole), len(whole) // 60):
        refused(written(tmp_path, whole[:length]))


def test_flipped_bytes_are_refused_or_harmless(tmp_path: Path) -> None:
    whole = good_bytes()
    for place in range(0, len(whole), len(whole) // 120):
        damaged = whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
        usable_or_refused(written(tmp_path, damaged))


def test_an_unknown_compression_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "odd.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("meta.npy", b"\x93NUMPY")
    refused(path)


def usable_or_refused(path: Path) -> None:
    try:
        run = load_run(path)
    except RunFileError as refusal:
        sentence = str(refusal)
    else:
        sentence = "taken"
        experiment = run.experiment()
        for panel in type(experiment).panels:
            experiment.view(panel.name, run.timeline.snapshots, Probe())
        run.losses.view()
        experiment.metrics()
        experiment.forecast()
        trainer = Trainer(run.recipe, run.latest)
        run.losses = run.losses.merge(LossHistory.of(run.latest.step + 1, trainer.step(3).losses))
        run.timeline.append(trainer.experiment.snapshot())
        again = path.with_name("again.npz")
        again.unlink(missing_ok=True)
        save_run(run, again)
        load_run(again)
    assert "\n" not in sentence


FAR = np.finfo(np.float64).max


@pytest.mark.parametrize("weight", [1e154, 1e201, FAR, -FAR, np.resize([FAR, -FAR], 8)], ids=str)
def test_weights_of_any_size_are_a_run(weight: Any, tmp_path: Path) -> None:
    entries = good_entries()
    weights = np.full_like(entries["snapshots.parameters"], weight)
    last = weights[-1].reshape(entries["0.Dense.W"].shape)
    path = written(tmp_path, {**entries, "snapshots.parameters": weights, "0.Dense.W": last})
    assert load_run(path).latest.parameters.tolist() == weights[-1].tolist()
    usable_or_refused(path)


WILD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["sgd", "all", "gray", 0, 1, -1, 2**63, 2**200, 1e308, [], {}, [[]], [1, 2]]),
)


def replaced(data: st.DataObject, value: Any) -> Any:
    """Return JSON data with something within it replaced, dropped or repeated."""
    children: list[Any] = []
    if isinstance(value, dict):
        children = list(value)
    elif isinstance(value, list):
        children = list(range(len(value)))
    if not children or data.draw(st.integers(0, 5)) == 0:
        return data.draw(WILD)
    child = data.draw(st.sampled_from(children))
    if data.draw(st.integers(0, 3)) == 0:
        if isinstance(value, dict):
            return {key: item for key, item in value.items() if key != child}
        return value[:child] + value[child + data.draw(st.sampled_from([0, 1])) * 2 :]
    copy = value.copy()
    copy[child] = replaced(data, value[child])
    return copy


@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_a_meta_with_wild_values_is_refused_or_usable(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    entries = changed(meta=json.dumps(replaced(data, good_meta())))
    usable_or_refused(written(tmp_path_factory.getbasetemp(), entries))


ARRAYS = st.sampled_from(
    [
        np.zeros(0),
        np.zeros((0, 0)),
        np.zeros(1),
        np.array(1.0),
        np.array("x"),
        np.full(3, np.nan),
        np.full((3, 8), 1e308),
        np.arange(4),
        np.arange(4)[::-1],
        np.full(4, 2**62),
        np.zeros(4, bool),
        np.ones((4, 8), complex),
        np.zeros((4, 8, 1)),
        np.full((4, 8), -1e154),
    ]
)


@settings(deadline=None, max_examples=80)
@given(data=st.data())
def test_entries_with_wild_arrays_are_refused_or_usable(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    entries = good_entries()
    for name in data.draw(st.lists(st.sampled_from(sorted(entries)), min_size=1, max_size=2)):
        entries[name] = data.draw(ARRAYS)
    usable_or_refused(written(tmp_path_factory.getbasetemp(), entries))
