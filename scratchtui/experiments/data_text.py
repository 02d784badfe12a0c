"""Datasets as text, so that a recipe, a command line and a file can all carry one that was edited.

A text is the name of a dataset, its base, and behind it edits with blanks between, made one
after the other. `+` puts something in and `-` takes something away; what stands behind the sign, and what
other edits there are, is up to each experiment: its `Grammar`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from scratchtui.experiments.hyperparameter import quoted, suggestion

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable

MOST_EDITS = 2000

E = TypeVar("E")  # an edit: str() gives how it is written


@dataclass(frozen=True)
class Grammar(Generic[E]):
    """How the edits of one kind of dataset are written.

    `forms` tell it to people, such as +NUMBER. `pattern` is what one edit matches, and `read` makes it of the
    match, or refuses it by a ValueError in one sentence. More than `most` are not taken.
    """

    forms: tuple[str, ...]
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str]], E]
    most: int = MOST_EDITS

    def edit(self, word: str) -> E:
        """Return the edit that is written so; ValueError where it is none."""
        match = self.pattern.fullmatch(word)
        if match is None:
            *most, last = self.forms
            raise ValueError(f"{quoted(word)} is no edit of the data; write {', '.join(most)} or {last}")
        return self.read(match)

    def edits(self, data: str) -> list[E]:
        """Return all edits in a text, in their order; ValueError for a word that is none, or too many."""
        words = data.split()[1:]
        if len(words) > self.most:
            raise ValueError(f"{len(words):,} edits of the data are too many; the most is {self.most:,}")
        return [self.edit(word) for word in words]


def base_of(data: str) -> str:
    """Return the name of the dataset that a text begins with, or nothing."""
    return (data.split(maxsplit=1) or [""])[0]


def written(base: str, edits: Iterable[object]) -> str:
    """Return the text of a dataset and its edits."""
    return " ".join([base, *map(str, edits)])


def unknown(base: str, bases: Iterable[str]) -> ValueError:
    """Return the refusal of a name that no dataset has, which names the nearest of `bases`."""
    return ValueError(f"data has no choice {quoted(base)}; {suggestion(base, bases, listing=True)}")
