"""Memory: a layer that reads a sequence one time step after another, and learns through time."""

from itertools import pairwise

import numpy as np

from scratchtui.nn.activations import ONE
from scratchtui.nn.arrays import Array, Shape
from scratchtui.nn.initializers import Initializer, xavier
from scratchtui.nn.layers import Layer


class RNN(Layer):
    """Elman network: h_t = tanh(x_t Wx + h_(t-1) Wh + b) for t = 1..T, from h_0 = `initial`.

    Shapes: x (N, T, D), Wx (D, H), Wh (H, H), b (H,), h_t (N, H), y (N, T, H) = all h_t.
    Gradients, from the last time step to the first, with z_t for the argument of tanh:
        dh_t = dy_t + dz_(t+1) Wh'   (the second term is missing at t = T)
        dz_t = dh_t (1 - h_t^2)
    and dWx, dWh and db are the sums over t of x_t' dz_t, h_(t-1)' dz_t and dz_t; dx_t = dz_t Wx'.

    To go on where the last forward ended: `rnn.initial = rnn.state`. Nothing flows back into `initial`:
    that is truncated backpropagation through time.
    """

    def __init__(
        self,
        inputs: int,
        hidden: int,
        rng: np.random.Generator,
        *,
        initializer: Initializer | None = None,
    ) -> None:
        """Draw Wx, then Wh, with `initializer` (Xavier unless told); b starts at zero."""
        super().__init__()
        if inputs < 1 or hidden < 1:
            raise ValueError(f"RNN needs inputs and hidden >= 1, not {inputs} and {hidden}")
        self.inputs, self.hidden = inputs, hidden
        self._initial: Array | None = None
        draw = initializer or xavier()
        self._add_parameter("Wx", draw(rng, (inputs, hidden), inputs, hidden))
        self._add_parameter("Wh", draw(rng, (hidden, hidden), hidden, hidden))
        self._add_parameter("b", np.zeros(hidden))

    @property
    def initial(self) -> Array | None:
        """h_0: (H,) for every sequence of the batch or (N, H) for each its own; None is zero."""
        return self._initial

    @initial.setter
    def initial(self, value: Array | None) -> None:
        if value is not None:
            value = np.array(value, np.float64)
            if value.ndim not in {1, 2} or 0 in value.shape or value.shape[-1] != self.hidden:
                H = self.hidden
                raise ValueError(f"{self} takes an initial state ({H},) or (N, {H}), not {value.shape}")
        self._initial = value

    @property
    def state(self) -> Array:
        """h_T (N, H) of the last forward, as a copy."""
        if self._x_shape is None:
            raise ValueError(f"{self} has no state before any forward")
        last: Array = self._h[-1]
        return last.copy()

    def forward(self, x: Array) -> Array:
        """Return y (N, T, H) for x (N, T, D)."""
        x = self._receive(x)
        np.copyto(self._x_by_time, x)
        self._set_initial()
        np.dot(self._x_rows, self.parameters["Wx"], out=self._h_rows)
        np.add(self._h_rows, self.parameters["b"], out=self._h_rows)
        Wh, recalled = self.parameters["Wh"], self._recalled
        for before, h in self._steps:
            np.dot(before, Wh, out=recalled)
            np.add(h, recalled, out=h)
            np.tanh(h, out=h)
        np.copyto(self._y, self._h_by_example)
        return self._y

    def backward(self, dy: Array) -> Array:
        """Return dL/dx (N, T, D) for dL/dy (N, T, H)."""
        self.backward_to_parameters(dy)
        np.dot(self._dz_rows, self.parameters["Wx"].T, out=self._dx_rows)
        np.copyto(self._dx, self._dx_by_example)
        return self._dx

    def backward_to_parameters(self, dy: Array) -> None:
        """Overwrite dL/dWx, dL/dWh and dL/db for dL/dy (N, T, H)."""
        dy = self._receive_gradient(dy)
        np.copyto(self._dh_by_example, dy)
        np.multiply(self._h_rows, self._h_rows, out=self._dz_rows)
        np.subtract(ONE, self._dz_rows, out=self._dz_rows)
        WhT, recalled = self.parameters["Wh"].T, self._recalled
        np.multiply(self._dz[-1], self._dh[-1], out=self._dz[-1])
        for dh, dz, dz_after in self._steps_back:
            np.dot(dz_after, WhT, out=recalled)
            np.add(dh, recalled, out=dh)
            np.multiply(dz, dh, out=dz)
        np.dot(self._x_rows.T, self._dz_rows, out=self.gradients["Wx"])
        np.dot(self._before_rows.T, self._dz_rows, out=self.gradients["Wh"])
        np.dot(self._ones, self._dz_rows, out=self.gradients["b"])

    def output_shape(self, shape: Shape) -> Shape:
        """Return (N, T, H) for (N, T, D)."""
        if len(shape) != 3 or 0 in shape or shape[2] != self.inputs:
            raise ValueError(f"{self} takes x (N, T, {self.inputs}), not empty, but got {shape}")
        return (*shape[:2], self.hidden)

    def __repr__(self) -> str:
        return f"RNN({self.inputs}, {self.hidden})"

    def _set_initial(self) -> None:
        h0, initial = self._h0, self._initial
        if initial is None:
            h0.fill(0.0)
            return
        if initial.ndim == 2 and initial.shape != h0.shape:
            raise ValueError(f"{self} got {len(h0)} sequences for the initial state {initial.shape}")
        np.copyto(h0, initial)

    def _allocate(self, x_shape: Shape, y_shape: Shape) -> None:
        super()._allocate(x_shape, y_shape)
        N, T, D = x_shape
        H = self.hidden
        x, dx = np.empty((T, N, D)), np.empty((T, N, D))
        self._h = np.empty((T + 1, N, H))
        self._dh, self._dz = np.empty((T, N, H)), np.empty((T, N, H))
        self._recalled = np.empty((N, H))
        self._ones = np.ones(T * N)
        self._h0 = self._h[0]
        self._x_rows, self._dx_rows = x.reshape(-1, D), dx.reshape(-1, D)
        self._before_rows, self._h_rows = self._h[:-1].reshape(-1, H), self._h[1:].reshape(-1, H)
        self._dz_rows = self._dz.reshape(-1, H)
        self._x_by_time, self._dx_by_example = x.transpose(1, 0, 2), dx.transpose(1, 0, 2)
        self._h_by_example = self._h[1:].transpose(1, 0, 2)
        self._dh_by_example = self._dh.transpose(1, 0, 2)
        self._steps = list(pairwise(self._h))
        self._steps_back = list(zip(self._dh[:-1], self._dz[:-1], self._dz[1:], strict=True))[::-1]
