"""What a filter looks for: as brute force finds it."""

import itertools

import numpy as np
import pytest

from scratchtui.experiments.faces import patches
from scratchtui.experiments.faces.dataset import make_faces
from scratchtui.nn import Conv2D, Layer, MaxPool2D, ReLU, Sequential

RNG = np.random.default_rng(3)
FILTERS = RNG.normal(size=(6, 3, 3))


@pytest.mark.parametrize("weights", FILTERS, ids=range(len(FILTERS)))
def test_the_ranking_is_that_of_all_512_patches(weights: np.ndarray) -> None:
    responses = {
        bits: sum(w * b for w, b in zip(weights.ravel(), bits, strict=True))
        for bits in itertools.product((0, 1), repeat=9)
    }
    ranks, values = patches.ranked(weights[None])
    order, ranked = ranks[0], values[0]
    assert len(responses) == len(order) == 512
    np.testing.assert_allclose(ranked, sorted(responses.values(), reverse=True), atol=1e-12)
    listed = patches.all_patches(3)[order]
    best, worst = max(responses, key=responses.__getitem__), min(responses, key=responses.__getitem__)
    taste = patches.tastes(weights[None])[0]
    assert tuple(listed[0]) == best == tuple(taste.favourite.ravel())
    assert tuple(listed[-1]) == worst == tuple(taste.hated.ravel())
    assert (taste.most, taste.least) == pytest.approx((responses[best], responses[worst]))
    assert taste.liked == sum(response > 0 for response in responses.values())


def test_of_a_large_filter_favourite_and_hated_patch_are_told_by_its_signs() -> None:
    weights = RNG.normal(size=(1, 5, 5))
    taste = patches.tastes(weights)[0]
    np.testing.assert_array_equal(taste.favourite, weights[0] > 0)
    np.testing.assert_array_equal(taste.hated, weights[0] < 0)
    assert (taste.favourite * weights[0]).sum() == pytest.approx(taste.most)
    assert (taste.hated * weights[0]).sum() == pytest.approx(taste.least)
    assert taste.liked is None


def test_too_many_patches_are_not_listed() -> None:
    with pytest.raises(ValueError, match="at most 3 x 3"):
        patches.all_patches(4)


def test_the_strongest_response_is_that_of_the_best_place() -> None:
    pictures = make_faces("nine").pictures
    found = patches.strongest(patches.Seen.of(pictures, 3, 1), FILTERS)
    for picture, row in zip(pictures, found, strict=True):
        padded = np.pad(picture.astype(float), 1)
        for weights, best in zip(FILTERS, row, strict=True):
            responses = [(weights * padded[y : y + 3, x : x + 3]).sum() for y in range(8) for x in range(8)]
            assert best == pytest.approx(max(responses))
            place = patches.strongest_place(patches.windows(picture[None], 3, 1)[0], weights)
            assert place == divmod(int(np.argmax(responses)), 8)


def test_a_patch_is_found_wherever_it_stands() -> None:
    picture = make_faces("nine").pictures[:1]
    eye = np.array([[0, 0, 0], [0, 1, 0], [0, 1, 0]], np.bool_)  # the rim of zeros included
    places = patches.occurrences(patches.windows(picture, 3, 1)[0], eye)
    padded = np.pad(picture[0], 1)
    expected = [
        (y, x) for y in range(8) for x in range(8) if np.array_equal(padded[y : y + 3, x : x + 3], eye)
    ]
    assert expected
    assert [tuple(place) for place in places] == expected


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ("#.#/.#./...", "curve up"),
        ("#../.##/...", "curve up"),
        (".#./#.#/...", "curve down"),
        ("###/.../...", "bar"),
        (".../###/...", "bar"),
        ("#.#/.../#.#", "none"),
    ],
)
def test_a_filter_is_named_by_the_drawing_that_it_resembles(rows: str, name: str) -> None:
    drawn = np.array([[pixel == "#" for pixel in row] for row in rows.split("/")], float)
    found = patches.match(3.0 * drawn - 1.0)
    assert found.name == name
    assert found.cosine <= 1.0 + 1e-12


@pytest.mark.parametrize("weights", [np.ones((3, 3)), np.zeros((3, 3)), np.eye(5), np.ones((1, 1))], ids=str)
def test_a_filter_that_has_no_shape_or_another_size_has_no_name(weights: np.ndarray) -> None:
    assert patches.match(weights).name == patches.NONE


def test_the_separation_is_the_share_of_pairs_in_order() -> None:
    scores = RNG.integers(0, 6, (40, 3)).astype(float)  # with ties
    classes = RNG.integers(0, 3, 40)
    for label, areas in enumerate(patches.separations(scores, classes, 3)):
        for column, area in enumerate(areas):
            mine, others = scores[classes == label, column], scores[classes != label, column]
            pairs = [(a > b) + 0.5 * (a == b) for a in mine for b in others]
            assert area == pytest.approx(np.mean(pairs))
    assert np.isnan(patches.separations(scores, np.ones(40, np.intp), 3)).all()


@pytest.mark.parametrize(("size", "pool"), [(3, 1), (3, 2), (2, 2), (3, 4), (5, 2)])
def test_a_filter_of_the_second_layer_responds_to_the_part_that_is_shown_and_to_nothing_else(
    size: int, pool: int
) -> None:
    rng = np.random.default_rng(size)
    layers: list[Layer] = [Conv2D(1, 2, size, rng, padding=size // 2), ReLU()]
    layers += [MaxPool2D(pool)] * (pool > 1)
    network = Sequential(*layers, Conv2D(2, 1, size, rng, padding=size // 2))
    picture = rng.random((8, 8)) < 0.5
    responses = network.forward(picture[None, None].astype(np.float64))[0, 0].copy()
    for place in np.ndindex(responses.shape):
        shown = patches.part(np.arange(1.0, 65.0).reshape(8, 8), place, size, pool)
        pixels = shown[np.isfinite(shown)].astype(int) - 1
        elsewhere = rng.random((8, 8)) < 0.5
        elsewhere.ravel()[pixels] = picture.ravel()[pixels]
        again = network.forward(elsewhere[None, None].astype(np.float64))[0, 0]
        assert again[place] == responses[place]
        assert shown.shape == (min(8, size + pool - 1 + (size - 1) * pool),) * 2
