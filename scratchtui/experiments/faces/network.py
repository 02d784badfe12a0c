"""The network that tells faces apart, and a copy of it to look at, which training never notices."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.faces.face import LABELS, SIDE, Face
from scratchtui.experiments.faces.field import Field
from scratchtui.experiments.twin import ALL, Twin
from scratchtui.nn import Conv2D, Dense, Flatten, Layer, MaxPool2D, ReLU, Sequential, he, softmax

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scratchtui.experiments.hyperparameter import Settings
    from scratchtui.nn import Array

MOST_AT_ONCE = 110  # faces whose maps stay in the cache of a processor; the dataset is fourteen times as many
_FLIPS = np.eye(SIDE * SIDE, dtype=np.bool_).reshape(-1, SIDE, SIDE)


def make_network(settings: Settings, rng: np.random.Generator) -> Sequential:
    """Return one or two convolutions, each pooled, one hidden layer, and a score for each class.

    A convolution pads its maps by half a filter, so that one of odd side keeps their size. ValueError where
    pooling asks for more than is left.
    """
    filters, size, hidden = (int(settings[key]) for key in ("filters", "kernel", "hidden"))
    pool = pool_of(settings)
    layers: list[Layer] = []
    channels, side = 1, SIDE
    for _ in range(int(settings["layers"])):
        padding = size // 2
        layers += [Conv2D(channels, filters, size, rng, padding=padding, initializer=he()), ReLU()]
        channels, side = filters, side + 2 * padding - size + 1
        if pool > side:
            raise ValueError(f"pool={pool} is too much for maps of {side} x {side}; the nearest is {side}")
        if pool > 1:
            layers.append(MaxPool2D(pool))
            side //= pool
    layers.append(Flatten())
    inputs = channels * side**2
    if hidden:
        layers += [Dense(inputs, hidden, rng, initializer=he()), ReLU()]
        inputs = hidden
    return Sequential(*layers, Dense(inputs, len(LABELS), rng))


def pool_of(settings: Settings) -> int:
    """Return the side of the squares that are pooled, 1 where none are."""
    return 1 if settings["pool"] == "none" else int(settings["pool"])


def filters_of(parameters: Mapping[str, Array]) -> list[Array]:
    """Return the weights (F, C, K, K) of each convolution."""
    return [tensor for tensor in parameters.values() if tensor.ndim == 4]


def biases_of(parameters: Mapping[str, Array]) -> list[Array]:
    """Return the biases (F,) of each convolution."""
    return [parameters[f"{name[:-1]}b"] for name, tensor in parameters.items() if tensor.ndim == 4]


def _channels(pictures: Face) -> Array:
    """Return pictures (N, 8, 8) as a network takes them, (N, 1, 8, 8)."""
    return pictures[:, None].astype(np.float64)


def finite(values: Array) -> Array:
    """Return values, numbers in the place of what is none, where training has run away."""
    return values if np.isfinite(values).all() else np.nan_to_num(values)


class Onlooker:
    """Answers about faces with the weights that a network in training has at that moment.

    Many faces are looked at through a network apart: its buffers keep their size.
    """

    def __init__(self, network: Sequential, settings: Settings) -> None:
        build = partial(make_network, settings)
        self._few, self._many = Twin(network, build), Twin(network, build)
        self._network = network
        self.size, self.pool = int(settings["kernel"]), pool_of(settings)
        layers = enumerate(network.layers, 1)
        self._depths = [place for place, layer in layers if isinstance(layer, Conv2D)]

    @property
    def layers(self) -> int:
        """How many convolutions there are."""
        return len(self._depths)

    @property
    def vector(self) -> Array:
        """The weights, as training changes them."""
        return self._network.vector

    def filters(self, layer: int) -> Array:
        """Return the weights (F, C, K, K) of the first convolution, or the second."""
        return filters_of(self._network.parameters)[layer - 1]

    def field(self, layer: int) -> Field:
        """Return what a filter of the first convolution, or the second, sees of a picture."""
        return Field.of(layer, self.size, self.pool)

    def scores(self, pictures: Face) -> Array:
        """Return the scores (N, 3) of pictures (N, 8, 8), finite even where training has run away."""
        return finite(self._through(_channels(pictures)))

    def responses(self, pictures: Face, layer: int) -> Array:
        """Return what a convolution makes of pictures (N, 8, 8) before ReLU, (N, F, H, W), finite."""
        return finite(self._through(_channels(pictures), slice(self._depths[layer - 1])))

    def halfway(self, pictures: Face) -> Array:
        """Return what the second convolution makes of pictures (N, 8, 8) before ReLU, (N, F, H, W)."""
        return self._through(_channels(pictures), slice(self._depths[1]))

    def scores_from(self, halfway: Array) -> Array:
        """Return the scores (N, 3) of pictures, bit for bit as `scores` does, by what they are halfway."""
        return finite(self._through(halfway, slice(self._depths[1], None)))

    def strongest(self, pictures: Face, layer: int) -> Array:
        """Return the largest response of each filter to each of the pictures (N, 8, 8), (N, F), finite."""
        layers = slice(self._depths[layer - 1])
        return finite(self._through(_channels(pictures), layers, lambda maps: maps.max(axis=(2, 3))))

    def _through(self, x: Array, layers: slice = ALL, kept: Callable[[Array], Array] = np.asarray) -> Array:
        """Return what is `kept` of what some layers, or all, make of x (N, ...).

        Many are taken in batches of one size, however many, the last filled up with zeros.
        """
        count = len(x)
        twin = self._few if count <= MOST_AT_ONCE else self._many
        size = min(count, MOST_AT_ONCE)
        whole: Array | None = None
        for start in range(0, count, max(1, size)):
            batch = x[start : start + size]
            missing = np.zeros((size - len(batch), *x.shape[1:]))
            some = kept(twin.look(np.concatenate((batch, missing)) if len(missing) else batch, layers))
            if whole is None:  # laid out as the layers do, the batch last
                whole = np.moveaxis(np.empty((*some.shape[1:], count)), -1, 0)
            whole[start : start + size] = some[: len(batch)]
        return np.empty(0) if whole is None else whole

    def probabilities(self, face: Face) -> Array:
        """Return the probability of each class (3,) for one face (8, 8)."""
        return np.asarray(softmax(self.scores(face[None]))[0])

    def maps(self, face: Face) -> list[tuple[str, Array]]:
        """Return what layers make of a face (8, 8), by name: maps (F, H, W), then numbers (M,)."""
        found: list[tuple[str, Array]] = []
        convolutions = 0
        for layer, y in self._few.outputs(face[None, None].astype(np.float64)):
            match layer:
                case Conv2D():
                    convolutions += 1
                case ReLU():
                    found.append((f"conv {convolutions}" if y.ndim == 4 else "hidden", y[0].copy()))
                case MaxPool2D():
                    found.append((f"pool {convolutions}", y[0].copy()))
        return [*found, ("scores", y[0].copy())]

    def changes(self, face: Face) -> Array:
        """Return the change (8, 8) of the answer's probability if each pixel alone were flipped.

        nan where nothing would be left to see of the face (8, 8).
        """
        if not face.any():
            return np.full((SIDE, SIDE), np.nan)
        flipped = face ^ _FLIPS
        probabilities = softmax(self.scores(np.concatenate((face[None], flipped))))
        answer = int(probabilities[0].argmax())
        change = probabilities[1:, answer] - probabilities[0, answer]
        return np.where(flipped.any(axis=(1, 2)), change, np.nan).reshape(SIDE, SIDE)
