"""A process that trains, so that the screen never waits; nothing else knows that there is one.

The app sends commands and asks for progress; the worker answers one question at a time, so a slow
terminal never slows training and nothing piles up. It ends by itself when its pipe does.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
import traceback
import warnings
from typing import TYPE_CHECKING

from scratchtui.training.allocator import give_back_large_arrays
from scratchtui.training.bell import Bell
from scratchtui.training.history import Backlog
from scratchtui.training.mailbox import Mailbox
from scratchtui.training.messages import (
    UNLIMITED,
    Advance,
    Ask,
    Begin,
    Change,
    Command,
    Event,
    Failed,
    Pause,
    Progress,
    Train,
)
from scratchtui.training.pace import Pace
from scratchtui.training.processes import Child, be_silent, end_with_parent
from scratchtui.training.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scratchtui.training.journal import Entry
    from scratchtui.training.processes import Connection
    from scratchtui.training.trainer import Halt, Stretch, Trainer
    from scratchtui.training.until import Until, Watch

_STRETCH_SECONDS = 0.005
_POLITENESS = 10  # where processors are scarce, keys come before steps
_WAITING_BYTES = 512 * 1024
_LAST_BREATH = 0.2  # seconds between the end of its pipe and that of a process
_DEAF_TO = (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP)  # which a terminal sends to all: the app answers
_MOST_NOTES = 20


class Worker:
    """The app's end of the pipe: starts the process when first needed, and another when that has ended."""

    def __init__(self) -> None:
        self._bell: Bell | None = None  # one for all processes, so that who listens to it hears each
        self._child: Child[Command, Event] | None = None
        self._mailbox: Mailbox[Command, Event] | None = None

    def send(self, command: Command) -> None:
        """Tell the worker; starts it if it does not run. One that is dead shows in `events`."""
        if self._mailbox is None:
            self._child = Child(_serve, "scratchtui-worker")
            self._bell = self._bell or Bell()
            self._mailbox = Mailbox(self._child.pipe, self._bell)
        self._mailbox.send(command)

    def events(self) -> Iterator[Event]:
        """Yield what has come, without waiting; EOFError says in words how the worker died, if it did.

        One that tells what cannot be read is ended.
        """
        if self._mailbox is None:
            return
        try:
            yield from self._mailbox.received()
        except EOFError as end:
            if why := str(end):
                self._end()
                raise EOFError(f"what the training process told cannot be read ({why})") from None
            raise EOFError(f"the training process {self._end(_LAST_BREATH)}") from None

    @property
    def fileno(self) -> int | None:
        """A descriptor that is readable when something has come; one, from the first command to `close`."""
        return self._bell.fileno if self._bell is not None else None

    @property
    def pid(self) -> int | None:
        """The process number of the worker, while there is one."""
        return self._child.pid if self._child is not None else None

    def end(self) -> None:
        """End the process, which has nothing to save; the next command starts another."""
        self._end()

    def close(self) -> None:
        """End the process for good: nobody listens to `fileno` any more."""
        self._end()
        if self._bell is not None:
            self._bell.close()
        self._bell = None

    def _end(self, patience: float = 0.0) -> str:
        child, mailbox, self._child, self._mailbox = self._child, self._mailbox, None, None
        how = child.end(patience) if child is not None else ""
        if mailbox is not None:
            mailbox.close()
        return how


def _serve(pipe: Connection[Event, Command]) -> None:
    """Train until the pipe ends. A failed run is an event, never a dead child."""
    for number in _DEAF_TO:
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.nice(_POLITENESS)
    be_silent()
    give_back_large_arrays()
    end_with_parent()
    loop = _Loop(pipe)
    warnings.showwarning = loop.warned  # type: ignore[assignment]
    with contextlib.suppress(EOFError, ConnectionResetError, BrokenPipeError):
        while True:
            try:
                loop.turn()
            except (EOFError, ConnectionResetError, BrokenPipeError):
                raise
            except Exception as error:  # noqa: BLE001 - the one broad except: it sends
                reason = f"{type(error).__name__}: {error}".removesuffix(": ")
                failed = Failed(loop.run, reason, traceback.format_exc())
                loop.forget()  # before more memory is needed
                pipe.send(failed)


def _watch(until: Until | None, stops: tuple[Until, ...], trainer: Trainer) -> Watch:
    from scratchtui.training.until import Watch

    return Watch(until, stops, trainer.experiment)


class _Loop:
    """What the worker is doing: the run, its pace, and what has not been told yet."""

    _trainer: Trainer | None
    _watch: Watch | None
    _halt: Halt | None
    _journal: list[Entry]

    def __init__(self, pipe: Connection[Event, Command]) -> None:
        self.run = 0
        self._pipe = pipe
        self._notes: list[str] = []
        self.forget()

    def forget(self) -> None:
        """Have no run."""
        self._asked = False
        self._trainer = None
        self._speed = 0.0
        self._watch = None
        self._pace = Pace(_STRETCH_SECONDS)
        self._start_clock()
        self._told()

    def warned(
        self, message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: object
    ) -> None:
        """Note a warning, to be told with the next progress."""
        self._notes = [*self._notes, f"{category.__name__}: {message} ({filename}, line {lineno})"][
            -_MOST_NOTES:
        ]

    def turn(self) -> None:
        """Obey every command that has come, train a little, tell if asked."""
        while self._pipe.poll(self._wait()):
            self._obey(self._pipe.recv())
        if self._trainer is not None and (count := self._due(self._trainer)) > 0:
            self._train(self._trainer, count)
        if self._asked and self._news:
            self._tell()

    def _obey(self, command: Command) -> None:
        match command:
            case Begin(run, recipe, snapshot):
                from scratchtui.training.trainer import Trainer

                self.forget()
                self.run = run
                self._trainer = Trainer(recipe, snapshot)
                self._note_snapshot(self._trainer)
            case Ask():
                self._asked = True
            case _ if self._trainer is None:
                pass
            case Train(speed, until, stops):
                self._speed, self._watch = speed, _watch(until, stops, self._trainer)
                self._start_clock()
                self._news = True
            case Pause():
                self._speed = 0.0
                self._news = True
            case Advance(steps, stops):
                self._speed, self._watch = 0.0, _watch(None, stops, self._trainer)
                self._halt = None  # of a step before
                self._train(self._trainer, steps)
            case Change(key, value):
                self._journal.append(self._trainer.change(key, value))
                self._pace.restart()  # a step may take much longer now
                self._note_snapshot(self._trainer)

    def _start_clock(self) -> None:
        self._paced_since, self._paced_steps = time.monotonic(), 0

    def _wait(self) -> float | None:
        """Return how long nothing is to be done; None: until a command comes."""
        if self._trainer is None or self._speed == 0.0:
            return None if not (self._asked and self._news) else 0.0
        if self._speed == UNLIMITED:
            return 0.0
        due_at = self._paced_since + (self._paced_steps + 1) / self._speed
        return max(0.0, due_at - time.monotonic()) if not (self._asked and self._news) else 0.0

    def _due(self, trainer: Trainer) -> int:
        """Return how many steps to take now: few enough to obey soon and to be seen."""
        if self._speed == 0.0:
            return 0
        most = self._pace.due(trainer.experiment.steps)
        if self._speed == UNLIMITED:
            return most
        behind = int((time.monotonic() - self._paced_since) * self._speed) - self._paced_steps
        if behind > self._speed:  # more than a second behind: what cannot be kept up is let go
            self._start_clock()
            behind = 1
        self._paced_steps += min(most, behind)
        return min(most, behind)

    def _train(self, trainer: Trainer, count: int) -> None:
        started = time.monotonic()
        first = trainer.experiment.steps + 1
        stretch = trainer.step(count, self._watch)
        self._pace.note(count, time.monotonic() - started)
        self._note_snapshot(trainer)
        self._note(first, stretch)

    def _note(self, first: int, stretch: Stretch) -> None:
        self._losses.add(first, stretch.losses)
        if stretch.halt is not None:
            self._halt = stretch.halt
            self._speed = 0.0

    def _note_snapshot(self, trainer: Trainer) -> None:
        self._snapshots.append(trainer.experiment.snapshot())
        self._news = True

    def _tell(self) -> None:
        snapshots = tuple(self._snapshots.snapshots)
        losses, journal, notes = self._losses.take(), tuple(self._journal), tuple(self._notes)
        self._pipe.send(Progress(self.run, losses, snapshots, self._speed > 0.0, self._halt, journal, notes))
        self._asked = False
        self._notes = []
        self._told()

    def _told(self) -> None:
        self._losses = Backlog()
        self._journal = []
        self._snapshots = Timeline(byte_budget=_WAITING_BYTES, store=None)
        self._halt = None
        self._news = False
