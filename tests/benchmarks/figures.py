"""What was measured, beside what DESIGN.md allows."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib.metadata import version


@dataclass(frozen=True)
class Figure:
    """A measured value, and the most or (`at_least`) the least that it may be, where there is a budget."""

    what: str
    value: float
    unit: str
    budget: float | None = None
    at_least: bool = False
    remark: str = ""

    @property
    def missed(self) -> bool:
        """Whether the budget is not kept."""
        if self.budget is None:
            return False
        return self.value < self.budget if self.at_least else self.value > self.budget

    @property
    def bound(self) -> str:
        """The budget as it is written."""
        return "" if self.budget is None else f"{'≥' if self.at_least else '≤'} {self.budget:g}"


def conditions() -> str:
    """Return what the figures depend on besides the program."""
    load = " ".join(f"{each:.2f}" for each in os.getloadavg())
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numpy", "textual", "plotext"))
    return f"{os.cpu_count()} processors, load {load}, Python {platform.python_version()}, {libraries}"


def table(figures: list[Figure]) -> list[str]:
    """Return a line a figure, in columns."""
    cells = [("what", "measured", "budget", "")]
    for each in figures:
        remark = "  ".join(filter(None, ("MISSED" if each.missed else "", each.remark)))
        cells.append((each.what, f"{_short(each.value)} {each.unit}".strip(), each.bound, remark))
    widths = [max(len(row[k]) for row in cells) for k in range(3)]
    return [
        f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]}".rstrip()
        for row in cells
    ]


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
