"""One table of actions: what is bound, shown and told cannot drift from it."""

from collections import Counter

import pytest
from textual.dom import DOMNode

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.binary import Binary
from scratchtui.tui.actions import ACTIONS, OF_A_TAB
from scratchtui.tui.app import ScratchApp
from scratchtui.tui.export_menu import ExportMenu
from scratchtui.tui.help import Help
from scratchtui.tui.keymap import DEFAULT
from scratchtui.tui.pane import ExperimentPane
from scratchtui.tui.panels import WIDGETS
from scratchtui.tui.widgets.canvas import CanvasView
from scratchtui.tui.widgets.footer import Footer
from scratchtui.tui.widgets.line_editor import LineEditor
from tests.tui.stage import keys_of, stage

PANELS = tuple(WIDGETS.values())
OURS = (ScratchApp, *PANELS, LineEditor, Help, ExportMenu)
KEPT_BY_TERMINALS = {*(f"ctrl+{key}" for key in "abhijmqs"), "ctrl+left_square_bracket"}
KEPT_BY_TERMINALS |= {"shift+enter", "ctrl+enter"}
SPELT = {"↑": "up", "↓": "down", "←": "left", "→": "right", "esc": "escape"}
SPELT |= {"(": "left_parenthesis", ")": "right_parenthesis"}
SPELT |= {"PgUp": "pageup", "PgDn": "pagedown"}


def in_table() -> list[str]:
    return [key for action in ACTIONS for key in action.keys]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_an_action_is_something_that_a_tab_or_the_app_can_do(action) -> None:
    owner = ExperimentPane if action in OF_A_TAB else ScratchApp
    assert callable(getattr(owner, f"action_{action.name}"))
    assert action.help
    assert not action.help.endswith(".")


def test_what_is_bound_is_the_table_and_nothing_else() -> None:
    assert Counter(keys_of(ScratchApp)) == Counter([*in_table(), "ctrl+c", "ctrl+z"])
    assert set(ScratchApp()._bindings.key_to_bindings) == {*in_table(), "ctrl+c", "ctrl+z"}


def test_a_key_leads_to_the_action_that_the_table_names_for_it() -> None:
    bound = {key: each.action for key, (each, *_) in ScratchApp()._bindings.key_to_bindings.items()}
    for action in ACTIONS:
        for place, key in enumerate(action.keys):
            called = {"tab": f"tab({place})"}.get(action.name, action.name)
            assert bound[key] == (f"in_tab('{action.name}')" if action in OF_A_TAB else called)


def test_a_key_means_one_thing() -> None:
    assert max(Counter(in_table()).values()) == 1
    for kind in PANELS:
        own = {"space"} if kind is CanvasView else set()
        assert set(keys_of(kind)) & set(in_table()) == own, kind


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_key_that_an_experiment_names_has_no_other_meaning_in_its_panel(name: str) -> None:
    for panel in EXPERIMENTS[name].panels:
        named = [key for edit in panel.edits for key in edit.keys.split(",")]
        assert max(Counter(named).values(), default=1) == 1, panel.name
        assert not set(named) & {*keys_of(WIDGETS[panel.kind]), "u", "U", "tab", "question_mark", "q"}


def test_where_a_panel_has_a_use_of_its_own_for_a_key_the_other_is_shown_or_none() -> None:
    assert [key for key, _ in DEFAULT.beside()] == [action.shown for action in ACTIONS]
    left = {action.name: key for key, action in DEFAULT.beside({"space", "u"})}
    assert left["run_or_pause"] == "F5"
    assert "undo" not in left
    for action in ACTIONS:
        assert not action.otherwise or action.otherwise.lower() in action.keys


@pytest.mark.parametrize("kind", OURS)
def test_no_key_is_one_that_terminals_or_multiplexers_keep(kind: type[DOMNode]) -> None:
    keys = set(ScratchApp()._bindings.key_to_bindings) if kind is ScratchApp else set(keys_of(kind))
    assert not keys & KEPT_BY_TERMINALS
    assert not [key for key in keys if "alt+" in key or "meta+" in key or "super+" in key]


@pytest.mark.parametrize("kind", PANELS)
def test_the_keys_that_a_panel_names_are_bound_in_it(kind: type[DOMNode]) -> None:
    bound = {key for base in kind.__mro__ if issubclass(base, DOMNode) for key in keys_of(base)}
    for shown, what in getattr(kind, "KEYS", ()):
        assert what
        for key in shown if set(shown) <= {*"↑↓←→"} else shown.split():
            assert SPELT.get(key, key) in {*bound, "{undo}"}  # is named where it is needed most


async def test_the_palette_offers_every_action_every_tab_and_every_theme() -> None:
    async with stage() as s:
        offered = {c.title: c.help for c in s.app.get_system_commands(s.app.screen)}
        for action in ACTIONS:
            if action.name not in {"tab", "command_palette"}:
                assert offered[action.help] == f"key {action.shown}"
        assert offered["go to Binary"] == "key 1"
        assert {title for title in offered if title.startswith("theme ")} >= {"theme scratch-dark"}


async def test_help_names_every_action() -> None:
    async with stage(size=(100, 60)) as s:
        await s.press("question_mark")
        for action in ACTIONS:
            assert any(row.split("│")[1:2] and f" {action.shown}  {action.help}" in row for row in s.rows)


@pytest.mark.parametrize("width", [60, 80, 200])
async def test_the_footer_is_made_of_the_table_and_always_tells_the_ways_to_help_and_out(width: int) -> None:
    async with stage(size=(width, 24)) as s:
        await s.press("shift+tab")
        shown = str(s.app.query_one(Footer).content)
        assert shown.endswith("? help  q quit")
        assert len(shown) <= width - 2
        known = {f"{action.shown} {action.short}" for action in ACTIONS}
        known |= {" ".join(pair) for kind in PANELS for pair in kind_keys(kind)}
        known |= {f"{key.shown} {key.short}" for panel in Binary.panels for key in panel.edits}
        assert set(shown.split("  ")) <= known
        if width == 200:
            assert all(f"{action.shown} {action.short}" in shown for action in ACTIONS if action.short)


def kind_keys(kind: type[DOMNode]) -> tuple[tuple[str, str], ...]:
    return getattr(kind, "KEYS", ())
