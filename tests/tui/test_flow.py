"""When another frame may follow."""

from __future__ import annotations

from math import inf

import pytest

from scratchtui.tui.flow import QUESTION, WINDOW, Flow

RATE = 1000.0


def test_after_a_frame_the_next_waits_as_long_as_its_bytes_take() -> None:
    flow = Flow(RATE)
    assert flow.wait(0.0) == 0.0
    flow.sent(500, 0.0)
    assert flow.wait(0.0) == 0.5
    assert flow.wait(0.5) == 0.0
    flow.sent(100, 2.0)  # what was not used before is not saved up
    assert flow.wait(2.0) == pytest.approx(0.1)


def test_what_a_key_changes_comes_at_once_and_is_saved_afterwards_within_bounds() -> None:
    flow = Flow(RATE)
    flow.sent(500, 0.0)
    flow.hurry(0.1)
    assert flow.wait(0.1) == 0.0
    flow.sent(100_000, 0.2)
    assert flow.wait(0.2) == 0.0
    assert flow.wait(0.5) == pytest.approx(0.2 + 4.096 - 0.5)


def test_a_size_is_drawn_when_it_stays_whatever_hurries() -> None:
    flow = Flow(RATE)
    for moment in range(30):
        flow.hurry(moment * 0.02)
        flow.resized(moment * 0.02)
        assert flow.wait(moment * 0.02) > 0.0
    assert flow.wait(29 * 0.02 + 0.1) == 0.0


def test_a_terminal_that_has_not_answered_is_never_asked() -> None:
    flow = Flow(inf)
    flow.sent(10 * WINDOW, 0.0)
    assert flow.question(0.0) == ""
    assert flow.wait(0.0) == 0.0


def answering() -> Flow:
    flow = Flow(inf)
    flow.answered()
    return flow


def test_little_is_not_asked_about() -> None:
    flow = answering()
    flow.sent(200, 0.0)
    assert flow.question(0.0) == ""


def test_what_is_on_its_way_holds_the_next_frame_until_there_is_an_answer() -> None:
    flow = answering()
    flow.sent(WINDOW + 1, 0.0)
    assert flow.question(0.0) == QUESTION
    assert flow.question(0.0) == ""  # one at a time
    assert flow.wait(0.1) > 0.0
    flow.answered()
    assert flow.wait(0.1) == 0.0


def test_an_answer_is_for_what_came_before_the_question() -> None:
    flow = answering()
    flow.sent(WINDOW, 0.0)
    assert flow.question(0.0) == QUESTION
    flow.sent(WINDOW, 0.0)
    flow.answered()
    assert flow.question(0.0) == QUESTION
    assert flow.wait(0.0) == 0.0
    flow.sent(1, 0.0)
    assert flow.wait(0.0) > 0.0


def test_a_terminal_that_falls_silent_is_asked_twice_more_and_then_no_longer() -> None:
    flow, now, asked = answering(), 0.0, 0
    for _ in range(10):
        flow.sent(WINDOW + 1, now)
        asked += flow.question(now) == QUESTION
        now += flow.wait(now)
        assert flow.wait(now) == 0.0
    assert (asked, now) == (3, 9.0)
    flow.answered()
    flow.sent(WINDOW + 1, now)
    assert flow.question(now) == QUESTION
