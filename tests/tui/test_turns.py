"""When panels are drawn: a clock that is a list, and the order in which `draw` is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from scratchtui.experiments.panel import Panel
from scratchtui.tui.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock:
    """Keeps what is due by its delay, until the test lets the time come."""

    def __init__(self) -> None:
        self.due: list[tuple[float, Callable[[], None]]] = []

    def set_timer(self, delay: float, act: Callable[[], None]) -> Any:
        self.due.append((delay, act))
        return self

    def stop(self) -> None:
        """Forget what is to be drawn at rest."""
        self.due = [(delay, act) for delay, act in self.due if delay < 0.2]

    def come(self, before: float) -> None:
        """Let everything happen that is due before so many seconds."""
        now, self.due = [d for d in self.due if d[0] < before], [d for d in self.due if d[0] >= before]
        for _, act in now:
            act()


def turns_of(*kinds: str) -> tuple[Turns, Clock, list[str]]:
    clock, drawn = Clock(), list[str]()
    panels = [Panel(f"{kind}{k}", kind, "stage", kind, "") for k, kind in enumerate(kinds)]
    return Turns(cast("Any", clock), lambda: panels, drawn.append), clock, drawn


def test_after_a_key_numbers_and_pictures_come_at_once_and_charts_a_moment_later_once() -> None:
    turns, clock, drawn = turns_of("curves", "table", "gallery", "settings")
    turns.draw()
    turns.draw()
    assert drawn == ["table1", "settings3", "gallery2"] * 2
    clock.come(before=1.0)
    assert drawn[6:] == ["curves0"]


@pytest.mark.parametrize(
    ("kinds", "every"),
    [
        (("curves",), 3),
        (("curves", "curves"), 3),
        (("curves", "gallery"), 3),
        (("curves", "gallery", "surface"), 5),
        (("curves",) * 6, 6),
    ],
)
def test_of_what_takes_long_each_has_its_frame_and_none_two_at_once(
    kinds: tuple[str, ...], every: int
) -> None:
    turns, clock, drawn = turns_of("prose", *kinds)
    alone = sum(kind != "curves" for kind in kinds) == 1
    seen: list[str] = []
    for _ in range(2 * every):
        drawn.clear()
        turns.draw_frame()
        assert drawn.pop(0) == "prose0"
        if alone:
            assert drawn.pop(0).startswith("gallery")
        clock.come(before=0.1)
        assert len(drawn) <= 1
        seen += drawn
    waiting = [f"{kind}{k}" for k, kind in enumerate(kinds, 1) if not (alone and kind == "gallery")]
    assert seen == waiting * 2


def test_when_no_other_frame_comes_everything_is_drawn() -> None:
    turns, clock, drawn = turns_of("curves", "table", "surface", "gallery")
    for _ in range(3):
        turns.draw_frame()
    clock.come(before=0.1)
    drawn.clear()
    clock.come(before=1.0)
    clock.come(before=1.0)
    assert drawn == ["table1", "surface2", "gallery3", "curves0"]
