"""A session on the screen: what the worker tells and what a key has changed is drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Container
from textual.message import Message

from scratchtui.training.lookback import StillFindingError
from scratchtui.training.silence import LONG
from scratchtui.tui import keys, status
from scratchtui.tui.finder import Finder
from scratchtui.tui.late_key import LateKey
from scratchtui.tui.listener import Listener
from scratchtui.tui.panels import Panels
from scratchtui.tui.requests import StoppedUnseen
from scratchtui.tui.widgets.hyperparameters import HyperparameterList
from scratchtui.tui.widgets.line_editor import LineEditor
from scratchtui.tui.widgets.words import SentenceLine

A_MOMENT = 0.1  # seconds, in which no key is heard

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from scratchtui.training.session import Session
    from scratchtui.tui.keymap import Keymap
    from scratchtui.tui.widgets.line_editor import Question


class LivePane(Container):
    """The panels of one experiment, two lines of words below them, and one to type into when asked.

    `changed` is called whenever what stands around it may have: with the keys of what has the focus, and
    those that work everywhere, none while they would type. A message would come a frame after the panels.
    """

    DEFAULT_CSS = """
    LivePane {
        layout: vertical;
        &.-editing #outlook, &.-editing-below #standing { display: none; }
    }
    """

    class WorkerSpoke(Message):
        """The worker has told something."""

    def __init__(
        self,
        session: Session,
        fps: float,
        changed: Callable[[keys.Keys, keys.Keys], None],
        *,
        signs: bool,
        keymap: Keymap,
    ) -> None:
        super().__init__(id=f"pane-{session.kind.name}")
        self.session = session
        session.patience = A_MOMENT
        self.panels = Panels(session, signs=signs, keymap=keymap)
        self._fps = fps
        self._keymap = keymap
        self._changed = changed
        self._listener = Listener(lambda: self.post_message(self.WorkerSpoke()))
        self._late_key = LateKey()
        self._finder = Finder(session, self, self._looked)

    def compose(self) -> ComposeResult:
        """Panels, and the words below them."""
        yield self.panels
        yield SentenceLine(id="standing")
        yield SentenceLine(id="outlook")
        yield LineEditor()

    def on_mount(self) -> None:
        """Begin to follow the worker."""
        self.set_interval(1 / self._fps, self._tick)
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
        if self.session.link.listen():
            self._tell_silence()

    def _tell_silence(self) -> None:
        """Say that the worker does not answer, and for how long."""
        if self.display:
            self._draw_words()
        elif self.session.link.silence.seconds == int(LONG):
            words = "its training process hangs or is slow"
            self.post_message(StoppedUnseen(self.session.kind.title, words, "does not answer"))

    @on(WorkerSpoke)
    def _take_in(self) -> None:
        """Take in what the worker has told, and draw it."""
        ran = self.session.running
        heard, failure = self.session.receive(), self.session.link.failure
        if ran and not self.session.running and self.session.course.halt is not None:
            self._late_key.stopped()
        if heard and failure and not self.display:
            self.post_message(StoppedUnseen(self.session.kind.title, failure))
        if heard and self.display:
            self._tell_news()
            self._draw_words()
            if self.session.running:
                self.panels.draw_frame()
            else:
                self.panels.draw()
        self._listener.listen(self.session.worker.fileno)

    def redraw(self) -> None:
        """Draw everything as it is, the keys included."""
        self._draw_words()
        self.panels.rearrange()

    def on_descendant_focus(self) -> None:
        """Tell which keys there are."""
        self._draw_words()

    def _draw_words(self) -> None:
        shown = self.panels.shown_keys
        for name, sentence in (("standing", status.standing), ("outlook", status.outlook)):
            self.query_one(f"#{name}", SentenceLine).show(sentence(self.session, shown), shown["explain"])
        editor, focused = self.query_one(LineEditor), self.screen.focused
        if editor.is_open:
            named = editor.KEYS
        elif self.session.pending and isinstance(focused, HyperparameterList):
            named = focused.WAITING_KEYS
        else:
            named = keys.short_keys(focused, self._keymap)
        self._changed(named, () if editor.is_open else keys.everywhere(focused, self._keymap))

    def did(self) -> None:
        """Draw what a key has changed."""
        self._late_key.acted()
        self._tell_news()
        self._listener.listen(self.session.worker.fileno)
        self.redraw()
        self._finder.begin()

    def _tell_news(self) -> None:
        """Say what was let go."""
        if words := self.session.news():
            self.notify(words, severity="warning")

    def _looked(self) -> None:
        """Draw how far the search for a moment has come, or what was found."""
        if self.session.sought is None:
            self.did()
        else:
            self._draw_words()

    def do(self, act: Callable[[], object]) -> None:
        """Do what may hang on a moment that is still being looked for: then, when that has been found."""
        try:
            act()
        except StillFindingError:
            self._finder.put_off(lambda: self.do(act))
        self.did()

    def when_found(self, act: Callable[[], object]) -> None:
        """Do what is about the moment that is seen; while one is looked for, when that has been found."""

        def act_there() -> None:
            self.session.looking.arrive(self.session.patience)
            act()

        self.do(act_there)

    def attempt(self, change: Callable[[], object], otherwise: str) -> None:
        """Do what may be refused, as `do` does. A refusal is told, and nothing is changed."""

        def attempted() -> None:
            try:
                change()
            except StillFindingError:
                raise
            except ValueError as refusal:
                self.notify(str(refusal), severity="error", title=otherwise)

        self.do(attempted)

    def ask(self, question: Question) -> None:
        """Let the user type an answer, and draw what it has changed; one that comes too soon waits."""
        editor = self.query_one(LineEditor)

        def submit(text: str) -> None:
            try:
                question.submit(text)
            except StillFindingError as early:
                self._finder.put_off(lambda: editor.submit(asked))
                raise ValueError(f"{early}; then it is taken") from early
            finally:
                self.did()

        asked = replace(question, submit=submit)
        self.add_class("-editing")
        editor.open(asked)

    def ask_when_found(self, ask: Callable[[], object]) -> None:
        """Ask what is about the moment that is seen; what is typed before it has been found is kept."""
        if self.session.looking.arrived:
            ask()
            return
        editor, step = self.query_one(LineEditor), self.session.looking.step
        self.add_class("-editing")
        editor.wait(f"step {step:,} is still being looked for")
        self.when_found(lambda: editor.waits and ask())

    @on(LineEditor.Grown)
    def _make_room(self, event: LineEditor.Grown) -> None:
        self.set_class(event.lines > 1, "-editing-below")

    @on(LineEditor.Closed)
    def _end_editing(self) -> None:
        self.remove_class("-editing", "-editing-below")
