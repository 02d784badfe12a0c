"""Which panels of a tab are seen and where: slots shared, the one in front, one alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scratchtui.experiments import EXPERIMENTS
from scratchtui.training.marks import DIFFERENCE
from scratchtui.training.session import Session
from scratchtui.tui.layout import ABOUT, PROMPT, Layout
from tests.training.stand_ins import ScriptedWorker
from tests.tui.stage import TrainingWorker

if TYPE_CHECKING:
    from scratchtui.experiments.panel import Panel

SMALL, HUGE = (80, 21), (200, 47)


def rows(panel: Panel) -> int | None:
    return 8 if panel.slot in {"side", "settings"} else None


def layout_of(name: str = "binary") -> Layout:
    return Layout(Session(EXPERIMENTS[name], None, ScriptedWorker()))


def names(panels: list[Panel]) -> list[str]:
    return [panel.name for panel in panels]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_where_space_is_short_a_slot_shows_one_panel_and_names_the_rest_behind_it(name: str) -> None:
    layout = layout_of(name)
    assert layout.arrange(*SMALL, rows)
    slots = [panel.slot for panel in layout.seen]
    assert len(slots) == len(set(slots))
    behind = [each for panel in layout.seen for each in layout.behind(panel)]
    assert sorted(names([*layout.seen, *behind])) == sorted(names(layout.present))


def test_nothing_is_another_place_until_size_or_front_changes() -> None:
    layout = layout_of()
    assert layout.arrange(*SMALL, rows)
    assert not layout.arrange(*SMALL, rows)
    waiting = layout.behind(layout.panels["weights"])[0]
    layout.bring_to_front(waiting.name)
    assert layout.arrange(*SMALL, rows)
    assert waiting in layout.seen
    assert layout.panels["weights"] in layout.behind(waiting)
    assert layout.arrange(*HUGE, rows)


def test_a_zoomed_panel_is_seen_alone_and_the_one_brought_to_front_takes_its_place() -> None:
    layout = layout_of()
    layout.zoomed = "loss"
    layout.arrange(*HUGE, rows)
    assert names(layout.seen) == ["loss"]
    assert layout.behind(layout.panels["loss"]) == []
    layout.bring_to_front("settings")
    layout.arrange(*HUGE, rows)
    assert names(layout.seen) == ["settings"]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_prompt_stands_only_where_something_can_be_typed(name: str) -> None:
    layout = layout_of(name)
    layout.arrange(*HUGE, rows)
    assert ABOUT in layout.places
    assert (PROMPT in layout.places) == bool(EXPERIMENTS[name].prompt)


def test_what_two_moments_differ_by_is_absent_until_two_are_marked() -> None:
    session = Session(EXPERIMENTS["binary"], None, TrainingWorker())
    layout = Layout(session)
    session.mark()
    assert DIFFERENCE.name not in names(layout.present)
    session.step()
    session.receive()
    session.mark()
    assert DIFFERENCE.name in names(layout.present)
    session.close()
