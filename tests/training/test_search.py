"""A search is made a little at a time, and tells how far it has come."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from scratchtui.training.search import Search

A_SLICE = -1.0  # seconds: no longer than it takes to come one step on


def way(start: int, goal: int, left: list[int] | None = None) -> Generator[int, None, str]:
    """Go to a step; note where it was left."""
    for step in range(start, goal):
        try:
            yield step
        except GeneratorExit:
            if left is not None:
                left.append(step)
            raise
    return f"what is at {goal}"


def test_a_search_goes_on_until_it_has_found() -> None:
    search = Search(way(0, 3), 3)
    assert [search.go_on(A_SLICE) for _ in range(4)] == [False, False, False, True]
    assert search.found == "what is at 3"


def test_without_a_limit_a_search_ends_at_once() -> None:
    search = Search(way(0, 1000), 1000)
    assert search.go_on()
    assert search.found == "what is at 1000"


def test_the_share_is_that_of_the_way_from_where_it_began() -> None:
    search = Search(way(60, 100), 100)
    assert search.share == 0.0
    shares = []
    while not search.go_on(A_SLICE):
        shares.append(search.share)
    assert shares == [step / 40 for step in range(40)]


@pytest.mark.parametrize(("goal", "come_to", "share"), [(120, 70, 10 / 60), (65, 65, 0.0)])
def test_the_next_search_goes_on_from_one_that_was_left_on_its_way(
    goal: int, come_to: int, share: float
) -> None:
    left: list[int] = []
    earlier = Search(way(60, 100, left), 100)
    for _ in range(11):
        earlier.go_on(A_SLICE)
    search = Search(way(70, goal), goal, earlier)
    assert left == [70]
    assert (search.goal, search.come_to, search.share) == (goal, come_to, share)


def test_what_cannot_be_looked_for_raises_where_it_is_looked_for() -> None:
    def nowhere() -> Generator[int, None, str]:
        raise ValueError("there is no such step")
        yield 0

    with pytest.raises(ValueError, match="no such step"):
        Search(nowhere(), 5).go_on()
