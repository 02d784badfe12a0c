"""What the user made in a tab, as it is kept in case the program ends, and read again.

A recovery is a file a run, as `s` writes them but with fewer snapshots (those between are found by replay,
exactly), and a manifest, in JSON below its SHA-256, that says which run is where in which tab, and what is
in no run: the probe, settings that wait for a reset, the speed, the step that was looked at.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scratchtui.experiments import find_experiment
from scratchtui.experiments.escapes import printable
from scratchtui.experiments.panel import Probe
from scratchtui.experiments.recipe import default_recipe
from scratchtui.training.course import SPEEDS
from scratchtui.training.files import RunFileError, read_run
from scratchtui.training.run import proper_name
from scratchtui.training.spelling import loaded
from scratchtui.training.timeline import Timeline, size_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.hyperparameter import Value
    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.training.recovery_folder import RecoveryFolder
    from scratchtui.training.run import Run
    from scratchtui.training.session import Session

FORMAT = 1
MANIFEST = "manifest.json"
LARGEST = 8 * 2**20  # bytes of a manifest, which holds a dataset at most
PRESENT, OTHERS = 2 * 2**20, 2**20  # bytes of the snapshots of the present run, and of each other
MOST_RUNS = 24  # of a tab, more than eight being pinned ones


class RecoveryError(ValueError):
    """A recovery, or a part of one, that cannot be read; says so in one sentence."""


@dataclass(frozen=True)
class Kept:
    """A run of a tab by the file that it is in."""

    file: str
    name: str
    step: int
    pinned: bool
    began: datetime
    headline: str
    filed: tuple[int, int] | None

    @classmethod
    def of(cls, run: Run, file: str) -> Kept:
        """Return what the manifest tells of a run."""
        return cls(file, run.name, run.latest.step, run.pinned, run.began, run.headline, run.filed)

    def stored(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {**vars(self), "began": self.began.isoformat()}

    @classmethod
    def loaded(cls, stored: Mapping[str, Any]) -> Kept:
        """Return what JSON holds; anything may be raised for what is none."""
        filed = stored["filed"]
        return cls(
            _plain(stored["file"]),
            proper_name(stored["name"]),
            int(stored["step"]),
            bool(stored["pinned"]),
            datetime.fromisoformat(stored["began"]),
            printable(str(stored["headline"])),
            None if filed is None else (int(filed[0]), int(filed[1])),
        )

    def read(self, folder: RecoveryFolder) -> Run:
        """Return the run; RunFileError, OSError."""
        with folder.open(self.file) as file:
            run = read_run(file, folder.path / self.file)
        run.name, run.pinned, run.began = self.name, self.pinned, self.began
        run.headline, run.filed = self.headline, self.filed
        return run


@dataclass(frozen=True)
class Tab:
    """What the user made of an experiment; `present` is the place of the present run.

    `step` is the one that was looked back at, None the newest; `speed` is in steps a second.
    """

    experiment: str
    runs: tuple[Kept, ...]
    present: int
    speed: float
    step: int | None = None
    probe: Probe = field(default_factory=Probe)
    pending: Mapping[str, Value] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, files: Mapping[Run, str]) -> Tab:
        """Return what a session holds, of the runs that are in files."""
        runs = [run for run in session.runs if run in files]
        return cls(
            session.kind.name,
            tuple(Kept.of(run, files[run]) for run in runs),
            runs.index(session.run),
            session.course.speed,
            session.looking.step if session.looking.away else None,
            session.probe,
            dict(session.pending),
        )

    def stored(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        held = [[int(unit), float(value)] for unit, value in self.probe.held.items()]
        return {
            **vars(self),
            "runs": [run.stored() for run in self.runs],
            "probe": {**vars(self.probe), "row": int(self.probe.row), "held": held},
            "pending": dict(self.pending),
        }

    @classmethod
    def loaded(cls, stored: Mapping[str, Any]) -> Tab:
        """Return what JSON holds; anything may be raised for what is none."""
        kind = find_experiment(stored["experiment"])
        runs = tuple(Kept.loaded(each) for each in stored["runs"])
        if not 0 <= stored["present"] < len(runs) <= MOST_RUNS:
            raise ValueError("there is no present run")
        step, probe = stored["step"], stored["probe"]
        held = {int(unit): float(value) for unit, value in probe["held"]}
        return cls(
            kind.name,
            runs,
            int(stored["present"]),
            SPEEDS[SPEEDS.index(stored["speed"])],
            None if step is None else int(step),
            Probe(str(probe["text"]), int(probe["row"]), str(probe["picture"]), held),
            _readable(kind, stored["pending"]),
        )


@dataclass(frozen=True)
class Manifest:
    """What a recovery holds: the tabs, which was the `current` one, and whether the user had quit."""

    tabs: tuple[Tab, ...]
    current: str
    quit: bool = False

    def text(self) -> bytes:
        """Return what the file of it holds."""
        stored = {
            "format": FORMAT,
            "current": self.current,
            "quit": self.quit,
            "tabs": [tab.stored() for tab in self.tabs],
        }
        body = json.dumps(stored).encode()
        return hashlib.sha256(body).hexdigest().encode() + b"\n" + body

    @classmethod
    def read(cls, folder: RecoveryFolder) -> Manifest:
        """Return what the file in a folder holds; RecoveryError, OSError."""
        with folder.open(MANIFEST) as file:
            digest, _, body = file.read(LARGEST).partition(b"\n")
        try:
            return cls._loaded(body, digest)
        except Exception as error:  # json and each part raise what they like
            raise RecoveryError(
                f"what was kept in {folder.path} is damaged, or of another version, and was left there"
            ) from error

    @classmethod
    def _loaded(cls, body: bytes, digest: bytes) -> Manifest:
        if hashlib.sha256(body).hexdigest().encode() != digest:
            raise ValueError("it is not what was written")
        stored = json.loads(body)
        if stored["format"] != FORMAT:
            raise ValueError("it is of another version")
        tabs = tuple(Tab.loaded(each) for each in stored["tabs"])
        return cls(tabs, str(stored["current"]), bool(stored["quit"]))


@dataclass(frozen=True)
class Recovered:
    """A tab as it was read: the runs that could be, and which of them was the present one, if it is there."""

    tab: Tab
    runs: tuple[Run, ...]
    present: Run | None


def read_tab(tab: Tab, folder: RecoveryFolder) -> tuple[Recovered, list[str]]:
    """Return what can be had of a tab, and a sentence for each run that cannot."""
    runs: dict[int, Run] = {}
    refusals = []
    for place, kept in enumerate(tab.runs):
        try:
            run = kept.read(folder)
        except (RunFileError, OSError) as error:
            refusals.append(f"{kept.name} of {tab.experiment}: {error}")
            continue
        if run.recipe.experiment == tab.experiment:
            runs[place] = run
        else:
            refusals.append(f"{kept.name} of {tab.experiment} is a run of {run.recipe.experiment}")
    recovered = Recovered(tab, tuple(runs.values()), runs.get(tab.present))
    if recovered.present is not None:
        try:
            _try_out(recovered.present, tab.probe)
        except Exception:  # noqa: BLE001 - whatever a panel makes of it, the run is shown without it
            refusals.append(f"what was pointed at in {tab.experiment} could not be shown")
            recovered = replace(recovered, tab=replace(tab, probe=Probe()))
    return recovered, refusals


def _try_out(run: Run, probe: Probe) -> None:
    """Raise whatever showing a run as the probe points at it raises."""
    experiment = run.experiment()
    for panel in experiment.panels:
        if panel.name not in experiment.absent():
            experiment.view(panel.name, run.timeline.snapshots, probe)


def recover(session: Session, recovered: Recovered) -> bool:
    """Bring a session to where a tab was; whether it is there.

    Where the user has done something meanwhile, or opened a file, the runs are only among those to return to.
    """
    tab, run = recovered.tab, recovered.present
    if run is None or is_worth_keeping(session) or session.run.filed is not None:
        session.runs.admit(recovered.runs)
        return False
    session.open(run)
    session.runs.admit(recovered.runs)
    session.course.speed_index = SPEEDS.index(tab.speed)
    session.probe, session.pending = tab.probe, dict(tab.pending)
    if tab.step is not None:
        session.seek(tab.step)
    return True


def is_worth_keeping(session: Session) -> bool:
    """Whether a session holds what is in no file of the user's, and could not be had by a key or two."""
    probe = session.probe
    made = probe.text or probe.picture or probe.held or session.pending
    waits = session.course.stops != session.run.stops
    return bool(made) or waits or any(is_unsaved(run, session) for run in session.runs)


def is_unsaved(run: Run, session: Session) -> bool:
    """Whether a run holds steps, changes or settings that no file of the user's has."""
    step, changes = run.latest.step, run.latest.changes
    if run is session.run:
        changes += len(session.link.untold)
    if run.filed == (step, changes):
        return False
    return bool(step or changes) or run.recipe.settings != default_recipe(session.kind).settings


def thinned(run: Run, byte_budget: int) -> Run:
    """Return the run with no more snapshots, evenly chosen, than fit the budget; never fewer than two."""
    kept = chosen(run.timeline.snapshots, byte_budget)
    return run if len(kept) == len(run.timeline.snapshots) else replace(run, timeline=Timeline(kept))


def chosen(snapshots: Sequence[Snapshot], byte_budget: int) -> list[Snapshot]:
    """Return the first, the last, and every so-manieth between."""
    most = max(2, byte_budget // max(map(size_of, (snapshots[0], snapshots[-1]))))
    if len(snapshots) <= most:
        return list(snapshots)
    return [*snapshots[: -1 : -(-(len(snapshots) - 1) // (most - 1))], snapshots[-1]]


def _readable(kind: type[Experiment], pending: Mapping[str, Any]) -> dict[str, Value]:
    """Return the settings that this version knows: others need not keep the runs from being restored."""
    found = {}
    for key, value in pending.items():
        with contextlib.suppress(ValueError):
            found[key] = loaded(kind, key, value)
    return found


def _plain(name: str) -> str:
    """Return the name of a file in the folder itself; ValueError for what leads elsewhere."""
    if not name.isascii() or "/" in name or name.startswith(".") or not name.endswith(".npz"):
        raise ValueError(f"{name!r} is no file of a recovery")
    return name
