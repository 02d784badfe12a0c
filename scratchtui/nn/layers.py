"""Layers: forward computes y from x, backward the gradients from dL/dy.

Neither updates anything; that is what optimizers are for.
"""

from abc import ABC, abstractmethod
from typing import ClassVar, Literal

import numpy as np

from scratchtui.nn.arrays import Array, Shape, buffer
from scratchtui.nn.initializers import Initializer, xavier


class Layer(ABC):
    """A function y = f(x; parameters) that knows its derivative.

    `parameters` and `gradients` hold arrays of the same names and shapes. In a network they are views
    into its flat vectors: write into them (`layer.parameters["W"][:] = ...`), never replace them.

    A subclass says in `output_shape` which shapes it takes, and fills the buffers `_y` and `_dx` by
    `out=`. They are made anew only when the shape of x changes: at these sizes a step costs what its
    numpy calls and allocations cost. `order` is C if it needs x and dL/dy contiguous, or K where their
    order in memory does not matter (`buffer`).
    """

    order: ClassVar[Literal["C", "K"]] = "C"

    parameters: dict[str, Array]
    gradients: dict[str, Array]
    in_network: bool
    _y: Array
    _dx: Array

    def __init__(self) -> None:
        self.parameters = {}
        self.gradients = {}
        self.in_network = False
        self._x_shape: Shape | None = None
        self._y_shape: Shape | None = None

    @abstractmethod
    def forward(self, x: Array) -> Array:
        """Return y for x, and keep what `backward` needs of both."""

    @abstractmethod
    def backward(self, dy: Array) -> Array:
        """Overwrite `gradients` for the x of the last forward, and return dL/dx."""

    def backward_to_parameters(self, dy: Array) -> None:
        """Overwrite `gradients` as `backward` does, without dL/dx: what a first layer needs."""
        self.backward(dy)

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of y for an x of this shape; ValueError if the layer cannot take it."""
        if not shape or 0 in shape:
            raise ValueError(f"{self} takes x (N, ...) with N >= 1, not {shape}")
        return shape

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def __reduce__(self) -> str:
        raise TypeError("a layer cannot be copied: its arrays are views that would come apart")

    def _add_parameter(self, name: str, value: Array) -> None:
        self.parameters[name] = value
        self.gradients[name] = np.zeros_like(value)

    def _allocate(self, x_shape: Shape, y_shape: Shape) -> None:
        """Make the buffers for a new shape; a layer that needs more of them extends this."""
        empty = np.empty if self.order == "C" else buffer
        self._y, self._dx = empty(y_shape), empty(x_shape)

    def _receive(self, x: Array) -> Array:
        """Return x as float64 in the layer's order, with buffers that fit it."""
        x = np.asarray(x, np.float64, order=self.order)
        if x.shape != self._x_shape:
            y_shape = self.output_shape(x.shape)
            self._allocate(x.shape, y_shape)
            self._x_shape, self._y_shape = x.shape, y_shape
        return x

    def _receive_gradient(self, dy: Array) -> Array:
        """Return dL/dy as float64 in the layer's order; ValueError unless it has the shape of the last y."""
        dy = np.asarray(dy, np.float64, order=self.order)
        if dy.shape != self._y_shape:
            if self._y_shape is None:
                raise ValueError(f"{self} got dL/dy {dy.shape} before any forward")
            raise ValueError(f"{self} got dL/dy {dy.shape} for its output y {self._y_shape}")
        return dy


class Dense(Layer):
    """Affine map y = xW + b.

    Shapes: x (..., D), W (D, M), b (M,), y (..., M).
    Gradients: dW = x'dy, db = the sum of dy (both over all axes but the last), dx = dy W'.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        rng: np.random.Generator,
        *,
        bias: bool = True,
        initializer: Initializer | None = None,
    ) -> None:
        """Draw W with `initializer` (Xavier unless told); b starts at zero, or is left out."""
        super().__init__()
        if inputs < 1 or outputs < 1:
            raise ValueError(f"Dense needs inputs and outputs >= 1, not {inputs} and {outputs}")
        self.inputs, self.outputs, self.bias = inputs, outputs, bias
        draw = initializer or xavier()
        self._add_parameter("W", draw(rng, (inputs, outputs), inputs, outputs))
        if bias:
            self._add_parameter("b", np.zeros(outputs))

    def forward(self, x: Array) -> Array:
        """Return y (..., M) for x (..., D)."""
        self._x_rows = self._receive(x).reshape(-1, self.inputs)
        np.dot(self._x_rows, self.parameters["W"], out=self._y_rows)
        if self.bias:
            np.add(self._y_rows, self.parameters["b"], out=self._y_rows)
        return self._y

    def backward(self, dy: Array) -> Array:
        """Return dL/dx (..., D) for dL/dy (..., M)."""
        self.backward_to_parameters(dy)
        np.dot(self._dy_rows, self.parameters["W"].T, out=self._dx_rows)
        return self._dx

    def backward_to_parameters(self, dy: Array) -> None:
        """Overwrite dL/dW and dL/db for dL/dy (..., M)."""
        self._dy_rows = self._receive_gradient(dy).reshape(-1, self.outputs)
        np.dot(self._x_rows.T, self._dy_rows, out=self.gradients["W"])
        if self.bias:
            np.dot(self._ones, self._dy_rows, out=self.gradients["b"])  # twice as fast as sum(axis=0)

    def output_shape(self, shape: Shape) -> Shape:
        """Return (..., M) for (..., D)."""
        if not shape or 0 in shape or shape[-1] != self.inputs:
            raise ValueError(f"{self} takes x (..., {self.inputs}), not empty, but got {shape}")
        return (*shape[:-1], self.outputs)

    def __repr__(self) -> str:
        return f"Dense({self.inputs}, {self.outputs})"

    def _allocate(self, x_shape: Shape, y_shape: Shape) -> None:
        super()._allocate(x_shape, y_shape)
        self._y_rows = self._y.reshape(-1, self.outputs)
        self._dx_rows = self._dx.reshape(-1, self.inputs)
        self._ones = np.ones(len(self._y_rows))
