"""Tensors of any shape as matrices to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scratchtui.experiments.view import Gallery, Matrix, Tile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scratchtui.nn import Array


def matrix_of(tensor: Array) -> Array:
    """Return a tensor as rows (R, C): one for each place on its first axis; a vector is one row."""
    return tensor.reshape((1, -1) if tensor.ndim == 1 else (len(tensor), -1))


def tensors_view(parameters: Mapping[str, Array]) -> Gallery:
    """Return each tensor under its name."""
    return Gallery(
        tuple(Tile(name, Matrix(matrix_of(tensor))) for name, tensor in parameters.items()), numbers=True
    )
