"""The panels of a tab: what is computed for a key, and where one goes."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from textual.widget import Widget

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.panel import Edit
from scratchtui.tui.requests import EditAsked
from scratchtui.tui.widgets.footer import Footer
from scratchtui.tui.widgets.header import Header
from tests.tui.stage import stage


async def test_a_key_has_only_the_views_computed_that_are_seen() -> None:
    async with stage(tab="cnn") as s:
        asked: Counter[str] = Counter()
        experiment = s.session.experiment
        view = experiment.view

        def counted(panel: str, *args: Any) -> Any:
            asked[panel] += 1
            return view(panel, *args)

        experiment.view = counted  # type: ignore[method-assign]
        s.app.pane.panels.go_to("face")
        await s.settle()
        asked.clear()
        s.app.pane.post_message(EditAsked("face", Edit("flip", (0, 0))))
        await s.settle()
        assert asked["face"] == 1
        seen = {
            name
            for name in s.app.pane.panels._layout.places
            if name in {p.name for p in type(experiment).panels}
        }
        assert set(asked) <= seen
        assert max(asked.values()) == 1


async def test_a_face_that_is_taken_is_gone_to() -> None:
    async with stage(tab="cnn") as s:
        s.app.pane.panels.go_to("faces")
        await s.press("pagedown", "enter")
        assert s.app.focused is not None
        assert s.app.focused.id == "face"
        assert s.session.probe.picture


async def test_a_tab_without_a_prompt_says_so() -> None:
    async with stage(tab="cnn") as s:
        await s.press("slash")
        await s.shows("takes no typed input")


@pytest.mark.parametrize("tab", EXPERIMENTS)
async def test_a_key_that_changes_no_panel_draws_none(tab: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(tab=tab) as s:
        await s.press("plus")
        await s.charts_drawn()
        drawn: list[str] = []
        refresh = Widget.refresh

        def noted(self: Widget, *args: Any, **kwargs: Any) -> Widget:
            drawn.append(type(self).__name__)
            return refresh(self, *args, **kwargs)

        monkeypatch.setattr(Widget, "refresh", noted)
        await s.press("plus")
        monkeypatch.undo()
        assert set(drawn) == {"Header"}


async def test_header_and_footer_change_with_the_panels_and_not_a_message_later() -> None:
    async with stage() as s:
        s.app.pane.action_faster()
        assert " 20/s " in str(s.app.query_one(Header).content)
        s.app.pane.panels.go_to("settings")
        await s.settle()
        s.session.set_value("bits", 5)
        s.session.pending = {"bits": 6}
        s.app.pane.redraw()
        assert str(s.app.query_one(Footer).content).startswith("enter reset with these")
