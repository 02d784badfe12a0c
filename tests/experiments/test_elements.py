"""Weights by name: one, a row, a tensor, a layer, and lists of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchtui.experiments.elements import NONE, Elements, is_element

PARAMETERS = {
    "0.Conv2D.W": np.zeros((2, 1, 3, 3)),
    "0.Conv2D.b": np.zeros(2),
    "3.Dense.W": np.zeros((4, 3)),
    "3.Dense.b": np.zeros(3),
}
ELEMENTS = Elements(PARAMETERS)
SIZE = sum(array.size for array in PARAMETERS.values())


@given(st.integers(0, SIZE - 1))
def test_every_weight_has_a_name_that_leads_back_to_it(place: int) -> None:
    name = ELEMENTS.name(place)
    assert is_element(name)
    assert ELEMENTS.one(name) == place


@given(st.sets(st.integers(0, SIZE - 1)))
def test_a_list_of_names_leads_back_to_all_that_it_names(places: set[int]) -> None:
    chosen = np.array(sorted(places), dtype=np.intp)
    np.testing.assert_array_equal(ELEMENTS.many(ELEMENTS.named(chosen)), chosen)


@pytest.mark.parametrize(
    ("names", "places"),
    [
        (NONE, []),
        ("", []),
        ("3.Dense.W[1]", [23, 24, 25]),
        ("3.Dense.W[:,1]", [21, 24, 27, 30]),
        ("3.Dense.W[1,:]", [23, 24, 25]),
        ("3.Dense.W[1, :]", [23, 24, 25]),
        ("3.Dense.W[0001,00]", [23]),
        ("3.Dense.b 0.Conv2D.b", [18, 19, 32, 33, 34]),
        ("3.Dense", list(range(20, 35))),
        ("0.Conv2D.W[1,0,2,2] 0.Conv2D.W[1,0,2,2]", [17]),
    ],
)
def test_names_mean_what_an_index_of_numpy_means(names: str, places: list[int]) -> None:
    assert ELEMENTS.many(names).tolist() == places


def test_names_are_as_short_as_they_can_be() -> None:
    assert ELEMENTS.named(np.arange(SIZE)) == "0.Conv2D 3.Dense"
    assert ELEMENTS.named(np.arange(18, 26)) == "0.Conv2D.b 3.Dense.W[0] 3.Dense.W[1]"
    assert ELEMENTS.named(np.array([18, 21])) == "0.Conv2D.b[0] 3.Dense.W[0,1]"
    assert ELEMENTS.named(np.array([21, 24, 27, 30, 33])) == "3.Dense.W[:,1] 3.Dense.b[1]"
    assert ELEMENTS.named(np.array([3, 4, 5, 6])) == "0.Conv2D.W[0,0,1] 0.Conv2D.W[0,0,2,0]"


def test_a_layer_is_all_of_its_tensors() -> None:
    assert ELEMENTS.named(ELEMENTS.layer(ELEMENTS.one("3.Dense.b[1]"))) == "3.Dense"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("3.Dens.W[0,0]", "there are no weights '3.Dens.W'; did you mean '3.Dense.W'?"),
        ("3.Dense.W[9,0]", "'9' in '3.Dense.W[9,0]' is no index of 0 to 3; the nearest is 3"),
        ("3.Dense.W[0000000009,0]", "'0000000009' in '3.Dense.W[0000000009,0]' is no index of 0 to 3; the n"),
        ("3.Dense.W[0,0,0]", "3.Dense.W has the shape (4, 3): at most 2 indices, not '3.Dense.W[0,0,0]'"),
        ("3.Dense.W[0]", "'3.Dense.W[0]' is not one weight; write all of its 2 indices"),
        ("3.Dense.W[-1,0]", "'-1' in '3.Dense.W[-1,0]' is no index of 0 to 3; the nearest is 0"),
        ("3.Dense.W[a,0]", "'a' in '3.Dense.W[a,0]' is no index of 0 to 3"),
        ("3.Dense.W[²,0]", "'²' in '3.Dense.W[²,0]' is no index of 0 to 3"),
        ("3.Dense.W[0,0", "'3.Dense.W[0,0' is no name of weights; one is 0.Conv2D.W[0,0,0,0]"),
        ("3.Dense[0]", "3.Dense is a layer; its tensors are 3.Dense.W, 3.Dense.b"),
        ("3.Dense.W[,0]", "'' in '3.Dense.W[,0]' is no index of 0 to 3"),
    ],
)
def test_what_names_no_weight_is_refused_with_the_nearest_that_does(name: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=r".") as refusal:
        ELEMENTS.one(name)
    assert str(refusal.value).startswith(sentence)


def test_what_is_long_is_refused_in_a_sentence_that_is_not() -> None:
    for name in (f"3.Dense.W[{'9' * 90_000},0]", f"3.Dense.W[{'0,' * 40_000}0]", f"{'x' * 90_000}[0]"):
        with pytest.raises(ValueError, match=r".") as refusal:
            ELEMENTS.many(name)
        assert len(str(refusal.value)) < 400


def test_a_list_is_bounded() -> None:
    with pytest.raises(ValueError, match="at most 100,000 characters"):
        ELEMENTS.many("3.Dense " * 20_000)
