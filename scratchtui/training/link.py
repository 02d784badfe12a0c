"""The run that is trained, between the app and the worker that carries it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from scratchtui.experiments.elements import is_element
from scratchtui.experiments.escapes import printable
from scratchtui.logs import log
from scratchtui.training.journal import Entry
from scratchtui.training.messages import (
    Advance,
    Ask,
    Begin,
    Change,
    Event,
    Failed,
    Pause,
    Progress,
    Train,
)
from scratchtui.training.silence import Silence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.hyperparameter import Settings, Value
    from scratchtui.training.run import Run
    from scratchtui.training.worker import Worker


class Link:
    """Tells the worker of one run at a time, and hears only of that one.

    The worker is told of a run when there is the first order for it, so that a run that is only looked
    at costs nothing. `untold` are the changes of which it has not told yet that they were carried out: one
    that begins anew gets them again. `failure` is why it trains no longer, if it broke; `silence` is how long
    it has not answered.
    """

    failure: str
    untold: list[Change]
    _run: Run

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.silence = Silence()
        self._number = 0
        self._begun = self._asked = False

    @property
    def begun(self) -> bool:
        """Whether the worker has been told of the run."""
        return self._begun

    @property
    def trouble(self) -> Literal["", "failed", "silent"]:
        """Whether the run broke, or the worker does not answer."""
        return "failed" if self.failure else "silent" if self.silence.seconds else ""

    def take_up(self, run: Run) -> None:
        """Be about another run from here on; what the worker tells of the one before is not heard."""
        self._run = run
        self._number += 1
        if self.silence.seconds:
            self.give_up()
        self._begun = self._asked = False
        self.failure, self.untold = "", []
        if self.worker.pid is not None:
            self.worker.send(Pause())

    def give_up(self) -> None:
        """End a worker that does not answer; the next order begins another one."""
        self.worker.end()
        self._begun = self._asked = False
        self.silence.broken()

    def listen(self) -> bool:
        """Note for how long the worker has been silent; whether there is something new to say of that."""
        before = self.silence.seconds
        news = self.silence.look(owed=self._asked)
        if self.silence.seconds and not before:
            log.warning("the training process does not answer, amid run %d", self._number)
        return news

    def order(self, command: Advance | Pause | Train) -> None:
        """Send a command, to a run that has begun then, and ask what comes of it."""
        self._begin()
        self.worker.send(command)
        self._ask_anew()

    def change(self, key: str, value: Value) -> None:
        """Have a live hyperparameter or a weight changed."""
        self._begin()
        self.untold.append(Change(key, value))
        self.worker.send(self.untold[-1])
        self._ask_anew()

    def _begin(self) -> None:
        self.failure = ""
        if self._begun:
            return
        self._begun = True
        self.worker.send(Begin(self._number, self._run.recipe, self._run.latest))
        for change in self.untold:
            self.worker.send(change)

    def ask(self) -> None:
        """Ask for progress, unless that is under way or nothing has begun."""
        if self._begun and not self._asked:
            self._ask_anew()

    def _ask_anew(self) -> None:
        """Ask what comes of an order: the last question may have been answered before it."""
        self._asked = True
        self.worker.send(Ask())

    def heard(self) -> Iterator[Progress | Failed]:
        """Yield what the worker has told of this run; that it died is a failure too."""
        try:
            for event in self.worker.events():
                _log(event)
                if event.run != self._number:
                    continue
                if isinstance(event, Progress):
                    self._asked = False
                    self.silence.broken()
                    del self.untold[: len(event.journal)]
                    yield event
                else:
                    yield self._broken(event)
        except EOFError as end:
            words = str(end) or "the training process ended"
            log.error("%s, amid run %d", words, self._number)
            yield self._broken(Failed(self._number, words, ""))

    def _broken(self, event: Failed) -> Failed:
        self._begun = self._asked = False
        self.silence.broken()
        self.failure = printable(event.reason)
        return event

    @property
    def settings(self) -> Settings:
        """The settings after the last step, with those that are untold."""
        untold = {change.key: change.value for change in self.untold if not is_element(change.key)}
        return {**self._run.latest.settings, **untold}

    def catch_up(self, experiment: Experiment) -> None:
        """Make the untold changes on an experiment, to which all others were made."""
        for change in self.untold:
            experiment.change(change.key, change.value)

    def complete(self, run: Run) -> None:
        """Add the untold changes to the end of the run, or of a copy of it."""
        if not self.untold:
            return
        experiment = run.experiment()
        run.journal += [Entry(experiment.steps, change.key, change.value) for change in self.untold]
        self.catch_up(experiment)
        run.timeline.append(experiment.snapshot())


def _log(event: Event) -> None:
    """Log what the worker, which writes no log, has to say."""
    match event:
        case Progress(notes=notes):
            for note in notes:
                log.warning("training process: %s", note)
        case Failed(traceback=traceback):
            log.error("training process: run %d failed\n%s", event.run, traceback)
