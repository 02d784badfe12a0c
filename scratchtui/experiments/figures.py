"""How numbers and bits are written where there is little room."""

from __future__ import annotations

import math


def figure(value: float) -> str:
    """Return a number with two decimals, with fewer where it is large, or as a power of ten."""
    size = abs(value)
    return f"{value:.2f}" if size < 1e4 else f"{value:.1f}" if size < 1e7 else f"{value:.1e}"


def target(value: float) -> str:
    """Return a whole number as one, any other with two decimals."""
    return f"{value:.0f}" if value == round(value) else f"{value:.2f}"


def error(value: float) -> str:
    """Return a signed number that keeps its first digit however small it is."""
    if abs(value) >= 1e6:
        return f"{value:+.1e}"
    if abs(value) >= 0.1:
        return f"{value:+.2f}" if abs(value) < 1e3 else f"{value:+.0f}"
    return f"{value:+.4f}" if abs(value) >= 1e-4 else f"{value:+.0e}" if value else "0"


def limit(value: float) -> str:
    """Return a limit to three figures, never more than it is: what is written keeps it."""
    words = f"{value:.3g}"
    if float(words) > value:
        words = f"{value - 10.0 ** (math.floor(math.log10(value)) - 2) / 2:.3g}"
    return words


def bits(number: int, count: int) -> str:
    """Return the last `count` binary digits of `number`, in groups of four from the right."""
    digits = f"{number:0{count}b}"
    return " ".join(digits[max(0, end - 4) : end] for end in range(count % 4 or 4, count + 1, 4))


def runs(names: list[str]) -> str:
    """Return names with each run of three or more descending numbers by its ends: 7-5, 3."""
    found: list[list[str]] = []
    for name in names:
        if found and name.isdigit() and found[-1][-1].isdigit() and int(found[-1][-1]) - int(name) == 1:
            found[-1].append(name)
        else:
            found.append([name])
    return ", ".join(part for run in found for part in ([f"{run[0]}-{run[-1]}"] if len(run) > 2 else run))
