"""Characters that a terminal obeys, turns round or hides: shown, not sent, wherever they come from."""

from __future__ import annotations

import ast
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from scratchtui import logs
from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.escapes import printable
from scratchtui.experiments.recipe import default_recipe
from scratchtui.training.command_line import command_line
from scratchtui.training.exports import losses_csv
from scratchtui.training.files import RunFileError, load_run
from scratchtui.training.run import Run, proper_name
from scratchtui.training.script.composition import script_of
from scratchtui.tui import crash
from scratchtui.tui.cells import clusters
from tests.cli.conftest import Command, Result
from tests.training.test_strangers import COUNT, real_entries
from tests.tui.stage import Stage, stage

NASTY = {
    "colour": "\x1b[31m",
    "clipboard": "\x1b]52;c;ZXZpbA==\x07",
    "C1 erase": "\x9b2J",
    "C1 title": "\x9d0;evil\x9c",
    "string": "\x1bP+q544e\x1b\\",
    "back": "\b\b\b",
    "return": "\revil",
    "delete": "\x7f",
    "null": "\x00",
    "right to left": "\u202elive",
    "isolate": "\u2066evil\u2069",
    "zero width": "a\u200bb",
    "joiner": "a\u2060b",
    "mark of order": "\ufeff",
    "tag": "\U000e0041",
    "line": "\u2028",
    "filler": "\u3164",
    "byte that is no text": "\udc9b2J",
    "line feed": "a\nb",
}
IN_NAMES = {name: text for name, text in NASTY.items() if "\0" not in text}


def harmless(text: str) -> bool:
    """Whether each line of a text is as it would be shown."""
    return all(line == printable(line) for line in text.split("\n"))


def shown(text: str) -> str:
    """Return how what a user gives is found in a sentence: in quotes its backslashes may be two."""
    return printable(text)


# the command line, which says something of each word that it does not know


COMMANDS: dict[str, tuple[str, ...]] = {
    "command": ("{}",),
    "option": ("--{}",),
    "option of a command": ("train", "binary", "--{}"),
    "value of an option": ("--tab", "{}"),
    "number": ("--fps", "{}"),
    "experiment": ("train", "{}"),
    "steps": ("train", "binary", "--steps", "{}"),
    "key": ("train", "binary", "--set", "{}=1"),
    "assignment": ("train", "binary", "--set", "{}"),
    "choice": ("train", "binary", "--set", "optimizer={}"),
    "data": ("train", "binary", "--set", "data=all +{}"),
    "table": ("train", "nn", "--set", "data=table:{}"),
    "names": ("train", "nn", "--set", "frozen={}"),
    "file of a text": ("train", "rnn", "--set", "text=@{}"),
    "condition": ("train", "binary", "--until", "{}<1"),
    "text of a condition": ("train", "rnn", "--steps", "1", "--until", "text={}"),
    "change": ("train", "binary", "--steps", "1", "--then", "1 {}=1"),
    "weight": ("train", "binary", "--steps", "1", "--then", "1 0.Dense.W[{}]=1"),
    "out": ("train", "binary", "--out", "none/{}"),
    "from": ("train", "binary", "--from", "{}"),
    "run": ("show", "{}"),
    "network": ("predict", "{}", "1"),
    "input": ("predict", "run.npz", "{}"),
    "exported run": ("export", "{}", "--command"),
    "extra": ("info", "{}"),
    "claims of": ("verify", "{}"),
    "gradients of": ("gradcheck", "{}"),
    "what of config": ("config", "{}"),
    "opened": ("--open", "{}"),
}


@pytest.fixture
def run(folder: Path, scratchtui_: Command) -> Path:
    assert scratchtui_("train", "binary", "--steps", "1", "--quiet", "--out", "run.npz").code == 0
    return folder / "run.npz"


@pytest.mark.usefixtures("at_a_terminal")
@pytest.mark.parametrize("where", COMMANDS)
def test_a_word_of_the_command_line_is_shown_in_the_refusal(
    run: Path,
    scratchtui_: Command,
    where: str,
) -> None:
    for nasty in IN_NAMES.values():
        result = scratchtui_(*(word.format(nasty) for word in COMMANDS[where]))
        assert result.code in {0, 1, 2}, nasty  # 0 where it counts as a blank
        assert harmless(result.out), nasty
        assert harmless(result.err), nasty
        assert result.err.count("\n") == 1 or result.code == 0, nasty


@pytest.fixture
def strange(folder: Path) -> Path:
    """A folder whose name holds all of them that a name can hold."""
    place = folder / "".join(IN_NAMES.values())
    place.mkdir()
    return place


def test_a_name_of_a_file_is_shown_and_in_json_it_is_the_name(
    strange: Path,
    scratchtui_: Command,
) -> None:
    out = strange / "本.npz"
    told = scratchtui_("train", "binary", "--steps", "1", "--out", out)
    assert printable(str(out)) in told.err
    taken = scratchtui_("train", "binary", "--steps", "1", "--out", out)
    again = scratchtui_("train", "binary", "--steps", "1", "--json", "--out", strange / "2.npz")
    assert again.done["out"] == str(strange / "2.npz")
    faces = strange / "faces"
    faces.write_text("\n".join(["........"] * 7 + ["#......."]))
    scratchtui_("train", "cnn", "--set", "data=nine", "--steps", "1", "--quiet", "--out", strange / "cnn.npz")
    words, objects = (scratchtui_("predict", strange / "cnn.npz", faces, *json) for json in ((), ("--json",)))
    assert objects.events[0][0]["input"] == f"{faces}:1"
    for result in (told, taken, again, words, objects):
        assert harmless(result.out + result.err)


def test_folders_and_terminals_of_the_environment_are_shown(
    strange: Path,
    scratchtui_: Command,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for kind in ("CONFIG", "STATE", "DATA", "CACHE"):
        monkeypatch.setenv(f"SCRATCHTUI_{kind}_DIR", str(strange))
    monkeypatch.setenv("TERM", "xterm\x1b[31m\x9b2J")
    monkeypatch.setenv("SCRATCHTUI_\x1b[31m", "1")
    (strange / "config.toml").write_text('[keys]\nzoom = "\\u001b[31m"\n"\\u009b" = "\u202e"\n"\\n" = "z"')
    for arguments in (("info",), ("config", "path"), ("config", "check"), ("config", "show"), ()):
        result = scratchtui_(*arguments)
        assert harmless(result.out + result.err), arguments
    (strange / "config.toml").write_text("")
    assert r"SCRATCHTUI_\x1b[31m" in scratchtui_("config", "check").err


def test_a_text_that_is_learnt_is_shown_and_foretold(
    folder: Path,
    scratchtui_: Command,
) -> None:
    text = "x".join(NASTY.values()).replace("\udc9b", "") + "本"
    (folder / "text").write_text(text, encoding="utf-8")
    trained = scratchtui_("train", "rnn", "--set", "text=@text", "--steps", "2", "--out", "run.npz")
    assert trained.code == 0
    results: list[Result] = [trained, scratchtui_("show", "run.npz")]
    results += [scratchtui_("predict", "run.npz", *json, "x", "\x1b[31m") for json in ((), ("--json",))]
    results += [scratchtui_("export", "run.npz", f"--{what}", "-") for what in ("command", "script")]
    results.append(scratchtui_("train", "rnn", "--json", "--set", "text=@text", "--steps", "2"))
    for result in results:
        assert result.code == 0
        assert harmless(result.out + result.err)


# runs of strangers


PAYLOADS = [
    *NASTY.values(),
    '"""\n__import__("os").system("x")\n"""',
    "'); import os; os.system('x') #",
    "\\",
    "$(x) `x` ; x",
]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each text in JSON."""
    if isinstance(value, str):
        yield path
    for key, item in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from leaves(item, (*path, key))


def put(value: Any, path: tuple[Any, ...], text: str, *, after: bool) -> Any:
    """Return JSON with a text in the place of that at the end of a way, or after it."""
    if not path:
        return value + text if after else text
    copy = value.copy()
    copy[path[0]] = put(value[path[0]], path[1:], text, after=after)
    return copy


def refuse_code_of_others(script: str) -> None:
    """Assert that a script does nothing but arithmetic."""
    for node in ast.walk(ast.parse(script)):
        match node:
            case ast.Import(names=names):
                assert {each.name for each in names} <= {"os", "sys", "numpy", "base64", "zlib"}
            case ast.ImportFrom(module=module):
                assert module == "numpy.lib.stride_tricks"
            case ast.Attribute(value=ast.Name(id="os"), attr=name):
                assert name == "environ"
            case ast.Name(id=name):
                assert name in {"_", "__name__"} or not name.startswith("_")
                assert name not in {"eval", "exec", "open", "compile", "getattr", "globals"}


def refusal_of(path: Path) -> str:
    """Return why a file is no run, or nothing."""
    try:
        load_run(path)
    except RunFileError as refusal:
        return str(refusal)
    return ""


def use(run: Run) -> None:
    """Assert that what is made of a run harms nobody."""
    script = script_of(run)
    assert harmless(command_line(run))
    assert harmless(losses_csv(run).decode())
    assert harmless(script)
    refuse_code_of_others(script)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_what_a_run_of_a_stranger_says_is_refused_or_shown(
    name: str,
    tmp_path: Path,
    scratchtui_: Command,
) -> None:
    entries = real_entries(name)
    meta = {**json.loads(str(entries["meta"])), "format": 1}
    path, taken = tmp_path / "run.npz", 0
    for place, way in enumerate(leaves(meta)):
        for turn in range(2 * len(PAYLOADS)) if COUNT else (3 * place,):
            payload = PAYLOADS[turn // 2 % len(PAYLOADS)]
            changed = put(meta, way, payload, after=turn % 2 == 1)
            with path.open("wb") as file:
                np.savez(file, **{**entries, "meta": np.array(json.dumps(changed))})
            refused = refusal_of(path)
            taken += not refused
            assert harmless(refused)
            if not refused:
                use(load_run(path))
                result = scratchtui_("show", path)
                assert harmless(result.out + result.err)
    assert taken


def test_the_version_of_a_newer_run_is_shown_and_bounded(tmp_path: Path) -> None:
    for nasty in NASTY.values():
        meta = np.array(json.dumps({"format": 99, "version": nasty * 1000}))
        np.savez(tmp_path / "run.npz", meta=meta)
        with pytest.raises(RunFileError) as refusal:
            load_run(tmp_path / "run.npz")
        assert harmless(str(refusal.value))
        assert "\n" not in str(refusal.value)
        assert len(str(refusal.value)) < 300 + len(str(tmp_path))


# the log, and what is left of a crash


def test_a_record_of_the_log_is_one_however_it_is_worded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRATCHTUI_STATE_DIR", str(tmp_path))
    with logs.written():
        for nasty in NASTY.values():
            logs.log.error("words %s", nasty)
        logs.log.error("words", exc_info=KeyError("\x1b[31m"))
    log = logs.path().read_text(encoding="utf-8")
    assert harmless(log)
    assert sum(not line.startswith("  ") for line in log.splitlines()) == len(NASTY) + 1


def test_a_crash_shows_what_it_is_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.console import Console

    monkeypatch.setenv("SCRATCHTUI_STATE_DIR", str(tmp_path / "a\x1b[31mb"))
    monkeypatch.setenv("TERM", "\x9b2J")
    error = RuntimeError("".join(NASTY.values()))
    written = crash.write_report(error)
    assert harmless(written.read_text(encoding="utf-8"))
    console = Console(width=80, file=io.StringIO(), record=True)
    console.print(crash.panel(error, written))
    assert harmless(console.export_text())


# the screen


def test_a_cell_is_never_sent_what_would_command() -> None:
    for nasty in NASTY.values():
        for text in (nasty, f"a{nasty}b", f"本{nasty}"):
            cells = "".join(clusters(text))
            cells.encode()
            assert all(c.isprintable() for c in cells)
            assert len(clusters(text)) == Segment.get_line_length([Segment(text, Style())])


async def tell(s: Stage, nasty: str) -> None:
    s.app.notify(f"told {nasty}", title=nasty)


async def fail(s: Stage, nasty: str) -> None:
    await s.press("space")
    s.worker.fail(f"told {nasty}")


async def open_nothing(s: Stage, nasty: str) -> None:
    await s.press("o")
    await s.answer(f"told {nasty}.npz")


async def name_a_file(s: Stage, nasty: str) -> None:
    await s.press("s")
    await s.answer(f"none/told {nasty}")


async def ask_for_a_condition(s: Stage, nasty: str) -> None:
    await s.press("b")
    await s.answer(f"told {nasty}")


PLACES = [tell, fail, open_nothing, name_a_file, ask_for_a_condition]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
async def test_on_the_screen_it_is_shown(place: Any) -> None:
    nasty = "".join(NASTY.values()).replace("\0", "").replace("\n", "").replace("\r", "")[:60]
    async with stage((200, 50)) as s:
        await place(s, nasty)
        await s.shows("told", r"\x1b")
        for row in s.rows:
            assert harmless("".join(clusters(row)))


async def test_what_is_exported_from_the_screen_and_copied_is_shown(
    strange: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(strange)
    async with stage((120, 40)) as s:
        s.session.runs[0].name = "\x1b[31m\u202e本"  # as no run can be called
        await s.press(".", "r", "e")
        await s.shows("files go into")
        assert harmless(s.text)
        await s.press("t")
        await s.until(lambda: list(strange.glob("*.txt")), "text")
        assert harmless(s.app.clipboard)
        assert "\n" not in s.app.clipboard
        await s.press("e", "s")
        await s.until(lambda: list(strange.glob("*.svg")), "picture")
    (text,), (picture,) = strange.glob("*.txt"), strange.glob("*.svg")
    assert harmless(text.read_text(encoding="utf-8"))
    ET.parse(picture)
    assert harmless(picture.read_text(encoding="utf-8"))


WIDE = "本日👍é日本"


async def test_wide_characters_take_two_cells_everywhere() -> None:
    run = Run(default_recipe(EXPERIMENTS["rnn"]).with_value("text", WIDE))
    run.begin()
    async with stage((120, 40), run) as s:
        await s.press(".", "r", ".")
        s.session.runs[0].name = proper_name(f"{WIDE} {WIDE}"[:11])
        for panel in range(len(s.session.kind.panels) + 3):
            assert {cell_len(row) for row in s.rows} == {120}, panel
            await s.press("tab")


def test_wide_characters_stand_below_one_another(folder: Path, scratchtui_: Command) -> None:
    scratchtui_("train", "rnn", "--set", f"text={WIDE}", "--steps", "1", "--quiet", "--out", "run.npz")
    said = scratchtui_("predict", "run.npz", "本", "本日", "👍").out
    firsts = [re.match(r"\S+ +", line) for line in said.splitlines()]
    assert len({cell_len(first[0]) for first in firsts if first}) == 1
