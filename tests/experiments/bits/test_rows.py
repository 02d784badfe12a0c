"""The dataset of the binary experiment as text."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchtui.experiments.bits.codes import CODES, Code, bounds
from scratchtui.experiments.bits.rows import ORIGINAL, Rows, make_rows, row_number, with_row, without_row


def rows_of(text: str, code: Code = "unsigned", bits: int = 8, noise: float = 0.0) -> Rows:
    return make_rows(text, code, bits, noise, np.random.default_rng(0))


def labels_of(text: str, code: Code = "unsigned", bits: int = 8) -> list[float]:
    return [float(label) for label in rows_of(text, code, bits).labels]


GRAMMAR = [
    ("all", "unsigned", 3, [0, 1, 2, 3, 4, 5, 6, 7]),
    ("all", "twos", 2, [-2, -1, 0, 1]),
    ("original", "unsigned", 8, list(ORIGINAL)),
    ("original", "twos", 8, [-113, 85, 48, 27, -15, -36, 96, -90]),
    ("range:3-5", "unsigned", 8, [3, 4, 5]),
    ("range:7-7", "gray", 8, [7]),
    ("range:-2-1", "twos", 4, [-2, -1, 0, 1]),
    ("range:-5--3", "negabinary", 4, [-5, -4, -3]),
    ("none +5", "unsigned", 8, [5]),
    ("none +-3 +2", "twos", 4, [-3, 2]),
    ("none +5=6", "unsigned", 8, [6]),
    ("none +5=-6.25 +5=1e-05", "unsigned", 8, [-6.25, 1e-5]),
    ("none +5 +5", "unsigned", 8, [5, 5]),
    ("range:1-4 -2", "unsigned", 8, [1, 3, 4]),
    ("range:-2-1 --2", "twos", 4, [-1, 0, 1]),
    ("range:1-4 -2 +2=9", "unsigned", 8, [1, 3, 4, 9]),
    ("range:1-4 +2=9 -2", "unsigned", 8, [1, 3, 4]),
    ("range:1-2 +9 +8 -9 +9", "unsigned", 8, [1, 2, 8, 9]),
    ("  range:1-2   +3 ", "unsigned", 8, [1, 2, 3]),
    ("original -151 -95", "bcd", 8, [55, 30, 21, 142, 60, 106]),
]


@pytest.mark.parametrize(("text", "code", "bits", "labels"), GRAMMAR)
def test_a_text_means_rows(text: str, code: Code, bits: int, labels: list[float]) -> None:
    rows = rows_of(text, code, bits)
    assert rows.labels.tolist() == labels
    assert rows.bits.shape == (len(labels), bits)


def test_a_label_of_ones_own_leaves_the_bits_alone() -> None:
    assert rows_of("none +5=6").bits.tolist() == [[0, 0, 0, 0, 0, 1, 0, 1]]


def test_a_sample_has_that_many_different_rows_and_depends_on_the_seed() -> None:
    samples = [
        make_rows("sample:20", "unsigned", 8, 0.0, np.random.default_rng(seed)).labels for seed in (0, 0, 1)
    ]
    assert len(set(samples[0].tolist())) == 20
    assert samples[0].tolist() == samples[1].tolist() != samples[2].tolist()


def test_deleting_a_row_leaves_the_noise_of_the_others() -> None:
    noisy, fewer = rows_of("range:1-9", noise=0.5), rows_of("range:1-9 -4", noise=0.5)
    assert fewer.labels.tolist() == [*noisy.labels[:3], *noisy.labels[4:]]
    assert 0.1 < np.std(noisy.labels - np.arange(1, 10)) < 1.0


REFUSED = [
    ("", "the nearest is 'all'"),
    ("orignal", "'original'"),
    ("All", "'all'"),
    ("smaple:5", "'sample:N'"),
    ("sample:0", "N is 1 or more"),
    ("sample:-1", "N is 1 or more"),
    ("sample:" + "9" * 5000, "'sample:N'"),
    ("sample:257", "256 there are"),
    ("range:5", "'range:LOW-HIGH'"),
    ("range:9-3", "range:3-9"),
    ("range:0-256", "0 to 255"),
    ("range:0-" + "9" * 5000, "'range:LOW-HIGH'"),
    ("all:3", "did you mean"),
    ("all 5", "+NUMBER"),
    ("all +", "+NUMBER"),
    ("all -5=3", "-NUMBER"),
    ("all +5=nan", "=LABEL"),
    ("all +5=1e13", "is 1e+12"),
    ("all +5=-1e13", "is -1e+12"),
    ("all +5=" + "1" * 400, "1e+12"),
    ("all +256", "0 to 255"),
    ("all -256", "0 to 255"),
    ("all +" + "1" * 5000, "+NUMBER"),
    ("all -٣", "+NUMBER"),
    ("none", "no row is left"),
    ("none +5 -5", "no row is left"),
    ("range:1-1 -1", "no row is left"),
    ("range:1-2 -200", "no row 200"),
    ("range:1-2 -9", "no row 9 to take away"),
    ("range:1-3 -2 -2", "no row 2 to take away"),
    ("range:1-3 -9 +9", "no row 9 to take away"),
    ("none +5=1_0", "+NUMBER"),
]


@pytest.mark.parametrize(("text", "hint"), REFUSED, ids=[text[:20] for text, _ in REFUSED])
def test_a_bad_text_is_refused_with_what_was_meant(text: str, hint: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the hint is checked below
        rows_of(text)
    assert hint in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_the_original_rows_need_eight_bits() -> None:
    with pytest.raises(ValueError, match="need 8 bits"):
        rows_of("original", bits=7)
    assert labels_of("original", bits=10) == list(ORIGINAL)


WORDS = st.sampled_from(["all", "none", "original", "range:", "sample:", "+", "-", "=", " ", "e", ".", "٣"])
TEXTS = st.lists(WORDS | st.integers(-300, 300).map(str) | st.text(max_size=3), max_size=12).map("".join)


@settings(deadline=None)
@given(TEXTS | st.text(), st.sampled_from(CODES), st.integers(1, 9))
def test_any_text_gives_usable_rows_or_one_sentence(text: str, code: Code, bits: int) -> None:
    try:
        rows = rows_of(text, code, bits)
    except ValueError as refusal:
        sentence = str(refusal)
    else:
        sentence = "taken"
        assert rows.bits.shape == (len(rows.labels), bits)
        assert len(rows.labels) > 0
        assert set(np.unique(rows.bits)) <= {0.0, 1.0}
        assert np.all(np.isfinite(rows.labels))
    assert sentence
    assert "\n" not in sentence


@settings(deadline=None)
@given(TEXTS | st.text(), st.sampled_from(CODES), st.integers(1, 9))
def test_any_typed_row_gives_a_dataset_that_has_it_or_one_sentence(text: str, code: Code, bits: int) -> None:
    try:
        data = with_row("none", text, code, bits)
    except ValueError as refusal:
        sentence = str(refusal)
    else:
        sentence = "taken"
        assert len(rows_of(data, code, bits).labels) == 1
    assert sentence
    assert "\n" not in sentence


TYPED = [
    ("5", "none +5", 8, "unsigned"),
    (" 5 ", "none +5", 8, "unsigned"),
    ("+5", "none +5", 8, "unsigned"),
    ("0000 0101", "none +5", 8, "unsigned"),
    ("1111_1111", "none +-1", 8, "twos"),
    ("101", "none +5", 3, "unsigned"),
    ("10", "none +2", 2, "unsigned"),
    ("10", "none +10", 8, "unsigned"),
    ("5=6", "none +5=6", 8, "unsigned"),
    ("5 = -0.5", "none +5=-0.5", 8, "unsigned"),
    ("5=1e-9", "none +5=1e-09", 8, "unsigned"),
    ("5=0.1234567890123456", "none +5=0.1234567890123456", 8, "unsigned"),
]


@pytest.mark.parametrize(("typed", "data", "bits", "code"), TYPED)
def test_a_row_is_typed_as_a_number_or_as_bits(typed: str, data: str, bits: int, code: Code) -> None:
    assert with_row("none", typed, code, bits) == data
    assert len(rows_of(data, code, bits).labels) == 1


MISTYPED = [
    ("", "neither"),
    ("five", "neither"),
    ("2" * 5000, "neither"),
    ("256", "0 to 255"),
    ("5=", "not a number"),
    ("5=x", "'x' is not a number"),
    ("5=inf", "1e+12"),
    ("5=nan", "is no number"),
    ("=3", "neither"),
]


@pytest.mark.parametrize(("typed", "hint"), MISTYPED, ids=[typed[:10] for typed, _ in MISTYPED])
def test_a_mistyped_row_is_refused(typed: str, hint: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the hint is checked below
        with_row("all", typed, "unsigned", 8)
    assert hint in str(refusal.value)


def test_bits_that_are_no_bcd_digit_are_not_taken_for_another_row() -> None:
    with pytest.raises(ValueError, match="no row of bcd"):
        with_row("none", "10001111", "bcd", 8)


@given(st.data(), st.sampled_from(CODES), st.integers(1, 8), st.sampled_from(["all", "none", "sample:1"]))
def test_adding_a_row_and_deleting_it_leaves_the_rows_without_it(
    data: st.DataObject, code: Code, bits: int, base: str
) -> None:
    number = data.draw(st.integers(*bounds(code, bits)))
    keeper = data.draw(st.integers(*bounds(code, bits)).filter(lambda other: other != number))
    before = f"{base} +{keeper}"
    added = with_row(before, str(number), code, bits)
    assert labels_of(added, code, bits) == [*labels_of(before, code, bits), number]
    last = len(labels_of(before, code, bits))
    assert without_row(added, rows_of(added, code, bits), last, code) == before


EDITS = st.lists(
    st.builds(
        "{}{}{}".format, st.sampled_from("+-"), st.integers(0, 15), st.sampled_from(["", "=9", "=0.5"])
    ),
    max_size=8,
)


@settings(deadline=None)
@given(st.data(), st.sampled_from(["all", "range:2-9", "sample:5"]), EDITS)
def test_deleting_the_row_at_a_place_leaves_exactly_the_others(
    data: st.DataObject, base: str, edits: list[str]
) -> None:
    text = " ".join([base, *(edit if edit[0] == "+" else edit.partition("=")[0] for edit in edits)])
    try:
        rows = rows_of(text, bits=4)
    except ValueError:
        return
    if len(rows.labels) == 1:
        return
    index = data.draw(st.integers(0, len(rows.labels) - 1))
    left = rows_of(without_row(text, rows, index, "unsigned"), bits=4)
    np.testing.assert_array_equal(left.bits, np.delete(rows.bits, index, axis=0))
    np.testing.assert_array_equal(left.labels, np.delete(rows.labels, index))


def test_a_lie_is_taken_back_and_the_truth_beside_it_stays() -> None:
    text = "original +143=1 +143=1"
    rows = rows_of(text)
    assert without_row(text, rows, 8, "unsigned") == "original +143=1"
    assert without_row(text, rows, 0, "unsigned") == "original -143 +143=1 +143=1"


def test_a_row_that_there_is_not_cannot_be_taken_away_but_a_sample_may_not_have_it() -> None:
    with pytest.raises(ValueError, match="no row 5"):
        rows_of("original -5")
    assert len(rows_of("sample:3 -5").labels) in {2, 3}


def test_ten_thousand_edits_are_read_in_one_pass() -> None:
    edits = " ".join(f"+{n % 256} -{n % 256} +{n % 256}={n}" for n in range(10_000))
    assert len(labels_of("none " + edits)) == 256


@pytest.mark.parametrize(("text", "number"), [("11111111", -1), ("-1", -1), ("1111 0000", -16)])
def test_bits_and_numbers_name_a_number(text: str, number: int) -> None:
    assert row_number(text, "twos", 8) == number
