"""Saving and opening the run of a pane: what is asked, and files written and read in threads of their own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from textual.message import Message

from scratchtui.experiments.escapes import printable
from scratchtui.places import folder, made_folder
from scratchtui.training.file_names import foretold, proposed, target
from scratchtui.training.files import load_run, refuse_unreadable, save_run
from scratchtui.training.keeping import refuse_unwritable
from scratchtui.training.texts import path_of, told
from scratchtui.tui.requests import Opened
from scratchtui.tui.widgets.line_editor import Question

if TYPE_CHECKING:
    from pathlib import Path

    from textual.dom import DOMNode

    from scratchtui.training.run import Run
    from scratchtui.training.session import Session


@dataclass
class Filed(Message):
    """A run was written; or, where there is a `title`, a file could not be written or read."""

    words: str
    title: str = ""


class Filing:
    """Asks for files, and tells its pane by messages what came of it."""

    def __init__(self, pane: DOMNode, session: Session) -> None:
        self._pane, self._session = pane, session
        self._writing = Lock()

    def to_save(self) -> Question:
        """Return the question for the file to save the run to; a run that goes on is saved as it is then."""
        run, text = self._session.run, proposed(self._session.run)
        is_own = run.saved is not None and run.saved.is_at(target(text))

        def hint(typed: str) -> str:
            if typed == text and self._session.running and not is_own:
                return "a new file, of the step then"
            return foretold(typed, saved=run.saved)

        def submit(typed: str) -> None:
            path = target(proposed(run) if typed == text else typed)
            if path.parent == folder("data"):
                told(lambda: made_folder("data"))
            refuse_unwritable(path, earlier=run.saved)
            if self._session.run is not run:
                raise ValueError(f"{run.name} was left meanwhile; escape, and ask again to save this one")
            now = told(self._session.whole_run)
            self._pane.run_worker(partial(self._write, run, now, path), thread=True, group="save")

        return Question("save as", text, hint(text), submit, hint)

    def _write(self, run: Run, now: Run, path: Path) -> None:
        with self._writing:  # so that of two saves the later one stays
            try:
                run.saved = told(lambda: save_run(now, path, run.saved))
                run.filed, run.stops = (now.latest.step, now.latest.changes), now.stops
                words = f"saved to {printable(str(path.absolute()))} · {_size(run.saved.size)}"
                self._pane.post_message(Filed(words))
            except ValueError as refusal:
                self._pane.post_message(Filed(str(refusal), "Not saved"))

    def open(self, typed: str) -> None:
        """Open the run in a file; ValueError where at first sight there is none."""
        path = path_of(typed)
        told(lambda: refuse_unreadable(path))
        self._pane.run_worker(partial(self._read, path), thread=True, group="open", exclusive=True)

    def _read(self, path: Path) -> None:
        try:
            self._pane.post_message(Opened(told(lambda: load_run(path))))
        except ValueError as refusal:
            self._pane.post_message(Filed(str(refusal), "Not opened"))


def _size(size: int) -> str:
    return f"{size / 2**20:,.1f} MiB" if size >= 2**20 else f"{-(-size // 1024)} KiB"
