"""What keys do to a run, and how the screen tells of it."""

import numpy as np
import pytest
from rich.console import RenderableType
from textual.screen import Screen
from textual.widgets import Input

from scratchtui.experiments.snapshot import same_state
from scratchtui.training.course import SPEEDS
from scratchtui.training.messages import Advance, Begin, Change, Pause, Train
from scratchtui.tui.widgets.table import TableView
from tests.tui.stage import Stage, fresh_run, stage

WIDE = 120, 40  # rows and weights are both seen


def sent(s: Stage, kind: type) -> list[object]:
    return [command for command in s.worker.sent if isinstance(command, kind)]


async def test_it_opens_paused_at_step_0_and_says_what_runs_it_and_nothing_has_begun() -> None:
    async with stage() as s:
        await s.shows(
            "ready", "space runs", ". takes one step", "no step yet", "forecast", "at step 175", "‖"
        )
        assert s.worker.sent == []


async def test_space_runs_and_pauses() -> None:
    async with stage() as s:
        await s.press("space")
        await s.shows("running · step 0", "10/s ▶")
        assert [command.speed for command in sent(s, Train)] == [10.0]  # type: ignore[attr-defined]
        s.worker.train(12)
        await s.shows("running · step 12", "loss")
        await s.press("space")
        await s.shows("paused · step 12", "10/s ‖")
        assert sent(s, Pause)
        s.worker.train(1)  # was on its way
        await s.shows("paused · step 13")


async def test_a_full_stop_pauses_and_then_takes_single_steps() -> None:
    async with stage() as s:
        await s.press("space")
        s.worker.train(3)
        await s.press("full_stop")
        await s.shows("paused · step 3")
        assert not sent(s, Advance)
        await s.press("full_stop", "full_stop")
        await s.shows("paused · step 5")
        assert sent(s, Advance) == [Advance(1), Advance(1)]


async def test_plus_and_minus_change_the_pace_within_its_limits_and_at_once() -> None:
    async with stage() as s:
        await s.press("plus", "equals_sign", "minus")
        await s.shows(" 20/s ")
        await s.press("space", "plus")
        await s.shows(" 50/s ▶")
        assert [command.speed for command in sent(s, Train)] == [20.0, 50.0]  # type: ignore[attr-defined]
        for _ in SPEEDS:
            s.app.pane.action_faster()
        await s.shows(" max ▶")
        for _ in SPEEDS:
            s.app.pane.action_slower()
        await s.shows(" 1/s ▶")


async def test_r_begins_again_with_the_same_seed_and_shift_r_with_a_new_one() -> None:
    async with stage() as s:
        await s.press("full_stop", "full_stop")
        await s.shows("step 2")
        first = s.session.run
        await s.press("r")
        await s.shows("ready", "seed 0", "no step yet")
        await s.press("full_stop", "full_stop")
        await s.shows("step 2")
        assert s.session.run is not first
        assert same_state(s.session.run.latest, first.latest)
        assert np.array_equal(s.session.run.losses.total, first.losses.total)
        await s.press("R")
        await s.shows("ready")
        assert s.session.run.recipe.seed != 0
        await s.shows(f"seed {s.session.run.recipe.seed}")


async def test_what_memory_is_short_for_is_let_go_and_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scratchtui.training.room.BYTES_OF_A_TAB", 2000)
    async with stage() as s:
        for _ in range(2):
            s.session.link.order(Advance(2))
            s.worker.train(2)
            await s.press("r")
        await s.shows("The oldest edits")


async def test_what_waits_is_dropped_and_u_has_it_wait_again() -> None:
    async with stage() as s:
        await s.press("full_stop")
        await s.shows("step 1")
        s.session.set_value("bits", 4)
        s.session.drop_pending()
        await s.press("u")
        assert s.session.pending == {"bits": 4}


async def test_what_an_abandoned_run_still_tells_is_not_drawn() -> None:
    async with stage() as s:
        await s.press("space")
        s.worker.train(7)
        await s.shows("step 7")
        await s.press("r")
        await s.shows("ready")
        await s.charts_drawn()
        before = s.text
        s.worker.train(5)
        s.worker.fail("of the run before")
        await s.until(lambda: not s.worker.to_tell, "heard")
        await s.charts_drawn()
        assert s.text == before
        assert len(s.session.run.losses) == 0


async def test_a_live_setting_changes_a_running_network() -> None:
    async with stage() as s:
        await s.press("space")
        s.worker.train(3)
        s.at("learning_rate")
        await s.press("right")
        await s.shows("0.25", "running")
        assert sent(s, Change) == [Change("learning_rate", 0.25)]
        s.worker.train(3)
        await s.shows("step 6")
        await s.press("left", "left")
        await s.shows("0.15")


async def test_a_structural_setting_applies_at_once_before_the_first_step() -> None:
    async with stage() as s:
        s.at("bits")
        await s.press("left", "left", "left")
        await s.shows("ready", "max|w-2^k|")
        assert s.session.value("bits") == 5
        assert s.session.pending == {}
        await s.hides("→ 5", "128")
        s.at("encoding")
        await s.press("right")
        await s.shows("twos", "-16")


async def test_a_structural_setting_waits_later_until_enter_resets_or_escape_drops_it() -> None:
    async with stage(WIDE) as s:
        await s.press("full_stop")
        s.at("bits")
        await s.press("left")
        await s.shows("8 → 7", "7 needs a new network", "step 1")
        await s.press("right")
        await s.hides("→ 7", "needs a new network")
        await s.press("left", "left")
        await s.shows("8 → 6")
        await s.press("escape")
        await s.hides("→ 6", "needs a new network")
        assert s.session.value("bits") == 8
        await s.press("left", "down", "right", "enter")
        await s.shows("ready", "twos")
        assert (s.session.value("bits"), s.session.value("encoding")) == (7, "twos")
        assert s.session.pending == {}


@pytest.mark.parametrize("steps", [0, 2])
async def test_an_impossible_combination_is_refused_in_a_sentence_and_nothing_is_lost(steps: int) -> None:
    async with stage(WIDE, fresh_run(data="original")) as s:
        await s.press(*["full_stop"] * steps)
        await s.until(lambda: s.session.experiment.steps == steps, "steps")
        run, snapshot = s.session.run, s.session.run.latest
        await s.edit("bits", "4")
        if steps:
            await s.shows("8 → 4")
            await s.press("enter")
        await s.shows("need 8 bits", "4")
        assert s.session.pending == ({"bits": 4} if steps else {})
        assert s.session.run is run
        assert same_state(s.session.run.latest, snapshot)
        assert s.session.value("bits") == 8
        await s.press("escape", "escape")
        await s.hides("8 → 4", "needs a new network")
        await s.press("full_stop")
        await s.shows(f"step {steps + 1}")


async def test_data_that_does_not_fit_the_bits_is_refused_where_it_is_typed() -> None:
    async with stage(run=fresh_run(bits=4)) as s:
        await s.edit("data", "original")
        await s.shows("need 8 bits")
        assert s.session.value("data") == "all"


async def test_a_learning_rate_above_the_limit_is_called_out_before_it_diverges() -> None:
    async with stage() as s:
        await s.edit("learning_rate", "0.5")
        await s.shows("0.5 diverges from 0.444 on", "ready")
        assert s.app.query_one("#outlook").has_class("-bad")
        await s.edit("learning_rate", "0.4")
        await s.shows("stable below 0.444", "forecast")
        assert not s.app.query_one("#outlook").has_class("-bad")


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ({"encoding": "gray"}, "Gray"),
        ({"data": "range:0-31"}, "bits 7-5 are never set"),
        ({"noise": 1.0}, "labels"),
        ({"batch_size": 4}, "no forecast"),
    ],
    ids=str,
)
async def test_flaws_of_the_data_and_a_missing_forecast_are_told_in_words(run, words: str) -> None:
    async with stage(run=fresh_run(**run)) as s:
        await s.shows(words)


async def test_a_goal_that_is_reached_stands_beside_its_forecast_and_one_can_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scratchtui.tui.late_key.MOMENT", 0.0)
    async with stage() as s:
        await s.press("space")
        s.worker.train(999)
        await s.shows("reached · step 175", "forecast 175", "10/s ✓")
        assert s.app.query_one("#standing").has_class("-good")
        await s.press("space")
        s.worker.train(25)
        await s.shows("running · step 200")


async def test_a_diverged_run_says_why_and_shows_its_last_finite_numbers() -> None:
    async with stage(run=fresh_run(learning_rate=0.5)) as s:
        await s.press("space")
        s.worker.train(9999)
        await s.shows("diverged at step", "10/s ✗", "0.444")
        assert s.app.query_one("#standing").has_class("-bad")
        assert np.isfinite(s.session.run.latest.parameters).all()
        await s.press("r")
        await s.shows("ready")
        assert not s.app.query_one("#standing").has_class("-bad")


async def test_a_failure_and_a_dead_worker_are_told_and_the_run_goes_on_where_it_was() -> None:
    async with stage() as s:
        await s.press("space")
        s.worker.train(20)
        await s.shows("step 20")
        for end, words in ((lambda: s.worker.fail("no memory"), "no memory"),
                           (lambda: s.worker.tell(EOFError()), "process ended")):  # fmt: skip
            end()
            await s.shows("stopped at step 2", words, "space starts it again", "✗")
            await s.press("space")
            await s.shows("running · step 2")
            begin = sent(s, Begin)[-1]
            assert isinstance(begin, Begin)
            assert begin.snapshot is s.session.run.latest
            s.worker.train(2)
        await s.shows("step 24")


def table(s: Stage) -> TableView:
    return s.app.query_one("#rows", TableView)


def numbers(s: Stage) -> list[str]:
    shown = table(s)._table
    assert shown is not None
    return [row[0] for row in shown.rows]


async def add(s: Stage, text: str) -> None:
    table(s).focus()
    await s.press("a")
    await s.answer(text)


async def test_rows_are_added_by_number_by_bits_and_with_a_label() -> None:
    async with stage(WIDE, fresh_run(data="original")) as s:
        await add(s, "5")
        await add(s, "0000 1111")
        await add(s, "7=9")
        assert numbers(s)[8:] == ["5", "15", "7"]
        assert s.session.value("data") == "original +5 +15 +7=9"
        await s.press(*["pagedown"] * 2)
        await s.shows("0000 0111        9", "labels contradict")
        assert s.app.focused is table(s)
        await add(s, "256")
        await s.shows("256", "255")
        await s.press("escape")
        assert len(numbers(s)) == 11


async def test_the_row_under_the_cursor_is_deleted_and_training_goes_on() -> None:
    async with stage(WIDE, fresh_run(data="original")) as s:
        await s.press("space")
        s.worker.train(5)
        table(s).focus()
        await s.press("down", "d")
        await s.until(lambda: "85" not in numbers(s), "row 85 gone")
        assert numbers(s) == ["143", "48", "27", "241", "220", "96", "166"]
        await s.press("delete")
        await s.until(lambda: len(numbers(s)) == 6, "row 48 gone")
        s.worker.train(5)
        await s.shows("running · step 10")


async def test_the_last_row_stays_and_is_told_why() -> None:
    async with stage(WIDE, fresh_run(data="none +5")) as s:
        table(s).focus()
        await s.press("d")
        await s.shows("Not changed", "no row is left")
        assert numbers(s) == ["5"]


def count_drawings(s: Stage) -> list[object]:
    """Return a list that grows with everything that is drawn from here on."""
    drawn: list[object] = []
    display = s.app._display

    def count(screen: Screen[object], picture: RenderableType | None) -> None:
        drawn.append(picture)
        display(screen, picture)

    s.app._display = count  # type: ignore[method-assign]
    return drawn


async def ticks(s: Stage, count: int) -> None:
    """Let the app have so many frames."""
    listener = s.app.pane._listener
    listen, heard = listener.listen, []

    def count_ticks(fileno: int | None) -> None:
        heard.append(fileno)
        listen(fileno)

    listener.listen = count_ticks  # type: ignore[method-assign]
    await s.until(lambda: len(heard) >= count, "frames")
    listener.listen = listen  # type: ignore[method-assign]


async def test_nothing_is_drawn_while_nothing_changes() -> None:
    async with stage(fps=100.0) as s:
        await s.press("space")
        s.worker.train(30)
        await s.shows("step 30")
        await s.press("space")
        await s.shows("paused")
        await s.charts_drawn()
        await ticks(s, 10)
        drawn = count_drawings(s)
        await ticks(s, 30)
        assert drawn == []
        await s.press("plus")
        assert drawn


async def test_a_row_that_is_added_is_selected_and_d_takes_back_just_that() -> None:
    async with stage(size=(120, 40), run=fresh_run(data="original")) as s:
        rows = table(s)
        rows.focus()
        await s.press("a")
        await s.answer("143=1")
        assert s.session.value("data") == "original +143=1"
        assert rows.cursor == 8
        rows.focus()
        await s.press("d")
        assert s.session.value("data") == "original"
        assert rows.cursor == 7


async def test_the_cursor_stays_on_its_row_while_others_come_and_go() -> None:
    async with stage(size=(120, 40), run=fresh_run(bits=10)) as s:
        rows = table(s)
        rows.focus()
        await s.press(*["down"] * 5)
        row = rows.place
        assert row is not None
        await s.press("space")
        for _ in range(30):
            s.worker.train(3)
            await s.settle()
            assert rows.place == row
        await s.press("d")
        assert s.session.value("data") == f"all -{row[0]}"


async def test_what_was_edited_is_taken_back_and_made_again() -> None:
    async with stage(WIDE, fresh_run(data="original")) as s:
        await add(s, "5")
        table(s).focus()
        await s.press("d", "d", "u")
        assert s.session.value("data") == "original"
        await s.press("u")
        assert s.session.value("data") == "original +5"
        await s.press("u", "u")
        assert s.session.value("data") == "original"
        await s.shows("nothing to take back")
        await s.press("u", "u", "u")
        assert s.text.count("nothing to take back") == 1
        await s.press("U")
        await s.shows("made again: data with +5")
        assert s.session.value("data") == "original +5"


async def test_one_walks_back_through_a_run_and_goes_on_from_there() -> None:
    async with stage() as s:
        await s.press("space")
        for _ in range(4):
            s.worker.train(10)
        await s.shows("running · step 40")
        await s.press("comma")
        await s.shows("looking back at step 39 of 40", "goes on from here")
        await s.press("<", "<")
        await s.shows("looking back at step 31 of 40")
        await s.press(".")
        await s.shows("looking back at step 32 of 40")
        await s.press(">", ">")
        await s.shows("paused · step 40")
        await s.press("<")
        await s.press("space")
        await s.shows("running · step 36")
        assert s.session.run.latest.step == 36


async def test_two_moments_that_are_marked_are_compared() -> None:
    async with stage() as s:
        await s.press("C")
        await s.shows("marked: run 1, step 0")
        await s.press("full_stop", "full_stop")
        await s.shows("paused · step 2")
        await s.press("C")
        await s.shows("run 1, step 2 less run 1, step 0 · seen in difference, behind loss")
        assert s.app.pane.panels.focused == "settings"
        await s.press("tab", "tab")
        await s.shows("difference", "run 1, step 2 less run 1, step 0", "0.Dense.W")
        await s.press("tab")
        await s.shows("changed answers", "of 256 answers differ")


async def test_in_a_wide_window_what_two_moments_differ_by_stands_below_the_loss_and_the_focus_stays() -> (
    None
):
    async with stage((120, 40)) as s:
        await s.press("C", "full_stop", "full_stop")
        await s.shows("paused · step 2")
        await s.press("C")
        await s.shows("╭─ loss", "╭─ difference", "run 1, step 2 less run 1, step 0 · seen in difference")
        assert s.app.pane.panels.focused == "settings"
        await s.press("r", "full_stop")
        await s.shows("╭─ loss │ runs │ changed answers", "╭─ difference", "step 1")
        await s.press("tab")
        assert s.app.pane.panels.focused == "loss"
        await s.shows("╭─ loss", "╭─ difference")
        s.app.pane.panels.go_to("runs")
        await s.settle()
        await s.press("C")
        await s.shows("╭─ loss", "╭─ runs", "behind loss")


async def test_training_stops_where_the_user_said_and_says_why() -> None:
    async with stage() as s:
        await s.press("b")
        await s.shows("stop when", "loss<0.01")
        await s.answer("weights[9]>1")
        await s.shows("the last is weights[7]")
        await s.answer("step=12")
        await s.shows("stops when step = 12")
        await s.press("space")
        s.worker.train(50)
        await s.shows("stopped: step = 12 at step 12")
        await s.press("b")
        assert s.app.pane.query_one(Input).value == "step=12"
        await s.answer("")
        await s.hides("stops when")
        assert s.session.course.stops == ()


async def test_home_and_end_go_to_the_beginning_and_the_end_of_the_run_from_any_panel() -> None:
    async with stage() as s:
        await s.press("space")
        s.worker.train(20)
        await s.press("space")
        for panel in ("settings", "weights", "rows", "loss"):
            s.app.pane.panels.go_to(panel)
            await s.press("home")
            await s.shows("looking back at step 0 of 20")
            await s.press("end")
            await s.shows("paused · step 20")


async def test_no_panel_of_any_tab_keeps_a_key_of_walking_through_the_run_to_itself() -> None:
    walking = {"comma", "full_stop", "less_than_sign", "greater_than_sign", "home", "end"}
    async with stage() as s:
        for number in "1234":
            await s.press(number)
            for panel in s.app.pane.panels.query(".panel"):
                taken = {key for node in (panel, s.app.pane) for key in node._bindings.key_to_bindings}
                assert not taken & walking, panel


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a moment of the past be looked for in the smallest pieces that there are."""
    for patience in ("training.session.AT_ONCE", "training.session.A_LITTLE", "tui.live_pane.A_MOMENT"):
        monkeypatch.setattr(f"scratchtui.{patience}", -1.0)


def without_snapshots(s: Stage) -> None:
    del s.session.run.timeline.snapshots[1:-1]


@pytest.mark.usefixtures("impatient")
async def test_a_moment_that_is_far_is_looked_for_while_keys_are_heard() -> None:
    async with stage() as s:
        await s.press("space")
        s.worker.train(100)
        await s.press("space")
        without_snapshots(s)
        s.app.pane.action_leap_back()
        assert "finding step 90 of 100 · 0% of the way" in s.standing
        assert "end leads to the newest" in s.outlook
        s.app.pane.action_step_back()
        assert s.session.sought == 89
        await s.shows("looking back at step 89 of 100")


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("after", "shown"),
    [((), "running · step 90"), (("step_back",), "looking back at step 89"), (("last_step",), "step 100")],
    ids=["found", "turned away", "at the end"],
)
async def test_what_would_change_a_moment_waits_until_that_one_has_been_found(
    after: tuple[str, ...], shown: str
) -> None:
    async with stage() as s:
        await s.press("space")
        s.worker.train(100)
        await s.press("space")
        without_snapshots(s)
        for action in ("leap_back", "run_or_pause", *after):
            getattr(s.app.pane, f"action_{action}")()
        assert not s.session.running
        await s.shows(shown)
        await s.settle()
        assert s.session.running == (not after)
