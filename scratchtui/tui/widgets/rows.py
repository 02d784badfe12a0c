"""The rows an experiment learns from: a table that can be added to and deleted from."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding, BindingType

from scratchtui.tui.requests import DataEdited, Pointed, RowAsked
from scratchtui.tui.widgets.table import TableView


class RowsView(TableView):
    """A table whose rows the user owns; the row under its cursor is the one that is pointed at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a,insert", "add", "add a row", show=False),
        Binding("d,delete", "remove", "delete the row", show=False),
    ]
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("↑↓", "choose"),
        ("a", "add a row"),
        ("d", "delete it"),
    )

    def watch_cursor(self) -> None:
        """Point at the row under the cursor."""
        super().watch_cursor()
        row = self.id_at_cursor
        if row is not None:
            self.post_message(Pointed(lambda probe: replace(probe, row=row)))

    def action_add(self) -> None:
        """Ask for another row."""
        self.post_message(RowAsked("new row", lambda experiment, text: experiment.with_row(text)))

    def action_remove(self) -> None:
        """Ask for the row under the cursor to go."""
        row = self.id_at_cursor
        if row is not None:
            self.post_message(DataEdited(lambda experiment: experiment.without_row(row)))
