"""What a widget may ask of its pane without knowing it: that something be edited, or a moment be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from scratchtui.experiments.panel import Edit, EditKey


@dataclass
class EditAsked(Message):
    """The user wants `edit` made in a panel; `key` says what has to be asked for first, if it was a key."""

    panel: str
    edit: Edit
    key: EditKey | None = None


@dataclass
class SeekAsked(Message):
    """The user wants to see the moment after `step` steps."""

    step: int
