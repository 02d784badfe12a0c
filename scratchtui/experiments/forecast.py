"""Forecasts: when a goal will be met."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Forecast:
    """When the goal will be met: at `step`, or (None) never or not known, for `reason`.

    It is only `about` then where rounding may shift it.
    """

    step: int | None
    reason: str = ""
    about: bool = False

    @property
    def words(self) -> str:
        """The step as it is written for people."""
        return "never" if self.step is None else f"{'about ' * self.about}step {self.step:,}"
