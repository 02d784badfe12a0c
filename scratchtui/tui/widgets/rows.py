"""The rows an experiment learns from: a table that can be added to and deleted from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from scratchtui.tui.widgets.table import TableView


class RowsView(TableView):
    """A table whose rows the user owns."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a,insert", "add", "add a row", show=False),
        Binding("d,delete", "remove", "delete the row", show=False),
    ]
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("↑↓", "choose"),
        ("a", "add a row"),
        ("d", "delete it"),
    )

    class AddAsked(Message):
        """The user wants another row."""

    @dataclass
    class RemoveAsked(Message):
        """The user wants this row gone, given as it is shown."""

        row: tuple[str, ...]

    def action_add(self) -> None:
        """Ask for another row."""
        self.post_message(self.AddAsked())

    def action_remove(self) -> None:
        """Ask for the row under the cursor to go."""
        if self.row_at_cursor is not None:
            self.post_message(self.RemoveAsked(self.row_at_cursor))
