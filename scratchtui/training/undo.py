"""Taking back what the user did to a session, and making it again."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scratchtui.experiments.elements import is_element
from scratchtui.training.edits import Edits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scratchtui.experiments.hyperparameter import Settings
    from scratchtui.experiments.panel import Probe
    from scratchtui.training.run import Run
    from scratchtui.training.runs import Roster
    from scratchtui.training.session import Session
    from scratchtui.training.until import Until


@dataclass(frozen=True)
class Standing:
    """What an edit can be taken back to: what was pointed at, the settings of which run, weights by name.

    `at` is the step of its past that was looked at, None its newest moment.
    """

    probe: Probe
    settings: Settings
    run: Run
    stops: tuple[Until, ...]
    roster: Roster
    at: int | None
    weights: Mapping[str, float]

    @classmethod
    def of(cls, session: Session, keys: Iterable[str] = ()) -> Standing:
        """Return how a session stands, with the weights that are among these keys."""
        return cls(
            session.probe,
            session.settings,
            session.run,
            session.course.stops,
            session.runs.roster,
            session.looking.step if session.looking.away else None,
            {key: session.experiment.weight(key) for key in keys if is_element(key)},
        )

    @property
    def gone(self) -> bool:
        """Whether it can no longer be returned to."""
        return self.run.present.forgotten

    def opposite(self, session: Session) -> Standing:
        """Return how the session stands, to come back to from here; at its newest moment if that changes."""
        changes = self.weights or self.settings != session.link.settings
        if changes and self.run.present is session.run and self.at is None and session.looking.away:
            session.looking.come_back()
        return Standing.of(session, self.weights)

    def return_to(self, session: Session) -> None:
        """Bring a session to where it stood here; in its past no more than what is pointed at can differ."""
        run = self.run.present
        left = run is not session.run
        if left:
            session.take_up(run)
        session.runs.return_to(self.roster)
        session.probe = self.probe
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
    """The edits of one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._edits: Edits[Standing] = Edits()

    @contextmanager
    def noting(self, keys: Iterable[str] = (), *, stroke: bool = False) -> Iterator[None]:
        """Let what is done within be taken back as one edit, unless it is refused.

        Of the weights those that are among these keys; it may go on a `stroke`, which is taken back whole.
        """
        before = Standing.of(self._session, keys)
        yield
        self._edits.note(before, Standing.of(self._session, keys), stroke=stroke)

    def forget(self) -> None:
        """Let go of edits of runs that were forgotten."""
        self._edits.forget(lambda standing: standing.gone)

    def back(self) -> bool:
        """Take back the last edit; whether there was one."""
        return self._go_to(self._edits.back(self._opposite))

    def forth(self) -> bool:
        """Make the edit again that was last taken back; whether there was one."""
        return self._go_to(self._edits.forth(self._opposite))

    def _opposite(self, standing: Standing) -> Standing:
        return standing.opposite(self._session)

    def _go_to(self, standing: Standing | None) -> bool:
        if standing is not None:
            standing.return_to(self._session)
        return standing is not None
