"""Clipping: a step no longer than a limit, in the direction of the gradient."""

import math

import numpy as np

from scratchtui.nn.arrays import Array


def clip_by_norm(gradient: Array, limit: float) -> float:
    """Scale the gradient g in place so that |g| <= limit, and return |g| as it was.

    g <- g limit / |g| where the Euclidean norm |g| exceeds the limit. Over many time steps gradients can
    grow as a power does; cut, such a step still points downhill. A gradient with NaN or infinity stays as
    it is, to be seen. Pascanu, Mikolov & Bengio, "On the difficulty of training recurrent neural
    networks", ICML 2013.
    """
    if not (math.isfinite(limit) and limit > 0):
        raise ValueError(f"limit must be finite and > 0, not {limit}")
    if not isinstance(gradient, np.ndarray) or gradient.dtype != np.float64:
        raise ValueError("gradient must be a float64 array, scaled in place")
    flat = gradient.ravel()
    with np.errstate(over="ignore"):
        norm = math.sqrt(np.dot(flat, flat))
    if norm <= limit:
        return norm
    if not math.isfinite(norm):
        return _clip_huge(gradient, limit)
    np.multiply(gradient, limit / norm, out=gradient)
    return norm


def _clip_huge(gradient: Array, limit: float) -> float:
    """Do the same where the sum of squares is beyond float64, as it is from 1e154 on."""
    largest = float(np.abs(gradient).max())
    if not math.isfinite(largest):
        return largest
    np.divide(gradient, largest, out=gradient)
    norm = float(np.linalg.norm(gradient))
    np.multiply(gradient, limit / norm, out=gradient)
    return largest * norm
