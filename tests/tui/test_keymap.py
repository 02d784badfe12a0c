"""Keys that the user would rather have: all that is pressed and told follows them, or they are refused."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.binding import Binding
from textual.keys import _character_to_key
from textual.widgets import Input

from scratchtui.experiments import EXPERIMENTS
from scratchtui.tui import key_names, keymap, status
from scratchtui.tui.actions import ACTIONS, called
from scratchtui.tui.app import ScratchApp
from scratchtui.tui.every_tab import BEFORE, SETTINGS
from scratchtui.tui.export_menu import ExportMenu
from scratchtui.tui.key_uses import uses
from scratchtui.tui.keymap import DEFAULT, Keymap
from scratchtui.tui.panels import WIDGETS
from scratchtui.tui.restore_dialog import RestoreDialog
from scratchtui.tui.widgets.footer import Footer
from tests.tui.stage import keys_of, stage
from tests.tui.test_status import STANDINGS

NAMES = [action.name for action in ACTIONS]
GREEK = dict(zip(NAMES, "αβγδεζηθικλμνξοπρστυφχψωΑΒΔΓжщю", strict=False))
TABS = "ΘΛΞΠ"
VERBS = "runs|takes one step|resets|goes on|leads to|begins again|or a change|to type|quits"
TOLD = re.compile(rf"(\S+) (?:{VERBS})\b")


def read(**table: object) -> Keymap:
    found, faults = keymap.read(table)
    assert not faults
    return found


def all_greek() -> Keymap:
    """Return a keymap in which every action has a key that stands for nothing else on the screen."""
    table: dict[str, object] = dict(GREEK)
    table |= {"tab": list(TABS), "quit": [GREEK["quit"], "f10"], "explain": [GREEK["explain"], "f1"]}
    return read(**table)


REFUSED = [
    ("zom", "z", "there is no action 'zom'; did you mean 'zoom'?"),
    ("help", "x", "there is no action 'help'; did you mean 'explain'?"),
    ("\x1b[A", "x", "there is no action '\\x1b[A'; the nearest is "),
    ("zoom", "spcae", "zoom: there is no key 'spcae'; did you mean 'space'?"),
    ("zoom", "ctrl+", "zoom: there is no key 'ctrl+'; did you mean 'ctrl+p'?"),
    ("zoom", "hyper+x", "zoom: there is no key 'hyper+x'; did you mean "),
    ("zoom", "f5", "zoom: 'f5' is the key of run_or_pause; free is 'f3'"),
    ("zoom", "ctrl+m", "zoom: terminals send the same for ctrl+m as for enter; say 'enter'"),
    ("zoom", "ctrl+[", "zoom: terminals send the same for ctrl+[ as for escape; say 'escape'"),
    ("zoom", "ctrl+z", "ctrl+z always puts the program to sleep; zoom needs another key"),
    ("zoom", 3, 'the keys of zoom are a text, such as "f5,space", or a list of texts'),
    ("zoom", ["z", 3], 'the keys of zoom are a text, such as "f5,space", or a list of texts'),
    ("zoom", list(string.ascii_letters), "zoom has 52 keys; it can have 20"),
    ("quit", "", "quit cannot be without a key; by default it is 'q,f10'"),
    ("explain", [], "explain cannot be without a key; by default it is '?,f1'"),
    ("run_or_pause", [], "run_or_pause cannot be without a key; by default it is 'space,f5'"),
    ("quit", "Q", "quit needs a key that is heard while a line is typed too; add 'f10'"),
    ("explain", "home,x", "explain needs a key that is heard while a line is typed too; add 'f1'"),
]


@pytest.mark.parametrize(
    ("name", "value", "words"), REFUSED, ids=[f"{each[0]!r}-{each[1]}" for each in REFUSED]
)
def test_what_cannot_be_is_refused_with_the_nearest_that_can(name: str, value: object, words: str) -> None:
    found, faults = keymap.read({name: value})
    assert [fault.action for fault in faults] == [name]
    assert faults[0].words.startswith(words)
    assert faults[0].words.isprintable()
    assert found is DEFAULT


def test_the_table_itself_and_no_table_are_the_default() -> None:
    same = {action.name: ",".join(map(key_names.written, action.keys)) for action in ACTIONS}
    assert read(**same) is read() is DEFAULT
    assert DEFAULT.changed() == {}


KEYS = [
    *string.ascii_letters,
    *(c for c in string.punctuation if c != ","),
    "comma",
    "f6",
    "ctrl+t",
    "pageup",
]


@settings(max_examples=60, deadline=None)
@given(st.permutations(KEYS), st.integers(1, 3))
def test_each_key_does_what_the_keymap_says_and_no_other_does(keys: list[str], each: int) -> None:
    names = [name for name in NAMES if name != "tab"]
    table: dict[str, object] = {
        name: [
            *keys[k * each : (k + 1) * each],
            *(["f10"] if name == "quit" else ["f1"] * (name == "explain")),
        ]
        for k, name in enumerate(names)
    }
    found = read(**table, tab=["f3", "f4"])
    bound = ScratchApp()._bindings.copy()
    bound.apply_keymap(ScratchApp._normalize_keymap(found.changed()))  # as Textual does for each key
    does = {
        key: each.action
        for key, bindings in bound.key_to_bindings.items()
        for each in bindings
        if not key.startswith(keymap.NO_KEY)
    }
    wanted = {key: called(action) for action in found.actions for key in action.keys}
    assert does == wanted | {
        "f3": "tab(0)",
        "f4": "tab(1)",
        "ctrl+c": "help_quit",
        "ctrl+z": "suspend_process",
    }


async def test_a_moved_key_does_what_it_did_and_the_old_one_nothing() -> None:
    async with stage(keymap=read(run_or_pause="g", save="o", open="s", zoom="", undo="Z")) as s:
        await s.press("space", "f5", "z")
        assert not s.session.running
        await s.press("g")
        assert s.session.running
        await s.press("g", "o")
        await s.shows("save")
        await s.press("escape", "s")
        await s.shows("open")


async def test_wherever_a_key_is_named_it_is_the_one_that_does_it() -> None:
    async with stage(size=(120, 60), keymap=all_greek()) as s:
        seen = [s.text]
        for keys in (
            [GREEK["run_or_pause"]], [GREEK["run_or_pause"]], [GREEK["step"]], [GREEK["step_back"]],
            [GREEK["first_step"]], [GREEK["focus_next"]], [GREEK["focus_previous"]],
        ):  # fmt: skip
            await s.press(*keys)
            seen.append(s.text)
        await s.shows(
            f"{GREEK['last_step']} leads to the newest · {GREEK['step_back']} back · {GREEK['step']} on · "
        )
        for key in TABS:
            await s.press(key)
            await s.charts_drawn()
            seen.append(s.text)
        assert all(
            f"{key} {EXPERIMENTS.title(n)}" in s.rows[0] for key, n in zip(TABS, EXPERIMENTS, strict=True)
        )
        footer = str(s.app.query_one(Footer).content)
        assert footer.endswith(f"{GREEK['explain']} help  {GREEK['quit']} quit")
        told = [key for text in seen for key in TOLD.findall(text)]
        assert len(told) > 10
        assert set(told) <= set(GREEK.values())
        await s.press(GREEK["explain"])
        for action in s.app._keys.actions:
            key = f"{TABS[0]}-{TABS[-1]}" if action.name == "tab" else GREEK[action.name]
            assert any(f" {key}  {action.help}" in row for row in s.rows), action.name
        await s.press(GREEK["explain"])
        await s.hides(GREEK["toggle_mouse"])
        offered = {c.title: c.help for c in s.app.get_system_commands(s.app.screen)}
        for action in ACTIONS:
            if action.name not in {"tab", "command_palette"}:
                assert offered[action.help] == f"key {GREEK[action.name]}"
        assert offered["go to CNN"] == f"key {TABS[2]}"


async def test_a_key_that_is_gone_is_named_nowhere() -> None:
    async with stage(size=(200, 60), keymap=read(next_theme="", export="", zoom="", tab="1")) as s:
        offered = {c.title: c.help for c in s.app.get_system_commands(s.app.screen)}
        assert {offered[DEFAULT[name].help] for name in ("next_theme", "export", "zoom")} == {"no key"}
        assert (offered["go to Binary"], offered["go to CNN"]) == ("key 1", "no key")
        assert " zoom" not in str(s.app.query_one(Footer).content)
        assert "1 Binary" in s.rows[0]
        assert "2 Neural" not in s.rows[0]
        await s.press("question_mark")
        assert DEFAULT["export"].help not in s.text


async def test_where_a_panel_uses_the_key_the_next_one_is_named() -> None:
    async with stage(keymap=read(run_or_pause="g,f8")) as s:
        assert "g runs" in s.standing
        s.app.pane.panels.go_to("loss")
        await s.settle()
        assert "F8 runs" in s.standing
        assert "F8 run" in str(s.app.query_one(Footer).content)
        await s.press("f8")
        assert s.session.running


async def test_a_dialog_is_left_by_the_moved_keys_but_for_those_that_are_its_own() -> None:
    async with stage(keymap=read(quit="Q,f9,d", export="E,c")) as s:
        for key, stays in (("q", True), ("e", True), ("Q", False), ("E", False), ("f9", False), ("d", False)):
            await s.press("E")
            await s.press(key)
            assert isinstance(s.app.screen, ExportMenu) == stays, key
            await s.press("escape")
        await s.press("E", "c")
        await s.shows("Copied: scratchtui train binary")
        dialog = RestoreDialog(None, 0, "", s.app._keys)
        assert dialog._bindings.get_bindings_for_key("Q")[0].action == "leave"
        assert [each.action for each in dialog._bindings.get_bindings_for_key("d")] == ["discard"]


async def test_too_small_a_window_names_the_key_that_quits_and_heeds_it() -> None:
    async with stage(size=(40, 10), keymap=read(quit="X,f10")) as s:
        await s.shows("X quits")
        await s.press("q")
        assert s.app._exit is False
        await s.press("X")
        assert s.app._exit


async def test_help_and_quitting_are_heard_while_a_line_is_typed() -> None:
    async with stage(keymap=read(explain="H,ctrl+t", quit="Q,f9")) as s:
        await s.press("b")
        await s.press("ctrl+t")
        await s.shows("esc closes")
        await s.press("H")
        await s.hides("esc closes")
        await s.press("b", "Q")
        assert not s.app._exit
        await s.press("f9")
        assert s.app._exit


@pytest.mark.parametrize("name", STANDINGS)
def test_every_sentence_about_a_run_takes_its_keys_from_the_keymap(name: str) -> None:
    session = STANDINGS[name][0]()
    for sentence in (status.standing(session, GREEK), status.outlook(session, GREEK)):
        assert set(TOLD.findall(sentence.words)) <= {*GREEK.values(), "training", "enter"}
    more = status.Sentence("a", "quiet", more=("b" * 80,))
    assert more.fitted(40, "F12").endswith("F12 tells 1 more")


def test_help_of_a_panel_names_by_itself_only_keys_that_are_the_panels_own() -> None:
    for panel in (*BEFORE, *(panel for kind in EXPERIMENTS.values() for panel in kind.panels), SETTINGS):
        own = {"space", "esc", *(edit.shown for edit in panel.keys), *keys_of(WIDGETS[panel.kind])}
        named = set(re.findall(r"`([^`{ ]+)`", panel.help)) - {"live", "reset", "*"}
        assert named <= own, panel.name
        assert set(re.findall(r"\{(\w+)\}", panel.help)) <= set(NAMES)


def test_a_key_that_a_panel_has_a_use_for_is_known_with_that_use() -> None:
    found = uses()
    assert [use.panel for use in found["m"]] == ["face"]
    assert {use.panel for use in found["g"]} >= {"loss"}
    assert "q" not in found


@pytest.mark.parametrize("character", string.punctuation + string.ascii_letters + string.digits + "éßф漢")
def test_characters_have_the_names_that_textual_gives_them(character: str) -> None:
    assert key_names.name_of(character) == _character_to_key(character)
    assert key_names.read(character) == key_names.name_of(character)


def test_every_key_that_a_terminal_sends_can_be_named() -> None:
    sent = {
        keys[0].value for keys in ANSI_SEQUENCES_KEYS.values() if isinstance(keys, tuple) and len(keys) == 1
    }
    odd = {"<ignore>", "<scroll-up>", "<scroll-down>", "scroll_up", "scroll_down", "ctrl+insert"}
    for key in sent - odd:
        if key.startswith("<"):
            continue
        assert key_names.read(key) == key, key
        assert key_names.read(key_names.written(key)) == key


@given(st.text(max_size=12))
@settings(max_examples=80, deadline=None)
def test_any_text_names_a_key_or_is_refused_in_a_printable_sentence(text: str) -> None:
    try:
        key = key_names.read(text)
    except ValueError as error:
        refusal, key = str(error), "none"
    else:
        refusal = ""
        assert key_names.read(key_names.written(key)) == key
    assert refusal.isprintable()
    assert key_names.shown(key)


def test_a_line_that_is_typed_into_leaves_alone_what_is_said_to_be_heard() -> None:
    taken = {
        key
        for binding in Input.BINDINGS
        for key in (binding.key if isinstance(binding, Binding) else binding[0]).split(",")
    }
    heard = [key for key in (*key_names.FUNCTION_KEYS, *(f"ctrl+{c}" for c in string.ascii_lowercase))
             if key_names.heard_while_typing(key)]  # fmt: skip
    assert not taken.intersection(heard)
    for name in keymap.NEEDED_WHILE_TYPING:
        assert any(map(key_names.heard_while_typing, DEFAULT[name].keys))
