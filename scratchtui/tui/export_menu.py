"""What the user can take away: a menu over the app, and what it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from scratchtui.experiments.escapes import printable
from scratchtui.training.exports import EXPORTS, place_of_exports, write_somewhere
from scratchtui.training.file_names import stem
from scratchtui.training.lookback import StillFindingError
from scratchtui.tui import picture
from scratchtui.tui.dialog import Dialog
from scratchtui.tui.keymap import DEFAULT
from scratchtui.tui.photograph import photographed

if TYPE_CHECKING:
    from textual.app import App, ComposeResult

    from scratchtui.training.session import Session
    from scratchtui.tui.keymap import Keymap

LONGEST_FOLDER = 38  # characters
LONGEST_SHOWN = 240  # characters of a command line that is not in a file as well


@dataclass(frozen=True)
class Choice:
    """One thing to take away: its letter, what the menu calls it, and what it is."""

    key: str
    name: str
    title: str
    words: str


CHOICES = (
    Choice("c", "command", "command line", "copied: it makes this run again"),
    Choice("l", "losses", "losses, CSV", "the loss of every step"),
    Choice("w", "weights", "weights, npz", "every parameter under its name"),
    Choice("s", "svg", "screen, SVG", "a picture of what is seen"),
    Choice("t", "txt", "screen, text", "what is seen, characters only"),
    Choice("p", "script", "script, Python", "the same losses, by numpy alone"),
)


class ExportMenu(ModalScreen[str], Dialog[str]):
    """Choose by letter, or by arrows and enter; training goes on behind it."""

    DEFAULT_CSS = """
    ExportMenu {
        align: center middle;
        & > Vertical {
            width: 56; max-width: 100%; height: auto;
            border: round $accent; background: $background; padding: 0 1;
            border-title-color: $accent; border-subtitle-color: $text-muted;
        }
        & OptionList {
            height: auto; max-height: 100%; border: none; padding: 0; background: $background;
            &:focus { border: none; background-tint: $background 0%; }
            & > .option-list--option-highlighted { background: $accent; color: $background; }
        }
        & Static { height: auto; color: $text-muted; padding: 1 0 0 0; }
    }
    """
    AUTO_FOCUS = "OptionList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "close", show=False),
        *(Binding(each.key, f"dismiss('{each.name}')", each.title, show=False) for each in CHOICES),
    ]

    def __init__(self, title: str, keymap: Keymap = DEFAULT) -> None:
        super().__init__()
        self._title = title
        keymap.bind(self, "dismiss", "quit", "export")

    def compose(self) -> ComposeResult:
        """List the choices, and say where files go."""
        options = [Option(f"{each.key}  {each.title:<16}{each.words}", id=each.name) for each in CHOICES]
        page = Vertical(
            OptionList(*options, markup=False), Static(f"files go into {_folder()}", markup=False)
        )
        page.border_title = self._title
        page.border_subtitle = "enter, or a letter · esc leaves"
        yield page

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)


def _folder() -> str:
    """Return the folder that files go into, its end if it is long."""
    folder = printable(str(place_of_exports()))
    return folder if len(folder) <= LONGEST_FOLDER else f"…{folder[1 - LONGEST_FOLDER :]}"


def title_of(session: Session) -> str:
    """Return what it is that can be taken away."""
    named = f"export {session.kind.title} · seed {session.run.recipe.seed}"
    return named if session.running else f"{named} · step {session.experiment.steps:,}"


def export(app: App[None], session: Session, name: str) -> None:
    """Make what was chosen of the run up to the moment that is seen, or of the screen; tell where it is.

    StillFindingError where that takes long.
    """
    try:
        title, words, copied = _exported(app, session, name)
    except StillFindingError:
        raise
    except ValueError as refusal:
        app.notify(str(refusal), title="Not exported", severity="error")
        return
    app.copy_to_clipboard(copied)
    app.notify(words, title=title)


def _exported(app: App[None], session: Session, name: str) -> tuple[str, str, str]:
    """Return title and words of what is told, and what is copied; ValueError in one sentence."""
    if name in EXPORTS:
        run = session.so_far(losses=EXPORTS[name].losses)
        begins, content = stem(run.recipe, run.latest.step), EXPORTS[name].of(run)
        if not EXPORTS[name].name:
            line = content.decode().rstrip("\n")
            return "Copied", _shown(line, f"{begins}-command.sh"), line
        path = write_somewhere(f"{begins}-{EXPORTS[name].name}", content)
    else:
        lines, begins = photographed(app), stem(session.run.recipe, session.experiment.steps)
        drawn = picture.text(lines) if name == "txt" else picture.svg(lines, picture.ground(lines))
        path = write_somewhere(f"{begins}-screen.{name}", drawn.encode())
    where = printable(str(path))
    return "Exported, and the path copied", where, where


def _shown(line: str, name: str) -> str:
    """Return a command line, or where it can be read if it is long: not every terminal copies."""
    if len(line) <= LONGEST_SHOWN:
        return line
    try:
        path = write_somewhere(name, f"{line}\n".encode())
    except ValueError as refusal:
        return f"{len(line):,} characters, too long to be shown; {refusal}"
    return f"{len(line):,} characters, too long to be shown; they are in {path} as well"
