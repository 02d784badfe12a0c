"""The app: a header with the tabs, a pane for each, a footer with the keys."""

from __future__ import annotations

import gc
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.widgets import ContentSwitcher

from scratchtui.experiments import EXPERIMENTS
from scratchtui.tui import keys
from scratchtui.tui.actions import ACTIONS, Action, called
from scratchtui.tui.arrangement import SMALLEST
from scratchtui.tui.filters import REVERSED, for_terminal
from scratchtui.tui.glyphs import spelt
from scratchtui.tui.help import Help
from scratchtui.tui.keymap import DEFAULT
from scratchtui.tui.lifetime import Lifetime
from scratchtui.tui.mouse import Mouse
from scratchtui.tui.paced_display import PacedDisplay
from scratchtui.tui.palette import Palette, commands
from scratchtui.tui.pasting import Pasting
from scratchtui.tui.plain_words import PlainWords
from scratchtui.tui.requests import Opened, StoppedUnseen
from scratchtui.tui.speaker import Speaker
from scratchtui.tui.themes import THEMES
from scratchtui.tui.widgets.footer import Footer
from scratchtui.tui.widgets.header import Header, Tab
from scratchtui.tui.widgets.too_small import TooSmall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.app import ComposeResult, SystemCommand
    from textual.filter import LineFilter
    from textual.geometry import Size
    from textual.screen import Screen

    from scratchtui.training.run import Run
    from scratchtui.training.session import Session
    from scratchtui.training.worker import Worker
    from scratchtui.tui.keymap import Keymap
    from scratchtui.tui.pane import ExperimentPane
    from scratchtui.tui.recoveries import Recoveries


ALT = "alt+"


def _bindings(action: Action) -> list[BindingType]:
    if action.name == "tab":
        return [
            Binding(key, f"tab({k})", action.help, show=False, id=f"tab{k}")
            for k, key in enumerate(action.keys)
        ]
    return [Binding(",".join(action.keys), called(action), action.help, show=False, id=action.name)]


class ScratchApp(PlainWords, Speaker, PacedDisplay, Mouse, Pasting, Lifetime, inherit_bindings=False):
    """The experiments, a tab each; every key of `ACTIONS` means one thing in all of them."""

    TITLE = "scratchtui"
    AUTO_FOCUS = None
    COMMAND_PALETTE_BINDING = "f24"  # ours is in ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = [
        *(binding for action in ACTIONS for binding in _bindings(action)),
        Binding("ctrl+c", "help_quit", show=False, priority=True, system=True),  # hands reach for it
        Binding("ctrl+z", "suspend_process", show=False, system=True),
    ]
    CSS = (
        """
    Screen { background: $background; color: $foreground; layers: base above; }
    ContentSwitcher { height: 1fr; }
    .-too-small TooSmall { display: block; }
    ModalScreen.-too-small { background: transparent; & > * { visibility: hidden; } }
    .-too-small Header, .-too-small ContentSwitcher, .-too-small Footer { display: none; }
    """
        + REVERSED
    )

    def __init__(
        self,
        *,
        tab: str | None = None,
        run: Run | None = None,
        fps: float = 10.0,
        ascii_only: bool = False,
        colourless: bool = False,
        theme: str = THEMES[0].name,
        keymap: Keymap = DEFAULT,
        remember_theme: Callable[[str], None] = lambda _: None,
        make_worker: Callable[[], Worker] | None = None,
        autosave: float | None = None,
        low_bandwidth: bool = False,
    ) -> None:
        super().__init__(low_bandwidth=low_bandwidth)
        self._remember_theme = remember_theme
        self._keys = keymap
        self._run, self._fps, self._make_worker = run, fps, make_worker
        self.no_color |= colourless
        self._filters_for_terminal = list(
            for_terminal(self.console.color_system, colourless=self.no_color, ascii_only=ascii_only)
        )
        self._signs = ascii_only or self.no_color
        self._spelt: Callable[[keys.Keys], keys.Keys] = spelt if ascii_only else lambda own: own
        self._panes: dict[str, ExperimentPane] = {}
        self.current = run.recipe.experiment if run else tab or next(iter(EXPERIMENTS))
        self._early_keys: list[events.Key] | None = []
        self._autosave, self._stays = autosave, bool(run or tab)
        self._recoveries: Recoveries | None = None
        self._quits = False
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme

    def compose(self) -> ComposeResult:
        """Header, a place for panes, footer; and what is said instead where there is too little room."""
        yield Header()
        yield ContentSwitcher()
        yield Footer()
        yield TooSmall()

    def on_mount(self) -> None:
        """Draw what needs no numpy, then the rest."""
        self.set_keymap(self._keys.changed())
        self._draw_header()
        self.query_one(Footer).show((), keys.everywhere(None, self._keys))
        self.call_after_refresh(self._open_first)

    async def on_event(self, event: events.Event) -> None:
        """Let keys that come before the first pane wait for it; enter came as a line feed if still sooner.

        A key that comes right after escape is told as one with alt.
        """
        if isinstance(event, events.Key) and event.key == "ctrl+j":
            event = events.Key("enter", "\r")
        if isinstance(event, events.Key) and event.key.startswith(ALT) and not self._keys.does(event.key):
            await self.on_event(events.Key("escape", None))  # of which a terminal sends the same
            await self.on_event(events.Key(event.key.removeprefix(ALT), event.character))
        elif isinstance(event, events.Key) and self._early_keys is not None:
            self._early_keys.append(event)
        elif isinstance(event, events.Key) and self.screen_stack[0].has_class("-too-small"):
            event.stop()
            if event.key in self._keys["quit"].keys:  # whatever else it would leave
                await self.run_action("quit")
            elif event.key in {"ctrl+c", "ctrl+z"}:
                await super().on_event(event)
        else:
            await super().on_event(event)

    async def _open_first(self) -> None:
        await self.show(self.current)
        if not gc.isenabled():  # run_app has put it off until all is imported
            gc.freeze()  # so that no key waits while all of that is looked at again
            gc.enable()
        if self.trouble:
            self.notify(self.trouble, severity="warning")
        self.call_after_refresh(self._begin_autosave)
        early, self._early_keys = self._early_keys, None
        for key in early or ():
            self.post_message(key)

    async def show(self, name: str) -> None:
        """Go to a tab."""
        with self.arranging() if self._panes and name not in self._panes else nullcontext():
            await self.pane_of(name)
            self.current = name
            self.query_one(ContentSwitcher).current = self.pane.id
            self.pane.panels.focus_panel(0)
            self.pane.redraw()

    async def pane_of(self, name: str) -> ExperimentPane:
        """Return the pane of a tab; its experiment is imported and it is made when it is first needed."""
        if name not in self._panes:
            from scratchtui.training.session import Session
            from scratchtui.tui.pane import ExperimentPane

            run = self._run if self._run and self._run.recipe.experiment == name else None
            session = Session(EXPERIMENTS[name], run, self._make_worker and self._make_worker())
            pane = self._panes[name] = ExperimentPane(
                session, self._fps, self._draw_around, signs=self._signs, keymap=self._keys
            )
            await self.query_one(ContentSwitcher).add_content(pane)
        return self._panes[name]

    def sessions(self) -> list[Session]:
        """Return what the user has of each tab that was seen."""
        return [pane.session for pane in self._panes.values()]

    @property
    def is_idle(self) -> bool:
        """Whether nothing is over the panes, and there is room for it."""
        return len(self.screen_stack) == 1 and not self.screen.has_class("-too-small")

    def _begin_autosave(self) -> None:
        if self._autosave is not None and self._recoveries is None:
            from scratchtui.tui.recoveries import Recoveries  # once the first tab is there

            self._recoveries = Recoveries(self, self._autosave, stays=self._stays, keymap=self._keys)
            self._recoveries.begin()

    def before_leaving(self) -> None:
        """Save what must not be lost."""
        if self._recoveries is not None:
            self._recoveries.save_now(quits=self._quits)

    def exit(self, *arguments: Any, **options: Any) -> None:
        """End the app; where the user asks for it, what is in no file is offered again in a sentence only."""
        self._quits = not options.get("return_code")
        super().exit(*arguments, **options)

    def action_recover(self) -> None:
        """Restore what was in no file, or say how the autosave does."""
        self._begin_autosave()
        if self._recoveries is not None:
            self._recoveries.show()

    def get_line_filters(self) -> list[LineFilter]:
        """Return what every line goes through before it is sent."""
        return [*super().get_line_filters(), *self._filters_for_terminal]

    @property
    def pane(self) -> ExperimentPane:
        """The pane of the present tab."""
        return self._panes[self.current]

    def on_resize(self, event: events.Resize) -> None:
        """Say so where there is too little room, and give the focus back where there is enough again."""
        too_small = event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1]
        for screen in self.screen_stack:
            screen.set_class(too_small, "-too-small")
        if too_small:
            self._say_too_small(event.size)  # not yet that of the app
        elif self._panes and self.focused is None:
            self.call_after_refresh(self.pane.panels.focus_panel, 0)

    def _say_too_small(self, size: Size) -> None:
        trains = any(session.running for session in self.sessions())
        self.screen_stack[0].query_one(TooSmall).tell(size, self._keys["quit"].shown, trains=trains)

    def on_live_pane_worker_spoke(self) -> None:
        """Show where a hidden tab has begun or ceased to train."""
        self._draw_header()

    def _draw_header(self) -> None:
        running = {name for name, pane in self._panes.items() if pane.session.running}
        tabs = tuple(
            Tab(key, EXPERIMENTS.title(n), n == self.current, n in running)
            for n, key in self._keys.tabs.items()
        )
        pane = self._panes.get(self.current)
        for header in self.query(Header):  # none is left when the app is about to end
            header.show(tabs, pane.session if pane else None, self.rate_words)

    def rate_changed(self) -> None:
        """Show what is sent."""
        self._draw_header()

    def _draw_around(self, own: keys.Keys, everywhere: keys.Keys) -> None:
        """Show what header and footer tell of the present tab."""
        self._draw_header()
        for footer in self.query(Footer):
            footer.show(self._spelt(own), everywhere)
        if self.screen_stack[0].has_class("-too-small"):
            self._say_too_small(self.size)

    async def action_in_tab(self, name: str) -> None:
        """Do an action of the present tab."""
        await self.pane.run_action(name)

    @on(Opened)
    async def _take_up(self, event: Opened) -> None:
        """Go to the tab of a run from a file, and make it the present one there."""
        await self.show(event.run.recipe.experiment)
        self.pane.take_up(event.run)

    @on(StoppedUnseen)
    def _tell_stopped(self, event: StoppedUnseen) -> None:
        self._draw_header()
        self.notify(event.words, title=f"{event.title} {event.what}", severity="error")

    def action_focus_next(self) -> None:
        """Go to the next panel; Textual's screens bind tab to this as well."""
        self.pane.panels.focus_panel(1)

    def action_focus_previous(self) -> None:
        """Go to the panel before."""
        self.pane.panels.focus_panel(-1)

    def action_zoom(self) -> None:
        """Show the focused panel alone, or all again."""
        self.pane.panels.zoom()

    async def action_tab(self, index: int) -> None:
        """Go to a tab."""
        if index < len(EXPERIMENTS):
            await self.show(list(EXPERIMENTS)[index])

    def action_command_palette(self) -> None:
        """Find any command by its name."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    @on(Header.Chosen)
    async def _go_to_tab(self, event: Header.Chosen) -> None:
        await self.action_tab(event.index)

    @on(Footer.Pressed)
    def _press(self, event: Footer.Pressed) -> None:
        self.simulate_key(event.key)

    def action_explain(self) -> None:
        """Show help for the focused panel."""
        title, words, own, everywhere = self.pane.panels.help()
        self.push_screen(Help(title, words, self._spelt(own), self._spelt(everywhere)))

    def action_next_theme(self) -> None:
        """Change the colours."""
        names = [theme.name for theme in THEMES]
        place = names.index(self.theme) if self.theme in names else -1
        self.choose_theme(names[(place + 1) % len(names)])

    def choose_theme(self, name: str) -> None:
        """Change the colours, here and at the next start."""
        self.theme = name
        try:
            self._remember_theme(name)
        except OSError as error:
            words = f"{name} for now only: {error.strerror or error}"
            self.notify(words)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Fill the palette from the actions."""
        del screen
        return commands(self, self._keys)
