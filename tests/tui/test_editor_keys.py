"""Every key that edits, in every tab of the whole app: what it changes; and `u` takes it back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from scratchtui.experiments import EXPERIMENTS
from scratchtui.tui.panels import WIDGETS
from scratchtui.tui.widgets.gallery import GalleryView
from tests.tui.editor_key import (
    BLANK,
    DRAWN,
    LISTED,
    OTHER,
    PIXEL,
    UNIT,
    Case,
    begin,
    edits_and_is_taken_back,
    seen,
    spelt,
    with_pixels,
)
from tests.tui.stage import Stage, keys_of, stage

SIZE = 120, 40


def moved(keys: str, down: int, right: int) -> Case:
    to = PIXEL[0] + down, PIXEL[1] + right
    return Case("face", keys, {"face": with_pixels(PIXEL, to)}, ("p",))


BINARY = (
    Case("rows", "down,j", {"row": 3}, kept=True),
    Case("rows", "up,k", {"row": 1}, kept=True),
    Case("rows", "pagedown", {"row": 7}, kept=True),
    Case("rows", "pageup", {"row": 0}, kept=True),
    Case("rows", "left,h,right,l", {}, kept=True),
    Case("rows", "a,insert", {"data": "original +5=6", "row": -1}, answer="5=6"),
    Case("rows", "d,delete", {"data": "original -48"}),
)
NN = (
    Case("rows", "down,j", {"row": 3}, kept=True),
    Case("rows", "up,k", {"row": 1}, kept=True),
    Case("rows", "pagedown", {"row": 4}, kept=True),
    Case("rows", "pageup", {"row": 1}, kept=True),
    Case("rows", "right,l", {"column": 1}, kept=True),
    Case("rows", "left,h", {"column": 1}, ("right", "right"), kept=True),
    Case("rows", "enter", {"data": "xor 2:11"}),
    Case("rows", "enter", {"data": "xor 2:00"}, ("right",)),
    Case("rows", "enter", {"data": "xor 2=0"}, ("right", "right")),
    Case("rows", "a,insert", {"data": "xor +11=1", "row": -1}, answer="11=1"),
    Case("rows", "d,delete", {"data": "xor -2"}),
    Case("rows", "v", {"data": "xor +11=1 +00=1", "row": -1}, clipboard="1 1 1\n0 0 1"),
)
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
CASES = {"binary": BINARY, "nn": NN, "cnn": CNN, "rnn": RNN}
BESIDE = {"binary": "weights", "nn": "activations", "cnn": "faces", "rnn": "units"}  # shown as well


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole_app(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """Open the app once for all keys of a tab, with two panels that share a place side by side."""
    async with stage(SIZE, tab=request.param) as s:
        s.app.pane.panels.go_to(BESIDE[request.param])
        yield s


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("whole_app", ["binary"], indirect=True)
@pytest.mark.parametrize("case", BINARY, ids=str)
async def test_a_key_points_at_a_row_or_edits_the_rows_of_bits_and_u_takes_it_back(
    whole_app: Stage, case: Case
) -> None:
    await edits_and_is_taken_back(whole_app, case)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("whole_app", ["nn"], indirect=True)
@pytest.mark.parametrize("case", NN, ids=str)
async def test_a_key_points_at_a_row_or_edits_the_truth_table_and_u_takes_it_back(
    whole_app: Stage, case: Case
) -> None:
    await edits_and_is_taken_back(whole_app, case)


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
@pytest.mark.parametrize("whole_app", ["cnn"], indirect=True)
@pytest.mark.parametrize(("key", "answer"), [("t", ""), ("c", "frown")])
async def test_the_cursor_stays_on_the_face_that_an_edit_puts_elsewhere(
    whole_app: Stage, key: str, answer: str
) -> None:
    s = whole_app
    await begin(s, Case("faces", key, {}))
    gallery = s.app.pane.query_one("#faces", GalleryView)
    before = gallery.subject
    await s.press(key)
    if answer:
        await s.answer(answer)
    assert gallery.subject[1] == before[1]
    await s.press("enter")
    assert seen(s)["face"] == LISTED


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
