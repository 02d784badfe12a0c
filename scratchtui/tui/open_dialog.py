"""The saved runs of a folder, to choose one of; or the path of any other is typed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, OptionList, Static

from scratchtui.experiments.escapes import printable
from scratchtui.training.file_names import completed, listed
from scratchtui.training.saved_runs import SavedRun, saved_runs
from scratchtui.tui.ink import clipped, padded
from scratchtui.tui.page import Page
from scratchtui.tui.pasting import LineInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

LONGEST_NAME = 26  # cells


class OpenDialog(Page[None]):
    """A line to type into over a list that it filters; `submit` takes a file, or raises ValueError."""

    DEFAULT_CSS = """
    OpenDialog {
        & > VerticalScroll { width: 78; }
        & Input { background: $panel; border: none; height: 1; }
        & OptionList {
            height: auto; max-height: 12; border: none; padding: 0; background: $background;
            text-wrap: nowrap; text-overflow: ellipsis;
            & > .option-list--option-highlighted { background: $accent; color: $background; }
        }
        & #said { color: $text-muted; }
        & #said.-refused { color: $error; text-style: bold; }
    }
    """
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "close", show=False),
        Binding("up", "move(-1)", "one before", show=False, priority=True),
        Binding("down", "move(1)", "one after", show=False, priority=True),
        Binding("tab", "complete", "complete", show=False, priority=True),
    ]

    def __init__(self, submit: Callable[[str], None]) -> None:
        super().__init__("open", "↑↓ choose · type a path · enter opens · esc leaves")
        self._submit = submit
        self._runs: list[SavedRun] = []
        self._known: dict[str, SavedRun | None] = {}

    def compose(self) -> ComposeResult:
        """Show the line, the list, and what is to be said of them."""
        field = LineInput(placeholder="the beginning of a name, or a path")
        runs = OptionList(markup=False)
        runs.can_focus = False
        page = VerticalScroll(field, runs, Static(id="said", markup=False))
        page.can_focus = False
        page.border_title, page.border_subtitle = self._title, self._can
        yield page

    def on_mount(self) -> None:
        """List all."""
        self._list("")

    @on(Input.Changed)
    def _filter(self, event: Input.Changed) -> None:
        event.stop()
        self._list(event.value)

    def _list(self, typed: str) -> None:
        self._runs = saved_runs(typed, self._known)
        runs = self.query_one(OptionList)
        runs.clear_options().add_options([line(run) for run in self._runs])
        whole = (place for place, run in enumerate(self._runs) if run.name == typed)
        runs.highlighted = next(whole, 0) if self._runs else None
        self._say("" if self._runs else listed(typed))

    def action_move(self, by: int) -> None:
        """Go to another run of the list."""
        runs = self.query_one(OptionList)
        if self._runs and runs.highlighted is not None:
            runs.highlighted = max(0, min(runs.highlighted + by, len(self._runs) - 1))

    def action_complete(self) -> None:
        """Complete what is typed as far as there is no choice."""
        field = self.query_one(Input)
        field.value = completed(field.value)
        field.cursor_position = len(field.value)

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _open(self) -> None:
        typed, place = self.query_one(Input).value, self.query_one(OptionList).highlighted
        chosen = typed if place is None else self._runs[place].name
        try:
            self._submit(chosen)
        except ValueError as refusal:
            self._say(str(refusal), refused=True)
        else:
            self.dismiss()

    def _say(self, words: str, *, refused: bool = False) -> None:
        hint = self.query_one("#said", Static)  # what the app says is one too
        hint.set_class(refused, "-refused")
        hint.update(printable(words))


def line(run: SavedRun) -> str:
    """Return a run as it stands in the list: file, experiment, step, seed, date."""
    return (
        f"{padded(clipped(printable(run.name), LONGEST_NAME), LONGEST_NAME)} {run.title:<10} "
        f"step {run.step:<7,} seed {run.seed:<3} {datetime.fromtimestamp(run.when):%d %b %H:%M}"
    )
