"""The runs of a tab: those that were left are kept for comparison, the oldest forgotten first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from scratchtui.experiments.view import Table
from scratchtui.training.run import cells, proper_name
from scratchtui.training.timeline import BYTE_BUDGET, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scratchtui.experiments.hyperparameter import Settings
    from scratchtui.experiments.panel import Edit
    from scratchtui.experiments.view import Curve, Curves
    from scratchtui.training.run import Run

MOST = 8
LONGEST_SHOWN = 16  # cells of a name in the list
BYTES_KEPT = 8 * 2**20  # of the timeline of a run that was left


class Roster(NamedTuple):
    """The names of the runs, which are pinned, and which were deleted."""

    labels: tuple[tuple[Run, str, bool], ...]
    deleted: tuple[Run, ...]


class Runs:
    """Runs in the order in which they began, each with a name; one of them is the present one."""

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self._begun = 0
        self._deleted: list[Run] = []  # by the user, who may want them back

    def take_up(self, run: Run, left: Run | None = None) -> None:
        """Have `run` among them, instead of the one that was `left` if that took no step."""
        if left is not None and left is not run:
            if left.latest.step == 0 and not left.pinned:
                self._runs = [each for each in self._runs if each is not left]
                run.name = run.name or left.name
                if not left.journal:
                    left.timeline = Timeline()  # it can begin again; a thousand edits may hold such runs
            left.timeline.fit(BYTES_KEPT)
        run.begin()
        run.timeline.fit(BYTE_BUDGET)
        if run not in self._runs:
            if not run.name or any(each.name == run.name for each in self._runs):
                self._begun += 1
                run.name = f"run {self._begun}"
            self._runs.append(run)
        while len(self._runs) > MOST and (oldest := self._forgettable(run)) is not None:
            self._runs.remove(oldest)
            oldest.forget()

    def _forgettable(self, present: Run) -> Run | None:
        return next((each for each in self._runs if not each.pinned and each is not present), None)

    def __iter__(self) -> Iterator[Run]:
        return iter(self._runs)

    def __getitem__(self, place: int) -> Run:
        return self._runs[place]

    def __len__(self) -> int:
        return len(self._runs)

    def table(self, present: Run, headline: str) -> Table:
        """Return the runs side by side: what differs from the present one, and how far each has come."""
        rows = tuple(
            (
                f"{'*' * each.pinned}{clipped_name(each.name, LONGEST_SHOWN)}",
                str(each.recipe.seed),
                f"{each.latest.step:,}",
                f"{each.latest.loss:.3g}",
                "here"
                if each is present
                else differences(each.latest.settings, present.latest.settings) or "nothing",
                headline if each is present else each.headline,
                f"{each.began:%H:%M:%S}",
            )
            for each in self._runs
        )
        columns = ("run", "seed", "steps", "loss", "differs by", "came to", "began")
        ids = tuple(range(len(rows)))
        return Table(columns, rows, ids=ids, selected=self._runs.index(present))

    def curves(self, present: Run, held_out: Curve | None, closer: Curve | None) -> Curves:
        """Return the losses of the present run, that on held-out data, if any, and dimmed those of others.

        `closer` are losses of the present run step by step, if any have been looked for.
        """
        curves = present.losses.view()
        own = tuple(replace(curve, closer=closer) for curve in curves.curves)
        if held_out is not None:
            own = (*(replace(curve, name="train") for curve in own), held_out)
        views = {run: run.losses.view() for run in self._runs if run is not present and len(run.losses)}
        others = [
            replace(curve, name=clipped_name(run.name), dim=True)
            for run, view in views.items()
            for curve in view.curves
        ]
        if others and held_out is None:
            own = tuple(replace(curve, name=clipped_name(present.name)) for curve in own)
        logarithmic = any(view.logarithmic for view in (curves, *views.values()))
        return replace(curves, curves=(*own, *others), logarithmic=logarithmic)

    def edit(self, edit: Edit, present: Run) -> Run | None:
        """Make an edit of the user's; return the run to return to, if that is asked; ValueError."""
        run = self._runs[edit.place[0]]
        match edit.action:
            case "return" if run is not present:
                return run
            case "rename":
                self.rename(run, edit.text)
            case "pin":
                run.pinned = not run.pinned
            case "remove":
                self.delete(run, present)
        return None

    def rename(self, run: Run, name: str) -> None:
        """Give a run another name; ValueError where it has none, one too long, or that of another run."""
        name = proper_name(name)
        if any(each.name == name for each in self._runs if each is not run):
            raise ValueError(f"there is a run {name} already")
        run.name = name

    def delete(self, run: Run, present: Run) -> None:
        """Forget a run; ValueError for the present one."""
        if run is present:
            raise ValueError("this is the run that you are in; return to another one first")
        self._runs.remove(run)
        self._deleted.append(run)
        if len(self._deleted) > MOST:
            self._deleted.pop(0).forget()

    @property
    def roster(self) -> Roster:
        """What the user has made of the runs, to be returned to."""
        labels = tuple((run, run.name, run.pinned) for run in self._runs)
        return Roster(labels, tuple(self._deleted))

    def return_to(self, roster: Roster) -> None:
        """Have again the runs that were deleted since, without those deleted then, named as then."""
        back = [run for run in self._deleted if run not in roster.deleted]
        self._runs = [run for run in (*back, *self._runs) if run not in roster.deleted]
        self._deleted = [run for run in roster.deleted if not run.forgotten]
        for run, name, pinned in roster.labels:
            run.name, run.pinned = name, pinned


def differences(settings: Settings, others: Settings) -> str:
    """Return in which hyperparameters settings differ from others: key=value, ..."""
    return ", ".join(f"{key}={value}" for key, value in settings.items() if others[key] != value)


def clipped_name(name: str, most: int = 10) -> str:
    """Return a name as it fits beside a chart, or into so many cells of a terminal."""
    if cells(name) <= most:
        return name
    while cells(name) > most - 1:
        name = name[:-1]
    return f"{name}…"
