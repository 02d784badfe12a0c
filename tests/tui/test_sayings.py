"""What the app says is said once, long enough to be read, and not for longer than it is true."""

from __future__ import annotations

import pytest

from scratchtui.tui.sayings import AT_LEAST, AT_MOST, Saying, Sayings
from scratchtui.tui.widgets.message_line import MessageLine
from tests.tui.stage import Stage, stage
from tests.tui.test_late_key import Clock

QUIET, OTHER = Saying("marked"), Saying("taken back")
LOUD, WORSE = Saying("not saved", "bad"), Saying("not autosaved", "attention")

STORIES: list[
    tuple[str, str | None]
] = [  # what happens (q o l w are said, k a key, . a moment passes), what is said
    ("q", "marked"),
    ("qo", "taken back"),
    ("q.k", None),
    ("qk", "marked"),
    ("qko", "taken back"),
    ("lq", "not saved"),
    ("lq.k", "marked"),
    ("lqo.k", "taken back"),
    ("lw.k", "not autosaved"),
    ("lw.k.k", None),
    ("lwq.k.k", "marked"),
    ("ll.k", None),
    ("lkq", "not saved"),
    ("lkw.k", "not autosaved"),
    ("ql.k", "marked"),
    ("q.l.k", None),
]


@pytest.mark.parametrize(("story", "said"), STORIES)
def test_what_is_said_gives_way_to_what_comes_next_but_what_went_wrong_is_read_first(
    story: str, said: str | None
) -> None:
    clock = Clock()
    sayings = Sayings(clock)
    for each in story:
        match each:
            case ".":
                clock.now += AT_LEAST
            case "k":
                sayings.key()
            case _:
                sayings.say({"q": QUIET, "o": OTHER, "l": LOUD, "w": WORSE}[each])
    assert (sayings.now.words if sayings.now else None) == said


@pytest.mark.parametrize(
    ("saying", "seconds"),
    [(QUIET, AT_MOST), (Saying(200 * "x"), 10.0), (LOUD, 12.0), (Saying("once more", "quiet", 2.0), 2.0)],
)
def test_it_ends_by_itself_when_it_can_have_been_read(saying: Saying, seconds: float) -> None:
    clock = Clock()
    sayings = Sayings(clock)
    sayings.say(saying)
    clock.now += seconds - 0.1
    sayings.pass_time()
    assert sayings.now is saying
    clock.now += 0.2
    sayings.pass_time()
    assert sayings.now is None


def with_clock(s: Stage) -> Clock:
    clock = Clock()
    s.app.sayings = Sayings(clock)
    return clock


async def test_it_stands_in_the_row_of_the_outlook_and_covers_nothing_else() -> None:
    async with stage() as s:
        clock = with_clock(s)
        await s.charts_drawn()
        before = s.rows
        await s.press("u")
        await s.shows("nothing to take back")
        assert s.rows[-2].strip() == "nothing to take back"
        assert [*s.rows[:-2], s.rows[-1]] == [*before[:-2], before[-1]]
        clock.now += 1.0
        await s.press("f2")
        assert s.rows == before


async def test_a_long_one_takes_more_rows_and_none_covers_what_is_typed() -> None:
    async with stage() as s:
        with_clock(s)
        s.app.notify(" ".join(60 * ["word"]))
        await s.press("b")
        await s.shows("stop when")
        (typed,) = (place for place, row in enumerate(s.rows) if "stop when" in row)
        said = [place for place, row in enumerate(s.rows) if "word word" in row]
        assert said == list(range(typed - 4, typed))


async def test_one_of_two_rows_covers_the_footer_rather_than_the_status() -> None:
    async with stage() as s:
        with_clock(s)
        await s.charts_drawn()
        before = s.rows
        s.app.notify(" ".join(25 * ["word"]))
        await s.until(lambda: all("word word" in row for row in s.rows[-2:]), "both rows")
        assert s.rows[:-2] == before[:-2]


async def test_it_is_seen_over_a_dialog_and_below_it_when_that_is_closed() -> None:
    async with stage() as s:
        with_clock(s)
        await s.press("f1")
        s.app.notify("cannot be drawn", title="weights", severity="error")
        await s.shows("weights: cannot be drawn")
        assert s.rows[-2].strip() == "weights: cannot be drawn"
        await s.press("escape")
        assert s.rows[-2].strip() == "weights: cannot be drawn"
        assert [line.has_class("-bad") for line in s.app.screen.query(MessageLine)] == [True]
