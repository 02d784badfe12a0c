"""The panels of one experiment: arranged for the room there is, each drawn from its view."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, cast

from textual import on
from textual.containers import Container

from scratchtui.experiments.view import Curves, Matrix, Table
from scratchtui.faults import fault
from scratchtui.logs import log
from scratchtui.tui import every_tab, keys, status, titles
from scratchtui.tui.every_tab import LOSS, SETTINGS
from scratchtui.tui.ink import clipped
from scratchtui.tui.keymap import DEFAULT
from scratchtui.tui.layout import ABOUT, PROMPT, Layout
from scratchtui.tui.turns import BREATH, Turns
from scratchtui.tui.widgets.canvas import CanvasView
from scratchtui.tui.widgets.chart import Chart
from scratchtui.tui.widgets.drawing import Drawing
from scratchtui.tui.widgets.gallery import GalleryView
from scratchtui.tui.widgets.heatmap import Heatmap
from scratchtui.tui.widgets.hyperparameters import HyperparameterList
from scratchtui.tui.widgets.pointed import Pointed
from scratchtui.tui.widgets.prose import ProseView
from scratchtui.tui.widgets.surface import SurfaceView
from scratchtui.tui.widgets.table import TableView
from scratchtui.tui.widgets.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual import events
    from textual.app import ComposeResult
    from textual.timer import Timer
    from textual.widget import Widget

    from scratchtui.experiments.hyperparameter import Settings
    from scratchtui.experiments.panel import Panel
    from scratchtui.experiments.view import View
    from scratchtui.training.session import Session
    from scratchtui.tui.arrangement import Place
    from scratchtui.tui.keymap import Keymap
    from scratchtui.tui.requests import EditAsked
    from scratchtui.tui.widgets.hyperparameters import Line

BORDERS = 2
LONGEST_LINE = 1000  # before the width is known
MOST_ROWS = 17  # of a table beside the charts, that it asks to have seen at once
WIDGETS = {
    "curves": Chart,
    "table": TableView,
    "matrix": Heatmap,
    "gallery": GalleryView,
    "surface": SurfaceView,
    "canvas": CanvasView,
    "prose": ProseView,
    "settings": HyperparameterList,
}


class Shows(Protocol):
    """A widget that draws one kind of view."""

    def show(self, view: Any, /) -> None:
        """Draw this view."""


class Panels(Container):
    """Every panel of a session's experiment, a prompt, and a place for words about the focused panel."""

    DEFAULT_CSS = """
    Panels {
        height: 1fr;
        & .panel {
            position: absolute;
            display: none;
            border: round $foreground 25%;
            border-title-color: $text-muted;
            border-title-style: none;
            &:focus { border: round $accent; border-title-color: $accent; border-title-style: bold; }
        }
        & #prompt { position: absolute; display: none; height: 1; padding: 0 1; }
    }
    """

    def __init__(self, session: Session, *, signs: bool = False, keymap: Keymap = DEFAULT) -> None:
        super().__init__()
        self._keymap = keymap
        self._session = session
        self._signs = signs
        self._layout = Layout(session)
        self._turns = Turns(self, lambda: self._layout.seen, self._draw_panel)
        self._titles: dict[str, str] = {}
        self._closer_due: Timer | None = None
        self._broken: set[str] = set()
        self._last_focused = ""
        self._wanted: tuple[Settings, dict[str, int | None]] = ({}, {})

    def compose(self) -> ComposeResult:
        """Make a widget for each panel, the prompt, and a place for words about the focused panel."""
        for panel in self._layout.panels.values():
            widget = WIDGETS[panel.kind](id=panel.name)
            widget.add_class("panel")
            widget.can_focus = True
            if isinstance(widget, Pointed):
                widget.signs = self._signs
            if isinstance(widget, Drawing):
                widget.edits, widget.follows = panel.keys, panel.follows
            yield widget
        yield Words(id=PROMPT)
        about = Words(id=ABOUT, classes="panel")
        about.border_title = "about"
        yield about

    def on_mount(self) -> None:
        """Draw what a key may need before there is room for anything."""
        self._draw_panel(SETTINGS.name)

    def on_resize(self) -> None:
        """Arrange the panels anew."""
        self.rearrange()

    def rearrange(self) -> None:
        """Give every panel its place, and draw it; panels that are not seen are not displayed."""
        width, height = self.size
        if not width or not height:
            return
        if self._layout.arrange(width, height, self._wanted_rows):
            for name in (*self._layout.panels, PROMPT, ABOUT):
                self._put(self._widget(name), self._layout.places.get(name))
        self._draw_titles()
        self.draw()

    @staticmethod
    def _put(widget: Widget, place: Place | None) -> None:
        widget.display = place is not None
        if place is not None:
            widget.styles.offset = (place.x, place.y)
            widget.styles.width, widget.styles.height = place.width, place.height

    def _wanted_rows(self, panel: Panel) -> int | None:
        """Return how many rows a panel takes, those of a view looked up anew where a setting has changed."""
        if panel is SETTINGS:
            self._draw_panel(panel.name)  # it counts the rows that it has
            return self.query_one(HyperparameterList).wanted_rows + BORDERS
        settings, wanted = self._wanted
        if settings != self._session.settings:
            settings, wanted = self._wanted = dict(self._session.settings), {}
        if panel.name not in wanted:
            wanted[panel.name] = _rows_of(self._view(panel.name))
        return wanted[panel.name]

    def _draw_titles(self) -> None:
        """Name each panel, and beside the first of a slot those that wait behind it."""
        for panel in self._layout.seen:
            title = titles.markup_of(self._title_of(panel))
            if self._titles.get(panel.name) != title:  # a widget that is asked for its own gives it otherwise
                self._titles[panel.name] = self._widget(panel.name).border_title = title

    @on(Chart.WindowMoved)
    def _show_window(self, event: Chart.WindowMoved) -> None:
        if event.panel == LOSS.name:
            self._draw_panel(LOSS.name)
        self._draw_titles()

    def _title_of(self, panel: Panel) -> titles.Parts:
        widget, behind = self._widget(panel.name), self._layout.behind(panel)
        if isinstance(widget, Chart):
            looking = panel.name == LOSS.name and self._session.close_up.sought
            panel = replace(panel, title=widget.titled(panel.title) + ", looking closer" * looking)
        return titles.parts_of(panel, behind, self._layout.places[panel.name].width)

    def zoom(self) -> None:
        """Show the focused panel alone, or all again."""
        self._layout.zoomed = None if self._layout.zoomed else self.focused
        self.rearrange()

    @property
    def focused(self) -> str | None:
        """The name of the panel that has the focus."""
        focused = self.screen.focused  # another tab's panel may have the same name
        return focused.id if focused is not None and focused.parent is self else None

    @property
    def shown_keys(self) -> Mapping[str, str]:
        """What is on the key of each action while the panel that has the focus has it."""
        return self._keymap.shown(keys.own(self.screen.focused))

    def focus_panel(self, direction: int) -> None:
        """Focus the next panel (+1) or the one before (-1); with none focused, that of the first act."""
        names = [panel.name for panel in self._layout.present]
        focused = self.focused or self._last_focused
        first = self._session.kind.first or SETTINGS.name
        name = names[(names.index(focused) + direction) % len(names)] if focused in names else first
        self.go_to(name)

    def subject(self, event: EditAsked) -> object:
        """Return what an edit is about that stands there now, and may not at another moment."""
        widget = self._widget(event.panel)
        about_place = event.key is not None and event.key.on == "place"
        return widget.subject if isinstance(widget, Drawing) and about_place else None

    def reveal(self, name: str) -> bool:
        """Show a panel where that hides neither the first of its slot nor the one focused; whether it is."""
        if self._layout.can_stand_beside(name, self.focused):
            self._layout.bring_to_front(name)
            self.rearrange()
        return name in self._layout.places

    def go_to(self, name: str) -> None:
        """Focus a panel by its name."""
        self._layout.bring_to_front(name)
        self.rearrange()
        self._last_focused = name
        self.screen.set_focus(self._widget(name))  # at once: the next key may be here already

    def on_descendant_focus(self) -> None:
        """Say what the focused panel shows."""
        self._last_focused = self.focused or self._last_focused
        words = f"{self._session.kind.question}\n\n{self._keymap.filled(self._explained.help)}"
        self.query_one(f"#{ABOUT}", Words).say(words.replace("\n", " ").replace("  ", "\n\n"))
        if not self._session.experiment.steps:
            self.draw()  # charts say which key runs it

    @property
    def _explained(self) -> Panel:
        """The panel that has the focus; the loss where none has it."""
        return self._layout.panels[self.focused or LOSS.name]

    def on_click(self, event: events.Click) -> None:
        """Bring the panel to the front whose title was clicked, where it waits behind another."""
        for panel in self._layout.seen:
            place = self._widget(panel.name).region
            if place.y == event.screen_y and place.x <= event.screen_x < place.right:
                clicked = titles.panel_at(self._title_of(panel), event.screen_x - place.x - len("╭ "))
                if clicked is not None:
                    self.go_to(clicked.name)
                return

    def help(self) -> tuple[str, str, keys.Keys, keys.Keys]:
        """Return title, words and keys of the focused panel, and the keys that work everywhere."""
        panel = self._explained
        widget, words = (
            self._widget(panel.name),
            self._keymap.filled(every_tab.explained(self._session, panel)),
        )
        left = tuple((key, action.help) for key, action in self._keymap.beside(keys.own(widget)))
        return panel.title, words, keys.every_key(widget, self._keymap), left

    def draw(self) -> None:
        """Draw what a key has changed."""
        self._say_prompt()
        self._turns.draw()

    def draw_frame(self) -> None:
        """Draw how far training has come."""
        self._say_prompt()
        self._turns.draw_frame()

    def _say_prompt(self) -> None:
        prompt = self.query_one(f"#{PROMPT}", Words)
        prompt.say(
            clipped(status.prompt(self._session, self.shown_keys), prompt.content_size.width or LONGEST_LINE)
        )

    def _draw_panel(self, name: str) -> None:
        view = self._view(name)
        if view is None:
            return
        if isinstance(view, Curves):
            begin = status.how_to_begin(self._session, self.shown_keys)
            view = replace(view, empty=f"{view.empty}: {begin}")
            seen = self._session.seen
            cast("Chart", self._widget(name)).show(view, mark=None if seen is None else float(seen.step))
            if self._session.close_up.sought and self._closer_due is None:
                self._closer_due = self.set_timer(BREATH, self._look_closer)
        else:
            cast("Shows", self._widget(name)).show(view)

    def _tell_broken(self, name: str, error: Exception) -> None:
        """Tell once of a panel that an error of the program keeps from being drawn."""
        if name not in self._broken:
            self._broken.add(name)
            log.error("panel %s", name, exc_info=error)
            title = f"{self._layout.panels[name].title} cannot be drawn"
            self.notify(fault(error), severity="error", title=title)

    def _look_closer(self) -> None:
        """Look on for each loss of a narrow window; keys come between."""
        self._closer_due = None
        if self._session.close_up.search_on():
            self._draw_panel(LOSS.name)
            self._draw_titles()
        elif self._session.close_up.sought:
            self._closer_due = self.set_timer(BREATH, self._look_closer)

    def _view(self, name: str) -> View | tuple[Line, ...] | None:
        """Return what a panel shows; None where an error of the program costs it, and nothing else."""
        try:
            return self._session.run.reading(lambda: self._computed(name))
        except Exception as error:  # noqa: BLE001 - training and all other panels go on
            self._tell_broken(name, error)
            return None

    def _computed(self, name: str) -> View | tuple[Line, ...]:
        if name == LOSS.name:
            return self._session.losses(cast("Chart", self._widget(name)).stretch)
        if name == SETTINGS.name:
            return every_tab.settings(self._session)
        if (view := every_tab.view(self._session, name, self._keymap)) is not None:
            return view
        return self._session.experiment.view(name, self._session.run.timeline.snapshots, self._session.probe)

    def _widget(self, name: str) -> Widget:
        return self.query_one(f"#{name}")


def _rows_of(view: View | tuple[Line, ...] | None) -> int | None:
    """Return how many rows a view takes with its frame; None where it fills what there is."""
    match view:
        case Table(rows=lines, note=note):
            return min(len(lines), MOST_ROWS) + 1 + bool(note) + BORDERS
        case Matrix(values=values):
            return len(values) + 3 + BORDERS
    return None
