"""The panels of one experiment: arranged for the room there is, each drawn from its view."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, cast

from textual import on
from textual.containers import Container
from textual.widgets import Static

from scratchtui.experiments.recipe import SEED
from scratchtui.experiments.view import Curves, Matrix, Table
from scratchtui.tui import every_tab, status, titles
from scratchtui.tui.actions import left_by
from scratchtui.tui.arrangement import Place, Wish, arrange
from scratchtui.tui.every_tab import LOSS, SETTINGS
from scratchtui.tui.ink import clipped
from scratchtui.tui.widgets.canvas import CanvasView
from scratchtui.tui.widgets.chart import Chart
from scratchtui.tui.widgets.drawing import Drawing
from scratchtui.tui.widgets.gallery import GalleryView
from scratchtui.tui.widgets.heatmap import Heatmap
from scratchtui.tui.widgets.hyperparameters import HyperparameterList, Line
from scratchtui.tui.widgets.pointed import Pointed
from scratchtui.tui.widgets.prose import ProseView
from scratchtui.tui.widgets.surface import SurfaceView
from scratchtui.tui.widgets.table import TableView

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.timer import Timer
    from textual.widget import Widget

    from scratchtui.experiments.hyperparameter import Settings
    from scratchtui.experiments.panel import Panel
    from scratchtui.experiments.view import View
    from scratchtui.training.session import Session

ORDER = ("loss", "side", "stage", "settings")
BORDERS = 2
LONGEST_LINE = 1000  # before the width is known
MOST_ROWS = 17  # of a table beside the charts, that it asks to have seen at once
_CHART_EVERY, _CROWDED_EVERY = 3, 5  # frames: so often a chart is drawn, and all where pictures take turns
_CHART_DELAY = 0.05
_REST = 0.25  # after a frame, when what was not its turn is drawn too, if no other frame has come
_BREATH = 0.01  # in which the numbers are painted and keys answered
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
CHARTS = frozenset({"curves"})  # take long to draw
PICTURES = frozenset({"gallery", "surface"})  # of many cells, any of which may change with every step
NUMBERS = frozenset(WIDGETS) - CHARTS - PICTURES - {SETTINGS.kind}


class Shows(Protocol):
    """A widget that draws one kind of view."""

    def show(self, view: Any, /) -> None:
        """Draw this view."""


class Panels(Container):
    """Every panel of a session's experiment; those that share a place where space is short take turns."""

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
    BESIDE: ClassVar[tuple[Wish, ...]] = (Wish("prompt", "prompt", 1), Wish("about", "about"))

    def __init__(self, session: Session, *, signs: bool = False) -> None:
        super().__init__()
        self._session = session
        self._signs = signs
        panels = sorted(
            (*every_tab.BEFORE, *session.kind.panels, SETTINGS),
            key=lambda panel: ORDER.index(panel.slot),
        )
        self._panels = {panel.name: panel for panel in panels}
        self._front = {panel.slot: panel.name for panel in reversed(panels)}
        self._zoomed: str | None = None
        self._places: dict[str, Place] = {}
        self._titles: dict[str, str] = {}
        self._frame = 0
        self._charts_due: Timer | None = None
        self._rest_due: Timer | None = None
        self._closer_due: Timer | None = None
        self._last_focused = ""
        self._wanted: tuple[Settings, dict[str, int | None]] = ({}, {})

    def compose(self) -> ComposeResult:
        """Make a widget for each panel, the prompt, and a place for words about the focused panel."""
        for panel in self._panels.values():
            widget = WIDGETS[panel.kind](id=panel.name)
            widget.add_class("panel")
            widget.can_focus = True
            if isinstance(widget, Pointed):
                widget.signs = self._signs
            if isinstance(widget, Drawing):
                widget.edits, widget.follows = panel.keys, panel.follows
            yield widget
        yield Static(id="prompt", markup=False)
        about = Static(id="about", classes="panel", markup=False)
        about.border_title = "about"
        yield about

    def on_mount(self) -> None:
        """Draw the first picture."""
        self.draw_settings()
        self.rearrange()

    def on_resize(self) -> None:
        """Arrange the panels anew."""
        self.rearrange()

    def rearrange(self) -> None:
        """Give every panel its place; panels that are not seen are not displayed."""
        width, height = self.size
        if not width or not height:
            return
        beside = self.BESIDE if self._session.kind.prompt else self.BESIDE[1:]
        wishes = (*map(self._wish, self._present), *beside)
        places = arrange(width, height, wishes, self._in_front, self._zoomed)
        if places != self._places:
            self._places = places
            for name in (*self._panels, *(wish.name for wish in self.BESIDE)):
                self._put(self._widget(name), places.get(name))
        self._draw_titles()
        self.draw()

    @property
    def _present(self) -> list[Panel]:
        """The panels that have something to show."""
        absent = self._session.experiment.absent() | every_tab.absent(self._session)
        return [panel for name, panel in self._panels.items() if name not in absent]

    @property
    def _in_front(self) -> frozenset[str]:
        """For each slot the panel that is seen first: the one last chosen, if it has something to show."""
        fronts = {panel.slot: panel.name for panel in reversed(self._present)}
        names = {panel.name for panel in self._present}
        return frozenset((fronts | {s: n for s, n in self._front.items() if n in names}).values())

    @staticmethod
    def _put(widget: Widget, place: Place | None) -> None:
        widget.display = place is not None
        if place is not None:
            widget.styles.offset = (place.x, place.y)
            widget.styles.width, widget.styles.height = place.width, place.height

    def _wish(self, panel: Panel) -> Wish:
        """Beside the charts a panel wants what its view needs; on the stage the main picture wants most."""
        rows = None
        if panel is SETTINGS:
            rows = self._settings.wanted_rows + BORDERS
        elif panel.slot == "side" or (panel.slot == "stage" and panel.kind == "table" and self._leads(panel)):
            rows = self._wanted_rows(panel)
        share = 4 if panel.slot == "stage" and panel.kind in {"curves", "canvas"} else 2
        return Wish(panel.name, panel.slot, rows, share)

    def _leads(self, panel: Panel) -> bool:
        return next(each for each in self._present if each.slot == panel.slot) is panel

    def _wanted_rows(self, panel: Panel) -> int | None:
        """Return how many rows the view of a panel takes, looked up anew where a setting has changed."""
        settings, wanted = self._wanted
        if settings != self._session.settings:
            settings, wanted = self._wanted = dict(self._session.settings), {}
        if panel.name not in wanted:
            wanted[panel.name] = _rows_of(self._view(panel.name))
        return wanted[panel.name]

    def _draw_titles(self) -> None:
        """Name each panel, and beside the first of a slot those that wait behind it."""
        for name in self._places:
            if name in self._panels:
                title = titles.markup_of(self._title_of(self._panels[name]))
                if self._titles.get(name) != title:  # a widget that is asked for its own gives it otherwise
                    self._titles[name] = self._widget(name).border_title = title

    @on(Chart.WindowMoved)
    def _show_window(self, event: Chart.WindowMoved) -> None:
        if event.panel == LOSS.name:
            self._draw_panel(LOSS.name)
        self._draw_titles()

    def _title_of(self, panel: Panel) -> titles.Parts:
        widget, behind = self._widget(panel.name), self._behind(panel)
        if isinstance(widget, Chart):
            looking = panel.name == LOSS.name and self._session.close_up.sought
            panel = replace(panel, title=widget.titled(panel.title) + ", looking closer" * looking)
        return titles.parts_of(panel, behind, self._places[panel.name].width)

    def _behind(self, panel: Panel) -> list[Panel]:
        """Return the panels that wait behind one, as `tab` goes to them; only behind the first of a slot."""
        slot = [each for each in self._present if each.slot == panel.slot]
        first = next((each for each in slot if each.name in self._places), None)
        if self._zoomed is not None or panel is not first:
            return []
        at = slot.index(panel)
        return [each for each in (*slot[at:], *slot[:at]) if each.name not in self._places]

    def zoom(self) -> None:
        """Show the focused panel alone, or all again."""
        self._zoomed = None if self._zoomed else self.focused
        self.rearrange()

    @property
    def focused(self) -> str | None:
        """The name of the panel that has the focus."""
        focused = self.screen.focused  # another tab's panel may have the same name
        return focused.id if focused is not None and focused.parent is self else None

    @property
    def run_key(self) -> str:
        """The key that runs it while the panel that has the focus has it."""
        keys = left_by(short_keys(self.screen.focused))
        return next(key for key, action in keys if action.name == "run_or_pause")

    def focus_panel(self, direction: int) -> None:
        """Focus the next panel (+1) or the one before (-1); with none focused, that of the first act."""
        names = [panel.name for panel in self._present]
        focused = self.focused or self._last_focused
        name = names[(names.index(focused) + direction) % len(names)] if focused in names else self._first
        self.go_to(name)

    @property
    def _first(self) -> str:
        return self._session.kind.first or SETTINGS.name

    def go_to(self, name: str) -> None:
        """Focus a panel by its name."""
        self._front[self._panels[name].slot] = name
        if self._zoomed is not None:
            self._zoomed = name
        self.rearrange()
        self._last_focused = name
        self.screen.set_focus(self._widget(name))  # at once: the next key may be here already

    def on_descendant_focus(self) -> None:
        """Say what the focused panel shows."""
        self._last_focused = self.focused or self._last_focused
        words = f"{self._session.kind.question}\n\n{self._panels[self.focused or LOSS.name].help}"
        say(self.query_one("#about", Static), words.replace("\n", " ").replace("  ", "\n\n"))
        if not self._session.experiment.steps:
            self.draw()  # charts say which key runs it

    def on_click(self, event: events.Click) -> None:
        """Bring the panel to the front whose title was clicked, where it waits behind another."""
        for name in self._places:
            place = self._widget(name).region
            if name in self._panels and place.y == event.screen_y and place.x <= event.screen_x < place.right:
                clicked = titles.panel_at(
                    self._title_of(self._panels[name]), event.screen_x - place.x - len("╭ ")
                )
                if clicked is not None:
                    self.go_to(clicked.name)
                return

    def help(self) -> tuple[str, str, tuple[tuple[str, str], ...]]:
        """Return title, words and keys of the focused panel."""
        panel = self._panels[self.focused or LOSS.name]
        words = panel.help.replace("\n", " ")
        if panel is SETTINGS:
            settings = (*self._session.kind.hyperparameters, SEED)
            words += "\n\n" + "\n".join(f"{h.label}: {h.help} ({h.range})" for h in settings)
        if warned := status.warnings(self._session):
            words += "\n\n" + "\n".join(sentence.words for sentence in warned)
        return panel.title, words, _keys_of(self._widget(panel.name))

    def draw(self) -> None:
        """Draw all but charts at once; those, which take long, when the keys have been answered."""
        self._draw_numbers()
        for name in self._shown(PICTURES):
            self._draw_panel(name)
        if self._charts_due is None:
            self._charts_due = self.set_timer(_CHART_DELAY, self._draw_charts)

    def draw_frame(self) -> None:
        """Draw numbers and words, and one chart at the most, each in its turn; keys may come between.

        A picture that is alone is drawn with the numbers; more of them take turns with the charts.
        """
        self._draw_numbers()
        charts, pictures = self._shown(CHARTS), self._shown(PICTURES)
        if len(pictures) == 1:
            self._draw_panel(pictures.pop())
        waiting = charts + pictures
        turn = self._frame % max(_CROWDED_EVERY if pictures else _CHART_EVERY, len(waiting))
        if turn < len(waiting):
            self.set_timer(_BREATH, lambda: self._draw_panel(waiting[turn]))
        self._frame += 1
        if self._rest_due is not None:
            self._rest_due.stop()
        self._rest_due = self.set_timer(_REST, self.draw)

    def _draw_numbers(self) -> None:
        prompt = self.query_one("#prompt", Static)
        say(prompt, clipped(self._prompt_words(), prompt.content_size.width or LONGEST_LINE))
        self.draw_settings()
        for name in self._shown(NUMBERS):
            self._draw_panel(name)

    def _draw_charts(self) -> None:
        self._charts_due = None
        for name in self._shown(CHARTS):
            self._draw_panel(name)

    def _shown(self, kinds: frozenset[str]) -> list[str]:
        """Return the panels of these kinds that have a place."""
        return [name for name, panel in self._panels.items() if name in self._places and panel.kind in kinds]

    def _draw_panel(self, name: str) -> None:
        view = self._view(name)
        if isinstance(view, Curves):
            view = replace(view, empty=f"{view.empty}: {self._how_to_begin()}")
            seen = self._session.seen
            cast("Chart", self._widget(name)).show(view, mark=None if seen is None else float(seen.step))
            if self._session.close_up.sought and self._closer_due is None:
                self._closer_due = self.set_timer(_BREATH, self._look_closer)
        else:
            cast("Shows", self._widget(name)).show(view)

    def _look_closer(self) -> None:
        """Look on for each loss of a narrow window; keys come between."""
        self._closer_due = None
        if self._session.close_up.search_on():
            self._draw_panel(LOSS.name)
            self._draw_titles()
        elif self._session.close_up.sought:
            self._closer_due = self.set_timer(_BREATH, self._look_closer)

    def _how_to_begin(self) -> str:
        """Return what the first step takes: a key, or only time."""
        if self._session.running:
            return f"running at {status.pace(self._session.course.speed)}"
        return f"{self.run_key} runs, . takes one step"

    def draw_settings(self) -> None:
        """Draw the hyperparameters: those that anything reads."""
        session = self._session
        settings = {**session.settings, **session.pending}
        remarks = session.experiment.remarks()
        lines = []
        for h in (*session.kind.hyperparameters, SEED):
            if h.applies(settings):
                pending = h.format(session.pending[h.key]) if h.key in session.pending else ""
                value = h.format(session.value(h.key))
                remark = remarks.get(h.key)
                words, warning = (remark.text, remark.warning) if remark else ("", False)
                lines.append(Line(h.key, h.label, value, h.live, pending, words, warning))
        self._settings.show(tuple(lines))

    def _view(self, name: str) -> View:
        if name == LOSS.name:
            return self._session.losses(cast("Chart", self._widget(name)).stretch)
        if (view := every_tab.view(self._session, name)) is not None:
            return view
        return self._session.experiment.view(name, self._session.run.timeline.snapshots, self._session.probe)

    def _prompt_words(self) -> str:
        prompt, text = f"{self._session.kind.prompt} › ", self._session.probe.text
        if not text:
            return prompt + "/ to type"
        try:
            return prompt + self._session.experiment.prompted(self._session.probe)
        except ValueError as refusal:
            return prompt + str(refusal)

    @property
    def _settings(self) -> HyperparameterList:
        return self.query_one(HyperparameterList)

    def _widget(self, name: str) -> Widget:
        return self.query_one(f"#{name}")


def _rows_of(view: View) -> int | None:
    """Return how many rows a view takes with its frame; None where it fills what there is."""
    match view:
        case Table(rows=lines, note=note):
            return min(len(lines), MOST_ROWS) + 1 + bool(note) + BORDERS
        case Matrix(values=values):
            return len(values) + 3 + BORDERS
    return None


def _keys_of(widget: Widget) -> tuple[tuple[str, str], ...]:
    """Return every key of a panel's own, with what it does."""
    edits = tuple((key.shown, key.help) for key in getattr(widget, "edits", ()))
    return *getattr(widget, "ALL_KEYS", getattr(widget, "KEYS", ())), *edits


def short_keys(widget: Widget | None) -> tuple[tuple[str, str], ...]:
    """Return the keys of a panel that the footer names."""
    edits = tuple((key.shown, key.short) for key in getattr(widget, "edits", ()) if key.short)
    return *getattr(widget, "KEYS", ()), *edits


def say(line: Static, words: str) -> None:
    """Write words, unless they stand there already."""
    if line.content != words:
        line.update(words, layout=False)
