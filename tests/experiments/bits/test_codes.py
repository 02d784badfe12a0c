"""Binary codes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchtui.experiments.bits.codes import (
    CODES,
    Code,
    all_rows,
    bounds,
    decode,
    encode,
    patterns,
    place_values,
)

PLACES = {
    ("unsigned", 4): [8, 4, 2, 1],
    ("unsigned", 1): [1],
    ("twos", 4): [-8, 4, 2, 1],
    ("twos", 1): [-1],
    ("bcd", 8): [80, 40, 20, 10, 8, 4, 2, 1],
    ("bcd", 5): [10, 8, 4, 2, 1],
    ("negabinary", 5): [16, -8, 4, -2, 1],
}
LIMITS = {
    ("unsigned", 8): (0, 255),
    ("unsigned", 16): (0, 65535),
    ("twos", 8): (-128, 127),
    ("twos", 1): (-1, 0),
    ("bcd", 8): (0, 99),
    ("bcd", 6): (0, 39),
    ("bcd", 3): (0, 7),
    ("bcd", 16): (0, 9999),
    ("negabinary", 8): (-170, 85),
    ("negabinary", 3): (-2, 5),
    ("gray", 8): (0, 255),
}
SPELLINGS = [
    ("twos", 8, -1, "11111111"),
    ("twos", 8, -128, "10000000"),
    ("bcd", 8, 42, "01000010"),
    ("negabinary", 4, -3, "1101"),
    ("negabinary", 4, 3, "0111"),
    ("gray", 4, 2, "0011"),
    ("gray", 4, 8, "1100"),
]


@pytest.mark.parametrize(("which", "places"), PLACES.items(), ids=str)
def test_a_bit_is_worth_its_place(which: tuple[Code, int], places: list[int]) -> None:
    values = place_values(*which)
    assert values is not None
    assert values.tolist() == places


def test_gray_bits_have_no_place_values() -> None:
    assert place_values("gray", 8) is None


@pytest.mark.parametrize(("which", "limits"), LIMITS.items(), ids=str)
def test_a_code_spells_numbers_within_its_limits(which: tuple[Code, int], limits: tuple[int, int]) -> None:
    assert bounds(*which) == limits


@pytest.mark.parametrize(("code", "bits", "number", "spelling"), SPELLINGS)
def test_a_number_is_spelt_as_the_code_says(code: Code, bits: int, number: int, spelling: str) -> None:
    assert encode(number, code, bits).tolist() == [float(digit) for digit in spelling]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("bits", range(1, 13))
def test_encode_and_decode_are_inverse(code: Code, bits: int) -> None:
    low, high = bounds(code, bits)
    rows = all_rows(code, bits)
    assert decode(rows, code).tolist() == list(range(low, high + 1))
    for number in {low, high, 0, *range(low, high + 1, max(1, (high - low) // 50))}:
        assert decode(encode(number, code, bits)[None], code).tolist() == [number]


@pytest.mark.parametrize("code", [code for code in CODES if code != "bcd"])
def test_every_pattern_is_a_word_but_in_bcd(code: Code) -> None:
    assert sorted(map(tuple, all_rows(code, 6))) == sorted(map(tuple, patterns(6)))


@pytest.mark.parametrize(("bits", "words"), [(4, 10), (5, 20), (8, 100), (12, 1000)])
def test_bcd_leaves_out_digits_above_nine(bits: int, words: int) -> None:
    assert len(all_rows("bcd", bits)) == words


def test_gray_neighbours_differ_in_one_bit() -> None:
    assert np.all(np.abs(np.diff(all_rows("gray", 10), axis=0)).sum(axis=1) == 1)


@given(st.sampled_from(CODES), st.integers(1, 10), st.integers())
def test_a_number_out_of_reach_is_refused_with_the_limits(code: Code, bits: int, number: int) -> None:
    low, high = bounds(code, bits)
    if low <= number <= high:
        assert decode(encode(number, code, bits)[None], code)[0] == number
    else:
        with pytest.raises(ValueError, match=f"outside {low} to {high}"):
            encode(number, code, bits)


@pytest.mark.parametrize("code", CODES)
def test_zero_has_no_sign(code: Code) -> None:
    assert f"{decode(np.zeros((1, 1)), code)[0]:.0f}" == "0"


def test_the_shared_table_of_rows_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        all_rows("unsigned", 4)[0, 0] = 1.0
