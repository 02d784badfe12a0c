"""Colours tell sign and magnitude to every eye, and do not flicker."""

from itertools import pairwise

import numpy as np
import pytest
from rich.color import Color
from rich.console import Console
from rich.style import Style

from scratchtui.tui import ramp
from scratchtui.tui.pens import Pens
from scratchtui.tui.ramp import DARK, LIGHT, Ramp

RAMPS = {"dark": DARK, "light": LIGHT}

# linear RGB as it is seen without long or without medium cones (Viénot, Brettel, Mollon 1999)
WITHOUT_LONG = [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]]
WITHOUT_MEDIUM = [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]]
EYES = {"protanope": WITHOUT_LONG, "deuteranope": WITHOUT_MEDIUM}


def seen(entry: int, eye: list[list[float]]) -> np.ndarray:
    linear = (np.array(ramp.rgb(entry)) / 255.0) ** 2.2
    return np.clip(np.array(eye) @ linear, 0.0, 1.0) ** (1 / 2.2) * 255.0


@pytest.mark.parametrize("colours", RAMPS.values(), ids=RAMPS)
def test_lightness_alone_tells_the_magnitude(colours: Ramp) -> None:
    for side in (colours.negative, colours.positive):
        light = [ramp.lightness(entry) for entry in (colours.zero, *side)]
        steps = [b - a for a, b in pairwise(light)]
        assert all(step > 2 for step in steps) or all(step < -2 for step in steps)


SIXTEEN = {"dark": ramp.DARK_16, "light": ramp.LIGHT_16}


@pytest.mark.parametrize("colours", SIXTEEN.values(), ids=SIXTEEN)
def test_sixteen_colours_tell_the_sign_by_hue_and_the_magnitude_by_lightness(colours: Ramp) -> None:
    for side in (colours.negative, colours.positive):
        light = [ramp.lightness(entry) for entry in (colours.zero, *side)]
        steps = [b - a for a, b in pairwise(light)]
        assert all(step >= 0 for step in steps) or all(step <= 0 for step in steps)
        assert len(set(side)) == 3
        assert colours.zero not in side
    assert all(ramp.rgb(entry)[2] > ramp.rgb(entry)[0] for entry in colours.negative)
    assert all(ramp.rgb(entry)[2] < ramp.rgb(entry)[0] for entry in colours.positive)


@pytest.mark.parametrize("colours", SIXTEEN.values(), ids=SIXTEEN)
def test_each_of_sixteen_colours_is_sent_as_itself(colours: Ramp) -> None:
    pens = Pens(Console(color_system="standard"))
    for entry in {colours.zero, *colours.negative, *colours.positive}:
        code = pens(Style(color=Color.from_rgb(*ramp.rgb(entry)))).foreground
        assert code == str(30 + entry if entry < 8 else 82 + entry)


@pytest.mark.parametrize("eye", EYES.values(), ids=EYES)
@pytest.mark.parametrize("colours", RAMPS.values(), ids=RAMPS)
def test_signs_stay_apart_for_colour_blind_eyes(colours: Ramp, eye: list[list[float]]) -> None:
    for below in colours.negative[1:-1]:
        for above in colours.positive[1:-1]:
            assert np.linalg.norm(seen(below, eye) - seen(above, eye)) > 60


@pytest.mark.parametrize("colours", RAMPS.values(), ids=RAMPS)
def test_every_level_has_its_own_palette_entry(colours: Ramp) -> None:
    entries = [colours.entry(level) for level in range(-ramp.LEVELS, ramp.LEVELS + 1)]
    assert len(set(entries)) == 17
    assert all(16 <= entry <= 255 for entry in entries)


@pytest.mark.parametrize("entry", sorted({*DARK.negative, *DARK.positive, *LIGHT.negative}))
def test_words_are_legible_on_every_level(entry: int) -> None:
    assert abs(ramp.lightness(ramp.writing_on(entry)) - ramp.lightness(entry)) > 45


def test_a_cell_keeps_its_level_until_its_value_is_clearly_past_the_edge() -> None:
    held = ramp.quantise(np.array([0.50]))
    assert held.tolist() == [4]
    assert ramp.quantise(np.array([0.57]), held).tolist() == [4]  # 4.56 levels: past, not clearly
    assert ramp.quantise(np.array([0.60]), held).tolist() == [5]


def test_a_trembling_value_never_changes_its_cell() -> None:
    rng = np.random.default_rng(0)
    values = rng.uniform(-1, 1, 400)
    levels = ramp.quantise(values)
    for _ in range(20):
        after = ramp.quantise(values + rng.uniform(-0.01, 0.01, 400), levels)
        # a value that began just inside an edge may settle once, and then stays
        assert (after == levels).all()
        levels = after


def test_an_empty_cell_is_no_level_and_is_filled_at_once() -> None:
    held = ramp.quantise(np.array([np.nan, 0.5]))
    assert held.tolist() == [ramp.EMPTY, 4]
    assert ramp.quantise(np.array([0.0, np.nan]), held).tolist() == [0, ramp.EMPTY]


def test_another_shape_forgets_the_levels() -> None:
    assert ramp.quantise(np.zeros(3), np.ones(2, dtype=np.int8)).tolist() == [0, 0, 0]


LIMITS = [  # largest value, limit before, limit after
    (127.98, None, 150.0),
    (1.0, None, 1.0),
    (120.0, 150.0, 150.0),
    (60.0, 150.0, 150.0),
    (151.0, 150.0, 200.0),
    (59.0, 150.0, 60.0),
    (0.0, None, 1.0),
    (0.0, 2.0, 2.0),
    (float("nan"), 2.0, 2.0),
]


@pytest.mark.parametrize(("largest", "held", "limit"), LIMITS)
def test_the_limit_is_round_and_moves_seldom(largest: float, held: float | None, limit: float) -> None:
    assert ramp.steady_limit(largest, held) == pytest.approx(limit)


def test_a_logarithmic_scale_shows_1_beside_128() -> None:
    parts = ramp.scaled(np.array([128.0, 1.0, -1.0, 0.0, 500.0]), 128.0, logarithmic=True)
    levels = ramp.quantise(parts)
    assert levels[0] == 8
    assert 2 <= levels[1] <= 4
    assert levels[2] == -levels[1]
    assert levels[3] == 0
    assert levels[4] == 8


def test_glyphs_tell_sign_and_magnitude_without_colour() -> None:
    assert [ramp.sign_glyph(level) for level in (-3, 0, 3, ramp.EMPTY)] == ["-", " ", "+", "·"]
    assert [ramp.digit_glyph(level) for level in (-8, 0, 3, ramp.EMPTY)] == ["8", "0", "3", "·"]
