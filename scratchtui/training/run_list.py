"""The list of the runs of a tab, as a table: a line for each, and in a sentence all that there is to tell."""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.view import Table
from scratchtui.training.difference import difference, setting_words
from scratchtui.training.journal import lasting
from scratchtui.training.run import cells

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from scratchtui.training.run import Run

LONGEST_SHOWN = 16  # cells of a name in the list
MOST_CHANGES = 12  # that are told of one run
COLUMNS = ("run", "seed", "steps", "loss", "differs by", "came to", "from", "began")
CUT = COLUMNS.index("differs by")  # the column that is cut where not all fit


class RunList:
    """Tells of runs; what is told of a journal is kept until that has grown."""

    def __init__(self) -> None:
        self._differences: WeakKeyDictionary[Run, tuple[Hashable, str]] = WeakKeyDictionary()
        self._changes: WeakKeyDictionary[Run, tuple[int, str]] = WeakKeyDictionary()

    def table(self, runs: Sequence[Run], present: Run, headline: str, note: str) -> Table:
        """Return the runs side by side: what differs from the present one, and how far each has come.

        `headline` is that of the end of the present one.
        """
        rows = [
            (
                f"{'*' * each.pinned}{clipped_name(each.name, LONGEST_SHOWN)}",
                str(each.recipe.seed),
                f"{each.latest.step:,}",
                f"{each.latest.loss:.3g}" if each.latest.step else "",
                "here" if each is present else self._difference(each, present),
                headline if each is present else each.headline,
                origin(each),
                f"{each.began:%H:%M:%S}",
            )
            for each in runs
        ]
        shown = [name != "from" or any(each.origin for each in runs) for name in COLUMNS]
        titles, *lines = (tuple(compress(row, shown)) for row in (COLUMNS, *rows))
        return Table(
            titles,
            tuple(lines),
            ids=tuple(range(len(lines))),
            selected=runs.index(present),
            note=note,
            cut=CUT,
            details=tuple(
                self._told(each, present, row[CUT], row[CUT + 1])
                for each, row in zip(runs, rows, strict=True)
            ),
        )

    def _told(self, run: Run, present: Run, differs: str, headline: str) -> str:
        """Return all that there is to tell of a run that its line may have no room for."""
        is_present = f"differs by {differs}" if run is not present else "the run that you are in"
        parts = (
            f"{run.name}: {is_present}",
            f"from {origin(run, whole=True)}" if run.origin else "",
            self._changed(run),
            headline,
            run.halt.reason if run.halt is not None and run is not present else "",
            f"began {run.began:%H:%M:%S}",
        )
        return " · ".join(filter(None, parts))

    def _difference(self, run: Run, present: Run) -> str:
        """Return what a run differs by, worked out anew where one of the two was changed since."""
        known = (id(present), *((len(each.journal), each.latest.changes) for each in (run, present)))
        if self._differences.get(run, ((), ""))[0] != known:
            self._differences[run] = known, difference(run, present)
        return self._differences[run][1]

    def _changed(self, run: Run) -> str:
        """Return what was changed in the course of a run, and after which steps."""
        if self._changes.get(run, (-1, ""))[0] != len(run.journal):
            self._changes[run] = len(run.journal), changes(run)
        return self._changes[run][1]


def changes(run: Run) -> str:
    """Return what was changed on the way of a run, after which step; nothing where nothing was."""
    entries, kind = lasting(run.journal), EXPERIMENTS[run.recipe.experiment]
    told = [
        f"{setting_words(kind, each.key, each.value)} at {each.step:,}" for each in entries[-MOST_CHANGES:]
    ]
    if more := len(entries) - len(told):
        told.insert(0, f"{more:,} earlier")
    return f"changed: {', '.join(told)}" if told else ""


def origin(run: Run, *, whole: bool = False) -> str:
    """Return from which run one was forked, its `whole` name or what a column holds, and at which step."""
    if run.origin is None:
        return ""
    name, step = run.origin
    return f"{name if whole else clipped_name(name)} at {step:,}"


def clipped_name(name: str, most: int = 10) -> str:
    """Return a name as it fits beside a chart, or into so many cells of a terminal."""
    if cells(name) <= most:
        return name
    while cells(name) > most - 1:
        name = name[:-1]
    return f"{name}…"
