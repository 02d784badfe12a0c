"""The dataset of the binary experiment: which rows of bits, and what each is said to spell.

It is written as text, so that a recipe, a command line and a file can all carry it:
`all`, `original`, `range:LOW-HIGH`, `sample:N`, `none`, and after it any number of edits,
`+NUMBER` (a row more), `+NUMBER=LABEL` (a row more with a label of the user's) and `-NUMBER` (no
such row).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.bits.codes import Code, all_rows, bounds, decode, encode, spell
from scratchtui.experiments.hyperparameter import decimal, quoted, suggestion

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scratchtui.nn import Array

ORIGINAL = (143, 85, 48, 27, 241, 220, 96, 166)
BASES = ("all", "original", "range:LOW-HIGH", "sample:N", "none")
LARGEST_LABEL = 1e12
_NUMBER = r"-?[0-9]{1,18}"
_EDIT = re.compile(rf"\+({_NUMBER})(?:=(-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?))?|-({_NUMBER})")


@dataclass(frozen=True)
class Rows:
    """Bits (N, B), most significant first, and the label (N,) of each row.

    `edits` (N,) is the place of the edit that added a row, -1 for a row of the base.
    """

    bits: Array
    labels: Array
    edits: NDArray[np.intp]


def make_rows(text: str, code: Code, bits: int, noise: float, rng: np.random.Generator) -> Rows:
    """Return the rows that `text` describes, their labels disturbed by normal noise.

    `noise` is its standard deviation. ValueError where the text is not understood or leaves no row.
    """
    base, *edits = text.split() or [""]
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
        rows = np.vstack((rows, *(encode(number, code, bits) for number, _, _ in added)))
        labels = np.append(labels, [label for _, label, _ in added])
        places = np.append(places, [place for _, _, place in added])
    if not len(rows):
        raise ValueError("no row is left to learn from; add one with +NUMBER")
    return Rows(rows, labels, places)


def _check_deletions(edits: list[str], numbers: Array, base: str, code: Code, bits: int) -> None:
    """Refuse to take away what there is not, or not any longer; what a sample has depends on the seed."""
    present = {int(number) for number in numbers}
    for edit in edits:
        number, label = _read_edit(edit)
        if label is not None:
            present.add(number)
        elif number in present:
            present.remove(number)
        else:
            encode(number, code, bits)
            if not base.startswith("sample:"):
                raise ValueError(f"-{number}: there is no row {number} to take away from {base}")


def _outcome(edits: list[str]) -> tuple[list[tuple[int, float, int]], set[int]]:
    """Return what edits, made one after another, come to.

    (number, label, place of the edit) of the rows added, and the numbers deleted.
    """
    added: list[tuple[int, float, int]] = []
    deleted: set[int] = set()
    for place in reversed(range(len(edits))):
        number, label = _read_edit(edits[place])
        if label is None:
            deleted.add(number)
        elif number not in deleted:
            added.append((number, label, place))
    return added[::-1], deleted


def _read_edit(edit: str) -> tuple[int, float | None]:
    """Return the number of an edit, and the label of the row that it adds; None where it deletes."""
    match = _EDIT.fullmatch(edit)
    if match is None:
        raise ValueError(f"{quoted(edit)} is no edit of the data; write +NUMBER, +NUMBER=LABEL or -NUMBER")
    added, label, deleted = match.groups()
    if deleted is not None:
        return int(deleted), None
    return int(added), _checked_label(float(label if label is not None else added))


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
    typed, equals, label = text.partition("=")
    number = row_number(typed, code, bits)
    if not np.array_equal(encode(number, code, bits), row_bits(typed, code, bits)):
        raise ValueError(f"{quoted(typed)} is no row of {code}: a digit is above 9")
    if not equals:
        return f"{data} +{number}"
    try:
        value = decimal(label)
    except ValueError:
        raise ValueError(f"the label {quoted(label)} is not a number") from None
    return f"{data} +{number}={_checked_label(value)!r}".removesuffix(".0")


def without_row(data: str, rows: Rows, index: int, code: Code) -> str:
    """Return `data`, which gave `rows`, without the row at `index` and with all others."""
    base, *edits = data.split()
    if (place := int(rows.edits[index])) >= 0:
        return " ".join([base, *edits[:place], *edits[place + 1 :]])
    number = int(decode(rows.bits[index : index + 1], code)[0])
    first = next((place for place, edit in enumerate(edits) if edit[0] == "+"), len(edits))
    return " ".join([base, *edits[:first], f"-{number}", *edits[first:]])  # before additions, which stay


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
    raise ValueError(f"data has no choice {quoted(base)}; {suggestion(base, BASES, listing=True)}")


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
