"""The run that is trained, between the app and the worker that carries it on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchtui.training.messages import (
    Ask,
    Begin,
    Change,
    Command,
    Failed,
    Pause,
    Progress,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scratchtui.training.run import Run
    from scratchtui.training.worker import Worker


class Link:
    """Tells the worker of one run at a time, and hears only of that one.

    The worker is told of a run when there is the first order for it, so that a run that is only looked
    at costs nothing.
    """

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self._number = 0
        self._begun = self._asked = False

    @property
    def begun(self) -> bool:
        """Whether the worker has been told of the run."""
        return self._begun

    def take_up(self) -> None:
        """Be about another run from here on; what the worker tells of the one before is not heard."""
        self._number += 1
        self._begun = self._asked = False
        if self.worker.pid is not None:
            self.worker.send(Pause())

    def begin(self, run: Run, changes: Iterable[Change]) -> None:
        """Tell the worker of the run, and of changes that its last snapshot has not got; once."""
        if self._begun:
            return
        self._begun = True
        self.worker.send(Begin(self._number, run.recipe, run.latest))
        for change in changes:
            self.worker.send(change)

    def order(self, command: Command) -> None:
        """Send a command to the run that has begun, and ask what comes of it."""
        self.worker.send(command)
        self.ask()

    def ask(self) -> None:
        """Ask for progress, unless that is under way or nothing has begun."""
        if self._begun and not self._asked:
            self._asked = True
            self.worker.send(Ask())

    def heard(self) -> Iterator[Progress | Failed]:
        """Yield what the worker has told of this run; that it died is a failure too."""
        try:
            for event in self.worker.events():
                if event.run != self._number:
                    continue
                if isinstance(event, Progress):
                    self._asked = False
                else:
                    self._begun = self._asked = False
                yield event
        except EOFError:
            self._begun = self._asked = False
            yield Failed(self._number, "the training process ended", "")
