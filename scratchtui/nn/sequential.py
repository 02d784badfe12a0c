"""Sequential: layers one after the other, with all their parameters in one flat vector."""

from itertools import accumulate

import numpy as np

from scratchtui.nn.arrays import Array, all_finite, refuse_nonfinite
from scratchtui.nn.layers import Layer


class Sequential:
    """The network y = f_n(... f_2(f_1(x))), and backpropagation through it.

    `vector` (P,) holds every parameter, `gradient` (P,) every gradient. The arrays in `parameters` and
    `gradients`, named `0.Dense.W` by place and kind, and those of the layers are views into them. So
    a snapshot is one copy, and an optimizer's step the same few calls whatever the depth.
    """

    def __init__(self, *layers: Layer) -> None:
        """Take the layers and move their parameters; each may be in one network, once."""
        if not layers:
            raise ValueError("a network needs at least one layer")
        for place, layer in enumerate(layers):
            if not isinstance(layer, Layer):
                raise TypeError(f"{place} is a {type(layer).__name__}; a network is made of layers")
            if layer.in_network:
                raise ValueError(f"{place}.{layer} is in a network already; make another one")
            layer.in_network = True
        self.layers = layers
        self.vector: Array = np.concatenate(
            [
                np.empty(0),
                *(array.ravel() for layer in layers for array in layer.parameters.values()),
            ]
        )
        self.gradient: Array = np.zeros_like(self.vector)
        self.parameters: dict[str, Array] = {}
        self.gradients: dict[str, Array] = {}
        self._make_views()
        self._checked: Array | None = None

    def forward(self, x: Array) -> Array:
        """Return the output of the last layer for x.

        ValueError if x holds NaN or infinity. An array found finite is searched again only when the
        output is not finite, so that a full batch is not read once more at every step.
        """
        x = np.asarray(x, np.float64, order="C")
        if x is not self._checked:
            if not all_finite(x):
                refuse_nonfinite("x", x)
            self._checked = x
        y = x
        for layer in self.layers:
            y = layer.forward(y)
        if not all_finite(y):
            refuse_nonfinite("x", x)
        return y

    def backward(self, dy: Array) -> Array:
        """Overwrite `gradient` for the x of the last forward, and return dL/dx."""
        for layer in reversed(self.layers):
            dy = layer.backward(dy)
        return dy

    def backward_to_parameters(self, dy: Array) -> None:
        """Overwrite `gradient` as `backward` does, without dL/dx: all that an optimizer needs."""
        for layer in self.layers[:0:-1]:
            dy = layer.backward(dy)
        self.layers[0].backward_to_parameters(dy)

    def load(self, vector: Array) -> None:
        """Copy the parameters of a snapshot, (P,), in; ValueError for any other shape."""
        vector = np.asarray(vector, np.float64)
        if vector.shape != self.vector.shape:
            raise ValueError(f"vector {vector.shape} must have the shape {self.vector.shape}")
        self.vector[:] = vector

    def __repr__(self) -> str:
        return f"Sequential({', '.join(map(repr, self.layers))})"

    def __reduce__(self) -> str:
        raise TypeError("a network cannot be copied: build it again and load its vector")

    def _make_views(self) -> None:
        """Point every layer's arrays at their place in the flat vectors."""
        owners = [
            (place, layer, name) for place, layer in enumerate(self.layers) for name in layer.parameters
        ]
        sizes = [layer.parameters[name].size for _, layer, name in owners]
        for (place, layer, name), end, size in zip(owners, accumulate(sizes), sizes, strict=True):
            shape = layer.parameters[name].shape
            full_name = f"{place}.{type(layer).__name__}.{name}"
            for flat, own, all_views in (
                (self.vector, layer.parameters, self.parameters),
                (self.gradient, layer.gradients, self.gradients),
            ):
                own[name] = all_views[full_name] = flat[end - size : end].reshape(shape)
