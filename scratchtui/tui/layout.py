"""Which panels of a tab are seen and where: those that have something to show, in front, or zoomed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchtui.tui import every_tab
from scratchtui.tui.arrangement import Place, Wish, arrange
from scratchtui.tui.every_tab import LOSS, SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchtui.experiments.panel import Panel
    from scratchtui.training.session import Session

ORDER = ("loss", "side", "stage", "settings")  # of slots, as `tab` goes through them
PROMPT, ABOUT = "prompt", "about"  # stand among the panels and are none


class Layout:
    """The panels of a session by name, and the `places` of those that are seen, of prompt and words too.

    Panels of one slot share it: where space is short, only the one in front is seen, and the rest wait
    behind it. One that is `zoomed` is seen alone.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        panels = sorted(
            (*every_tab.BEFORE, *session.kind.panels, SETTINGS),
            key=lambda panel: ORDER.index(panel.slot),
        )
        self.panels = {panel.name: panel for panel in panels}
        self.places: dict[str, Place] = {}
        self.zoomed: str | None = None
        self._front = {panel.slot: panel.name for panel in reversed(panels)}
        self._beside = ""  # the chart of the losses, where there is room for two

    @property
    def present(self) -> list[Panel]:
        """The panels that have something to show."""
        absent = self._session.experiment.absent() | every_tab.absent(self._session)
        return [panel for name, panel in self.panels.items() if name not in absent]

    @property
    def seen(self) -> list[Panel]:
        """The panels that have a place."""
        return [panel for name, panel in self.panels.items() if name in self.places]

    def bring_to_front(self, name: str) -> None:
        """Let a panel be the one that is seen of its slot, and alone if one was."""
        self._front[self.panels[name].slot] = name
        if self.panels[name].slot == LOSS.slot and name != LOSS.name:
            self._beside = name
        if self.zoomed is not None:
            self.zoomed = name

    def can_stand_beside(self, name: str, focused: str | None) -> bool:
        """Whether a panel can be seen with the first of its slot, without hiding the one that is focused."""
        slot = [each.name for each in self.present if each.slot == self.panels[name].slot]
        seen = [each for each in slot if each in self.places]
        return self.zoomed is None and len(seen) > 1 and focused not in seen[1:]

    def arrange(self, width: int, height: int, rows: Callable[[Panel], int | None]) -> bool:
        """Give places in `width` x `height` cells; whether any is another than before.

        `rows` tells how many a panel needs to show all; None where it fills what there is.
        """
        wishes = [self._wish(panel, rows) for panel in sorted(self.present, key=self._waits_behind)]
        if self._session.kind.prompt:
            wishes.append(Wish(PROMPT, PROMPT, 1))
        wishes.append(Wish(ABOUT, ABOUT))
        before, self.places = (
            self.places,
            arrange(width, height, tuple(wishes), self._in_front, self.zoomed),
        )
        return self.places != before

    def behind(self, panel: Panel) -> list[Panel]:
        """Return the panels that wait behind one, as `tab` goes to them; only behind the first of a slot."""
        slot = [each for each in self.present if each.slot == panel.slot]
        first = next((each for each in slot if each.name in self.places), None)
        if self.zoomed is not None or panel is not first:
            return []
        at = slot.index(panel)
        return [each for each in (*slot[at:], *slot[:at]) if each.name not in self.places]

    def _wish(self, panel: Panel, rows: Callable[[Panel], int | None]) -> Wish:
        """Beside the charts a panel wants what its view needs; on the stage the main picture wants most."""
        leads = panel.slot == "stage" and panel.kind == "table" and self._leads(panel)
        asks = panel.slot in {"side", "settings"} or leads
        share = 4 if panel.slot == "stage" and panel.kind in {"curves", "canvas"} else 2
        return Wish(panel.name, panel.slot, rows(panel) if asks else None, share)

    def _waits_behind(self, panel: Panel) -> bool:
        """Whether it stands behind the one that was last seen beside the losses."""
        return panel.slot == LOSS.slot and panel.name not in {LOSS.name, self._beside}

    def _leads(self, panel: Panel) -> bool:
        return next(each for each in self.present if each.slot == panel.slot) is panel

    @property
    def _in_front(self) -> frozenset[str]:
        """For each slot the panel that is seen first: the one last chosen, if it has something to show."""
        fronts = {panel.slot: panel.name for panel in reversed(self.present)}
        names = {panel.name for panel in self.present}
        return frozenset((fronts | {s: n for s, n in self._front.items() if n in names}).values())
