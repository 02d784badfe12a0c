"""Receptive fields: what is said to be seen at a place is what the number there depends on, and no more."""

import numpy as np
import pytest

from scratchtui.experiments.faces.field import Field, codes
from scratchtui.nn import Conv2D, Layer, MaxPool2D, ReLU, Sequential

NETWORKS = [(1, 3, 1), (1, 2, 1), (1, 7, 1), (2, 3, 1), (2, 3, 2), (2, 2, 2), (2, 2, 1), (2, 5, 2)]


@pytest.mark.parametrize(("layer", "size", "pool"), NETWORKS)
def test_a_response_depends_on_the_pixels_of_its_window_and_on_nothing_else(
    layer: int, size: int, pool: int
) -> None:
    rng = np.random.default_rng(size)
    layers: list[Layer] = [Conv2D(1, 1 if layer == 1 else 3, size, rng, padding=size // 2)]
    if layer == 2:
        pooled: list[Layer] = [MaxPool2D(pool)] * (pool > 1)
        layers += [ReLU(), *pooled, Conv2D(3, 1, size, rng, padding=size // 2)]
    network, field = Sequential(*layers), Field.of(layer, size, pool)
    picture = rng.random((8, 8)) < 0.5
    responses = network.forward(picture[None, None].astype(np.float64))[0, 0].copy()
    assert responses.shape == (field.places, field.places)
    numbered = field.windows(np.arange(1.0, 65.0).reshape(1, 8, 8), beyond=np.nan)[0]
    assert numbered.shape[2:] == (min(8, field.side),) * 2
    for place in np.ndindex(responses.shape):
        shown = numbered[place]
        pixels = shown[np.isfinite(shown)].astype(int) - 1
        elsewhere = rng.random((8, 8)) < 0.5
        elsewhere.ravel()[pixels] = picture.ravel()[pixels]
        again = network.forward(elsewhere[None, None].astype(np.float64))[0, 0]
        assert again[place] == responses[place]
        row, column = field.middle(place)
        if not field.whole and 0 <= row < 8 and 0 <= column < 8:
            assert shown[field.side // 2, field.side // 2] == 8 * row + column + 1


@pytest.mark.parametrize("field", [Field.of(1, 3, 2), Field.of(2, 3, 2)], ids=["of 3x3", "of 8x8"])
def test_codes_are_equal_where_all_pixels_are(field: Field) -> None:
    pictures = np.random.default_rng(0).random((5, 8, 8)) < 0.3
    pictures[4] = pictures[0]
    windows = field.windows(pictures).reshape(-1, field.side**2)
    found = codes(field.windows(pictures)).ravel()
    np.testing.assert_array_equal(found[:, None] == found, (windows[:, None] == windows[None]).all(axis=-1))
