"""Truth tables: which rows each has."""

import numpy as np
import pytest

from scratchtui.experiments.samples.tables import MOST_BITS, TruthTable, bits_of

TABLES = {
    "original": {"1111": 0, "1001": 1},
    "and": {"00": 0, "01": 0, "10": 0, "11": 1},
    "or": {"00": 0, "01": 1, "10": 1, "11": 1},
    "xor": {"00": 0, "01": 1, "10": 1, "11": 0},
    "table:1 +1=0": {"1": 0},
}


@pytest.mark.parametrize("data", TABLES)
def test_tables_say_what_they_are_named_for(data: str) -> None:
    table = TruthTable(data)
    examples = table.examples
    found = {
        table.written_row(row): int(target)
        for row, target in zip(examples.inputs, examples.targets, strict=True)
    }
    assert found == TABLES[data]
    assert bits_of(data.split(maxsplit=1)[0]) == len(table.names)


@pytest.mark.parametrize("bits", range(2, MOST_BITS + 1))
def test_parity_is_one_for_an_odd_number_of_ones(bits: int) -> None:
    examples = TruthTable(f"parity:{bits}").examples
    assert len(np.unique(examples.inputs, axis=0)) == 2**bits
    assert np.array_equal(examples.inputs.astype(int).sum(axis=1) & 1, examples.targets)


@pytest.mark.parametrize("name", ["xo", "parity", "original:4", "circle", ""])
def test_what_is_no_table_has_no_bits(name: str) -> None:
    assert bits_of(name) is None


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("parity:9", "parity:8"), ("parity:1", "parity:2"), ("parity:0", "parity:2"), ("table:0", "table:1"),
     ("parity:two", "parity:2"), ("table:", "table:1"),
     ("table:999999999999999", "table:8")],
)  # fmt: skip
def test_too_many_or_too_few_bits_are_refused_with_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(ValueError, match=nearest):
        bits_of(name)


def test_two_bits_are_in_a_plane_and_no_others() -> None:
    assert TruthTable("xor").extent is not None
    assert TruthTable("parity:3").extent is None
