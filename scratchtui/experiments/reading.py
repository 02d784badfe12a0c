"""What a recurrent network makes of a text, apart from training: it reads, writes by itself, looks back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from scratchtui.nn import Array

NOTHING_HELD: Mapping[int, float] = {}


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

    def next_state(self, state: Array, character: int, held: Mapping[int, float]) -> Array:
        """Return h_t (H,) after one more character, with `held` units at their values."""
        state = np.dot(state, self.Wh)
        state += self.Wx[character]
        state += self.b
        np.tanh(state, out=state)
        for unit, value in held.items():
            state[unit] = value
        return state


@dataclass(frozen=True)
class Reading:
    """What the network makes of a text that it is given, character by character.

    `ids` is (n + 1,): n characters are read, `states` (n, H) is what is remembered after each, and
    `logits` (n, V) say which comes next; `ids[1:]` is what does come. `held` units are at their values.
    """

    weights: Weights
    ids: NDArray[np.intp]
    states: Array
    logits: Array
    held: Mapping[int, float]

    @classmethod
    def of(cls, weights: Weights, ids: NDArray[np.intp], held: Mapping[int, float] = NOTHING_HELD) -> Reading:
        """Read a text of which `ids`, (n + 1,), are the characters."""
        states = weights.Wx[ids[:-1]] + weights.b
        units, values = np.array(list(held), np.intp), np.array(list(held.values()))
        before, recalled = np.zeros((2, len(weights.b)))
        for state in states:
            np.dot(before, weights.Wh, out=recalled)
            np.add(state, recalled, out=state)
            np.tanh(state, out=state)
            if held:
                state[units] = values
            before = state
        return cls(weights, ids, states, states @ weights.W + weights.c, held)

    @property
    def targets(self) -> NDArray[np.intp]:
        """What does come next: (n,)."""
        return self.ids[1:]

    @cached_property
    def probabilities(self) -> Array:
        """How likely each character is to come next, (n, V)."""
        return softmax(self.logits)

    @cached_property
    def right(self) -> NDArray[np.bool_]:
        """Whether the likeliest character is the one that comes, (n,)."""
        return np.asarray(self.logits.argmax(axis=1) == self.targets)

    @cached_property
    def chances(self) -> Array:
        """The probability of the character that comes, (n,)."""
        return np.asarray(self.probabilities[np.arange(len(self.targets)), self.targets])

    def reach(self, span: slice) -> Array:
        """Return |dL_t/dh_s| for t and s in a span of time steps: row t, column s, NaN where s > t.

        L_t is the cross-entropy of what is said at t alone. By the chain rule dL_t/dh_t = (p_t - y_t) W'
        and dL_t/dh_s = (dL_t/dh_(s+1) (1 - h_(s+1)^2)) Wh'. A held unit lets nothing through.
        """
        states, wrong = self.states[span], self.probabilities[span].copy()
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


def softmax(logits: Array) -> Array:
    """Return exp(z) / sum of exp(z) over the last axis."""
    shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True))


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
    prompt: NDArray[np.intp],
    count: int,
    choose: Callable[[Array], int] = likeliest,
    held: Mapping[int, float] = NOTHING_HELD,
) -> list[int]:
    """Return `count` characters that the network writes after a prompt, (P,), each fed back to it."""
    state = np.zeros(len(weights.b))
    for character in prompt.tolist():
        state = weights.next_state(state, character, held)
    written: list[int] = []
    while len(written) < count:
        written.append(choose(np.dot(state, weights.W) + weights.c))
        state = weights.next_state(state, written[-1], held)
    return written


def next_chances(
    weights: Weights, prompt: NDArray[np.intp], held: Mapping[int, float] = NOTHING_HELD
) -> Array:
    """Return how likely each character is to come after a prompt, (V,)."""
    state = np.zeros(len(weights.b))
    for character in prompt.tolist():
        state = weights.next_state(state, character, held)
    return softmax(np.dot(state, weights.W) + weights.c)
