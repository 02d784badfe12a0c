"""How many bytes a second are sent."""

from __future__ import annotations

from scratchtui.tui.meter import Meter


def test_it_tells_the_mean_of_the_last_five_seconds() -> None:
    meter = Meter(0, 0.0)
    assert [meter.words(1024 * second, float(second)) for second in range(1, 8)] == ["1.0 KiB/s"] * 7
    words = [meter.words(7 * 1024, float(second)) for second in range(8, 14)]
    assert words == ["0.8 KiB/s", "0.6 KiB/s", "0.4 KiB/s", "0.2 KiB/s", "0.0 KiB/s", "0.0 KiB/s"]


def test_what_was_sent_before_it_was_asked_for_does_not_count() -> None:
    assert Meter(10_000, 5.0).words(10_512, 6.0) == "0.5 KiB/s"
