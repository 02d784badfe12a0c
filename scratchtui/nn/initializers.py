"""Initializers: how the first weights are drawn, so that signals neither fade nor blow up.

An initializer is called as (rng, shape, fan_in, fan_out): the generator to draw from, the shape of
the weights, how many inputs each output adds up, and how many outputs each input feeds.
"""

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from scratchtui.nn.arrays import Array, Shape

Initializer: TypeAlias = Callable[[np.random.Generator, Shape, int, int], Array]


def uniform(scale: float = 1.0) -> Initializer:
    """Draw from U(-scale, scale), whatever the size of the layer."""
    _require_scale(scale)

    def draw(rng: np.random.Generator, shape: Shape, _fan_in: int, _fan_out: int) -> Array:
        return rng.uniform(-scale, scale, shape)

    return draw


def xavier(scale: float = 1.0) -> Initializer:
    """Draw from N(0, s^2) with s = scale * sqrt(2 / (fan_in + fan_out)).

    Keeps the variance of signals and of gradients alike through layers that are linear around zero,
    as tanh is. Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural
    networks", AISTATS 2010.
    """
    _require_scale(scale)

    def draw(rng: np.random.Generator, shape: Shape, fan_in: int, fan_out: int) -> Array:
        return rng.normal(0.0, scale * math.sqrt(2.0 / (fan_in + fan_out)), shape)

    return draw


def he(scale: float = 1.0) -> Initializer:
    """Draw from N(0, s^2) with s = scale * sqrt(2 / fan_in).

    The 2 makes up for the half of its input that ReLU discards. He, Zhang, Ren & Sun, "Delving deep
    into rectifiers: surpassing human-level performance on ImageNet classification", ICCV 2015.
    """
    _require_scale(scale)

    def draw(rng: np.random.Generator, shape: Shape, fan_in: int, _fan_out: int) -> Array:
        return rng.normal(0.0, scale * math.sqrt(2.0 / fan_in), shape)

    return draw


def _require_scale(scale: float) -> None:
    if not (math.isfinite(scale) and scale >= 0):
        raise ValueError(f"scale must be finite and >= 0, not {scale}")
