"""One tab: what its keys do to the session, and what the worker tells, drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Container
from textual.message import Message
from textual.widgets import Static

from scratchtui.experiments.panel import POINT
from scratchtui.training.marks import DIFFERENCE
from scratchtui.training.spelling import read
from scratchtui.training.texts import path_of, read_text, told, write_text
from scratchtui.training.until import BETWEEN, examples
from scratchtui.tui import status
from scratchtui.tui.filing import Filed, Filing
from scratchtui.tui.finder import Finder
from scratchtui.tui.listener import Listener
from scratchtui.tui.panels import Panels, say, short_keys
from scratchtui.tui.requests import EditAsked, SeekAsked
from scratchtui.tui.widgets.hyperparameters import HyperparameterList
from scratchtui.tui.widgets.line_editor import LineEditor, Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from scratchtui.experiments.panel import Edit, EditKey
    from scratchtui.training.run import Run
    from scratchtui.training.session import Session


class ExperimentPane(Container):
    """The panels of one experiment, and two lines of words below them."""

    DEFAULT_CSS = """
    ExperimentPane {
        layout: vertical;
        & .sentence {
            height: 1;
            padding: 0 1;
            color: $text-muted;
            &.-good { color: $success; }
            &.-attention { color: $warning; }
            &.-bad { color: $error; text-style: bold; }
        }
        &.-editing #outlook, &.-editing-below #standing { display: none; }
    }
    """

    class Changed(Message):
        """What the header shows may have changed."""

    class WorkerSpoke(Message):
        """The worker has told something."""

    @dataclass
    class Opened(Message):
        """A run was read from a file, of whatever experiment."""

        run: Run

    @dataclass
    class FocusMoved(Message):
        """Something else has the focus: these are its keys, and whether all others type letters there."""

        keys: tuple[tuple[str, str], ...]
        typing: bool

    def __init__(self, session: Session, fps: float, *, signs: bool = False) -> None:
        super().__init__(id=f"pane-{session.kind.name}")
        self.session = session
        self.panels = Panels(session, signs=signs)
        self._fps = fps
        self._filing = Filing(self, session, self.Opened)
        self._listener = Listener(lambda: self.post_message(self.WorkerSpoke()))
        self._finder = Finder(session, self, self._looked)

    def compose(self) -> ComposeResult:
        """Panels, and the words below them."""
        yield self.panels
        yield Static(id="standing", classes="sentence", markup=False)
        yield Static(id="outlook", classes="sentence", markup=False)
        yield LineEditor()

    def on_mount(self) -> None:
        """Begin to follow the worker."""
        self.set_interval(1 / self._fps, self._tick)
        self._draw_words()

    def on_resize(self) -> None:
        """Fit the words to the new width."""
        self._draw_words()

    def on_unmount(self) -> None:
        """End the worker."""
        self._listener.listen(None)
        self.session.close()

    def _tick(self) -> None:
        """Once a frame: ask what is new while training goes on."""
        if self.session.running:
            self.session.ask()
        self._listener.listen(self.session.worker.fileno)

    def on_experiment_pane_worker_spoke(self) -> None:
        """Take in what the worker has told, and draw it."""
        if self.session.receive() and self.display:
            self._draw_words()
            if self.session.running:
                self.panels.draw_frame()
            else:
                self.panels.draw()
        self._listener.listen(self.session.worker.fileno)

    def _draw_words(self) -> None:
        run_key = self.panels.run_key
        sentences = {
            "standing": status.standing(self.session, run_key),
            "outlook": status.outlook(self.session, run_key),
        }
        for name, sentence in sentences.items():
            line = self.query_one(f"#{name}", Static)
            for mood in ("good", "attention", "bad"):
                line.set_class(mood == sentence.mood, f"-{mood}")
            say(line, sentence.fitted(self.size.width - 2))
        self.post_message(self.Changed())

    def _did(self) -> None:
        """Draw what a key has changed."""
        self._listener.listen(self.session.worker.fileno)
        self.redraw()
        self._finder.begin()

    def _looked(self) -> None:
        """Draw how far the search for a moment has come, or what was found."""
        if self.session.sought is None:
            self._did()
        else:
            self._draw_words()

    def redraw(self) -> None:
        """Draw everything as it is, the keys included."""
        self._draw_words()
        self.panels.rearrange()
        self._tell_keys()

    def on_descendant_focus(self) -> None:
        """Tell which keys there are."""
        self._draw_words()
        self._tell_keys()

    def _tell_keys(self) -> None:
        editor, focused = self.query_one(LineEditor), self.screen.focused
        if editor.is_open:
            keys = editor.KEYS
        elif self.session.pending and isinstance(focused, HyperparameterList):
            keys = focused.WAITING_KEYS
        else:
            keys = short_keys(focused)
        self.post_message(self.FocusMoved(keys, editor.is_open))

    def run_or_pause(self) -> None:
        """Run, or pause."""
        if not self._finder.puts_off(self.run_or_pause):
            self.session.toggle()
            self._did()

    def step(self) -> None:
        """Pause, or take one step."""
        self.session.step()
        self._did()

    def step_back(self) -> None:
        """Look at the step before."""
        self.session.step_back()
        self._did()

    def leap(self, direction: int) -> None:
        """Look a tenth of the run further back (-1) or on (+1)."""
        self.session.leap(direction)
        self._did()

    def seek(self, step: int | None) -> None:
        """Look at a step; None is the newest."""
        self.session.seek(self.session.run.latest.step if step is None else step)
        self._did()

    @on(SeekAsked)
    def _go_to(self, event: SeekAsked) -> None:
        self.seek(event.step)

    def stop_when(self) -> None:
        """Let the user say where training is to stop."""
        session = self.session

        def submit(text: str) -> None:
            session.stop_when(text)
            self._did()

        text = f"{BETWEEN} ".join(stop.text for stop in session.course.stops)
        self._open(Question("stop when", text, examples(session.experiment), submit))

    def save(self) -> None:
        """Ask for a name, and save the run under it."""
        self._open(self._filing.to_save())

    def open_run(self) -> None:
        """Ask for a file, and open the run in it."""
        self._open(self._filing.to_open())

    @on(Filed)
    def _tell_filed(self, event: Filed) -> None:
        if event.title:
            self.notify(event.words, severity="error", title=event.title, markup=False)
        else:
            self.notify(event.words, timeout=6, markup=False)

    def take_up(self, run: Run) -> None:
        """Make a run from a file the present one."""
        self.session.open(run)
        self._did()

    def mark(self) -> None:
        """Mark the moment that is seen; with a second one, show what is different."""
        words = self.session.mark()
        self._did()
        if self.session.marks.comparison is None:
            self.notify(words, timeout=4)
        else:
            self.panels.go_to(DIFFERENCE.name)

    def export(self) -> None:
        """Let the user take away the run up to the moment that is seen, or what is seen."""
        from scratchtui.tui.export_menu import ExportMenu, export, title_of

        if self._finder.puts_off(self.export):
            return

        def take(name: str | None) -> None:
            if name is not None:
                export(self.app, self.session, name)

        self.app.clear_notifications()  # they are not to be in the picture
        self.app.push_screen(ExportMenu(title_of(self.session)), take)

    def change_speed(self, direction: int) -> None:
        """Train faster (+1) or slower (-1)."""
        self.session.change_speed(direction)
        self._did()

    def reset(self, *, new_seed: bool) -> None:
        """Begin again."""
        self._attempt(lambda: self.session.reset(new_seed=new_seed), "Not reset")

    def ask(self) -> None:
        """Let the user type an input for the network."""
        session = self.session

        def answer(text: str) -> str:
            return session.experiment.prompted(replace(session.probe, text=text))

        def submit(text: str) -> None:
            if text.strip():
                answer(text)
            self.session.probe = replace(self.session.probe, text=text.strip())
            self._did()

        if prompt := self.session.kind.prompt:
            self._open(Question(prompt, self.session.probe.text, "", submit, answer))
        else:
            self.notify(f"{self.session.kind.title} takes no typed input: its panels are edited", timeout=3)

    def take_back(self) -> None:
        """Take back the last edit."""
        if not self._finder.puts_off(self.take_back):
            self._returned(self.session.undo(), "nothing to take back")

    def make_again(self) -> None:
        """Make again the edit that was last taken back."""
        if not self._finder.puts_off(self.make_again):
            self._returned(self.session.redo(), "nothing to make again")

    def _returned(self, done: bool, otherwise: str) -> None:
        if not done:
            self.app.clear_notifications()  # or they would pile up while a key is held
            self.notify(otherwise, timeout=2)
        self._did()

    @on(HyperparameterList.Nudged)
    def _nudge(self, event: HyperparameterList.Nudged) -> None:
        h = self.session.kind_of(event.key)
        if h.kind == "text":
            self._edit_value(event.key)
            return
        value = self.session.pending.get(event.key, self.session.value(event.key))
        moved = h.nudge(value, event.direction)
        if not self._finder.puts_off(lambda: self._nudge(event)):
            self._attempt(lambda: self.session.set_value(event.key, moved), "Not changed")

    @on(HyperparameterList.Chosen)
    def _choose(self, event: HyperparameterList.Chosen) -> None:
        if self.session.pending:
            self.reset(new_seed=False)
        else:
            self._edit_value(event.key)

    @on(HyperparameterList.Dropped)
    def _drop(self) -> None:
        self.session.pending = {}
        self._did()

    @on(EditAsked)
    def _edit(self, event: EditAsked) -> None:
        panel, edit, key = event.panel, event.edit, event.key
        match key.how if key is not None else "press":
            case "press":
                if edit.action != POINT and self._finder.puts_off(lambda: self._edit(event)):
                    return
                if (
                    self._attempt(lambda: self.session.edit(panel, edit), "Not changed")
                    and key
                    and key.goes_to
                ):
                    self.panels.go_to(key.goes_to)
            case "paste":
                pasted = replace(edit, text=self.app.clipboard)
                self._attempt(lambda: self.session.edit(panel, pasted), "Not changed")
            case "copy":
                self._attempt(lambda: self._copy(panel, edit), "Not copied")
            case _ if key is not None:
                self._open(self._question(panel, edit, key))

    def _copy(self, panel: str, edit: Edit) -> None:
        self.app.copy_to_clipboard(self._written(panel, edit))
        self.notify("copied", timeout=2)

    def _written(self, panel: str, edit: Edit) -> str:
        return self.session.written(panel, edit)

    def _question(self, panel: str, edit: Edit, key: EditKey) -> Question:
        """Return what is asked for an edit that needs more than its key."""

        def typed(text: str) -> None:
            self.session.edit(panel, replace(edit, text=text))
            self._did()

        def load(name: str) -> None:
            typed(told(lambda: read_text(path_of(name))))

        def save(name: str) -> None:
            path, text = path_of(name), self._written(panel, edit)
            told(lambda: write_text(path, text))
            self.notify(f"saved to {path}", timeout=4)

        submit = {"load": load, "save": save}.get(key.how, typed)
        text = self._written(panel, edit) if key.how == "type" else ""
        return Question(key.short or key.help, text, key.hint, submit)

    def _edit_value(self, key: str) -> None:
        h = self.session.kind_of(key)
        text = h.format(self.session.value(key))
        self._open(Question(h.label, text, h.range, lambda text: self._set(key, text)))

    def _set(self, key: str, text: str) -> None:
        """Set a hyperparameter from text; ValueError in one sentence."""
        self.session.set_value(key, read(self.session.kind, key, text))
        self._did()

    def _attempt(self, change: Callable[[], None], otherwise: str) -> bool:
        """Do what may be refused; whether it was done. A refusal is told, and nothing is changed."""
        try:
            change()
        except ValueError as refusal:
            self.notify(str(refusal), severity="error", title=otherwise)
            return False
        finally:
            self._did()
        return True

    def _open(self, question: Question) -> None:
        self.add_class("-editing")
        self.query_one(LineEditor).open(question)

    @on(LineEditor.Grown)
    def _make_room(self, event: LineEditor.Grown) -> None:
        self.set_class(event.lines > 1, "-editing-below")

    @on(LineEditor.Closed)
    def _end_editing(self) -> None:
        self.remove_class("-editing", "-editing-below")
