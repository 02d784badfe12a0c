"""The dataset of the binary experiment: which rows of bits, and what each is said to spell.

As text (`data_text.py`) it is `all`, `original`, `range:LOW-HIGH`, `sample:N` or `none`, and its edits are
`+NUMBER` (a row more), `+NUMBER=LABEL` (a row more with a label of the user's) and `-NUMBER` (no such row).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.bits.codes import Code, all_rows, bounds, decode, encode, spell
from scratchtui.experiments.data_text import Grammar, base_of, unknown, written
from scratchtui.experiments.hyperparameter import decimal, quoted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchtui.nn import Array

ORIGINAL = (143, 85, 48, 27, 241, 220, 96, 166)
BASES = ("all", "original", "range:LOW-HIGH", "sample:N", "none")
LARGEST_LABEL = 1e12
_NUMBER = r"-?[0-9]{1,18}"
_LABEL = r"-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?"
_MOST_EDITS = 100_000  # 16 bits have 65,536 rows


@dataclass(frozen=True)
class Rows:
    """Bits (N, B), most significant first, and the label (N,) of each row.

    `edits` (N,) is the place of the edit that added a row, -1 for a row of the base.
    """

    bits: Array
    labels: Array
    edits: NDArray[np.intp]


@dataclass(frozen=True)
class RowEdit:
    """A row more, of that label, or (None) no such row any longer."""

    number: int
    label: float | None = None

    @classmethod
    def of(cls, match: re.Match[str]) -> RowEdit:
        """Return the edit that was written; ValueError for a label out of reach."""
        added, label, deleted = match.groups()
        if deleted is not None:
            return cls(int(deleted))
        return cls(int(added), _checked_label(float(label if label is not None else added)))

    def __str__(self) -> str:
        if self.label is None:
            return f"-{self.number}"
        label = "" if self.label == self.number else f"={self.label!r}".removesuffix(".0")
        return f"+{self.number}{label}"


GRAMMAR = Grammar(
    ("+NUMBER", "+NUMBER=LABEL", "-NUMBER"),
    re.compile(rf"\+({_NUMBER})(?:=({_LABEL}))?|-({_NUMBER})"),
    RowEdit.of,
    _MOST_EDITS,
)


def make_rows(text: str, code: Code, bits: int, noise: float, rng: np.random.Generator) -> Rows:
    """Return the rows that `text` describes, their labels disturbed by normal noise.

    `noise` is its standard deviation. ValueError where the text is not understood or leaves no row.
    """
    base, edits = base_of(text), GRAMMAR.edits(text)
    rows = _base_rows(base, code, bits, rng)
    numbers = decode(rows, code)
    labels = numbers + noise * rng.standard_normal(len(numbers))
    added, deleted = _outcome(edits)
    _check_deletions(edits, numbers, base, code, bits)
    if deleted:
        kept = ~np.isin(numbers, list(deleted))
        rows, labels = rows[kept], labels[kept]
    places = np.full(len(rows), -1)
    if added:
        rows = np.vstack((rows, *(encode(edit.number, code, bits) for edit in added.values())))
        labels = np.append(labels, [edit.label for edit in added.values()])
        places = np.append(places, list(added))
    if not len(rows):
        raise ValueError("no row is left to learn from; add one with +NUMBER")
    return Rows(rows, labels, places)


def _check_deletions(edits: list[RowEdit], numbers: Array, base: str, code: Code, bits: int) -> None:
    """Refuse to take away what there is not, or not any longer; what a sample has depends on the seed."""
    present = {int(number) for number in numbers}
    for edit in edits:
        if edit.label is not None:
            present.add(edit.number)
        elif edit.number in present:
            present.remove(edit.number)
        else:
            encode(edit.number, code, bits)
            if not base.startswith("sample:"):
                raise ValueError(f"{edit}: there is no row {edit.number} to take away from {base}")


def _outcome(edits: list[RowEdit]) -> tuple[dict[int, RowEdit], set[int]]:
    """Return what edits, made one after another, come to: those that add rows, by place, and what is gone."""
    added: list[tuple[int, RowEdit]] = []
    deleted: set[int] = set()
    for place in reversed(range(len(edits))):
        edit = edits[place]
        if edit.label is None:
            deleted.add(edit.number)
        elif edit.number not in deleted:
            added.append((place, edit))
    return dict(reversed(added)), deleted


def _checked_label(label: float) -> float:
    if math.isnan(label):
        raise ValueError(f"the label nan is no number; write one of at most {LARGEST_LABEL:g}")
    if abs(label) > LARGEST_LABEL:
        nearest = math.copysign(LARGEST_LABEL, label)
        raise ValueError(f"the label {label:g} is out of reach; the nearest is {nearest:g}")
    return label


def row_bits(text: str, code: Code, bits: int) -> Array:
    """Return the row (B,) meant by exactly `bits` digits 0 and 1, or by a whole number; or ValueError."""
    plain = text.replace(" ", "").replace("_", "")
    if len(plain) == bits and set(plain) <= {"0", "1"}:
        return np.array([float(digit) for digit in plain])
    if not re.fullmatch(rf"\+?{_NUMBER}", text.strip()):
        raise ValueError(f"{quoted(text)} is neither {bits} bits nor a whole number")
    return encode(int(text), code, bits)


def row_number(text: str, code: Code, bits: int) -> int:
    """Return the number meant by exactly `bits` digits 0 and 1, or by a whole number; or ValueError."""
    return int(decode(row_bits(text, code, bits)[None], code)[0])


def with_row(data: str, text: str, code: Code, bits: int) -> str:
    """Return `data` with the row that was typed: a number or bits, and perhaps =LABEL; or ValueError."""
    typed, equals, written_label = text.partition("=")
    number = row_number(typed, code, bits)
    if not np.array_equal(encode(number, code, bits), row_bits(typed, code, bits)):
        raise ValueError(f"{quoted(typed)} is no row of {code}: a digit is above 9")
    label = float(number)
    if equals:
        try:
            label = decimal(written_label)
        except ValueError:
            raise ValueError(f"the label {quoted(written_label)} is not a number") from None
    return f"{data} {RowEdit(number, _checked_label(label))}"


def without_row(data: str, rows: Rows, index: int, code: Code) -> str:
    """Return `data`, which gave `rows`, without the row at `index` and with all others."""
    base, edits = base_of(data), GRAMMAR.edits(data)
    if (place := int(rows.edits[index])) >= 0:
        del edits[place]
    else:
        number = int(decode(rows.bits[index : index + 1], code)[0])
        first = next((place for place, edit in enumerate(edits) if edit.label is not None), len(edits))
        edits.insert(first, RowEdit(number))  # before additions, which stay
    return written(base, edits)


def _base_rows(base: str, code: Code, bits: int, rng: np.random.Generator) -> Array:
    kind, _, rest = base.partition(":")
    if kind == "all" and not rest:
        return all_rows(code, bits)
    if kind == "none" and not rest:
        return np.empty((0, bits))
    if kind == "original" and not rest:
        if bits < 8:
            raise ValueError(f"the eight rows of the original need 8 bits, and there are {bits}")
        return spell(np.array(ORIGINAL), bits)
    if kind == "range" and (span := re.fullmatch(rf"({_NUMBER})-({_NUMBER})", rest)):
        return _range_rows(int(span[1]), int(span[2]), code, bits)
    if kind == "sample" and re.fullmatch("0+|-[0-9]+", rest):
        raise ValueError(f"{quoted(base)} draws no row; N is 1 or more, such as sample:1")
    if kind == "sample" and re.fullmatch("[1-9][0-9]{0,17}", rest):
        rows = all_rows(code, bits)
        if int(rest) > len(rows):
            raise ValueError(f"{base} asks for more rows than the {len(rows)} there are")
        return rows[np.sort(rng.choice(len(rows), int(rest), replace=False))]
    raise unknown(base, BASES)


def _range_rows(low: int, high: int, code: Code, bits: int) -> Array:
    least, most = bounds(code, bits)
    if low > high:
        raise ValueError(f"range:{low}-{high} runs backwards; did you mean range:{high}-{low}?")
    if not least <= low <= high <= most:
        raise ValueError(
            f"range:{low}-{high} is not within {least} to {most}, what {bits} bits of {code} can spell"
        )
    rows = all_rows(code, bits)
    numbers = decode(rows, code)
    return rows[(numbers >= low) & (numbers <= high)]
