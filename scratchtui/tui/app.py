"""The app: a header with the tabs, a pane for each, a footer with the keys."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import App, ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.drivers.linux_driver import LinuxDriver
from textual.widgets import ContentSwitcher, Static

from scratchtui.experiments import EXPERIMENTS
from scratchtui.training.session import Session
from scratchtui.tui.actions import ACTIONS, Action
from scratchtui.tui.arrangement import SMALLEST
from scratchtui.tui.cells import DifferentialDisplay
from scratchtui.tui.filters import AsciiOnly, Colourless
from scratchtui.tui.help import Help
from scratchtui.tui.pane import ExperimentPane
from scratchtui.tui.themes import THEMES
from scratchtui.tui.widgets.bars import Footer, Header, Tab

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events
    from textual.filter import LineFilter
    from textual.screen import Screen

    from scratchtui.training.run import Run


def _bindings(action: Action) -> list[BindingType]:
    if action.name == "tab":
        return [Binding(key, f"tab({k})", action.help, show=False) for k, key in enumerate(action.keys)]
    return [Binding(",".join(action.keys), action.name, action.help, show=False)]


class ScratchApp(DifferentialDisplay, App[None], inherit_bindings=False):
    """The experiments, a tab each; every key of `ACTIONS` means one thing in all of them."""

    TITLE = "scratchtui"
    AUTO_FOCUS = None
    COMMAND_PALETTE_BINDING = "f24"  # ours is in ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = [
        *(binding for action in ACTIONS for binding in _bindings(action)),
        Binding("ctrl+c", "help_quit", show=False, system=True),  # hands reach for it: it tells which quits
    ]
    CSS = """
    Screen { background: $background; color: $foreground; layers: base; }
    ContentSwitcher { height: 1fr; }
    #too-small { display: none; width: 100%; height: 100%; content-align: center middle; text-align: center; }
    CommandPalette SearchIcon { display: none; }
    .-too-small #too-small { display: block; }
    .-too-small Header, .-too-small ContentSwitcher, .-too-small Footer { display: none; }
    """

    def __init__(
        self,
        *,
        tab: str | None = None,
        run: Run | None = None,
        fps: float = 10.0,
        ascii_only: bool = False,
        colourless: bool = False,
    ) -> None:
        super().__init__()
        first = run.recipe.experiment if run else tab or next(iter(EXPERIMENTS))
        self._filters_for_terminal: list[LineFilter] = []
        if colourless:
            self._filters_for_terminal.append(Colourless())
        if ascii_only:
            self._filters_for_terminal.append(AsciiOnly())
        signs = ascii_only or colourless or self.no_color
        self._panes = {
            name: ExperimentPane(Session(kind, run if run and name == first else None), fps, signs=signs)
            for name, kind in EXPERIMENTS.items()
        }
        self._current = first
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def compose(self) -> ComposeResult:
        """Header, panes, footer; and the message that takes their place where there is too little room."""
        yield Header()
        with ContentSwitcher(initial=self.pane.id):
            yield from self._panes.values()
        yield Footer()
        yield Static(id="too-small")

    def on_mount(self) -> None:
        """Give the first panel the focus; leave as for `q` when told to terminate."""
        self.call_after_refresh(self._focus_first)
        self._draw_header()
        asyncio.get_running_loop().add_signal_handler(
            signal.SIGTERM, lambda: self.exit(return_code=128 + signal.SIGTERM)
        )

    def _focus_first(self) -> None:
        if self.focused is None:  # a key may have been quicker
            self.pane.panels.focus_panel(0)

    def get_line_filters(self) -> list[LineFilter]:
        """Return what every line goes through before it is sent."""
        return [*super().get_line_filters(), *self._filters_for_terminal]

    @property
    def pane(self) -> ExperimentPane:
        """The pane of the present tab."""
        return self._panes[self._current]

    def on_resize(self, event: events.Resize) -> None:
        """Say so where there is too little room."""
        width, height = event.size
        too_small = width < SMALLEST[0] or height < SMALLEST[1]
        self.screen_stack[0].set_class(too_small, "-too-small")
        if too_small:
            needed = f"{SMALLEST[0]}x{SMALLEST[1]} is needed"
            words = f"{width}x{height} is too small: {needed}\ntraining goes on · q quits"
            self.screen_stack[0].query_one("#too-small", Static).update(words)

    @on(Header.Resized)
    @on(ExperimentPane.Changed)
    def _draw_header(self) -> None:
        session = self.pane.session
        tabs = tuple(
            Tab(pane.session.kind.title, name == self._current, pane.session.running)
            for name, pane in self._panes.items()
        )
        for header in self.query(Header):  # none is left when the app is about to end
            header.show(tabs, session.recipe.seed, session.speed, session.state)

    @on(ExperimentPane.FocusMoved)
    def _draw_footer(self, event: ExperimentPane.FocusMoved) -> None:
        for footer in self.query(Footer):
            footer.show(event.keys, alone=event.typing)

    def action_run_or_pause(self) -> None:
        """Run, or pause."""
        self.pane.run_or_pause()

    def action_step(self) -> None:
        """Pause, or take one step."""
        self.pane.step()

    def action_slower(self) -> None:
        """Train slower."""
        self.pane.change_speed(-1)

    def action_faster(self) -> None:
        """Train faster."""
        self.pane.change_speed(1)

    def action_reset(self) -> None:
        """Begin again with the same seed."""
        self.pane.reset(new_seed=False)

    def action_reset_new_seed(self) -> None:
        """Begin again with a new seed."""
        self.pane.reset(new_seed=True)

    def action_ask(self) -> None:
        """Let the user type an input for the network."""
        self.pane.ask()

    def action_focus_next(self) -> None:
        """Go to the next panel."""
        self.pane.panels.focus_panel(1)

    def action_focus_previous(self) -> None:
        """Go to the panel before."""
        self.pane.panels.focus_panel(-1)

    def action_zoom(self) -> None:
        """Show the focused panel alone, or all again."""
        self.pane.panels.zoom()

    def action_tab(self, index: int) -> None:
        """Go to a tab."""
        if index < len(self._panes):
            self._current = list(self._panes)[index]
            self.query_one(ContentSwitcher).current = self.pane.id
            self.pane.panels.focus_panel(0)
            self.pane.redraw()

    def action_explain(self) -> None:
        """Show help for the focused panel."""
        self.push_screen(Help(*self.pane.panels.help()))

    def action_next_theme(self) -> None:
        """Change the colours."""
        names = [theme.name for theme in THEMES]
        place = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(place + 1) % len(names)]

    def action_toggle_mouse(self) -> None:
        """Mouse on or off, so that the terminal's own selection works."""
        on = not getattr(self._driver, "_mouse", False)
        if isinstance(self._driver, LinuxDriver):
            self._driver._mouse = True  # its own switches do nothing where it began without
            if on:
                self._driver._enable_mouse_support()
            else:
                self._driver._disable_mouse_support()
            self._driver._mouse = on
        self.notify(f"mouse {'on' if on else 'off: the terminal selects text'}", timeout=2)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Fill the palette from ACTIONS."""
        del screen
        for action in ACTIONS:
            if action.name not in {"tab", "command_palette"}:
                yield SystemCommand(
                    action.help, f"key {action.shown}", getattr(self, f"action_{action.name}")
                )
        for index, pane in enumerate(self._panes.values()):
            yield SystemCommand(
                f"go to {pane.session.kind.title}",
                f"key {index + 1}",
                lambda index=index: self.action_tab(index),
            )
        for theme in THEMES:
            yield SystemCommand(
                f"theme {theme.name}",
                "colours",
                lambda name=theme.name: setattr(self, "theme", name),
            )
