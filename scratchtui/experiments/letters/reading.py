"""What a recurrent network makes of a text, apart from training: it reads, writes by itself, looks back."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from scratchtui.experiments.letters.holding import NOTHING_HELD
from scratchtui.nn import softmax

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from scratchtui.nn import Array

LOGITS_AT_ONCE = 100_000
LARGEST = 700.0  # of which exp is finite


class Weights(NamedTuple):
    """h_t = tanh(Wx[x_t] + h_(t-1) Wh + b), and the logits z_t = h_t W + c.

    Shapes: Wx (V, H), Wh (H, H), b (H,), W (H, V), c (V,).
    """

    Wx: Array
    Wh: Array
    b: Array
    W: Array
    c: Array

    def copy(self) -> Weights:
        """Return weights that training does not change."""
        return Weights(*(array.copy() for array in self))

    def added(self, characters: NDArray[np.intp] | int) -> Array:
        """Return what characters (...) add to what is recalled, (..., H): Wx[x_t] + b."""
        both: Array = self.Wx[characters] + self.b
        return both

    def remember(self, before: Array, added: Array, held: Mapping[int, float]) -> Array:
        """Return h_t (H,) in the array of what x_t has `added`, with `held` units at their values."""
        added += np.dot(before, self.Wh)
        np.tanh(added, out=added)
        for unit, value in held.items():
            added[unit] = value
        return added

    def next_state(self, state: Array, character: int, held: Mapping[int, float]) -> Array:
        """Return h_t (H,) after one more character, with `held` units at their values."""
        return self.remember(state, self.added(character), held)

    def read(self, ids: NDArray[np.intp], held: Mapping[int, float] = NOTHING_HELD) -> Array:
        """Return the state (H,) in which the characters `ids`, (P,), leave the network."""
        state = np.zeros(len(self.b))
        for character in ids.tolist():
            state = self.next_state(state, character, held)
        return state


@dataclass(frozen=True)
class Reading:
    """What the network makes of a text that it is given, character by character.

    `ids` is (n + 1,), of which the first m are read; `states` (m, H) is what is remembered after each.
    `logits` say which character comes next, `ids[1:]` is what does come; of V characters each they are
    much to compute, so every method takes the span of time steps that is wanted. `held` units are at
    their values.
    """

    weights: Weights
    ids: NDArray[np.intp]
    states: Array
    held: Mapping[int, float]

    @classmethod
    def of(
        cls,
        weights: Weights,
        ids: NDArray[np.intp],
        held: Mapping[int, float] = NOTHING_HELD,
        steps: int | None = None,
    ) -> Reading:
        """Read a text of which `ids`, (n + 1,), are the characters, all n time steps unless told."""
        states = weights.added(ids[:-1][:steps])
        before = np.zeros(len(weights.b))
        for state in states:
            before = weights.remember(before, state, held)
        return cls(weights, ids, states, held)

    @property
    def targets(self) -> NDArray[np.intp]:
        """What does come next: (n,)."""
        return self.ids[1:]

    def logits(self, span: slice | list[int]) -> Array:
        """Return how much speaks for each character to come next, (span, V)."""
        return self.states[span] @ self.weights.W + self.weights.c

    def probabilities(self, span: slice) -> Array:
        """Return how likely each character is to come next, (span, V)."""
        return softmax(self.logits(span))

    def right(self) -> NDArray[np.bool_]:
        """Return whether the likeliest character is the one that comes, for all that is read: (m,)."""
        said = [self.logits(span).argmax(axis=1) for span in self._chunks()]
        return np.asarray(np.concatenate(said) == self.targets[: len(self.states)])

    def certainty(self) -> float:
        """Return the least probability of a character that comes, in all that is read."""
        return min(least_probability(self.logits(span), self.targets[span]) for span in self._chunks())

    def write(self, count: int) -> list[int]:
        """Return `count` characters that follow the first, always the likeliest, each fed back."""
        return write(self.weights, self.weights.read(self.ids[:1], self.held), count, held=self.held)

    def _chunks(self) -> Iterator[slice]:
        """Yield spans that are all that is read, of so few steps that their logits fit in a cache."""
        size = max(1, LOGITS_AT_ONCE // len(self.weights.c))
        for start in range(0, len(self.states), size):
            yield slice(start, min(start + size, len(self.states)))

    def reach(self, span: slice) -> Array:
        """Return |dL_t/dh_s| for t and s in a span of time steps: row t, column s, NaN where s > t.

        L_t is the cross-entropy of what is said at t alone. By the chain rule dL_t/dh_t = (p_t - y_t) W'
        and dL_t/dh_s = (dL_t/dh_(s+1) (1 - h_(s+1)^2)) Wh'. A held unit lets nothing through.
        """
        states, wrong = self.states[span], self.probabilities(span)
        steps = np.arange(len(states))
        wrong[steps, self.targets[span]] -= 1.0
        open_ = 1.0 - states**2
        open_[:, list(self.held)] = 0.0
        back, norms = wrong @ self.weights.W.T, np.full((len(states), len(states)), np.nan)
        for s in steps[::-1]:
            if s + 1 < len(states):
                back[s + 1 :] = (back[s + 1 :] * open_[s + 1]) @ self.weights.Wh.T
            norms[s:, s] = np.linalg.norm(back[s:], axis=1)
        return norms


def least_probability(logits: Array, targets: NDArray[np.intp]) -> float:
    """Return the least probability, of softmax(logits), (n, V), that a target, (n,), has."""
    above = logits - logits[np.arange(len(targets)), targets][:, None]
    np.minimum(above, LARGEST, out=above)
    return 1.0 / float(np.exp(above).sum(axis=1).max())


def likeliest(logits: Array) -> int:
    """Return the likeliest character."""
    return int(logits.argmax())


def drawn(rng: np.random.Generator, temperature: float) -> Callable[[Array], int]:
    """Return what draws from softmax(logits / temperature): near 0 the likeliest, far above 1 any.

    The largest of z_i + temperature g_i, with g_i of the standard Gumbel distribution, is i with just that
    probability. Gumbel, "Statistical theory of extreme values and some practical applications", 1954.
    """

    def draw(logits: Array) -> int:
        return likeliest(logits + temperature * rng.gumbel(size=logits.shape))

    return draw


def write(
    weights: Weights,
    state: Array,
    count: int,
    choose: Callable[[Array], int] = likeliest,
    held: Mapping[int, float] = NOTHING_HELD,
) -> list[int]:
    """Return `count` characters that the network writes from a state, (H,), each fed back to it."""
    return list(islice(writing(weights, state, choose, held), count))


def writing(
    weights: Weights,
    state: Array,
    choose: Callable[[Array], int] = likeliest,
    held: Mapping[int, float] = NOTHING_HELD,
) -> Iterator[int]:
    """Yield character after character of what `write` returns, without end."""
    while True:
        character = choose(np.dot(state, weights.W) + weights.c)
        yield character
        state = weights.next_state(state, character, held)


def next_probabilities(weights: Weights, state: Array) -> Array:
    """Return how likely each character is to come after a state, (V,)."""
    return softmax(np.dot(state, weights.W) + weights.c)
