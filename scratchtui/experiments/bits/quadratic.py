"""Gradient descent on a linear least-squares problem, foretold exactly.

For L(w) = mean((Xw - y)^2) the gradient is H(w - w*) with H = 2/N X'X, so that plain gradient
descent multiplies the error along each eigenvector of H by (1 - rate * eigenvalue) a step
(Goh 2017, "Why Momentum Really Works"; Polyak 1964 for the limit with momentum).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchtui.nn import Array

_FAR = 10**9
_HUGE = 1e15
_ROUNDINGS = 16


@dataclass(frozen=True)
class LeastSquares:
    """The least-squares problem of X (N, P) and y (N,).

    `solution` (P,) is the best there is, where `determined` (P,) says that the data fixes it;
    `floor` is the loss there. `eigenvalues` (P,), ascending, and `eigenvectors` (P, P) are H's.
    """

    solution: Array
    determined: NDArray[np.bool_]
    floor: float
    eigenvalues: Array
    eigenvectors: Array

    @classmethod
    def of(cls, x: Array, y: Array, exact: Array | None = None) -> LeastSquares:
        """Solve for `x` (N, P), `y` (N,); `exact` is the solution where it fits without error."""
        count = len(x)
        eigenvalues, eigenvectors = np.linalg.eigh(2.0 / count * (x.T @ x))
        null = eigenvalues <= eigenvalues[-1] * 1e-12
        eigenvalues = np.where(null, 0.0, eigenvalues)
        inverse = np.divide(1.0, eigenvalues, where=~null, out=np.zeros_like(eigenvalues))
        solution = eigenvectors @ (inverse * (eigenvectors.T @ (2.0 / count * (x.T @ y))))
        determined = np.sum(eigenvectors[:, null] ** 2, axis=1) < 1e-9
        if exact is not None and np.array_equal(x @ exact, y):
            solution = exact
        floor = float(np.mean((x @ solution - y) ** 2))
        return cls(solution, determined, floor, eigenvalues, eigenvectors)

    def largest_stable_rate(self, momentum: float = 0.0) -> float:
        """Return the rate from which on the error grows: 2 (1 + momentum) / largest eigenvalue."""
        largest = float(self.eigenvalues[-1])
        return 2.0 * (1.0 + momentum) / largest if largest > 0.0 else np.inf

    def max_error(self, weights: Array) -> float:
        """Return max|w - w*| over the weights (P,) that the data determines; nan without any."""
        error = np.abs(weights - self.solution)[self.determined]
        return float(error.max()) if error.size else np.nan

    def foreseeable(self, weights: Array) -> bool:
        """Whether the error of `weights` (P,) is a number small enough that its square is one too."""
        return bool(np.abs(weights).max(initial=0.0) < _HUGE)

    def exact(self, tolerance: float, weights: Array, rate: float) -> bool:
        """Whether rounding is too small to move the step that `steps_until` foretells by one.

        Each step rounds the weights (P,) by about their size times the machine epsilon. What is added to
        the slowest direction at first, from errors in the faster ones, and what remains of it at last,
        at the size of the solution, must both be less than what one step changes there.
        """
        moving = self.eigenvalues > 0.0
        start = np.abs(self.eigenvectors[:, moving].T @ (weights - self.solution))
        lasting = start * (1.0 - np.abs(1.0 - rate * self.eigenvalues[moving]))  # what one step changes
        if not lasting.size:
            return True
        epsilon = np.finfo(np.float64).eps
        slowest = float(np.min(1.0 - np.abs(1.0 - rate * self.eigenvalues[moving])))
        at_first = _ROUNDINGS * epsilon * start.max()
        at_last = epsilon * np.abs(self.solution).max() / max(slowest, epsilon)
        return bool(at_first < lasting[np.argmin(self.eigenvalues[moving])] and at_last < slowest * tolerance)

    def steps_until(self, tolerance: float, weights: Array, rate: float) -> int | None:
        """Return after how many steps from `weights` (P,) the error is under `tolerance`.

        None where that never happens, or not within 10^9 steps.
        """
        if not self.determined.any():
            return None
        moving = self.eigenvalues > 0.0
        factors = 1.0 - rate * self.eigenvalues[moving]
        basis = self.eigenvectors[:, moving]
        start = basis.T @ (weights - self.solution)
        shape = basis[self.determined] * start

        def first_under(low: int, high: int) -> int | None:
            grid = np.linspace(low, high, 1025).round()
            # of both parities: where 1 - rate * eigenvalue < 0, the error alternates
            steps = np.sort(np.concatenate((grid, np.maximum(grid - 1.0, low))))
            errors = np.abs(shape @ np.power(factors[:, None], steps)).max(axis=0)
            under = np.flatnonzero(errors < tolerance)
            return int(steps[under[0]]) if len(under) else None

        if np.any(np.abs(factors) >= 1.0) and first_under(0, 0) is None:
            return None
        low, high = 0, 1024
        while (found := first_under(low, high)) is None:
            low, high = high, 2 * high
            if low > _FAR:
                return None
        while (gap := -(-(high - low) // 1024)) > 1:  # the last grid was wider than a step
            low, high = max(low, found - gap - 1), found
            found = first_under(low, high) or found
        return found
