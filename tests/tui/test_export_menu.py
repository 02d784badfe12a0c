"""The menu of what can be taken away: by letter or arrows, into files, told and copied."""

from __future__ import annotations

import runpy
from collections.abc import AsyncIterator
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from scratchtui.tui import export_menu
from scratchtui.tui.export_menu import CHOICES, ExportMenu
from tests.tui.stage import Stage, stage

FILES = [
    (["l"], "losses.csv"),
    (["down", "enter"], "losses-2.csv"),
    (["w"], "weights.npz"),
    (["s"], "screen.svg"),
    (["t"], "screen.txt"),
    (["up", "enter"], "script.py"),
    (["p"], "script-2.py"),
]
LINE = "scratchtui train binary --seed 0 --steps 3"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and the present one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
async def s(folder: Path) -> AsyncIterator[Stage]:
    async with stage() as s:
        await s.press(".", ".", ".")
        await s.charts_drawn()
        yield s


async def test_the_menu_says_what_there_is_and_where_it_goes(s: Stage, folder: Path) -> None:
    await s.press("e")
    await s.shows("export Binary · seed 0 · step 3", "files go into …", f"{folder.name} │")
    for choice in CHOICES:
        assert any(f"{choice.key}  {choice.title}" in row and choice.words in row for row in s.rows)


async def test_it_is_left_without_a_file(s: Stage, folder: Path) -> None:
    for key in ("escape", "e", "q"):
        await s.press("e", key)
        assert not isinstance(s.app.screen, ExportMenu)
    assert not list(folder.iterdir())


async def test_a_line_is_copied_and_shown_or_in_a_file_if_that_can_be(
    s: Stage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Path:
        raise ValueError("cannot write it into there: read-only file system")

    await s.press("e", "c")
    await s.shows("Copied", "scratchtui train binary --seed 0")
    assert s.app.clipboard == LINE
    await s.edit("data", "all" + " +5=6" * 60)
    await s.press("e", "c")
    await s.shows("Copied", "too long to")
    assert (folder / "binary-seed0-step3-command.sh").read_text() == f"{s.app.clipboard}\n"
    monkeypatch.setattr(export_menu, "write_somewhere", refuse)
    await s.press("e", "c")
    await s.shows("Copied", "too long to", "read-only")
    assert s.app.clipboard.startswith(LINE[:30])


async def test_a_file_is_written_told_and_its_path_copied(s: Stage, folder: Path) -> None:
    for keys, name in FILES:
        await s.press("e", *keys)
        await s.shows("Exported", name[-3:])
        path = folder / f"binary-seed0-step3-{name}"
        assert path.stat().st_size
        assert s.app.clipboard == str(path)


async def test_the_screen_is_taken_as_it_is_without_the_menu(s: Stage, folder: Path) -> None:
    seen = s.rows
    await s.press("e", "t", "e", "s")
    text = (folder / "binary-seed0-step3-screen.txt").read_text()
    assert text.splitlines() == [row.rstrip() for row in seen]
    picture = ET.fromstring((folder / "binary-seed0-step3-screen.svg").read_text())
    words = "".join(picture.itertext())
    assert all(word in words for word in ("scratchtui", "learning", "paused"))
    assert "export" not in words
    assert picture.attrib["width"] == "800"


async def test_the_script_gives_the_losses_of_the_moment_that_is_seen(s: Stage, folder: Path) -> None:
    await s.press(",", "e", "p")
    path = folder / "binary-seed0-step2-script.py"
    losses = list(runpy.run_path(str(path))["train"](2))
    np.testing.assert_allclose(losses, s.session.run.losses.mean[:2], rtol=1e-9)


async def test_where_nothing_can_be_written_here_it_goes_into_the_data_folder_and_that_is_said(
    s: Stage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRATCHTUI_DATA_DIR", str(folder / "data"))
    gone = folder / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    await s.press("e")
    await s.shows("files go into …", "/data │")
    await s.press("l")
    await s.shows("Exported, and the path copied", "losses.csv")
    assert (folder / "data" / "binary-seed0-step3-losses.csv").stat().st_size
    monkeypatch.setenv("SCRATCHTUI_DATA_DIR", "/dev/null/data")
    await s.press("e", "l")
    await s.shows("Not exported", "the present folder is gone")
    monkeypatch.chdir(folder)
