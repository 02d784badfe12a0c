"""What the keys of a tab do to its session."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on

from scratchtui.experiments.panel import POINT, Edit
from scratchtui.training.marks import DIFFERENCE
from scratchtui.training.session import RUNS
from scratchtui.tui import questions
from scratchtui.tui.filing import Filed, Filing
from scratchtui.tui.keymap import DEFAULT
from scratchtui.tui.live_pane import LivePane
from scratchtui.tui.requests import EditAsked, SeekAsked
from scratchtui.tui.widgets.hyperparameters import HyperparameterList
from scratchtui.tui.widgets.line_editor import LineEditor

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events

    from scratchtui.training.run import Run
    from scratchtui.training.session import Session
    from scratchtui.tui.keymap import Keymap
    from scratchtui.tui.keys import Keys


TYPED = {"type", "load", "save"}  # what is asked for in a line


class ExperimentPane(LivePane):
    """One tab: its methods `action_NAME` are the actions of a tab, and its panels ask for edits."""

    def __init__(
        self,
        session: Session,
        fps: float,
        changed: Callable[[Keys, Keys], None],
        *,
        signs: bool = False,
        keymap: Keymap = DEFAULT,
    ) -> None:
        super().__init__(session, fps, changed, signs=signs, keymap=keymap)
        self._filing = Filing(self, session)

    def action_run_or_pause(self) -> None:
        """Run, or pause."""
        if not self._came_late("run_or_pause"):
            self.do(self.session.toggle)

    def _came_late(self, action: str) -> bool:
        """Whether the key of an action was to pause what had just stopped by itself; then that is told."""
        late = self.session.seen is None and self._late_key.was_to_pause()
        if late:
            self.notify(f"it had stopped by itself: {self.panels.shown_keys[action]} goes on")
        return late

    def action_step(self) -> None:
        """Pause, or take one step."""
        if not self._came_late("step"):
            self.session.step()
            self.did()

    def action_step_back(self) -> None:
        """Look at the step before."""
        self.session.step_back()
        self.did()

    def action_leap_back(self) -> None:
        """Look a tenth of the run further back."""
        self.session.leap(-1)
        self.did()

    def action_leap_on(self) -> None:
        """Look a tenth of the run further on."""
        self.session.leap(1)
        self.did()

    def action_first_step(self) -> None:
        """Look at the beginning of the run."""
        self._seek(0)

    def action_last_step(self) -> None:
        """Look at the end of the run."""
        self._seek(self.session.run.latest.step)

    @on(SeekAsked)
    def _go_to(self, event: SeekAsked) -> None:
        self._seek(event.step)

    def _seek(self, step: int) -> None:
        self.session.seek(step)
        self.did()

    def action_stop_when(self) -> None:
        """Let the user say where training is to stop."""
        self.ask(questions.stop(self.session))

    def action_slower(self) -> None:
        """Train slower."""
        self.session.change_speed(-1)
        self.did()

    def action_faster(self) -> None:
        """Train faster."""
        self.session.change_speed(1)
        self.did()

    def action_reset(self) -> None:
        """Begin again with the same seed."""
        self.attempt(self.session.reset, "Not reset")

    def action_reset_new_seed(self) -> None:
        """Begin again with a new seed."""
        self.attempt(lambda: self.session.reset(new_seed=True), "Not reset")

    def action_save(self) -> None:
        """Ask for a name, and save the run under it."""
        self.ask_when_found(lambda: self.ask(self._filing.to_save()))

    def action_open(self) -> None:
        """Let the user choose a file, and open the run in it."""
        from scratchtui.tui.open_dialog import OpenDialog

        self.app.push_screen(OpenDialog(self._filing.open))

    @on(Filed)
    def _tell_filed(self, event: Filed) -> None:
        if event.title:
            self.notify(event.words, severity="error", title=event.title)
        else:
            self.notify(event.words)

    def take_up(self, run: Run) -> None:
        """Make a run from a file the present one."""
        self.session.open(run)
        self.did()

    def action_undo(self) -> None:
        """Take back the last edit."""
        self.do(lambda: self._tell("taken back", self.session.undo(), "nothing to take back"))

    def action_redo(self) -> None:
        """Make again the edit that was last taken back."""
        self.do(lambda: self._tell("made again", self.session.redo(), "nothing to make again"))

    def _tell(self, what: str, words: str, otherwise: str) -> None:
        self.notify(f"{what}: {words}" if words else otherwise)

    def action_mark(self) -> None:
        """Mark the moment that is seen; with a second one, show what is different."""
        self.do(self._mark)

    def _mark(self) -> None:
        words = self.session.mark()
        if self.session.marks.comparison is not None:
            self.panels.rearrange()  # there may be a panel more
            seen = self.panels.reveal(DIFFERENCE.name)
            words = f"{words} · seen in {DIFFERENCE.title}" + ", behind loss" * (not seen)
        self.notify(words)

    def action_export(self) -> None:
        """Let the user take away the run up to the moment that is seen, or what is seen."""
        self.when_found(self._export)

    def _export(self) -> None:
        from scratchtui.tui.export_menu import ExportMenu, export, title_of

        def take(name: str | None) -> None:
            if name is not None:
                self.do(lambda: export(self.app, self.session, name))

        self.app.clear_notifications()  # they are not to be in the picture
        self.app.push_screen(ExportMenu(title_of(self.session), self._keymap), take)

    def action_ask(self) -> None:
        """Let the user type an input for the network."""
        if self.session.kind.prompt:
            self.ask_when_found(lambda: self.ask(questions.prompt(self.session)))
        else:
            self.notify(f"{self.session.kind.title} takes no typed input: its panels are edited")

    @on(HyperparameterList.Nudged)
    def _nudge(self, event: HyperparameterList.Nudged) -> None:
        session, key = self.session, event.key
        h = session.kind_of(key)

        def nudge() -> None:
            moved = h.nudge(session.pending.get(key, session.value(key)), event.direction)
            session.set_value(key, moved)

        if h.kind == "text":
            self._ask_for(key)
        else:
            self.when_found(lambda: self.attempt(nudge, "Not changed"))

    def _ask_for(self, key: str) -> None:
        self.ask_when_found(lambda: self.ask(questions.value(self.session, key)))

    @on(HyperparameterList.Chosen)
    def _choose(self, event: HyperparameterList.Chosen) -> None:
        if self.session.pending:
            self.action_reset()
        else:
            self._ask_for(event.key)

    @on(HyperparameterList.Dropped)
    def _drop(self) -> None:
        self.session.drop_pending()
        self.did()

    @on(EditAsked)
    def _edit(self, event: EditAsked) -> None:
        panel, edit, key = event.panel, event.edit, event.key
        how = key.how if key is not None else "press"
        if not (self.session.looking.arrived or edit.action == POINT or panel == RUNS):
            (self.ask_when_found if how in TYPED else self.when_found)(self._to_edit(event))
            return
        match how:
            case "press":
                self._press(event)
            case "paste":
                pasted = replace(edit, text=self.app.clipboard)
                self.attempt(lambda: self.session.edit(panel, pasted), "Not changed")
            case "copy":
                self.attempt(lambda: self._copy(event), "Not copied")
            case _ if key is not None:
                self.ask(questions.edit(self.session, panel, edit, key, self.notify))

    def on_paste(self, event: events.Paste) -> None:
        """Let a paste that the focused panel has no use for be taken where it belongs."""
        event.stop()
        session, text = self.session, event.text
        for panel in session.kind.panels:
            for key in panel.keys:
                if key.how == "paste":
                    self.panels.go_to(panel.name)
                    self.post_message(EditAsked(panel.name, Edit(key.action, (), text)))
                    return
        if session.kind.prompt and text.strip():
            self.ask_when_found(lambda: self.ask(questions.pasted(session, text)))

    def _to_edit(self, event: EditAsked) -> Callable[[], None]:
        """Return what makes an edit at another moment, unless what it is about does not stand there then."""
        subject = self.panels.subject(event)

        def edit() -> None:
            if self.panels.subject(event) == subject:
                self._edit(event)
                return
            self.query_one(LineEditor).close()
            step = self.session.experiment.steps
            self.notify(f"something else is under the cursor at step {step:,}", title="Not changed")

        return edit

    def _press(self, event: EditAsked) -> None:
        def edit() -> None:
            self.session.edit(event.panel, event.edit)
            if event.key and event.key.goes_to:
                self.panels.go_to(event.key.goes_to)

        self.attempt(edit, "Not changed")

    def _copy(self, event: EditAsked) -> None:
        self.app.copy_to_clipboard(self.session.written(event.panel, event.edit))
        self.notify("copied")
