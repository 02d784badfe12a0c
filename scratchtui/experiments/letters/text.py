"""The text that is learnt: its characters, which are code points, and the vocabulary they make."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.escapes import glyph, unescaped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchtui.nn import Array

LONGEST = 4000
MOST_NAMED = 40  # characters that a refusal lists
TWO_HUNDRED = (
    "A network that reads one letter at a time has to keep in mind all that it has read, for the next letter "
    "depends on it. This one knows these two hundred letters by heart and writes them without a slip."
)
WORDS = (
    *("hello", "lol", "xx", "aaab", "banana", "mississippi", "abracadabra", "tattarrattat"),
    *("abcdefghijabcdefghik", "abcdefghiabcdefghij"),  # what tells them apart lies ten characters back
    *("aaaaaaaaaaaaaaaaaaab", "aaaaaaaaaabbbbbbbbbb", "abababababababababac", "aabaabaabaabaabaabab"),
    *("she sells sea shells", "hottentottententen", "0110100110010110", "naïve café"),
    *("привет, мир", "日本の日の本", "🙂🙃🙂🙂🙃", "e\u0301te\u0301"),
)


@dataclass(frozen=True)
class Text:
    """A text t_0..t_n: after t_0..t_k the network is to say t_(k+1), so there are n things to learn.

    `ids`, (n + 1,), are places in `vocabulary`, which is every character once, in order.
    """

    characters: str
    vocabulary: tuple[str, ...]
    ids: NDArray[np.intp]

    @classmethod
    def of(cls, written: str) -> Text:
        """Return the text that is written with its escapes; ValueError if it is too short or too long."""
        text = meant(written)
        if len(text) < 2:
            raise ValueError(f"text needs two characters or more, such as hi, not {written!r}")
        if len(text) > LONGEST:
            raise ValueError(f"text may be {LONGEST:,} characters long, not {len(text):,}")
        vocabulary = tuple(sorted(set(text)))
        places = {character: place for place, character in enumerate(vocabulary)}
        return cls(text, vocabulary, np.array([places[c] for c in text], np.intp))

    @cached_property
    def glyphs(self) -> tuple[str, ...]:
        """The vocabulary as it is shown."""
        return tuple(map(glyph, self.vocabulary))

    @property
    def targets(self) -> NDArray[np.intp]:
        """What is to be said at each time step: (n,)."""
        return self.ids[1:]

    def one_hot(self) -> Array:
        """Return the characters as rows of one 1 each: (n + 1, V)."""
        return np.eye(len(self.vocabulary))[self.ids]

    def ids_of(self, prompt: str) -> NDArray[np.intp]:
        """Return the places of a prompt's characters; ValueError names those that there are."""
        characters = meant(prompt)
        if not characters:
            raise ValueError("a prompt needs a character to begin with")
        return self.places_of(characters)

    def places_of(self, characters: str) -> NDArray[np.intp]:
        """Return the places in the vocabulary of characters; ValueError names those that there are."""
        places = {character: place for place, character in enumerate(self.vocabulary)}
        strange = next((c for c in characters if c not in places), None)
        if strange is not None:
            raise ValueError(f"{glyph(strange)!r} is not in the text; it knows {self._listed()}")
        return np.array([places[c] for c in characters], np.intp)

    def _listed(self) -> str:
        left_out = len(self.glyphs) - MOST_NAMED
        return " ".join(self.glyphs[:MOST_NAMED]) + (f" and {left_out} more" if left_out > 0 else "")

    @cached_property
    def twins(self) -> tuple[int, int] | None:
        """The first two places of one character with different ones behind it: the l's of hello.

        Nothing but memory can tell what comes next there. None where no two places are like that.
        """
        first: dict[str, int] = {}
        for place, (character, following) in enumerate(
            zip(self.characters, self.characters[1:], strict=False)
        ):
            earlier = first.setdefault(character, place)
            if self.characters[earlier + 1] != following:
                return earlier, place
        return None

    def context(self, place: int, length: int) -> str:
        """Return what has been read by a time step, the last of it if it is longer than `length`."""
        start = max(0, place + 1 - length)
        return "".join(glyph(c) for c in self.characters[start : place + 1])


def meant(written: str) -> str:
    """Return the characters that are written; ValueError for half of a pair, which is no character."""
    text = unescaped(written)
    half = next((c for c in text if 0xD800 <= ord(c) <= 0xDFFF), None)
    if half is not None:
        raise ValueError(f"{glyph(half)} is no character of Unicode; text is UTF-8")
    return text
