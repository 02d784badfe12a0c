"""What a widget may ask of its pane without knowing it: to point, to edit the data, to let the user type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchtui.experiments.experiment import Experiment, Probe
    from scratchtui.tui.widgets.line_editor import Question


@dataclass
class Pointed(Message):
    """The user points at something else: `point` makes the new probe of the old one."""

    point: Callable[[Probe], Probe]


@dataclass
class DataEdited(Message):
    """The user changed the dataset: `edit` returns its new text, or refuses by a ValueError."""

    edit: Callable[[Experiment], str]


@dataclass
class RowAsked(Message):
    """The user wants to type a row: `edit` returns the new text of the data, or refuses what was typed."""

    label: str
    edit: Callable[[Experiment, str], str]


@dataclass
class LineAsked(Message):
    """The user is to type a line, for the widget itself."""

    question: Question
