"""Every key that edits in the CNN and the RNN, in the whole app: what it changes; and `u` takes it back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.panel import Probe
from scratchtui.experiments.recipe import default_recipe
from scratchtui.experiments.view import Gallery, Table
from scratchtui.training.messages import Change
from scratchtui.training.run import Run
from scratchtui.training.timeline import Timeline
from scratchtui.training.trainer import Trainer
from scratchtui.training.undo import Undo
from scratchtui.tui.panels import WIDGETS
from scratchtui.tui.widgets.canvas import CanvasView
from scratchtui.tui.widgets.drawing import Drawing
from scratchtui.tui.widgets.gallery import GalleryView
from scratchtui.tui.widgets.table import TableView
from tests.tui.stage import Stage, keys_of, stage

Seen = dict[str, Any]

DRAWN = ["........", ".#...#..", ".#...#..", "........", "...##...", "..#..#..", ".#.....#", "........"]
OTHER = ["..#..#..", "........", "#......#", ".#....#.", "..####..", "........", "........", "........"]
BLANK = ["." * 8] * 8
NEUTRAL = 3  # place among the nine of this face
LISTED = [
    "........",
    "..#..#..",
    "..#..#..",
    "........",
    "........",
    "........",
    ".######.",
    "........",
]
PIXEL = 3, 3  # under the cursor, off in DRAWN
UNIT = 2  # under the cursor
SIZE = 120, 40
STEPS = {"cnn": 100, "rnn": 120}


def spelt(rows: list[str]) -> str:
    """Return a face as the dataset writes it."""
    return "".join(f"{int(row.translate(str.maketrans('.#', '01')), 2):02x}" for row in rows)


def with_pixels(*pixels: tuple[int, int]) -> list[str]:
    return [
        "".join("#" if (y, x) in pixels else pixel for x, pixel in enumerate(row))
        for y, row in enumerate(DRAWN)
    ]


@dataclass(frozen=True)
class Case:
    """Keys that mean the same in a panel: what each changes, after what, and what is typed where it asks.

    What is no edit is `kept` when `u` is pressed.
    """

    panel: str
    keys: str
    changes: Seen
    after: tuple[str, ...] = ()
    answer: str = ""
    kept: bool = False
    origin: str = ""  # of the drawn face, in the dataset

    def __str__(self) -> str:
        return " ".join((self.panel, *self.after, self.keys))


def moved(keys: str, down: int, right: int) -> Case:
    to = PIXEL[0] + down, PIXEL[1] + right
    return Case("face", keys, {"face": with_pixels(PIXEL, to)}, ("p",))


CNN = (
    Case("face", "m", {"face": [row[::-1] for row in DRAWN]}),
    Case("face", "i", {"face": [row.translate(str.maketrans(".#", "#.")) for row in DRAWN]}),
    Case("face", "x", {"face": BLANK}),
    Case("face", "H", {"face": [row[1:] + "." for row in DRAWN]}),
    Case("face", "J", {"face": [*BLANK[:1], *DRAWN[:-1]]}),
    Case("face", "K", {"face": [*DRAWN[1:], *BLANK[:1]]}),
    Case("face", "L", {"face": ["." + row[:-1] for row in DRAWN]}),
    Case("face", "space", {"face": with_pixels(PIXEL)}),
    Case("face", "p", {"pen": "#"}, kept=True),
    Case("face", "p", {"pen": "."}, ("p",), kept=True),
    Case("face", "p", {"pen": ""}, ("p", "p"), kept=True),
    Case("face", "escape", {"pen": ""}, ("p",), kept=True),
    moved("up,k", -1, 0),
    moved("down,j", 1, 0),
    moved("left,h", 0, -1),
    moved("right,l", 0, 1),
    Case("face", "c", {"clipboard": DRAWN}, kept=True),
    Case("face", "v", {"face": OTHER}),
    Case("face", "f", {"face": OTHER}, answer="other.txt"),
    Case("face", "w", {"file": DRAWN}, answer="new.txt", kept=True),
    Case("face", "a", {"data": f"nine +{spelt(DRAWN)}=frown"}, answer="frown"),
    Case("face", "t", {"data": f"nine ~{spelt(DRAWN)}=smile"}, answer="s"),
    Case("face", "b", {"data": f"nine -{spelt(LISTED)} +{spelt(DRAWN)}=neutral"}, origin=spelt(LISTED)),
    Case("faces", "enter", {"face": LISTED}),
    Case("faces", "d,delete", {"data": f"nine -{spelt(LISTED)}"}),
    Case("faces", "c", {"data": f"nine +{spelt(LISTED)}=frown"}, answer="frown"),
    Case("faces", "t", {"data": f"nine ~{spelt(LISTED)}=neutral"}),
)
RNN = (
    Case("word", "down,j", {"row": 1}, kept=True),
    Case("word", "pagedown", {"row": 3}, kept=True),
    Case("word", "up,k", {"row": 2}, ("pagedown",), kept=True),
    Case("word", "pageup", {"row": 0}, ("pagedown",), kept=True),
    Case("word", "left,h,right,l", {}, ("down",), kept=True),
    Case("units", "0", {"held": {UNIT: 0.0}}),
    Case("units", "enter", {"held": {UNIT: -0.5}}, answer="-0.5"),
    Case("units", "backspace,delete", {"held": {UNIT - 1: 0.0}}, ("up", "0", "down", "0")),
    Case("units", "x", {"held": {}}, ("up", "0", "down", "0")),
    Case("twins", "0", {"held": {UNIT: 0.0}}),
    Case("twins", "enter", {"held": {UNIT: -0.5}}, answer="-0.5"),
    Case("twins", "backspace,delete", {"held": {}}, ("0",)),
    Case("twins", "x", {"held": {}}, ("0",)),
)
CASES = {"cnn": CNN, "rnn": RNN}
BESIDE = {"cnn": "faces", "rnn": "units"}  # shown as well


@cache
def trained(tab: str) -> Run:
    recipe = default_recipe(EXPERIMENTS[tab])
    if tab == "cnn":
        recipe = recipe.with_value("data", "nine")
    trainer = Trainer(recipe)
    trainer.step(STEPS[tab])
    return Run(recipe, timeline=Timeline([trainer.experiment.snapshot()]))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole_app(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """Open the app once for all keys of a tab, with two panels that share a place side by side."""
    async with stage(SIZE, tab=request.param) as s:
        s.app.pane.panels.go_to(BESIDE[request.param])
        yield s


async def begin(s: Stage, case: Case) -> None:
    """Take up the trained run anew, and go to what the case is about."""
    tab = s.session.kind.name
    run = trained(tab)
    s.session.take_up(Run(run.recipe, run.losses, Timeline(run.timeline.snapshots)))
    s.session._undo = Undo(s.session)
    s.session.probe = Probe(picture=f"{spelt(DRAWN)} {case.origin}".strip() if tab == "cnn" else "")
    s.worker.sent.clear()
    s.app.copy_to_clipboard("\n".join(OTHER))
    s.app.pane.panels.go_to(case.panel)
    await s.settle()
    match s.app.pane.query_one(f"#{case.panel}", Drawing):
        case CanvasView() as canvas:
            canvas.pen, canvas.cursor = "", PIXEL
        case GalleryView(_gallery=Gallery(tiles=tiles)) as gallery:
            gallery.cursor = [tile.id for tile in tiles].index(NEUTRAL), 0, 0
        case TableView(_table=Table(ids=ids)) as table:
            table.cursor = 0 if case.panel == "word" else ids.index(UNIT)
    await s.press(*case.after)


def seen(s: Stage) -> Seen:
    """Return all that a key may change, as the app has it."""
    session = s.session
    everywhere = {"data": session.settings.get("data"), "clipboard": s.app.clipboard.split()}
    if session.kind.name == "rnn":
        return everywhere | {"row": session.probe.row, "held": dict(session.probe.held)}
    canvas, file = s.app.pane.query_one(CanvasView), Path("new.txt")
    assert canvas._canvas is not None
    cells = canvas._canvas.cells.tolist()
    return everywhere | {
        "face": ["".join(".#"[on] for on in row) for row in cells],
        "pen": canvas.pen,
        "file": file.read_text("utf-8").split() if file.exists() else [],
    }


def assert_screen_agrees(s: Stage) -> None:
    """Panels beside the edited one show what the network makes of the edit."""
    now = seen(s)
    if s.session.kind.name == "cnn":
        canvas = s.app.pane.query_one(CanvasView)._canvas
        probabilities = s.session.experiment.predict("/".join(now["face"])).probabilities
        assert canvas is not None
        assert [bar.probability for bar in canvas.bars] == list(
            (probabilities or dict.fromkeys(range(3), 0.0)).values()
        )
        return
    word, units, twins = (s.app.pane.query_one(f"#{name}", TableView) for name in ("word", "units", "twins"))
    for table in (word, units, twins):
        assert table._table is not None
        match table.id, table._table:
            case "word", Table(selected=selected, note=note):
                assert selected == now["row"]
                assert all(f"unit {unit + 1} at {value:g}" in note for unit, value in now["held"].items())
            case "units", Table(columns=columns, rows=rows) if units.display:
                assert columns[1] == f"after {'hello'[: now['row'] + 1]}"
                assert {int(row[0]) - 1: float(row[2]) for row in rows if row[2]} == now["held"]
            case "twins", Table(rows=rows) if twins.display:
                assert {int(row[0].split()[0]) - 1 for row in rows if "held" in row[0]} == set(now["held"])


async def edits_and_is_taken_back(s: Stage, case: Case) -> None:
    for key in case.keys.split(","):
        await begin(s, case)
        before = seen(s)
        await s.press(key)
        if case.answer:
            await s.answer(case.answer)
        after = seen(s)
        assert after == before | case.changes
        assert_screen_agrees(s)
        told = {command.key: command.value for command in s.worker.sent if isinstance(command, Change)}
        assert told == {name: value for name, value in case.changes.items() if name == "data"}
        await s.press("u")
        assert seen(s) == (after if case.kept else before)
        assert_screen_agrees(s)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("whole_app", ["cnn"], indirect=True)
@pytest.mark.parametrize("case", CNN, ids=str)
async def test_a_key_edits_faces_and_u_takes_it_back(
    whole_app: Stage, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("other.txt").write_text("\n".join(OTHER), "utf-8")
    await edits_and_is_taken_back(whole_app, case)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("whole_app", ["rnn"], indirect=True)
@pytest.mark.parametrize("case", RNN, ids=str)
async def test_a_key_points_at_a_step_or_holds_a_unit_and_u_lets_it_go(whole_app: Stage, case: Case) -> None:
    await edits_and_is_taken_back(whole_app, case)


@pytest.mark.parametrize("tab", CASES)
def test_no_key_that_edits_is_left_out(tab: str) -> None:
    there = set()
    for panel in EXPERIMENTS[tab].panels:
        there |= {(panel.name, key) for edit in panel.edits for key in edit.keys.split(",")}
        if panel.follows or panel.kind == "canvas":  # there, moving about does something
            there |= {(panel.name, key) for key in keys_of(WIDGETS[panel.kind])}
    assert {(case.panel, key) for case in CASES[tab] for key in case.keys.split(",")} == there
