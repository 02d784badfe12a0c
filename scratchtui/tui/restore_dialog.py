"""The offer to restore what was in no file when the app ended, and how the autosave does."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Literal

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.escapes import printable
from scratchtui.tui.keymap import DEFAULT
from scratchtui.tui.page import Page

if TYPE_CHECKING:
    from scratchtui.training.recoveries import Offer
    from scratchtui.training.recovery import Tab
    from scratchtui.tui.keymap import Keymap

Answer = Literal["restore", "discard", "later"]
_CAN = "enter restores all · d discards · esc later"
_SURE = "d again discards it for good · esc does not"


class RestoreDialog(Page[Answer]):
    """Says what there is, and asks what is to be done."""

    DEFAULT_CSS = """
    RestoreDialog {
        & > VerticalScroll { width: 66; }
        &.-sure > VerticalScroll { border: round $warning; border-subtitle-color: $warning; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "later", show=False),
        Binding("enter", "restore", "restore all", show=False),
        Binding("d,delete", "discard", "discard", show=False),
    ]

    def __init__(self, offer: Offer | None, older: int, state: str, keymap: Keymap = DEFAULT) -> None:
        super().__init__("restore?" if offer else "autosave", _CAN if offer else "esc closes")
        keymap.bind(self, "leave", "quit")
        self._offer, self._older, self._state = offer, older, printable(state)

    def text(self) -> Text:
        """Return what can be restored, and how the autosave does."""
        page = Text()
        if self._offer is None:
            page.append("There is nothing to restore.\n\n")
        else:
            page.append(f"{_ended(self._offer)}\n\n")
            if self._offer.tried:
                page.append("When it was restored before, scratchtui ended too.\n\n", "bold")
            for tab in self._offer.manifest.tabs:
                page.append(f"{EXPERIMENTS.title(tab.experiment):>12}  ", "bold")
                page.append(f"{contents(tab)}\n")
            if self._older:
                page.append(f"\n{self._older} older, offered after this one.\n", "dim")
            page.append("\n")
        page.append(self._state, "dim")
        return page

    def action_restore(self) -> None:
        """Restore everything."""
        self.dismiss("restore" if self._offer else None)

    def action_discard(self) -> None:
        """Discard it, asked twice."""
        if self._offer is None:
            return
        if self.has_class("-sure"):
            self.dismiss("discard")
            return
        self.add_class("-sure")
        self.query_one(VerticalScroll).border_subtitle = _SURE

    def action_leave(self) -> None:
        """Leave it for later, or do not discard it after all."""
        if self.has_class("-sure"):
            self.remove_class("-sure")
            self.query_one(VerticalScroll).border_subtitle = _CAN
        else:
            self.dismiss("later" if self._offer else None)


def contents(tab: Tab) -> str:
    """Return in words what a tab holds."""
    run, others = tab.runs[tab.present], len(tab.runs) - 1
    made = [
        f"{run.name}, step {run.step:,}",
        *([f"{others} more run{'s' * (others > 1)}"] if others else ()),
        *(["a drawing"] if tab.probe.picture else ()),
        *(["an input"] if tab.probe.text else ()),
        *(["settings that wait"] if tab.pending else ()),
    ]
    return " · ".join(made)


def _ended(offer: Offer) -> str:
    if offer.manifest.quit:
        return f"When you quit, {moment(offer.when)}, this was in no file:"
    return f"scratchtui ended {moment(offer.when)}, not by quitting. This was kept:"


def moment(when: float) -> str:
    """Return a time as it is written for people: at 13:02, or on 24 Nov at 13:02."""
    then, now = datetime.fromtimestamp(when), datetime.now()
    return f"at {then:%H:%M}" if then.date() == now.date() else f"on {then.day} {then:%b} at {then:%H:%M}"
