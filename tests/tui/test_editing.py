"""Editing a picture in the whole app: seen at once, taken back, typed, copied, pasted, loaded and saved."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events

from scratchtui.tui.widgets.canvas import CanvasView
from scratchtui.tui.widgets.footer import Footer
from tests.experiments.tiny import BLANK, SIDE, listed, rows_of
from tests.tui.stage import DESIGN, Stage, stage

CHEQUERED = "\n".join(["#.#.#.#.", ".#.#.#.#"] * 4)


@pytest.fixture(autouse=True)
def tiny() -> Iterator[None]:
    with listed():
        yield


@asynccontextmanager
async def editor(size: tuple[int, int] = DESIGN) -> AsyncIterator[Stage]:
    async with stage(size, tab="tiny") as s:
        s.app.query_one(CanvasView).focus()
        await s.settle()
        yield s


def picture(s: Stage) -> list[str]:
    """Return the rows that the experiment has been given."""
    return rows_of(s.session.probe.picture or BLANK)


def shown(s: Stage) -> list[str]:
    """Return the rows that are on the screen."""
    canvas = s.app.query_one(CanvasView)._canvas
    assert canvas is not None
    return ["".join(".#"[on] for on in row) for row in canvas.cells.tolist()]


def bar(s: Stage) -> str:
    (line,) = [row for row in s.rows if "› above" in row or "› below" in row]
    return line


async def test_a_flip_is_seen_at_once_in_pixels_and_bars_and_the_worker_is_not_asked() -> None:
    async with editor() as s:
        assert "nothing to see" in s.text
        before = bar(s)
        await s.press("space")
        assert shown(s) == picture(s) == ["#......."] + ["........"] * 7
        assert bar(s) != before
        assert "nothing to see" not in s.text
        assert s.worker.sent == []


async def test_a_drawing_goes_on_while_training_does_and_space_does_not_stop_it() -> None:
    async with editor() as s:
        await s.press("f5")
        s.worker.train(3)
        await s.shows("running · step 3")
        await s.press("space")
        assert picture(s)[0] == "#......."
        s.worker.train(3)
        await s.shows("running · step 6")
        assert shown(s)[0] == "#......."


async def test_flips_are_taken_back_one_by_one_and_made_again() -> None:
    async with editor() as s:
        await s.press("space", "right", "space", "u")
        assert picture(s)[0] == "#......."
        await s.press("u")
        assert shown(s)[0] == "........"
        await s.press("U", "U")
        assert shown(s)[0] == "##......"


async def test_a_stroke_is_taken_back_whole_and_what_was_before_it_is_not() -> None:
    async with editor() as s:
        await s.press("space", "p", "right", "right", "down", "escape")
        assert shown(s)[:2] == ["###.....", "..#....."]
        await s.press("u")
        assert shown(s)[:2] == ["#.......", "........"]
        await s.press("u")
        assert shown(s)[0] == "........"
        await s.press("U", "U")
        assert shown(s)[:2] == ["###.....", "..#....."]


async def test_a_pen_that_is_down_begins_a_new_stroke_after_undo() -> None:
    async with editor() as s:
        await s.press("space", "down", "p", "right", "u", "right", "u")
        assert shown(s)[:2] == ["#.......", "........"]


async def test_a_line_is_typed_over_what_stands_there_and_a_refusal_says_why() -> None:
    async with editor() as s:
        await s.press("space", "t")
        await s.shows("type", "#.......")
        await s.answer("##")
        await s.shows("a picture has 8 pixels")
        assert picture(s)[0] == "#......."
        await s.answer("..####..")
        assert shown(s)[0] == "..####.."
        assert s.app.focused is s.app.query_one(CanvasView)
        await s.press("u")
        assert shown(s)[0] == "#......."


async def test_what_is_copied_is_pasted() -> None:
    async with editor() as s:
        await s.press("space", "c")
        await s.shows("copied")
        assert s.app.clipboard.split() == ["#......."] + ["........"] * 7
        await s.press("x")
        assert shown(s) == ["........"] * 8
        await s.press("v")
        assert shown(s)[0] == "#......."
        await s.press("u", "u", "u")
        assert picture(s) == ["........"] * 8


async def test_what_the_terminal_pastes_is_taken_and_what_is_no_picture_refused() -> None:
    async with editor() as s:
        s.app.post_message(events.Paste(CHEQUERED))
        await s.settle()
        assert shown(s) == CHEQUERED.split()
        s.app.post_message(events.Paste("no picture"))
        await s.shows("Not changed", "a picture has 64 pixels")
        assert shown(s) == CHEQUERED.split()


async def test_a_picture_is_saved_and_loaded(tmp_path: Path) -> None:
    file = tmp_path / "one.txt"
    async with editor((120, 40)) as s:
        await s.press("space", "W")
        await s.answer(str(file))
        assert file.read_text(encoding="utf-8").split() == ["#......."] + ["........"] * 7
        await s.press("m", "L")
        await s.answer(str(file))
        assert shown(s)[0] == "#......."
        await s.press("u")
        assert shown(s)[7] == "#......."


async def test_a_file_that_exists_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "one.txt"
    file.write_text("mine")
    async with editor((200, 50)) as s:
        await s.press("space", "W")
        await s.answer(str(file))
        await s.shows("exists already; choose another name")
        assert file.read_text() == "mine"
        await s.answer(str(tmp_path / "two.txt"))
        await s.hides("exists already")
        assert sorted(each.name for each in tmp_path.iterdir()) == ["one.txt", "two.txt"]


async def test_a_file_that_cannot_be_loaded_is_refused_where_it_was_typed(tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("##")
    async with editor((200, 50)) as s:
        await s.press("space", "L")
        for name, words in (
            (str(tmp_path / "none.txt"), "no such file"),
            ("", "the name of a file is needed"),
            (str(bad), "a picture has 64 pixels"),
        ):
            await s.answer(name)
            await s.shows(words)
            assert picture(s)[0] == "#......."
        await s.press("escape")
        await s.hides("a picture has 64 pixels")
        assert s.app.focused is s.app.query_one(CanvasView)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 50)])
async def test_it_fits_and_the_footer_has_its_keys_first_and_the_ways_to_help_and_out_last(
    size: tuple[int, int],
) -> None:
    async with editor(size) as s:
        easel = s.app.query_one(CanvasView)._easel
        assert easel is not None
        assert (easel.rows, easel.columns, easel.framed) == (SIDE, SIDE, size[0] > 60)
        assert all(words in s.text for words in ("above", "below", "%", "pen up"))
        footer = str(s.app.query_one(Footer).content)
        assert footer.startswith("space flip  p pen  u undo  m mirror")
        assert footer.endswith("? help  q quit")
        assert "space run" not in footer
        assert "save" not in footer  # no short name
        assert len(footer) <= size[0] - 2
        if size[0] >= 120:
            assert "F5 run" in footer


async def test_the_words_name_the_key_that_runs_it_from_where_one_is() -> None:
    async with editor() as s:
        await s.charts_drawn()
        await s.shows("ready", "F5 runs, . takes one step", "no step yet: F5 runs")
        await s.press("tab")
        await s.charts_drawn()
        await s.shows("ready", "space runs, . takes one step", "no step yet: space runs")


async def test_help_lists_every_key_of_the_editor_and_says_what_runs_it() -> None:
    async with editor((100, 60)) as s:
        await s.press("question_mark")
        for words in ("space  turn the pixel", "p  put the pen down", "esc  lift", "m  turn it upside down",
                      "W  save it", "u  take back", "F5  run, or pause", "mouse  a click"):  # fmt: skip
            assert any(f" {words}" in row for row in s.rows), words
        assert not any("space  run" in row for row in s.rows)
