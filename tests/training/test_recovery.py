"""What is restored equals what was, bit for bit; what is damaged is refused in a sentence, once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.panel import Edit, Probe
from scratchtui.experiments.snapshot import same_state
from scratchtui.training import recoveries, recovery_folder
from scratchtui.training.files import load_run, save_run
from scratchtui.training.past import Past
from scratchtui.training.recoveries import Attempt
from scratchtui.training.recovery import MANIFEST, Recovered, chosen, is_worth_keeping, recover
from scratchtui.training.recovery_writer import RecoveryWriter
from scratchtui.training.run import Run
from scratchtui.training.session import Session
from scratchtui.training.timeline import size_of
from tests.training.stand_ins import LocalWorker

EXAMPLES = int(os.environ.get("RECOVERY_EXAMPLES", "40"))
PROBES = {
    "binary": Probe("101", 3),
    "nn": Probe("0.5,1", 2),
    "cnn": Probe(picture="", row=1),
    "rnn": Probe("he", 1, held={2: 0.5, 0: -1 / 3}),
}

WAITING = {"binary": {"bits": 3}, "nn": {"hidden": "3,3"}, "cnn": {"filters": 3}, "rnn": {"hidden": 9}}


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCRATCHTUI_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


def new_session(name: str) -> Session:
    return Session(EXPERIMENTS[name], worker=LocalWorker())


def take(session: Session, steps: int) -> None:
    worker = session.worker
    assert isinstance(worker, LocalWorker)
    for _ in range(steps):
        session.step()
        worker.turns(4)
        session.ask()
        worker.turns(2)
        session.receive()


def used(name: str) -> Session:
    """Return a session in which much was done."""
    session = new_session(name)
    if name == "cnn":
        session.set_value("filters", 2)
    take(session, 6)
    session.set_value("learning_rate", 0.03)
    take(session, 3)
    session.seek(4)
    session.set_value("optimizer", "momentum")
    take(session, 5)
    session.edit("runs", Edit("rename", (0,), "the first ünïcode"))
    session.edit("runs", Edit("pin", (0,)))
    session.stop_when("loss<1e-300; step=10000" if name == "binary" else "loss<1e-300")
    session.change_speed(+2)
    session.probe = PROBES[name]
    if name == "cnn":
        session.edit("face", Edit("flip", (1, 1)))
    session.set_value("learning_rate", 0.02)  # untold
    session.set_value(f"{session.kind.tensor}[{'0,0,0,0' if name == 'cnn' else '0,0'}]", 0.125)
    session.pending = WAITING[name]
    return session


def written(*sessions: Session) -> RecoveryWriter:
    writer = RecoveryWriter()
    write(writer, *sessions)
    return writer


def write(writer: RecoveryWriter, *sessions: Session, quits: bool = False) -> bool:
    writing = writer.gathered(sessions, sessions[0].kind.name, quits=quits)
    if writing is not None:
        writer.write(writing)
    return writing is not None


def die(writer: RecoveryWriter) -> None:
    """Let go of the folder as the end of its process does."""
    assert writer.folder is not None
    writer.folder.close()


def attempted() -> tuple[Attempt, list[Recovered]]:
    (offer,) = recoveries.found().offers
    attempt = Attempt(offer)
    return attempt, attempt.read()


def assert_alike(run: Run, other: Run) -> None:
    """Assert that two runs have the same past, and go on alike."""
    assert (run.name, run.pinned, run.began, run.origin) == (
        other.name,
        other.pinned,
        other.began,
        other.origin,
    )
    assert run.recipe == other.recipe
    assert run.journal == other.journal
    for name in ("index", "low", "high", "total", "count"):
        np.testing.assert_array_equal(getattr(run.losses, name), getattr(other.losses, name))
    assert run.latest.step == other.latest.step
    past, others = Past(run), Past(other)
    for step in range(run.latest.step + 1):
        assert same_state(past.at(step), others.at(step)), step


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_tab_is_restored_as_it_was(name: str) -> None:
    session = used(name)
    session.seek(7)
    session.probe = session.probe
    die(written(session))
    attempt, (tab,) = attempted()
    assert not attempt.refusals
    restored = new_session(name)
    assert recover(restored, tab)
    assert [run.name for run in restored.runs] == [run.name for run in session.runs]
    for run, other in zip(restored.runs, session.runs, strict=True):
        assert (run is restored.run) == (other is session.run)
        assert_alike(run, session.whole_run() if other is session.run else other)
    assert restored.seen is not None
    assert restored.seen.step == 7
    assert restored.settings == session.settings
    assert (restored.probe, restored.course.speed) == (session.probe, session.course.speed)
    assert restored.pending == session.pending == WAITING[name]
    assert restored.course.stops == session.course.stops
    session.seek(session.run.latest.step)
    restored.seek(restored.run.latest.step)
    take(session, 4)
    take(restored, 4)
    assert same_state(restored.run.latest, session.run.latest)


def test_settings_that_wait_and_the_list_of_runs_go_on_after_a_restore() -> None:
    session = used("binary")
    die(written(session))
    _, (tab,) = attempted()
    restored = new_session("binary")
    recover(restored, tab)
    assert restored.pending == session.pending == {"bits": 3}
    restored.reset()
    names = [run.name for run in restored.runs]
    assert len(set(names)) == len(names) == 3
    restored.undo()
    assert restored.run.latest.step == session.run.latest.step


def test_where_something_was_done_meanwhile_the_runs_are_beside_it() -> None:
    die(written(used("binary")))
    _, (tab,) = attempted()
    session = new_session("binary")
    take(session, 2)
    present = session.run
    assert not recover(session, tab)
    assert session.run is present
    assert session.probe == Probe()
    assert [run.latest.step for run in session.runs] == [9, 9, 2]
    assert len({run.name for run in session.runs}) == 3


def test_only_what_has_changed_is_written(state: Path) -> None:
    session, other = used("binary"), used("nn")
    writer = written(session, other)
    first = stamps(state)
    assert not write(writer, session, other)
    take(session, 1)
    assert write(writer, session, other)
    changed = {name for name, stamp in stamps(state).items() if first.get(name) != stamp}
    assert len(changed) == 2
    assert MANIFEST in changed
    session.probe = Probe("1")
    assert write(writer, session, other)
    assert writer.written < 4096


def stamps(state: Path) -> dict[str, tuple[int, int]]:
    return {path.name: (path.stat().st_ino, path.stat().st_size) for path in state.glob("*/*/*")}


def test_what_holds_nothing_or_is_all_in_files_leaves_nothing(tmp_path: Path, state: Path) -> None:
    session = new_session("binary")
    writer = written(session)
    assert not state.exists()
    take(session, 3)
    assert write(writer, session)
    assert list(state.glob("*/*/*.npz"))
    now = session.whole_run()
    save_run(now, tmp_path / "mine.npz")
    session.run.filed = now.latest.step, now.latest.changes
    assert write(writer, session, quits=True)
    assert list(state.glob("*/*")) == []
    opened = new_session("binary")
    opened.open(load_run(tmp_path / "mine.npz"))
    assert not is_worth_keeping(opened)
    opened.set_value("learning_rate", 0.1)
    assert is_worth_keeping(opened)


MADE = [
    ("a step", lambda s: take(s, 1), True),
    ("a live change", lambda s: s.set_value("learning_rate", 0.1), True),
    ("a structural change", lambda s: s.set_value("bits", 4), True),
    ("another seed", lambda s: s.reset(new_seed=True), False),
    ("a row pointed at", lambda s: setattr(s, "probe", Probe(row=4)), False),
    ("an input", lambda s: setattr(s, "probe", Probe("1")), True),
    ("a condition", lambda s: s.stop_when("loss<1"), True),
    ("a speed", lambda s: s.change_speed(1), False),
]


@pytest.mark.parametrize(("what", "make", "kept"), MADE, ids=[what for what, *_ in MADE])
def test_what_could_be_had_by_a_key_is_not_kept(what, make, kept) -> None:
    session = new_session("binary")
    make(session)
    assert is_worth_keeping(session) == kept


def test_of_a_long_run_so_many_snapshots_are_kept_as_fit_the_first_and_last_among_them() -> None:
    session = new_session("binary")
    take(session, 40)
    snapshots = session.run.timeline.snapshots
    size = size_of(snapshots[-1])
    for room in (1, 2, 3, 7, 40, 41, 1000):
        kept = chosen(snapshots, room * size)
        assert (kept[0], kept[-1]) == (snapshots[0], snapshots[-1])
        assert len(kept) <= max(2, room)
        gaps = np.diff([snapshot.step for snapshot in kept])
        assert room < 3 or gaps.max() <= -(-40 // (room - 1))


def test_a_recovery_is_tried_until_the_app_has_outlived_it_or_ends_in_order(state: Path) -> None:
    session = used("binary")
    die(written(session))
    attempt, _ = attempted()
    assert recoveries.found().offers == ()
    attempt._folder.close()  # it crashed
    (offer,) = recoveries.found().offers
    assert offer.tried
    assert load_run(next(state.glob("*/*/*.npz"))).latest.step == 9
    die(written(session))
    assert [offer.tried for offer in recoveries.found().offers] == [False, True]
    recoveries.discard(offer.name)
    attempt, _ = attempted()
    attempt.given_up()
    (offer,) = recoveries.found().offers
    assert not offer.tried
    attempt, _ = attempted()
    attempt.outlived()
    assert recoveries.found() == recoveries.Offers()
    assert list(state.glob("*/*")) == []


def test_one_recovery_is_restored_by_one_process() -> None:
    die(written(used("binary")))
    (offer,) = recoveries.found().offers
    attempt = Attempt(offer)
    with pytest.raises(ValueError, match="meanwhile"):
        Attempt(offer)
    attempt.read()
    attempt.outlived()
    with pytest.raises(ValueError, match="meanwhile"):
        Attempt(offer)


def test_recoveries_of_programs_that_run_and_of_other_hosts_are_not_offered(state: Path) -> None:
    writer = written(used("binary"))
    assert recoveries.found().offers == ()
    die(writer)
    assert len(recoveries.found().offers) == 1
    (folder,) = (state / "recovery").iterdir()
    folder.rename(folder.with_name(f"elsewhere-{folder.name.partition('-')[2]}"))
    assert recoveries.found().offers == ()
    assert list(state.glob("*/*/*.npz"))


def test_recoveries_are_bounded_in_number_in_bytes_and_in_age(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = used("binary")
    for age in range(10):
        writer = written(session)
        die(writer)
        assert writer.folder is not None
        os.utime(writer.folder.path / MANIFEST, (1e9 - age, 1e9 - age))
    now = 1e9 + 3600
    assert [offer.when for offer in recoveries.found(now).offers] == [1e9 - age for age in range(8)]
    size = sum(path.stat().st_size for path in state.glob("*/*/*"))
    monkeypatch.setattr(recoveries, "MOST_BYTES", size // 2)
    assert len(recoveries.found(now).offers) == 4
    assert recoveries.found(1e9 - 1 + recoveries.LONGEST).offers[-1].when == 1e9 - 1
    assert recoveries.found(1e9 + 1 + recoveries.LONGEST).offers == ()
    assert list(state.glob("*/*")) == []


class Kept:
    """A recovery as bytes, to be written anew, damaged, for every example."""

    def __init__(self, state: Path) -> None:
        die(written(used("binary")))
        (self.folder,) = (state / "recovery").iterdir()
        self.files = {p.name: p.read_bytes() for p in self.folder.iterdir()}
        self.names = [name for name in sorted(self.files) if name != recovery_folder.LOCK]
        _, (tab,) = attempted()
        self.runs = {kept.file: run for kept, run in zip(tab.tab.runs, tab.runs, strict=True)}

    def check(self, damaged: str, data: bytes) -> None:
        """Assert that with a damaged file each run is either as it was or refused, and only offered once."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        for name, content in {**self.files, damaged: data}.items():
            (self.folder / name).write_bytes(content)
        found = recoveries.found()
        if damaged == MANIFEST and data != self.files[MANIFEST]:
            assert found.offers == ()
            (refusal,) = found.refusals
            assert str(self.folder) in refusal
            assert recoveries.found() == recoveries.Offers()
            return
        attempt, (tab,) = attempted()
        read = {run.name: run for run in tab.runs}
        for name, run in self.runs.items():
            if name != damaged or run.name in read:
                assert same_state(read[run.name].latest, run.latest)
                assert read[run.name].journal == run.journal
            else:
                assert [name in refusal for refusal in attempt.refusals] == [True]
        attempt.outlived()
        assert recoveries.found() == recoveries.Offers()


@given(data=st.data())
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
def test_a_file_that_is_cut_or_damaged_is_read_whole_or_refused_once(kept: Kept, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(kept.names))
    content = bytearray(kept.files[name])
    if data.draw(st.booleans()):
        kept.check(name, bytes(content[: data.draw(st.integers(0, len(content) - 1))]))
        return
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    kept.check(name, bytes(content))


@pytest.fixture
def kept(state: Path) -> Kept:
    return Kept(state)
