"""Taking back what the user did to a session, and making it again."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

from scratchtui.experiments.elements import is_element
from scratchtui.experiments.panel import Probe
from scratchtui.training.change_words import change_words
from scratchtui.training.edits import Edits
from scratchtui.training.room import BYTES_OF_A_TAB, Room

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scratchtui.experiments.hyperparameter import Settings, Value
    from scratchtui.training.run import Run
    from scratchtui.training.runs import Roster
    from scratchtui.training.session import Session
    from scratchtui.training.until import Until


PROBE = tuple(each.name for each in fields(Probe))


@dataclass(frozen=True)
class Standing:
    """What an edit can be taken back to: what was pointed at, the settings of which run, weights by name.

    `pending` are the settings that waited, `at` is the step of its past that was looked at, None its newest
    moment. Of the probe no more is returned to than `pointed`, the names of what the edit changed in it.
    """

    probe: Probe
    settings: Settings
    run: Run
    stops: tuple[Until, ...]
    roster: Roster
    pending: Mapping[str, Value]
    at: int | None
    weights: Mapping[str, float]
    pointed: frozenset[str] = field(default=frozenset(), compare=False)

    @classmethod
    def of(
        cls, session: Session, keys: Iterable[str] = (), pointed: frozenset[str] = frozenset()
    ) -> Standing:
        """Return how a session stands, with the weights that are among these keys."""
        return cls(
            session.probe,
            session.settings,
            session.run,
            session.course.stops,
            session.runs.roster,
            session.pending,
            session.looking.step if session.looking.away else None,
            {key: session.experiment.weight(key) for key in keys if is_element(key)},
            pointed,
        )

    def pointing(self, after: Standing) -> Standing:
        """Return this as what stood before an edit after which it stood so."""
        changed = {name for name in PROBE if getattr(self.probe, name) != getattr(after.probe, name)}
        return replace(self, pointed=frozenset(changed))

    def joined(self, later: Standing) -> Standing:
        """Return this as what stood before the edit that a later one goes on with, too."""
        weights = {**later.weights, **self.weights}
        return replace(self, weights=weights, pointed=self.pointed | later.pointed)

    @property
    def runs(self) -> set[Run]:
        """The runs that it leads back to."""
        return {run.present for run in (self.run, *(run for run, _, _ in self.roster.labels))}

    def opposite(self, session: Session) -> Standing:
        """Return how the session stands, to come back to from here; at its newest moment if that changes."""
        changes = self.weights or self.settings != session.link.settings
        if changes and self.run.present is session.run and self.at is None and session.looking.away:
            session.looking.come_back()
        return Standing.of(session, self.weights, self.pointed)

    def return_to(self, session: Session) -> None:
        """Bring a session to where it stood here; in its past no more than what is pointed at can differ."""
        run = self.run.present
        left = run is not session.run
        if left:
            session.take_up(run)
        session.runs.return_to(self.roster, run)
        session.probe = replace(session.probe, **{name: getattr(self.probe, name) for name in self.pointed})
        session.pending = self.pending
        if self.stops != session.course.stops:
            session.course.watch_for(self.stops, session.experiment)
        if left and self.at is not None:
            session.seek(self.at)
        if self.at is not None or session.looking.away:
            return
        for key, value in self.settings.items():
            if session.settings[key] != value:
                session.change(key, value)
        for name, weight in self.weights.items():
            if session.experiment.weight(name) != weight:
                session.change(name, weight)


class Undo:
    """The edits of one session, and the runs that they lead back to."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._edits: Edits[Standing] = Edits(Standing.joined)
        self._room = Room()
        self._noting = False
        self._dropped = False
        self._forgotten: list[str] = []

    @contextmanager
    def noting(self, keys: Iterable[str] = (), *, stroke: bool = False) -> Iterator[None]:
        """Let what is done within be taken back as one edit, unless it is refused.

        Of the weights those that are among these keys; it may go on a `stroke`, which is taken back whole.
        What is noted within is part of it.
        """
        if self._noting:
            yield
            return
        self._noting, before = True, Standing.of(self._session, keys)
        try:
            yield
        finally:
            self._noting = False
        after = Standing.of(self._session, keys)
        self._edits.note(before.pointing(after), after, stroke=stroke)
        self._make_room()

    def back(self) -> str:
        """Take back the last edit; return what became of the session, nothing if there was none."""
        return self._go_to(self._edits.back(self._opposite))

    def forth(self) -> str:
        """Make again what was last taken back; return what became of the session, nothing if nothing was."""
        return self._go_to(self._edits.forth(self._opposite))

    def grown(self) -> None:
        """Make room for the present run if that has grown."""
        if self._room.is_short(self._session.run):
            self._make_room()

    def news(self) -> str:
        """Return in words what was let go since this was asked last."""
        words = []
        if self._dropped:
            mib = BYTES_OF_A_TAB >> 20
            words.append(f"The oldest edits can no longer be taken back: all runs of a tab have {mib} MiB.")
        if self._forgotten:
            words.append(f"Forgotten, as no edit leads back there: {', '.join(self._forgotten)}.")
        self._dropped, self._forgotten = False, []
        return " ".join(words)

    def _opposite(self, standing: Standing) -> Standing:
        return standing.opposite(self._session)

    def _go_to(self, standing: Standing | None) -> str:
        if standing is None:
            return ""
        before = Standing.of(self._session, standing.weights)
        self._noting = True  # no edits by themselves
        try:
            standing.return_to(self._session)
        finally:
            self._noting = False
        self._make_room()
        after = Standing.of(self._session, standing.weights)
        return change_words(self._session.kind, before, after)

    def _make_room(self) -> None:
        """Let go of runs to which nothing leads, and of the oldest edits where room is short."""
        session, present = self._session, self._session.run
        while True:
            held = {run for standing in self._edits for run in standing.runs}
            others = (held | set(session.runs)) - {present}
            settings = {id(each.settings): each.settings for each in self._edits}.values()
            if self._room.make(present, list(others), settings) or not self._edits.drop():
                break
            self._dropped = True
        self._forgotten += session.runs.release(held)
