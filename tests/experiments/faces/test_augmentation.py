"""Augmentation: where faces are moved to, what is never cut off, and that any moment can be returned to."""

import numpy as np
import pytest

from scratchtui.experiments.faces.augmentation import Augmentation, AugmentedBatches
from scratchtui.experiments.faces.dataset import make_faces
from scratchtui.experiments.faces.face import Face, mirrored, shifted

PICTURES = make_faces("all").pictures


def batches(seed: int = 0, pictures: Face = PICTURES, **settings: float) -> AugmentedBatches:
    how = {"shift": 7, "mirror": True, "noise": 0.0} | settings
    augmentation = Augmentation(int(how["shift"]), bool(how["mirror"]), how["noise"])
    return AugmentedBatches(np.random.default_rng(seed), pictures, augmentation)


@pytest.mark.parametrize(("shift", "mirror"), [(0, False), (0, True), (1, False), (7, True), (3, True)])
def test_a_face_is_moved_as_far_as_it_may_and_never_cut_off(shift: int, mirror: bool) -> None:
    x, places = batches(shift=shift, mirror=mirror).next_faces(0)
    assert sorted(places) == list(range(len(PICTURES)))
    moves = range(-shift, shift + 1)
    for face, place in zip(x[:80, 0].astype(np.bool_), places, strict=False):
        original = PICTURES[place]
        assert face.sum() == original.sum()
        turned = [original] + [mirrored(original)] * mirror
        assert any(np.array_equal(face, shifted(each, y, z)) for each in turned for y in moves for z in moves)


def test_every_place_is_taken_about_as_often() -> None:
    dot = np.zeros((1, 8, 8), np.bool_)
    dot[0, 3, 5] = True
    source = batches(pictures=dot)
    seen = sum(source.next_faces(1)[0][0, 0] for _ in range(6400))
    assert seen.min() > 60
    assert seen.max() < 145


def test_noise_flips_pixels_with_its_chance() -> None:
    x, places = batches(shift=0, mirror=False, noise=0.25).next_faces(0)
    assert np.abs(x[:, 0] - PICTURES[places]).mean() == pytest.approx(0.25, abs=0.01)


def test_a_change_shows_in_the_next_batch_and_draws_nothing_new() -> None:
    one, other = batches(), batches()
    one.augmentation = Augmentation(0, mirror=False, noise=0.0)
    x, places = one.next_faces(16)
    np.testing.assert_array_equal(x[:, 0], PICTURES[places])
    one.augmentation = other.augmentation
    other.next_faces(16)
    np.testing.assert_array_equal(one.next_faces(16)[0], other.next_faces(16)[0])


def test_any_moment_can_be_returned_to() -> None:
    source, other = batches(noise=0.01), batches(seed=9, noise=0.01)
    for _ in range(40):  # beyond the first epoch
        source.next_faces(32)
    other.state = source.state
    for _ in range(40):
        for one, same in zip(source.next_faces(32), other.next_faces(32), strict=True):
            np.testing.assert_array_equal(one, same)


def test_all_batches_have_one_size_even_where_the_faces_do_not_fit() -> None:
    source = batches(pictures=PICTURES[:9])
    assert {len(source.next_faces(4)[0]) for _ in range(9)} == {4}
    assert len(source.next_faces(32)[0]) == 9
