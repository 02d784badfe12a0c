"""The whole app on a stage: a worker without a process, keys pressed, rows of the screen read."""

from __future__ import annotations

import os
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual import events
from textual._compositor import LayoutUpdate
from textual.binding import Binding
from textual.keys import _character_to_key
from textual.widgets import Input, Static

from scratchtui.experiments import build
from scratchtui.experiments.binary import Binary
from scratchtui.experiments.recipe import default_recipe
from scratchtui.training.history import LossHistory
from scratchtui.training.journal import Entry
from scratchtui.training.messages import Advance, Begin, Change, Failed, Pause, Progress, Train
from scratchtui.training.run import Run
from scratchtui.training.trainer import Trainer
from scratchtui.training.until import Watch
from scratchtui.tui.app import ScratchApp
from scratchtui.tui.widgets.hyperparameters import HyperparameterList
from tests.training.stand_ins import PATIENCE, ScriptedWorker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from rich.segment import Segment
    from textual.dom import DOMNode
    from textual.pilot import Pilot

    from scratchtui.experiments.hyperparameter import Value
    from scratchtui.training.messages import Command, Event
    from scratchtui.training.session import Session

DESIGN = 80, 24
LONGEST_CHAIN = 8  # of messages: key, app, screen, widget, panel, pane, app, bar


class TrainingWorker(ScriptedWorker):
    """Obeys at once and in this process; while it runs, it takes the steps that the test says."""

    def __init__(self) -> None:
        super().__init__()
        self._hears, self._rings = os.pipe()
        os.set_blocking(self._hears, False)
        self._open = True
        self._run = 0
        self._watch: Watch | None = None
        self._running = False
        self._trainer: Trainer | None = None
        self._journal: list[Entry] = []

    @property
    def fileno(self) -> int | None:
        return self._hears if self._open and self.sent else None

    def send(self, command: Command) -> None:
        super().send(command)
        match command:
            case Begin(run, recipe, snapshot):
                self._run, self._trainer, self._running = run, Trainer(recipe, snapshot), False
            case Train(until=until, stops=stops) if self._trainer is not None:
                self._running, self._watch = True, Watch(until, stops, self._trainer.experiment)
            case Pause():
                self._running = False
            case Advance(steps, stops) if self._trainer is not None:
                self._running, self._watch = False, Watch(None, stops, self._trainer.experiment)
                self.train(steps)
            case Change(key, value) if self._trainer is not None:
                self._journal.append(self._trainer.change(key, value))

    def train(self, steps: int) -> None:
        """Take so many steps and tell them."""
        assert self._trainer is not None
        first = self._trainer.experiment.steps + 1
        stretch = self._trainer.step(steps, self._watch)
        self._running = self._running and stretch.halt is None
        snapshot = self._trainer.experiment.snapshot()
        losses = LossHistory.of(first, stretch.losses)
        journal, self._journal = tuple(self._journal), []
        self.tell(Progress(self._run, losses, (snapshot,), self._running, stretch.halt, journal))

    def fail(self, reason: str) -> None:
        """Tell that the run ended in an error of the program."""
        self.tell(Failed(self._run, reason, ""))

    def tell(self, event: Event | EOFError) -> None:
        """Tell anything, or die."""
        self.to_tell.append(event)
        os.write(self._rings, b"!")

    def events(self) -> Iterator[Event]:
        if self.to_tell:
            os.read(self._hears, 4096)
        yield from super().events()

    def close(self) -> None:
        super().close()
        if self._open:
            self._open = False
            os.close(self._hears)
            os.close(self._rings)


@dataclass
class Stage:
    """An app that runs, and what stands on its screen."""

    app: ScratchApp
    pilot: Pilot[None]

    @property
    def worker(self) -> TrainingWorker:
        """The worker of the present tab."""
        worker = self.session.worker
        assert isinstance(worker, TrainingWorker)
        return worker

    @property
    def session(self) -> Session:
        return self.app.pane.session

    @property
    def settings(self) -> HyperparameterList:
        return self.app.pane.query_one(HyperparameterList)

    @property
    def strips(self) -> list[list[Segment]]:
        """The rows of the screen, dialogs over the app included."""
        behind = self.app._background_screens
        update = self.app.screen._compositor.render_update(full=True, screen_stack=behind)
        assert isinstance(update, LayoutUpdate)
        return [[segment for strip in strips for segment in strip] for strips in update.strips]

    @property
    def rows(self) -> list[str]:
        return ["".join(segment.text for segment in row) for row in self.strips]

    @property
    def text(self) -> str:
        return "\n".join(self.rows)

    @property
    def standing(self) -> str:
        return str(self.app.pane.query_one("#standing", Static).content)

    @property
    def outlook(self) -> str:
        return str(self.app.pane.query_one("#outlook", Static).content)

    async def press(self, *keys: str) -> None:
        """Press keys, and wait for what comes of each: Pilot's own would sleep 70 ms as well."""
        for key in keys:
            name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
            self.app.post_message(events.Key(name, key if len(key) == 1 else None))
            await self.settle()

    async def settle(self) -> None:
        """Let every message arrive, and those that it causes in turn."""
        for _ in range(LONGEST_CHAIN):
            await self.pilot._wait_for_screen()

    async def answer(self, text: str) -> None:
        """Enter a text in the line editor or in a dialog, pasted rather than typed."""
        asking = self.app.pane if len(self.app.screen_stack) == 1 else self.app.screen
        asking.query_one(Input).value = text
        await self.settle()
        await self.press("enter")

    async def edit(self, key: str, text: str) -> None:
        """Give a hyperparameter a value."""
        self.at(key)
        await self.press("enter")
        await self.answer(text)

    def at(self, key: str) -> None:
        """Put the cursor of the hyperparameters on one of them."""
        keys = [line.key for line in self.settings._lines]
        self.settings.focus()
        self.settings.cursor = keys.index(key)

    async def until(self, condition: Callable[[], object], what: str) -> None:
        """Let the app go on until the condition holds."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"no {what} on:\n{self.text}"
            await self.pilot.pause(0.01)

    async def shows(self, *words: str) -> None:
        """Wait until all these words are on the screen."""
        await self.until(lambda: (text := self.text) and all(each in text for each in words), repr(words))

    async def hides(self, *words: str) -> None:
        """Wait until none of these words is on the screen."""
        await self.until(
            lambda: (text := self.text) and not any(each in text for each in words), f"end of {words}"
        )

    async def charts_drawn(self) -> None:
        """Wait for the charts, which are drawn when keys have been answered."""
        await self.until(lambda: self.app.pane.panels._turns._charts_due is None, "charts")
        await self.settle()


def keys_of(kind: type[DOMNode]) -> list[str]:
    """Return every key that one of ours binds, itself or by what it is made from."""
    ours = [each for each in kind.__mro__ if each.__module__.startswith("scratchtui.")]
    bindings = [binding for each in ours for binding in each.__dict__.get("BINDINGS", ())]
    return [key for binding in bindings if isinstance(binding, Binding) for key in binding.key.split(",")]


def fresh_run(seed: int = 0, **settings: Value) -> Run:
    """Return a run of binary before its first step."""
    recipe = default_recipe(Binary, seed)
    for key, value in settings.items():
        recipe = recipe.with_value(key, value)
    run = Run(recipe)
    run.timeline.append(build(recipe).snapshot())
    return run


@asynccontextmanager
async def stage(
    size: tuple[int, int] = DESIGN, run: Run | None = None, **options: Any
) -> AsyncIterator[Stage]:
    """Open the app."""
    app = ScratchApp(run=run, **{"make_worker": TrainingWorker} | options)
    async with app.run_test(size=size, notifications=True) as pilot:
        s = Stage(app, pilot)
        await s.until(lambda: app.focused is not None, "panel with the focus")
        yield s
