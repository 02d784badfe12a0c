"""What a filter looks for: as brute force finds it."""

import itertools

import numpy as np
import pytest

from scratchtui.experiments.faces import patches
from scratchtui.experiments.faces.dataset import make_faces
from scratchtui.experiments.faces.field import Field

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


def test_the_separation_is_the_share_of_pairs_in_order() -> None:
    scores = RNG.integers(0, 6, (40, 3)).astype(float)  # with ties
    classes = RNG.integers(0, 3, 40)
    for label, areas in enumerate(patches.separations(scores, classes, 3)):
        for column, area in enumerate(areas):
            mine, others = scores[classes == label, column], scores[classes != label, column]
            pairs = [(a > b) + 0.5 * (a == b) for a in mine for b in others]
            assert area == pytest.approx(np.mean(pairs))
    assert np.isnan(patches.separations(scores, np.ones(40, np.intp), 3)).all()


def test_what_is_liked_in_pictures_is_the_window_of_the_strongest_response_and_of_the_weakest() -> None:
    pictures, field = make_faces("nine").pictures, Field.of(2, 3, 2)
    responses = RNG.normal(size=(len(pictures), 5, 4, 4))
    seen = field.windows(pictures.astype(np.float64), beyond=np.nan)
    for taste, each in zip(
        patches.tastes_in(responses, pictures, field), responses.transpose(1, 0, 2, 3), strict=True
    ):
        most, least = (np.unravel_index(int(at), each.shape) for at in (each.argmax(), each.argmin()))
        np.testing.assert_array_equal(taste.favourite, seen[most])
        np.testing.assert_array_equal(taste.hated, seen[least])
        assert (taste.most, taste.least) == (each[most], each[least])
        assert (taste.ranked, taste.liked) == (12 * 16, (each > 0).sum())
