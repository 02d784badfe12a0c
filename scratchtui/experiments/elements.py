"""Elements of a network's parameters by name: `0.Dense.W[2,0]`, and what holds many of them.

`0.Dense.W[2]` is a row, `0.Dense.W[:,0]` a column, `0.Dense.W` a tensor, `0.Dense` a layer.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.hyperparameter import quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from scratchtui.experiments.view import Gallery, Matrix
    from scratchtui.nn import Array

    Places = NDArray[np.intp]

NONE = "none"
NOWHERE = np.empty(0, np.intp)
FROZEN_MARK = "="
MOST_LETTERS = 100_000  # of a list of names
_NAME = re.compile(r"([^\[\]]+)(?:\[([^\[\]]*)\])?")
_ELEMENT = re.compile(r"\w+\.[\w.]+\[.*")
_BESIDE_COMMAS = re.compile(r"\s*,\s*")
_INTEGER = re.compile(r"-?[0-9]+")


def is_element(key: str) -> bool:
    """Whether a key is meant to name elements of a tensor, rather than a hyperparameter."""
    return _ELEMENT.fullmatch(key) is not None


class Elements:
    """The elements of parameters that lie one after the other in a vector (P,)."""

    def __init__(self, parameters: Mapping[str, Array]) -> None:
        self.places: dict[str, Places] = {}
        size = 0
        for name, array in parameters.items():
            self.places[name] = np.arange(size, size + array.size).reshape(array.shape)
            size += array.size
        self.arrays = {name: places.astype(np.float64) for name, places in self.places.items()}
        self._ends = np.cumsum([places.size for places in self.places.values()])
        self._last = "", NOWHERE  # what was found for the names last asked for, at every step the same
        self._layers: dict[str, Places] = {}
        for name, places in self.places.items():
            layer = name.rpartition(".")[0]
            before = self._layers.get(layer, places[:0].ravel())
            self._layers[layer] = np.concatenate((before, places.ravel()))

    def one(self, name: str) -> int:
        """Return the place in the vector of one element; ValueError in one sentence for any other name."""
        places = self._named(name)
        if places.ndim:
            raise ValueError(
                f"{quoted(name)} is not one weight; write all of its {self._tensor_of(name).ndim} indices"
            )
        return int(places)

    def many(self, names: str) -> Places:
        """Return the places (M,), ascending, of all that is named, with blanks between; ValueError."""
        if names != self._last[0]:
            self._last = names, self._found(names)
        return self._last[1]

    def _found(self, names: str) -> Places:
        if len(names) > MOST_LETTERS:
            raise ValueError(f"a list of weights has at most {MOST_LETTERS:,} characters, not {len(names):,}")
        listed = _BESIDE_COMMAS.sub(",", names).split()
        found = [self._named(name).ravel() for name in listed if name != NONE]
        return np.asarray(np.unique(np.concatenate((np.empty(0, np.intp), *found))))

    def name(self, place: int) -> str:
        """Return the name of the element at a place."""
        tensor, index = self._at(place)
        return f"{tensor}[{','.join(map(str, index))}]"

    def layer(self, place: int) -> Places:
        """Return the places of all that is in the layer of the element at a place."""
        return self._layers[self._at(place)[0].rpartition(".")[0]]

    def named(self, places: Places) -> str:
        """Return a short list of names of these places: layers, tensors, rows, columns, single elements."""
        if not places.size:
            return NONE
        left = np.zeros(int(self._ends[-1]), np.bool_)
        left[places] = True
        names = []
        for layer, inside in self._layers.items():
            names += self._names_of(layer, inside, left)
        return " ".join(names)

    def _names_of(self, layer: str, inside: Places, chosen: NDArray[np.bool_]) -> list[str]:
        if chosen[inside].all():
            return [layer]
        names = []
        for tensor, places in self.places.items():
            if tensor.rpartition(".")[0] != layer or not chosen[places].any():
                continue
            if chosen[places].all():
                names.append(tensor)
                continue
            names += self._names_within(tensor, places, chosen)
        return names

    def _names_within(self, tensor: str, places: Places, chosen: NDArray[np.bool_]) -> list[str]:
        """Return the names of the chosen ones of a tensor: whole rows, whole columns, and what is left."""
        names, left = [], chosen.copy()
        if places.ndim == 2 and len(places) > 1:
            rows = [(f"[{row}]", within) for row, within in enumerate(places)]
            columns = [(f"[:,{column}]", within) for column, within in enumerate(places.T)]
            for index, within in rows + columns:
                if chosen[within].all():
                    names.append(f"{tensor}{index}")
                    left[within] = False
        return names + [f"{tensor}[{index}]" for index in _blocks(places, left)]

    def _at(self, place: int) -> tuple[str, tuple[int, ...]]:
        number = int(np.searchsorted(self._ends, place, side="right"))
        tensor = list(self.places)[number]
        places = self.places[tensor]
        index = np.unravel_index(place - int(places.flat[0]), places.shape)
        return tensor, tuple(int(each) for each in index)

    def _tensor_of(self, name: str) -> Places:
        return self.places[name.partition("[")[0]]

    def _named(self, name: str) -> Places:
        form = _NAME.fullmatch(name.replace(" ", ""))
        known = {**self.places, **self._layers}
        if form is None or form[1] not in known:
            tensor = name.partition("[")[0]
            if tensor in known:
                raise ValueError(f"{quoted(name)} is no name of weights; one is {self.name(0)}")
            raise ValueError(f"there are no weights {quoted(tensor)}; {suggestion(tensor, known)}")
        if form[2] is None:
            return np.asarray(known[form[1]])
        if form[1] not in self.places:
            raise ValueError(f"{form[1]} is a layer; its tensors are {', '.join(self._tensors_in(form[1]))}")
        places = self.places[form[1]]
        indices = form[2].split(",")
        if len(indices) > places.ndim:
            raise ValueError(
                f"{form[1]} has the shape {places.shape}: at most {places.ndim} indices, not {quoted(name)}"
            )
        return np.asarray(places[tuple(map(_index, indices, places.shape, [name] * len(indices)))])

    def _tensors_in(self, layer: str) -> list[str]:
        return [tensor for tensor in self.places if tensor.startswith(f"{layer}.")]


def _blocks(places: Places, chosen: NDArray[np.bool_], index: str = "") -> Iterator[str]:
    """Yield the index of each part of a tensor all of which is chosen: as few numbers as name it."""
    for number, within in enumerate(places):
        if chosen[within].all():
            yield f"{index}{number}"
        elif within.ndim and chosen[within].any():
            yield from _blocks(within, chosen, f"{index}{number},")


def _index(text: str, size: int, name: str) -> int | slice:
    if text == ":":
        return slice(None)
    digits = text.lstrip("0") or text[:1]
    if text.isascii() and text.isdigit() and len(digits) <= len(str(size)) and int(digits) < size:
        return int(digits)
    nearest = f"; the nearest is {0 if text[0] == '-' else size - 1}" if _INTEGER.fullmatch(text) else ""
    raise ValueError(f"{quoted(text)} in {quoted(name)} is no index of 0 to {size - 1}{nearest}")


def located(drawn: Matrix, places: Array, frozen: Places) -> Matrix:
    """Return a matrix of weights that knows which parameter each cell is: `places` (R, C), nan for none."""
    where = np.nan_to_num(places, nan=-1.0).astype(np.intp)
    marks = {(int(row), int(column)): FROZEN_MARK for row, column in np.argwhere(np.isin(where, frozen))}
    return replace(drawn, values=drawn.values.copy(), places=where, marks={**drawn.marks, **marks})


def located_tiles(drawn: Gallery, places: Gallery, frozen: Places) -> Gallery:
    """Return tiles of weights that know which parameter each cell is, by others that hold the places."""
    pairs = zip(drawn.tiles, places.tiles, strict=True)
    tiles = (replace(tile, matrix=located(tile.matrix, at.matrix.values, frozen)) for tile, at in pairs)
    return replace(drawn, tiles=tuple(tiles))
