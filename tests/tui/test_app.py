"""The frame of the app: panels and their focus, help, palette, themes, sizes, and the way out."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from textual import events
from textual.containers import VerticalScroll

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.binary import Binary
from scratchtui.faults import INTERNAL_ERROR
from scratchtui.training.files import load_run, save_run
from scratchtui.training.messages import Train
from scratchtui.tui.app import ScratchApp
from scratchtui.tui.arrangement import SMALLEST
from scratchtui.tui.every_tab import LOSS, SETTINGS
from scratchtui.tui.help import Help
from scratchtui.tui.themes import THEMES
from scratchtui.tui.widgets.header import Header
from scratchtui.tui.widgets.heatmap import Heatmap
from scratchtui.tui.widgets.table import TableView
from tests.tui.stage import DESIGN, Stage, TrainingWorker, stage

PANELS = {panel.name: panel for panel in (LOSS, *Binary.panels, SETTINGS)}
ALL_OF_IT = DESIGN[0], DESIGN[1] - 4
ORDER = ["loss", "weights", "heatmap", "paths", "rows", "settings"]


def focused(s: Stage) -> str | None:
    return s.app.focused.id if s.app.focused else None


def seen(s: Stage) -> set[str]:
    return {name for name in PANELS if s.app.query_one(f"#{name}").display}


@pytest.mark.parametrize(("key", "order"), [("tab", ORDER), ("shift+tab", ORDER[-2::-1] + ORDER[-1:])])
async def test_tab_goes_round_all_panels_and_brings_hidden_ones_to_the_front(
    key: str, order: list[str]
) -> None:
    async with stage() as s:
        assert focused(s) == "settings"
        for name in order:
            await s.press(key)
            assert focused(s) == name
            assert name in seen(s)
            assert {"loss", "settings"} < seen(s)
            await s.shows(PANELS[name].title)


@pytest.mark.parametrize("name", EXPERIMENTS)
async def test_a_tab_begins_where_the_user_acts_first(name: str) -> None:
    async with stage(tab=name) as s:
        assert focused(s) == (EXPERIMENTS[name].first or SETTINGS.name)
        assert focused(s) == ("face" if name == "cnn" else "settings")


async def test_each_tab_keeps_its_own_focus() -> None:
    async with stage() as s:
        await s.press("3")
        await s.until(lambda: focused(s) == "face", "face with the focus")
        await s.press("tab", "1")
        await s.until(lambda: focused(s) == "settings", "hyperparameters with the focus")
        await s.press("3")
        await s.until(lambda: focused(s) == "faces", "faces with the focus")


async def test_an_empty_chart_tells_how_to_begin_and_then_only_how_fast() -> None:
    async with stage() as s:
        await s.shows("no step yet: space runs, . takes one step")
        await s.press("minus", "minus", "minus", "minus")
        await s.press("space")
        await s.shows("no step yet: running at 1/s")
        await s.hides("no step yet: space runs")


async def test_panels_that_share_a_place_name_each_other() -> None:
    async with stage() as s:
        await s.shows("weights │ heatmap", "paths, log2 │ rows")
        await s.press("tab", "tab", "tab", "tab", "tab")
        await s.shows("heatmap │ weights", "rows │ paths, log2")
        await s.pilot.resize_terminal(200, 50)
        await s.until(lambda: seen(s) == set(PANELS), "all panels")
        await s.hides("│ weights", "│ rows")


async def test_zoom_shows_the_focused_panel_alone_follows_the_focus_and_gives_all_back() -> None:
    async with stage() as s:
        before = seen(s)
        await s.press("z")
        assert seen(s) == {"settings"}
        await s.shows("seed")
        await s.press("tab")
        assert seen(s) == {"loss"}
        await s.press("shift+tab", "z")
        assert seen(s) == before


WORDS = {
    "loss": "step",
    "weights": "49.95",
    "heatmap": "target",
    "paths": "128",
    "rows": "0000 0011",
    "settings": "seed",
}


async def test_every_panel_zoomed_or_not_draws_its_view_at_the_design_size() -> None:
    async with stage() as s:
        await s.press("full_stop", "full_stop")
        for name in ORDER:
            await s.press("tab")
            await s.shows(PANELS[name].title, WORDS[name] if name != "settings" else "bits")
            await s.press("z")
            await s.until(lambda name=name: s.app.query_one(f"#{name}").outer_size == ALL_OF_IT, "zoom")
            await s.shows(WORDS[name], "step 2")
            await s.press("z")


async def test_the_cursors_of_table_and_heatmap_move() -> None:
    async with stage((120, 40)) as s:
        table, heatmap = s.app.query_one("#weights", TableView), s.app.query_one(Heatmap)
        table.focus()
        await s.press("down", "down", "up", "end", "home", "pagedown")
        assert table.cursor > 0
        heatmap.focus()
        await s.press("down", "right", "right", "left")
        assert heatmap.cursor == (1, 1)
        await s.shows("64")


async def test_the_words_about_the_focused_panel_stand_beside_it_where_there_is_room() -> None:
    async with stage((200, 50)) as s:
        await s.shows("about", "Does one linear layer")
        await s.press("tab")
        await s.shows("The loss of every step")


async def test_help_tells_of_the_focused_panel_then_all_keys_scrolls_and_closes() -> None:
    async with stage() as s:
        for name in ORDER:
            await s.press("tab", "f1")
            start = " ".join(PANELS[name].help.split()[:4])
            await s.shows(f"─ {PANELS[name].title} ─", start, "esc closes")
            await s.press("end")
            await s.shows("q  quit")
            await s.press("escape")
            assert len(s.app.screen_stack) == 1
            assert focused(s) == name


async def test_help_closes_by_any_key_that_one_would_try_and_the_app_stays() -> None:
    async with stage() as s:
        for close in ("escape", "q", "question_mark", "enter", "f1"):
            await s.press("question_mark")
            assert isinstance(s.app.screen, Help)
            await s.press(close)
            assert not isinstance(s.app.screen, Help)
            assert s.app.is_running


async def test_help_of_the_hyperparameters_explains_each_with_its_range() -> None:
    async with stage((100, 60)) as s:
        await s.press("f1")
        for h in Binary.hyperparameters:
            await s.shows(f"{h.label}: {h.help}")


async def test_training_goes_on_behind_help_and_is_seen_when_it_closes() -> None:
    async with stage() as s:
        await s.press("space", "f1")
        s.worker.train(40)
        await s.until(lambda: s.session.experiment.steps == 40, "news")
        await s.press("escape")
        await s.shows("running · step 40", "▶")


async def test_a_tab_that_ceases_to_train_while_another_is_seen_loses_its_mark_at_once() -> None:
    async with stage() as s:
        worker = s.worker
        await s.press("space", "2")
        await s.shows("Binary▶")
        worker.train(1000)
        await s.hides("Binary▶")


async def test_help_scrolls_line_by_line_at_the_smallest_size() -> None:
    async with stage((60, 20)) as s:
        await s.press("f1", "down")
        await s.until(lambda: s.app.screen.query_one(VerticalScroll).scroll_y == 1, "scrolling")


async def test_the_palette_finds_an_action_by_a_word_and_does_it() -> None:
    async with stage() as s:
        await s.press("colon", *"faster")
        await s.shows("train faster", "key +")
        await s.press("enter")
        await s.until(lambda: len(s.app.screen_stack) == 1, "palette closed")
        await s.shows("20/s")


async def test_every_command_of_the_palette_can_be_done() -> None:
    async with stage() as s:
        for command in list(s.app.get_system_commands(s.app.screen)):
            if command.title != "quit":
                s.app.call_later(command.callback)
                await s.pilot.pause()
                while len(s.app.screen_stack) > 1:
                    await s.press("escape")
        assert s.app.is_running
        assert s.app.theme == THEMES[-1].name


async def test_f2_goes_round_the_themes_and_all_draw() -> None:
    async with stage() as s:
        for theme in [*THEMES[1:], THEMES[0]]:
            await s.press("f2")
            assert s.app.theme == theme.name
            await s.shows("hyperparameters", "ready")


async def test_m_tells_whether_the_mouse_is_on() -> None:
    async with stage() as s:
        await s.press("M")
        await s.shows("mouse o")


async def test_the_number_of_a_tab_goes_there_and_one_without_a_tab_does_nothing() -> None:
    async with stage() as s:
        await s.press("tab")
        await s.charts_drawn()
        before = s.text
        await s.press("9")
        assert s.text == before
        await s.press("1")
        assert focused(s) is not None
        await s.shows("1 Binary")


async def test_a_screen_too_small_says_what_is_needed_trains_on_and_comes_back() -> None:
    async with stage() as s:
        await s.press("space")
        for width, height in ((59, 24), (80, 19), (20, 5), (1, 1)):
            await s.pilot.resize_terminal(width, height)
            await s.until(lambda w=width: len(s.rows[0]) == w, "resize")
            if width >= 40:
                await s.shows(
                    f"{width}x{height} is too small: 60x20 is needed", "training goes on", "q quits"
                )
            assert "weights" not in s.text
        s.worker.train(3)
        await s.until(lambda: s.session.experiment.steps == 3, "news")
        await s.pilot.resize_terminal(60, 20)
        await s.shows("running · step 3", "weights", "hyperparameters")


async def test_q_quits_where_the_screen_is_too_small() -> None:
    async with stage() as s:
        await s.pilot.resize_terminal(50, 15)
        await s.shows("q quits")
        await s.press("q")
        assert s.app.return_code == 0


async def test_a_saved_run_opens_where_it_was_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "run.npz"
    async with stage() as s:
        await s.press("space")
        s.worker.train(12)
        await s.shows("step 12")
        save_run(s.session.run, path)
        weights = s.session.run.latest.parameters
    async with stage(run=load_run(path)) as s:
        await s.shows("paused · step 12")
        assert np.array_equal(s.session.run.latest.parameters, weights)
        await s.press("full_stop")
        await s.shows("paused · step 13")


async def test_q_quits_with_exit_code_0_and_ends_the_worker() -> None:
    async with stage() as s:
        await s.press("space", "q")
        assert s.app.return_code == 0
    assert "close" in s.worker.sent


@pytest.mark.parametrize("keys", [(), ("space",), ("tab",), ("slash",), ("f1",), ("z",), ("R",)], ids=str)
async def test_the_app_can_end_at_any_moment(keys: tuple[str, ...]) -> None:
    async with stage() as s:
        s.worker.send(Train(10.0)) if not keys else await s.press("space")
        for key in keys:
            s.app.simulate_key(key)
        if s.worker._trainer is not None:
            s.worker.train(5)
        s.app.exit()


async def test_news_that_arrive_when_the_bars_are_gone_already_are_let_be() -> None:
    async with stage() as s:
        await s.app.query("Header, Footer").remove()
        await s.press("tab", "space")
        s.worker.train(5)
        await s.shows("running · step 5")


async def test_keys_that_come_before_the_first_panel_are_not_lost() -> None:
    app = ScratchApp(make_worker=TrainingWorker)
    async with app.run_test(size=DESIGN) as pilot:
        app.post_message(events.Key("space", " "))
        s = Stage(app, pilot)
        await s.until(lambda: app.focused is not None, "panel with the focus")
        await s.shows("running")


async def test_enter_that_came_before_the_terminal_was_raw_is_enter() -> None:
    app = ScratchApp(make_worker=TrainingWorker)
    async with app.run_test(size=DESIGN) as pilot:
        app.post_message(events.Key("ctrl+j", "\n"))
        s = Stage(app, pilot)
        await s.shows("1e-06 to 100")


def test_the_app_is_imported_without_numpy_so_that_its_first_paint_does_not_wait_for_it() -> None:
    code = "import sys, scratchtui.tui.app; sys.exit('numpy' in sys.modules or 'plotext' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_title_is_that_of_its_experiment() -> None:
    for name, kind in EXPERIMENTS.items():
        assert (kind.name, kind.title) == (name, EXPERIMENTS.title(name))


async def test_every_tab_of_a_burst_counts() -> None:
    async with stage() as s:
        for _ in range(3):
            s.app.post_message(events.Key("tab", None))
        await s.settle()
        assert focused(s) == ORDER[2]


async def test_the_panel_that_had_the_focus_has_it_again_when_there_is_room_again() -> None:
    async with stage() as s:
        await s.press("tab", "tab")
        name = focused(s)
        await s.pilot.resize_terminal(50, 15)
        await s.shows("too small", "nothing is training")
        await s.pilot.resize_terminal(*DESIGN)
        await s.until(lambda: focused(s) == name, "focus")


async def test_pages_of_a_palette_that_lists_nothing_yet_can_be_turned() -> None:
    async with stage() as s:
        for key in (":", "pageup", "pagedown", "up", "pageup"):
            s.app.post_message(events.Key(key if len(key) > 1 else "colon", key if len(key) == 1 else None))
        await s.settle()
        await s.shows("begin again")
        await s.press("pagedown", "pageup", "escape")
        assert s.app.is_running


async def test_a_click_on_a_title_brings_that_panel_to_the_front() -> None:
    async with stage() as s:
        y, row = next((y, row) for y, row in enumerate(s.rows) if "weights │ heatmap" in row)
        await s.pilot.click(offset=(row.index("heatmap") + 2, y))
        assert focused(s) == "heatmap"
        await s.shows("heatmap │ weights")


async def test_a_click_on_a_key_of_the_footer_presses_it() -> None:
    async with stage() as s:
        await s.pilot.click(offset=(s.rows[-1].index("step") + 1, DESIGN[1] - 1))
        await s.shows("paused")
        await s.pilot.click(offset=(s.rows[-1].index("help"), DESIGN[1] - 1))
        await s.until(lambda: isinstance(s.app.screen, Help), "help")


async def test_an_error_of_the_program_ends_it_with_70_and_a_sentence_without_variables() -> None:
    app = ScratchApp(make_worker=TrainingWorker)

    def broken() -> None:
        secret = "of the user"
        raise KeyError(secret and "no such panel")

    async def crash() -> None:
        async with app.run_test(size=DESIGN) as pilot:
            app.call_later(broken)
            await Stage(app, pilot).until(lambda: not app.is_running, "end")

    with pytest.raises(KeyError):
        await crash()
    assert app.return_code == INTERNAL_ERROR
    assert "of the user" not in "".join(map(str, app._exit_renderables))


async def test_in_a_window_that_is_too_small_no_key_does_what_nobody_sees() -> None:
    async with stage() as s:
        await s.press("full_stop")
        await s.shows("step 1")
        await s.pilot.resize_terminal(30, 8)
        await s.shows("is too small")
        await s.press("r", "b", "x", "full_stop")
        await s.pilot.resize_terminal(80, 24)
        await s.shows("paused · step 1")


async def test_in_the_smallest_window_the_header_says_whether_it_runs_and_how_fast() -> None:
    async with stage(SMALLEST) as s:
        assert " ".join(s.rows[0].split()) == "1 Binary 2 Neural net 3 CNN 4 RNN seed 0 10/s ‖"
        await s.pilot.click(Header, offset=(3, 0))
        await s.pilot.click(Header, offset=(16, 0))
        await s.shows("no step yet", "surface")
        assert s.app.current == "nn"


async def test_escape_and_a_key_right_after_it_are_two_keys() -> None:
    async with stage() as s:
        await s.press("b")
        await s.shows("stop when")
        await s.press("alt+full_stop")
        await s.hides("stop when")
        await s.until(lambda: s.worker.sent, "order")
