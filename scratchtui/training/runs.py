"""The runs of a tab: the last of those that were left are listed, for comparison."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from scratchtui.training.run import proper_name
from scratchtui.training.run_list import RunList, clipped_name
from scratchtui.training.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set

    from scratchtui.experiments.panel import Edit
    from scratchtui.experiments.view import Curve, Curves, Table
    from scratchtui.training.run import Run

MOST = 8  # that are listed, unless more are pinned
_NUMBERED = re.compile(r"run ([0-9]{1,9})")


class Roster(NamedTuple):
    """The runs that are listed, their names, and which are pinned; how many had ever been listed."""

    labels: tuple[tuple[Run, str, bool], ...]
    listed: int


class Runs:
    """Runs in the order in which they began, each with a name; one of them is the present one.

    A run that leaves the list, since there are many or as it was deleted, is not lost as long as an edit
    leads back to it.
    """

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self._listed = 0  # ever
        self._begun = 0
        self._unlisted: list[Run] = []
        self._list_of = RunList()

    def take_up(self, run: Run, left: Run | None = None) -> None:
        """Have `run` among them, instead of the one that was `left` if that took no step."""
        if left is not None and left is not run and left.latest.step == 0 and not left.pinned:
            self._runs = [each for each in self._runs if each is not left]
            run.name = run.name or left.name
            if not left.journal:
                left.timeline = Timeline()  # it can begin again; a thousand edits may hold such runs
        run.begin()
        if run not in self._runs:
            self._list(run)
        self._unlist_oldest(run, left)

    def admit(self, runs: Sequence[Run]) -> None:
        """Have the runs of an earlier process too, before those of this one, however many there are then."""
        others = [run for run in self._runs if run not in runs]
        numbers = [int(form[1]) for run in runs if (form := _NUMBERED.fullmatch(run.name))]
        self._begun = max(self._begun, *numbers, 0)
        self._runs = list(others)
        for run in runs:
            self._list(run)
        self._runs = [*runs, *others]

    def _list(self, run: Run) -> None:
        if not run.timeline.snapshots:
            run.begin()
        if not run.number:
            self._listed += 1
            run.number = self._listed
        run.name = self._free_name(run.name)
        self._runs.append(run)
        self._unlisted = [each for each in self._unlisted if each is not run]

    def _free_name(self, name: str) -> str:
        """Return that name, or else the next that no run has."""
        taken = {run.name for run in self._runs}
        while not name or name in taken:
            self._begun += 1
            name = f"run {self._begun}"
        return name

    def _unlist_oldest(self, *stay: Run | None) -> None:
        """Have no more than MOST listed, and those that are pinned or stay whatever comes."""
        for run in list(self._runs):
            if len(self._runs) > MOST and not run.pinned and run not in stay:
                self._unlist(run)

    def _unlist(self, run: Run) -> None:
        self._runs.remove(run)
        self._unlisted.append(run)

    def release(self, held: Set[Run]) -> list[str]:
        """Forget the runs that are neither listed nor held; return the names of those that took steps."""
        forgotten = [run for run in self._unlisted if run not in held]
        self._unlisted = [run for run in self._unlisted if run in held]
        names = [run.name for run in forgotten if run.latest.step]
        for run in forgotten:
            run.forget()
        return names

    def __iter__(self) -> Iterator[Run]:
        return iter(self._runs)

    def __getitem__(self, place: int) -> Run:
        return self._runs[place]

    def __len__(self) -> int:
        return len(self._runs)

    def table(self, present: Run, headline: str) -> Table:
        """Return the list of the runs, the present one with its `headline` at its end."""
        return self._list_of.table(self._runs, present, headline, self._note)

    @property
    def _note(self) -> str:
        """What is not in the list; keys stand there by the names of their actions, in braces."""
        count = len(self._unlisted)
        which = "one more run" if count == 1 else f"{count} more runs"
        return f"{{undo}} and {{redo}} lead back to {which}" if count else ""

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
        """Take a run out of the list; ValueError for the present one."""
        if run is present:
            raise ValueError("this is the run that you are in; return to another one first")
        self._unlist(run)

    @property
    def roster(self) -> Roster:
        """What the user has made of the runs, to be returned to."""
        return Roster(tuple((run, run.name, run.pinned) for run in self._runs), self._listed)

    def return_to(self, roster: Roster, present: Run) -> None:
        """List the runs that were listed then, in their places and named as then, and those begun since."""
        then = {run.present: (name, pinned) for run, name, pinned in roster.labels}
        since = [run for run in self._runs if run.number > roster.listed and run not in then]
        gone = [run for run in self._runs if run not in then and run not in since]
        self._runs = list(since)  # whose names stay as they are
        for run, (name, pinned) in then.items():
            run.name, run.pinned = name, pinned
            self._list(run)
        self._runs = [*self._runs[len(since) :], *since]
        self._unlisted += gone
        self._unlist_oldest(present)
