"""A reader: what is made of a text with the weights of a network in training, once for the same weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.letters import views
from scratchtui.experiments.letters.holding import NOTHING_HELD
from scratchtui.experiments.letters.reading import Reading, drawn, next_probabilities, write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from scratchtui.experiments.letters.reading import Weights
    from scratchtui.experiments.letters.text import Text
    from scratchtui.experiments.view import Prose
    from scratchtui.nn import Array

MOST_SEEN, LEAST_SEEN = 400, 60  # characters that views and headline look at
EFFORT = 10e6  # multiplications, about: of a large network fewer characters are looked at
DRAWING = 100  # multiplications take as long as one random number


class Reader:
    """Reads a text and writes by itself with `weights`, which others change: then it is to `forget`."""

    def __init__(self, weights: Weights, text: Text) -> None:
        self._weights, self._text = weights, text
        self._count = len(text.targets)
        hidden, characters = weights.W.shape
        affordable = int(EFFORT / (hidden * (hidden + characters) + DRAWING * characters))
        # how many time steps views and headline look at, without those around the one pointed at
        self.seen = min(self._count, max(LEAST_SEEN, min(affordable, MOST_SEEN)))
        self.forget()

    def forget(self) -> None:
        """Let go of what was made of weights that change."""
        self._read: Reading | None = None
        self._wrote: tuple[Reading, list[int]] | None = None

    def reading(self, held: Mapping[int, float] = NOTHING_HELD, steps: int | None = None) -> Reading:
        """Return what the network makes of `steps` characters, or all; once for the same weights."""
        last, steps = self._read, steps or self._count
        if last is None or last.held != held or len(last.states) != steps:
            last = self._read = Reading.of(self._weights.copy(), self._text.ids, dict(held), steps)
        return last

    def reading_to(self, place: int, held: Mapping[int, float] = NOTHING_HELD) -> Reading:
        """Return the reading that all views at one place share: of as little as they show."""
        twins = self._text.twins or (0,)
        shown = views.centred(place, self._count, views.MOST_ROWS).stop
        return self.reading(held, max(self.seen, shown, max(twins) + 1))

    def beginning(self, read: Reading, most: int) -> str:
        """Return the first character and what is written after it, at most so much."""
        ids = [int(self._text.ids[0]), *self._greedy(read)[:most]]
        return "".join(self._text.glyphs[k] for k in ids) + "…" * (self._count > most)

    def note(self, read: Reading) -> str:
        """Return in words what is written, and which units are held at that."""
        words = f"writes {self.beginning(read, LEAST_SEEN)}"
        return f"{words} · {views.held_words(read.held)}" if read.held else words

    def goes_on(
        self, prompt: NDArray[np.intp], most: int, held: Mapping[int, float] = NOTHING_HELD
    ) -> tuple[str, Array, list[int]]:
        """Return what is written after a prompt (P,), how likely each character comes first, their order.

        Prompt and what is written are as long as the text, or `most` is written. The probabilities are (V,);
        in the order the likeliest is first.
        """
        state = self._weights.read(prompt, held)
        probabilities = next_probabilities(self._weights, state)
        rest = min(max(1, len(self._text.ids) - len(prompt)), most)
        written = write(self._weights, state, rest, held=held)
        return self.characters(written), probabilities, np.argsort(-probabilities, kind="stable").tolist()

    def writings(self, read: Reading, temperature: float, seed: np.random.SeedSequence) -> Prose:
        """Return what is written from the first character on: always the likeliest, and drawn by chance."""
        draw = drawn(np.random.default_rng(seed), temperature)
        state = read.weights.read(read.ids[:1], read.held)
        sampled = write(read.weights, state, self.seen, draw, read.held)
        lines = [("the likeliest each time", self._compared(self._greedy(read))),
                 (f"drawn at temperature {temperature:g}", self._compared(sampled))]  # fmt: skip
        cut = f"the first {self.seen} of {self._count + 1:,} characters" * (self.seen < self._count)
        return views.writings(lines, [note for note in (views.held_words(read.held), cut) if note])

    def characters(self, ids: Sequence[int]) -> str:
        """Return characters by their numbers."""
        return "".join(self._text.vocabulary[k] for k in ids)

    def _greedy(self, read: Reading) -> list[int]:
        """Return what is written by itself, as much as is looked at; once for the same reading."""
        if self._wrote is None or self._wrote[0] is not read:
            self._wrote = read, read.write(self.seen)
        return self._wrote[1]

    def _compared(self, written: Sequence[int]) -> list[tuple[str, bool]]:
        """Return first character and what is written, each with whether it is as in the text."""
        ids = [int(self._text.ids[0]), *written]
        meant = self._text.ids.tolist()
        return [(self._text.vocabulary[k], k == right) for k, right in zip(ids, meant, strict=False)]
