"""Weight penalties: L1 and L2, so that a network prefers small weights."""

import math

import numpy as np

from scratchtui.nn.arrays import Array
from scratchtui.nn.layers import Layer
from scratchtui.nn.sequential import Sequential


class Penalized(Sequential):
    """A network that is trained on L + l1 sum |w| + l2/2 sum w^2, w the weights W of every layer.

    Its `gradient` is of that sum: `backward` adds l1 sign(w) + l2 w to dL/dw. Of l1 |w| at w = 0, where
    it has a kink, the gradient is 0. Biases are exempt: there are few of them, each is well determined
    by the data, and a penalty would only shift the answer. Goodfellow, Bengio & Courville, "Deep
    Learning", 2016, section 7.1.
    """

    def __init__(self, *layers: Layer) -> None:
        """Take the layers as Sequential does; there is no penalty until one is set."""
        super().__init__(*layers)
        self._is_weight = np.concatenate(
            [np.full(array.size, name.endswith(".W")) for name, array in self.parameters.items()]
        )
        self._term = np.empty_like(self.vector)
        self.penalize(l1=0.0, l2=0.0)

    def penalize(self, *, l1: float, l2: float) -> None:
        """Set both strengths; ValueError unless they are finite and >= 0."""
        for name, strength in (("l1", l1), ("l2", l2)):
            if not (math.isfinite(strength) and strength >= 0):
                raise ValueError(f"{name} must be finite and >= 0, not {strength}")
        self._l1, self._l2 = l1 * self._is_weight, l2 * self._is_weight  # (P,)
        self._has_l1, self._has_l2 = l1 > 0, l2 > 0

    @property
    def penalty(self) -> float:
        """What is added to the loss for the present weights."""
        w = self.vector
        return float(np.dot(self._l1, np.abs(w))) + 0.5 * float(np.dot(self._l2, w * w))

    def backward(self, dy: Array) -> Array:
        """Overwrite `gradient` with that of loss and penalty, and return dL/dx."""
        dx = super().backward(dy)
        self._add_penalty()
        return dx

    def backward_to_parameters(self, dy: Array) -> None:
        """Overwrite `gradient` with that of loss and penalty."""
        super().backward_to_parameters(dy)
        self._add_penalty()

    def _add_penalty(self) -> None:
        if self._has_l1:
            np.sign(self.vector, out=self._term)
            np.multiply(self._term, self._l1, out=self._term)
            np.add(self.gradient, self._term, out=self.gradient)
        if self._has_l2:
            np.multiply(self.vector, self._l2, out=self._term)
            np.add(self.gradient, self._term, out=self.gradient)
