"""The app's settings: which source has the last word, and what is refused, in a sentence with its line."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchtui.cli.configuration import FILE, configured
from scratchtui.cli.options import OPTIONS
from scratchtui.tui import remembered
from scratchtui.tui.actions import ACTIONS
from scratchtui.tui.themes import THEMES
from tests.cli.conftest import PROJECT, Command, Result

README = (PROJECT / "README.md").read_text(encoding="utf-8")
EXAMPLE = README.partition("```toml\n")[2].partition("```")[0]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the configuration would be, and no theme remembered."""
    monkeypatch.setenv("SCRATCHTUI_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("SCRATCHTUI_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / FILE


def shown(result: Result) -> dict[str, tuple[str, str]]:
    """Return value and source of each key that `config show` printed."""
    lines = [line for line in result.out.splitlines() if "=" in line]
    cells = [line.split("  #  " if "  #  " in line else "  # ", 1) for line in lines]
    pairs = [(cell[0].partition(" = "), cell[1].split("  ")[0]) for cell in cells]
    return {key: (value.strip(), source) for (key, _, value), source in pairs}


def test_the_command_line_is_over_the_environment_over_the_file_over_the_default(
    scratchtui_: Command, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shown(scratchtui_("config", "show"))["fps"] == ("10", "default")
    file.write_text("fps = 2")
    assert shown(scratchtui_("config", "show"))["fps"] == ("2", "file")
    monkeypatch.setenv("SCRATCHTUI_FPS", "3.5")
    assert shown(scratchtui_("config", "show"))["fps"] == ("3.5", "environment, SCRATCHTUI_FPS")
    assert shown(scratchtui_("--fps", "4", "config", "show"))["fps"] == ("4", "command line")


@pytest.mark.parametrize("flag", ["--ascii", "--no-ascii"])
def test_a_switch_of_the_file_can_be_turned_either_way(scratchtui_: Command, file: Path, flag: str) -> None:
    wanted = "false" if flag.startswith("--no") else "true"
    file.write_text(f"ascii = {'true' if wanted == 'false' else 'false'}")
    assert shown(scratchtui_(flag, "config", "show"))["ascii"] == (wanted, "command line")


def test_a_theme_is_remembered_unless_something_else_says_one(
    scratchtui_: Command, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remembered.remember_theme("scratch-light")
    assert shown(scratchtui_("config", "show"))["theme"] == ('"scratch-light"', "chosen in the app")
    file.write_text('theme = "scratch-contrast"')
    assert shown(scratchtui_("config", "show"))["theme"] == ('"scratch-contrast"', "file")
    assert remembered.remember_theme("of a later version") is None
    file.unlink()
    assert shown(scratchtui_("config", "show"))["theme"] == ('"scratch-dark"', "default")


def test_a_terminal_without_other_characters_gets_ascii_unless_the_user_says(
    scratchtui_: Command, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "linux")
    assert shown(scratchtui_("config", "show"))["ascii"] == ("true", "the terminal")
    assert shown(scratchtui_("--no-ascii", "config", "show"))["ascii"] == ("false", "command line")
    file.write_text("ascii = false")
    assert shown(scratchtui_("config", "show"))["ascii"] == ("false", "file")


def test_what_is_remembered_is_the_owners_alone_and_follows_no_link(file: Path) -> None:
    state = file.parent / "state"
    remembered.remember_theme("scratch-light")
    assert (state / "theme").stat().st_mode & 0o777 == 0o600
    assert state.stat().st_mode & 0o777 == 0o700
    (state / "theme").unlink()
    (state / "theme").symlink_to(file)
    remembered.remember_theme("scratch-light")
    assert not file.exists()
    assert [path.name for path in state.iterdir()] == ["theme"]
    (state / "theme").unlink()
    file.write_text("scratch-light")
    (state / "theme").symlink_to(file)
    assert not remembered.theme()


def test_path_is_where_the_file_is_looked_for(scratchtui_: Command, file: Path) -> None:
    assert scratchtui_("config", "path").out == f"{file}\n"


def test_what_show_prints_is_a_file_that_says_the_same(scratchtui_: Command, file: Path) -> None:
    file.write_text('fps = 2.5\nmouse = false\n[keys]\nzoom = ["Z", "f6"]\nmark = ""\nask = "\\\\"\n')
    first = scratchtui_("config", "show")
    assert tomllib.loads(first.out)["keys"]["zoom"] == "Z,f6"
    file.write_text(first.out)
    again = scratchtui_("config", "show")
    assert again.code == 0
    assert tomllib.loads(again.out) == tomllib.loads(first.out)
    assert {source for _, source in shown(again).values()} == {"file"}


WRONG = {
    "fps = 100": ", line 1: fps = 100 is outside 1 to 60; the nearest is 60",
    "fps = nan": ", line 1: fps = nan is no number; it takes 1 to 60",
    "fps = -inf": ", line 1: fps = -inf is outside 1 to 60; the nearest is 1",
    'fps = "10"': ", line 1: fps is a number, 1 to 60, not the text '10'",
    "fps = 1" + "0" * 400: ", line 1: fps = 1000000000000000000 is outside 1 to 60; the nearest is 60",
    "tab = 0x" + "f" * 9000: ", line 1: tab is a text, one of binary, nn, cnn, rnn, not a number",
    "autosave_seconds = 0": (", line 1: autosave_seconds = 0 is outside 0.1 to 3600; the nearest is 0.1"),
    "fps = true": ", line 1: fps is a number, 1 to 60, not true",
    "\nascii = 1": ", line 2: ascii is true or false, not a number",
    "color = 256": ", line 1: color is a text, one of auto, truecolor, 256, 16, none, not a number",
    "tab = 1979-05-27": ", line 1: tab is a text, one of binary, nn, cnn, rnn, not a date or a time",
    'tab = "bin"': ", line 1: there is no experiment 'bin'; did you mean 'binary'? (binary, nn, cnn, rnn)",
    "# none\nfsp = 1": ", line 2: there is no key 'fsp'; did you mean 'fps'?",
    "[colour]\nx = 1": ", line 1: there is no key 'colour'; did you mean 'color'?",
    "fps.x = 1": ": fps is a number, 1 to 60, not a table",
    "keys = 3": ', line 1: keys is a table: a line [keys], and below it lines such as zoom = "z"',
    "[keys]\nhelp = 'x'": ", line 2: there is no action 'help'; did you mean 'explain'?",
    "[keys]\nzom = 'x'": ", line 2: there is no action 'zom'; did you mean 'zoom'?",
    "keys.zoom = 'f77'": ", line 1: zoom: there is no key 'f77'; did you mean 'f7'?",
    "[keys]\n\nzoom = 's'": ", line 3: zoom: 's' is the key of save; free is 'S'",
    "[keys]\nzoom = 7": ', line 2: the keys of zoom are a text, such as "f5,space", or a list of texts',
    "[keys]\nzoom = 'ctrl+i'": ", line 2: zoom: terminals send the same for ctrl+i as for tab; say 'tab'",
    "[keys]\nzoom = 'ctrl+c'": ", line 2: ctrl+c always asks whether to quit; zoom needs another key",
    "[keys]\nquit = []": ", line 2: quit cannot be without a key; by default it is 'q,f10'",
    "[keys]\nexplain = '?'": (
        ", line 2: explain needs a key that is heard while a line is typed too; add 'f1'"
    ),
    "fps = ": ", line 1: this is no TOML: invalid value",
    "fps = 1\nfps = 2": ", line 2: this is no TOML: cannot overwrite a value",
    'tab = "': ", line 1: this is no TOML: a text has no end",
    "x = " + "[" * 5000: ": this is no configuration: it is nested too deeply",
}


@pytest.mark.parametrize("text", WRONG, ids=lambda text: text[:20])
def test_a_fault_is_told_with_file_line_and_the_nearest_that_would_do(
    scratchtui_: Command, file: Path, text: str
) -> None:
    file.write_text(text)
    for arguments in ((), ("config", "show"), ("config", "check"), ("keys",)):
        result = scratchtui_(*arguments)
        assert (result.code, result.out) == (2, "")
        assert result.err == f"scratchtui: {file}{WRONG[text]}\n"


def test_all_faults_are_told_at_once_and_the_app_tells_how_many_there_are(
    scratchtui_: Command, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("fps = 0\nmause = true\n[keys]\nzoom = 's'\nhelp = 'h'")
    monkeypatch.setenv("SCRATCHTUI_COLOR", "pink")
    told = scratchtui_("config", "check").err.splitlines()
    assert len(told) == 5
    assert told[-1].startswith("scratchtui: SCRATCHTUI_COLOR has no choice 'pink'; the nearest is 'none'")
    assert scratchtui_().err == f"{told[0]} (4 more: scratchtui config check)\n"


def test_check_is_content_and_doubts_what_will_not_always_work(
    scratchtui_: Command, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = scratchtui_("config", "check")
    assert (absent.code, absent.out) == (0, f"{file}: there is no such file yet\n")
    file.write_text('[keys]\nzoom = "Z"\nmark = "m,ctrl+b"\nask = "alt+x"')
    monkeypatch.setenv("SCRATCHTUI_FSP", "5")
    checked = scratchtui_("config", "check")
    assert (checked.code, checked.out) == (0, f"{file}: nothing is wrong\n")
    assert checked.err.splitlines() == [
        "scratchtui: warning: keys.mark: 'm' has another use in face",
        "scratchtui: warning: keys.mark: 'ctrl+b' may be taken by tmux",
        "scratchtui: warning: keys.ask: 'alt+x' is not sent by every terminal",
        "scratchtui: warning: nothing reads SCRATCHTUI_FSP; did you mean 'SCRATCHTUI_FPS'?",
    ]


def test_a_file_that_cannot_be_read_is_told(
    scratchtui_: Command, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.mkdir()
    assert (
        scratchtui_("config", "check").err
        == f"scratchtui: cannot read the configuration: {file} is no file\n"
    )
    file.rmdir()
    os.mkfifo(file)
    assert scratchtui_("config", "check").code == 2
    file.unlink()
    file.write_bytes(b"tab = '\xff'")
    assert "is no text in UTF-8" in scratchtui_("config", "check").err
    file.unlink()
    file.symlink_to(file)
    assert scratchtui_("config", "check").err.startswith(f"scratchtui: cannot read {file}: ")
    file.unlink()
    file.write_text("fps = 5")
    monkeypatch.setattr(os, "open", _refused)
    assert scratchtui_("config", "check").err == f"scratchtui: cannot read {file}: permission denied\n"


def _refused(path: Path, *_: object) -> None:
    raise PermissionError(13, "Permission denied", str(path))


def test_commands_without_the_app_do_not_read_it(scratchtui_: Command, file: Path) -> None:
    file.write_text("nonsense")
    assert scratchtui_("list").code == scratchtui_("info").code == 0
    assert scratchtui_("config", "path").code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("config",), "config needs path|show|check; see scratchtui config --help"),
        (("config", "chek"), "config has no 'chek'; did you mean 'check'? (path, show, check)"),
    ],
)
def test_another_word_is_refused(scratchtui_: Command, arguments: tuple[str, ...], words: str) -> None:
    result = scratchtui_(*arguments)
    assert (result.code, result.err) == (2, f"scratchtui: {words}\n")


def test_keys_needs_a_terminal_and_says_so(scratchtui_: Command, file: Path) -> None:
    result = scratchtui_("keys")
    assert (result.code, result.out) == (2, "")
    assert result.err == "scratchtui: keys needs a terminal, and standard input is none\n"


def test_the_options_name_the_themes_and_experiments_that_there_are() -> None:
    by_key = {option.key: option for option in OPTIONS}
    assert by_key["theme"].choices == tuple(theme.name for theme in THEMES)
    assert by_key["theme"].default == THEMES[0].name
    assert by_key["tab"].range.startswith(str(by_key["tab"].default))


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.key)
def test_every_default_is_a_value_that_the_file_takes(option) -> None:
    value = tomllib.loads(f"x = {option.written(option.default)}")["x"]
    assert option.accept(value) == option.default


def test_the_example_of_the_readme_is_valid_complete_and_what_show_prints(
    scratchtui_: Command, file: Path
) -> None:
    assert scratchtui_("config", "show").out == EXAMPLE
    file.write_text(EXAMPLE)
    assert scratchtui_("config", "check").code == 0
    table = tomllib.loads(EXAMPLE)
    assert [*table] == [*(option.key for option in OPTIONS), "keys"]
    assert [*table["keys"]] == [action.name for action in ACTIONS]


LINES = EXAMPLE.splitlines()
DAMAGE = st.sampled_from(
    ["", "[", "]", '"', "=", ",", "\x00", "\x1b", "'''", "nan", "-1", "🙂", "[keys]", "ctrl+"]
)


@settings(max_examples=int(os.environ.get("DAMAGED", "60")), deadline=None)
@given(
    kept=st.lists(st.sampled_from(LINES), max_size=6),
    cuts=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 5), DAMAGE), max_size=4),
)
def test_whatever_the_file_holds_it_is_taken_or_refused_in_printable_sentences(
    tmp_path_factory: pytest.TempPathFactory, kept: list[str], cuts: list[tuple[int, int, str]]
) -> None:
    text = "\n".join(kept)
    for at, length, instead in cuts:
        text = text[:at] + instead + text[at + length :]
    folder = tmp_path_factory.mktemp("damaged")
    (folder / FILE).write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCRATCHTUI_CONFIG_DIR", str(folder))
        found = configured({})
    assert found.values.keys() == {option.key for option in OPTIONS}
    for fault in found.faults:
        assert str(folder) in fault
        assert fault.isprintable()


VALUES = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(LINES),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=4), each, max_size=2),
    max_leaves=4,
)
NAMED = st.sampled_from([option.key for option in OPTIONS]) | st.text(max_size=6)
ACTIVE = st.sampled_from([action.name for action in ACTIONS]) | st.text(max_size=6)


@settings(max_examples=int(os.environ.get("DAMAGED", "60")), deadline=None)
@given(
    table=st.dictionaries(NAMED, VALUES, max_size=4),
    keys=VALUES | st.dictionaries(ACTIVE, VALUES, max_size=4),
)
def test_whatever_value_a_key_has_it_is_taken_or_refused_in_a_printable_sentence(
    table: dict[str, object], keys: object
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCRATCHTUI_CONFIG_DIR", "/nonexistent")
        patch.setattr("scratchtui.cli.configuration._read", lambda _: {**table, "keys": keys})
        found = configured({})
    for option in OPTIONS:
        assert option.accept(found.values[option.key]) == found.values[option.key]
    assert all(fault.isprintable() for fault in found.faults)
