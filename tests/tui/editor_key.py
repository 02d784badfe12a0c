"""A key that edits, pressed in the whole app: what it changes, what is seen of it, what `u` takes back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.panel import Probe
from scratchtui.experiments.recipe import default_recipe
from scratchtui.experiments.view import Gallery, Table
from scratchtui.training.messages import Change
from scratchtui.training.run import Run
from scratchtui.training.timeline import Timeline
from scratchtui.training.trainer import Trainer
from scratchtui.training.undo import Undo
from scratchtui.tui.widgets.canvas import CanvasView
from scratchtui.tui.widgets.drawing import Drawing
from scratchtui.tui.widgets.gallery import GalleryView
from scratchtui.tui.widgets.table import TableView
from tests.tui.stage import Stage

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
ROW = 2  # under the cursor: the second of a truth table, the third of bits
ON = {"word": 0, "units": UNIT, "twins": UNIT, "rows": ROW}  # what the cursor of a table is on
STEPS = {"binary": 20, "nn": 100, "cnn": 100, "rnn": 120}
DATA = {"binary": "original", "nn": "xor", "cnn": "nine"}


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
    clipboard: str = "\n".join(OTHER)

    def __str__(self) -> str:
        return " ".join((self.panel, *self.after, self.keys))


@cache
def trained(tab: str) -> Run:
    recipe = default_recipe(EXPERIMENTS[tab])
    if tab in DATA:
        recipe = recipe.with_value("data", DATA[tab])
    trainer = Trainer(recipe)
    trainer.step(STEPS[tab])
    return Run(recipe, timeline=Timeline([trainer.experiment.snapshot()]))


async def begin(s: Stage, case: Case) -> None:
    """Take up the trained run anew, and go to what the case is about."""
    tab = s.session.kind.name
    run = trained(tab)
    s.session.take_up(Run(run.recipe, run.losses, Timeline(run.timeline.snapshots)))
    s.session._undo = Undo(s.session)
    s.session.probe = Probe(
        row=0 if tab == "rnn" else ROW,
        picture=f"{spelt(DRAWN)} {case.origin}".strip() if tab == "cnn" else "",
    )
    s.worker.sent.clear()
    s.app.copy_to_clipboard(case.clipboard)
    s.app.pane.panels.go_to(case.panel)
    await s.settle()
    match s.app.pane.query_one(f"#{case.panel}", Drawing):
        case CanvasView() as canvas:
            canvas.pen, canvas.cursor = "", PIXEL
        case GalleryView(_gallery=Gallery(tiles=tiles)) as gallery:
            gallery.cursor = [tile.id for tile in tiles].index(NEUTRAL), 0, 0
        case TableView(_table=Table(ids=ids)) as table:
            table.cursor, table.column = ids.index(ON[case.panel]), 0
    await s.press(*case.after)


def seen(s: Stage) -> Seen:
    """Return all that a key may change, as the app has it."""
    session = s.session
    everywhere = {"data": session.settings.get("data"), "clipboard": s.app.clipboard.split()}
    if session.kind.name == "rnn":
        return everywhere | {"row": session.probe.row, "held": dict(session.probe.held)}
    if session.kind.name != "cnn":
        return everywhere | {
            "row": session.probe.row,
            "column": s.app.pane.query_one("#rows", TableView).column,
        }
    canvas, file = s.app.pane.query_one(CanvasView), Path("new.txt")
    assert canvas._canvas is not None
    cells = canvas._canvas.cells.tolist()
    return everywhere | {
        "face": ["".join(".#"[on] for on in row) for row in cells],
        "pen": canvas.pen,
        "file": file.read_text("utf-8").split() if file.exists() else [],
    }


def assert_screen_agrees(s: Stage) -> None:
    """The edited panel and those beside it show what the network makes of the edit."""
    if s.session.kind.name in {"binary", "nn"}:
        assert_rows_agree(s)
        return
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


def assert_rows_agree(s: Stage) -> None:
    """Each row shows what `predict` answers to it; the cursor is where the probe points."""
    experiment = s.session.experiment
    table = s.app.pane.query_one("#rows", TableView)._table
    assert table is not None
    assert s.app.pane.query_one("#rows", TableView).place[0] == table.selected
    binary = s.session.kind.name == "binary"
    says = table.columns.index("says")
    for row in table.rows:
        text = row[1] if binary else ",".join(row[1 : table.columns.index("target")])
        assert float(row[says]) == pytest.approx(experiment.predict(text).prediction, abs=0.0051)
    if not binary:
        gallery = s.app.pane.query_one("#activations", GalleryView)._gallery
        assert gallery is not None
        row = table.rows[table.ids.index(table.selected)]
        assert gallery.tiles[0].matrix.values.tolist() == [[float(row[1]), float(row[2])]]


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
