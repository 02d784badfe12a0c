"""The dataset of the binary experiment: which rows of bits, and what each is said to spell.

It is written as text, so that a recipe, a command line and a file can all carry it:
`all`, `original`, `range:LOW-HIGH`, `sample:N`, `none`, and after it any number of edits,
`+NUMBER` (a row more), `+NUMBER=LABEL` (a row more with a label of the user's) and `-NUMBER` (no
such row).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.experiments.codes import Code, all_rows, bounds, decode, encode, spell
from scratchtui.experiments.hyperparameter import nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

ORIGINAL = (143, 85, 48, 27, 241, 220, 96, 166)
BASES = ("all", "original", "range:LOW-HIGH", "sample:N", "none")
_EDIT = re.compile(r"([+-])(-?\d+)(?:=(-?\d+(?:\.\d+)?))?")


@dataclass(frozen=True)
class Rows:
    """Bits (N, B), most significant first, and the label (N,) of each row."""

    bits: Array
    labels: Array


def make_rows(text: str, code: Code, bits: int, noise: float, rng: np.random.Generator) -> Rows:
    """Return the rows that `text` describes, their labels disturbed by normal noise.

    `noise` is its standard deviation. ValueError where the text is not understood or leaves no row.
    """
    base, *edits = text.split() or [""]
    rows = _base_rows(base, code, bits, rng)
    labels = decode(rows, code)
    labels = labels + noise * rng.standard_normal(len(labels))
    for edit in edits:
        match = _EDIT.fullmatch(edit)
        if match is None:
            raise ValueError(f"{edit!r} is no edit of the data; write +NUMBER, +NUMBER=LABEL or -NUMBER")
        sign, number, label = match.groups()
        row = encode(int(number), code, bits)
        if sign == "+":
            rows = np.vstack((rows, row))
            labels = np.append(labels, float(label if label is not None else number))
        else:
            keep = np.any(rows != row, axis=1)
            rows, labels = rows[keep], labels[keep]
    if not len(rows):
        raise ValueError("no row is left to learn from; add one with +NUMBER")
    return Rows(rows, labels)


def row_number(text: str, code: Code, bits: int) -> int:
    """Return the number meant by exactly `bits` digits 0 and 1, or by a whole number."""
    plain = text.replace(" ", "").replace("_", "")
    if len(plain) == bits and set(plain) <= {"0", "1"}:
        return int(decode(np.array([[float(digit) for digit in plain]]), code)[0])
    try:
        return int(plain)
    except ValueError:
        raise ValueError(f"{text!r} is neither {bits} bits nor a whole number") from None


def with_row(data: str, text: str, code: Code, bits: int) -> str:
    """Return `data` with the row that was typed: a number or bits, and perhaps =LABEL."""
    number, equals, label = text.partition("=")
    edit = f"+{row_number(number, code, bits)}"
    if equals:
        try:
            edit += f"={float(label):.12g}"
        except ValueError:
            raise ValueError(f"the label {label.strip()!r} is not a number") from None
        if not _EDIT.fullmatch(edit):
            raise ValueError(f"the label {label.strip()!r} is out of reach")
    encode(row_number(number, code, bits), code, bits)
    return f"{data} {edit}"


def without_row(data: str, row: Array, code: Code) -> str:
    """Return `data` without the rows that are like `row` (B,)."""
    number = int(decode(row[None], code)[0])
    base, *edits = data.split()
    others = [edit for edit in edits if (match := _EDIT.fullmatch(edit)) and int(match[2]) != number]
    return " ".join([base, *others, f"-{number}"])


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
    if kind == "range" and (span := re.fullmatch(r"(-?\d+)-(-?\d+)", rest)):
        return _range_rows(int(span[1]), int(span[2]), code, bits)
    if kind == "sample" and re.fullmatch(r"[1-9]\d*", rest):
        rows = all_rows(code, bits)
        if int(rest) > len(rows):
            raise ValueError(f"{base} asks for more rows than the {len(rows)} there are")
        return rows[np.sort(rng.choice(len(rows), int(rest), replace=False))]
    raise ValueError(
        f"data has no choice {base!r}; did you mean {nearest(base, BASES)!r}? ({', '.join(BASES)})"
    )


def _range_rows(low: int, high: int, code: Code, bits: int) -> Array:
    least, most = bounds(code, bits)
    if not least <= low <= high <= most:
        raise ValueError(
            f"range:{low}-{high} is not within {least} to {most}, what {bits} bits of {code} can spell"
        )
    rows = all_rows(code, bits)
    numbers = decode(rows, code)
    return rows[(numbers >= low) & (numbers <= high)]
