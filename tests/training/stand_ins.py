"""Workers without a process, what they tell, and what tests wait with."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from scratchtui.experiments.binary import Binary
from scratchtui.experiments.hyperparameter import Value
from scratchtui.experiments.recipe import Recipe, default_recipe
from scratchtui.training.history import LossHistory
from scratchtui.training.messages import Command, Event, Failed, Progress
from scratchtui.training.session import Session
from scratchtui.training.trainer import Halt, Trainer
from scratchtui.training.worker import Worker, _Loop

PATIENCE = 20.0


class ScriptedWorker(Worker):
    """Keeps what it is sent, tells what it is given to tell; dies where that is an error."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Command] = []
        self.to_tell: list[Event | EOFError] = []

    def send(self, command: Command) -> None:
        self.sent.append(command)

    def events(self) -> Iterator[Event]:
        while self.to_tell:
            event = self.to_tell.pop(0)
            if isinstance(event, EOFError):
                raise event
            yield event

    @property
    def pid(self) -> int | None:
        return 1 if self.sent else None

    def end(self) -> None:
        self.sent.append("end")  # type: ignore[arg-type]

    def close(self) -> None:
        self.sent.append("close")  # type: ignore[arg-type]


class Pipe:
    """Both ends of a pipe, in lists."""

    def __init__(self) -> None:
        self.commands: deque[Any] = deque()
        self.events: deque[Any] = deque()

    def poll(self, timeout: float | None = 0.0) -> bool:
        return bool(self.commands)

    def recv(self) -> Any:
        return self.commands.popleft()

    def send(self, event: Any) -> None:
        self.events.append(event)


class LocalWorker(Worker):
    """The worker's own loop, a turn at a time, where the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.pipe = Pipe()
        self.loop = _Loop(self.pipe)  # type: ignore[arg-type]

    def send(self, command: Command) -> None:
        self.pipe.commands.append(command)

    def events(self) -> Iterator[Event]:
        while self.pipe.events:
            yield self.pipe.events.popleft()

    def turns(self, count: int = 1) -> None:
        for _ in range(count):
            self.loop.turn()


def wait_until(session: Session, condition: Callable[[], bool]) -> None:
    """Take in what the worker tells until the condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"{session.state} at step {session.experiment.steps}"
        session.ask()
        session.receive()


def no_memory() -> None:
    raise MemoryError


def recipe(**settings: Value) -> Recipe:
    default = default_recipe(Binary)
    return Recipe("binary", {**default.settings, **settings}, 0)


def told(
    run: int, steps: int, *, running: bool = True, halt: Halt | None = None, **settings: Any
) -> Progress:
    """Return what a worker tells after so many steps from the start."""
    trainer = Trainer(recipe(**settings))
    losses = LossHistory.of(1, trainer.step(steps).losses)
    return Progress(run, losses, (trainer.experiment.snapshot(),), running, halt)


def heard(session: Session, worker: ScriptedWorker, *events: Progress | Failed | EOFError) -> None:
    worker.to_tell = list(events)
    session.receive()


def sent(worker: ScriptedWorker, kind: type[Any]) -> list[Any]:
    return [command for command in worker.sent if isinstance(command, kind)]
