"""What is asked of a pane or the app by who knows neither: an edit, a moment, a run or news to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from scratchtui.experiments.panel import Edit, EditKey
    from scratchtui.training.run import Run


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


@dataclass
class Opened(Message):
    """A run was read from a file, of whatever experiment: it is to be the present one of its tab."""

    run: Run


@dataclass
class StoppedUnseen(Message):
    """The run of a tab that is not shown has stopped by a failure, which `words` tell, or `what` it has."""

    title: str
    words: str
    what: str = "has stopped"
