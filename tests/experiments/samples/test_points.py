"""Points in the plane: where they are, which are held out, what the network is told of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchtui.experiments.samples.examples import Examples
from scratchtui.experiments.samples.points import (
    FARTHEST,
    FEATURES,
    PLANES,
    Plane,
    base_points,
    features,
    read_features,
)

GENERATED = [name for name in PLANES if name != "plane"]


def made(name: str, count: int = 300, noise: float = 0.0, share: float = 0.25, seed: int = 0) -> Examples:
    return base_points(name, count, noise, share, np.random.SeedSequence(seed))


def plane(data: str, inputs: tuple[str, ...] = ("x", "y")) -> Plane:
    return Plane(data, made(data.split(maxsplit=1)[0], 20), inputs)


@pytest.mark.parametrize("name", GENERATED)
def test_the_seed_makes_the_points(name: str) -> None:
    one, same, other = made(name), made(name), made(name, seed=1)
    assert np.array_equal(one.inputs, same.inputs)
    assert np.array_equal(one.held_out, same.held_out)
    assert not np.array_equal(one.inputs, other.inputs)
    assert one.targets.mean() == 0.5
    assert np.abs(one.inputs).max() < 3.5


@pytest.mark.parametrize("name", GENERATED)
def test_noise_moves_points_by_its_standard_deviation_and_changes_no_class(name: str) -> None:
    still, moved = made(name, 1000), made(name, 1000, noise=0.2)
    assert (moved.inputs - still.inputs).std() == pytest.approx(0.2, rel=0.1)
    assert np.array_equal(moved.targets, still.targets)
    assert np.array_equal(moved.held_out, still.held_out)


@pytest.mark.parametrize(("share", "count"), [(0.0, 0), (0.25, 75), (0.9, 270)])
def test_a_share_is_held_out(share: float, count: int) -> None:
    assert made("circle", share=share).held_out.sum() == count


def test_which_points_are_held_out_is_left_to_chance() -> None:
    often = np.mean([made("circle", 100, seed=seed).held_out for seed in range(200)], axis=0)
    assert 0.1 < often.min() < often.max() < 0.4  # each a quarter of the time; the standard error is 0.03


RULES = {
    "circle": lambda x, y: x * x + y * y < 1.6**2,
    "quadrants": lambda x, y: x * y < 0,
}


@pytest.mark.parametrize("name", RULES)
def test_the_classes_are_what_the_name_says(name: str) -> None:
    examples = made(name)
    assert np.array_equal(RULES[name](*examples.inputs.T), examples.targets == 1)


def test_the_second_spiral_is_the_first_turned_by_half() -> None:
    examples = made("spirals", 1000)
    radius = np.hypot(*examples.inputs.T)
    arm = np.arctan2(*examples.inputs.T[::-1]) - 2 * np.pi * 1.5 * radius / 3.0
    turns = np.mod(np.where(examples.targets == 1, arm - np.pi, arm) + 0.1, 2 * np.pi)
    np.testing.assert_allclose(turns, 0.1, atol=1e-6)


def test_points_may_be_added_deleted_and_relabelled() -> None:
    edited = plane("circle +0.5,-1=1 -3 2=0").examples
    assert edited.inputs[-1].tolist() == [0.5, -1.0]
    assert not edited.held_out[-1]
    assert 3 not in edited.numbers
    assert edited.targets[1] == 0.0
    start = plane("circle")
    assert start.flipped(2, 0) == "circle 2=0"
    assert plane("circle 2=0").flipped(2, 0) == "circle"
    assert start.added(" 0.5, -1 = 1") == "circle +0.5,-1=1"
    assert plane("circle +0.5,-1=1").flipped(21, 0) == "circle +0.5,-1=0"


def test_one_may_begin_with_points_of_ones_own() -> None:
    assert plane("plane +1,1=1 +-1,-1=0").examples.targets.tolist() == [1.0, 0.0]
    with pytest.raises(ValueError, match="no row is left"):
        plane("plane")


@given(x=st.floats(-FARTHEST, FARTHEST), y=st.floats(-FARTHEST, FARTHEST))
def test_a_written_point_is_read_back(x: float, y: float) -> None:
    start = plane("circle")
    point = np.array([x, y])
    np.testing.assert_allclose(start.read_row(start.written_row(point)), point, rtol=1e-5)
    np.testing.assert_allclose(plane(start.added(f"{x},{y}=1")).examples.inputs[-1], point, rtol=1e-5)


@pytest.mark.parametrize("text", ["", "1", "1,2,3", "a,b", "nan,0", "inf,0", "101,0"])
def test_what_is_no_point_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no point x,y|out of the plane"):
        plane("circle").read_row(text)


def test_the_plane_that_is_shown_holds_every_point() -> None:
    left, right, bottom, top = plane("circle +20,-3=1").extent or (0, 0, 0, 0)
    assert right > 20
    assert (left, bottom, top) == (-right, -right, right)


def test_features_are_the_functions_they_are_named_for() -> None:
    x, y = 0.5, -2.0
    values = features(np.array([[x, y]]), FEATURES)[0]
    np.testing.assert_allclose(values, [x, y, x * x, y * y, x * y, np.sin(x), np.sin(y)])
    assert plane("circle", ("x", "xy")).encoded(np.array([[x, y]])).tolist() == [[0.5, -1.0]]


@pytest.mark.parametrize(
    ("text", "names"),
    [("x,y", ("x", "y")), ("Y, x", ("x", "y")), ("x^2,sin x", ("x^2", "sin x")),
     ("x²,sin(y)", ("x^2", "sin y")), ("xy", ("xy",))],
)  # fmt: skip
def test_inputs_are_read_however_they_are_spelt(text: str, names: tuple[str, ...]) -> None:
    assert read_features(text) == names


@pytest.mark.parametrize("text", ["", "z", "x,,y", "x^3"])
def test_inputs_that_there_are_not_are_refused_with_the_nearest(text: str) -> None:
    with pytest.raises(ValueError, match=r"inputs has no choice .*sin x"):
        read_features(text)
