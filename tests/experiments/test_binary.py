"""The binary experiment: what it learns, what it says, what it refuses."""

import math
from typing import Any

import numpy as np
import pytest

from scratchtui.experiments.binary import TOLERANCE, Binary
from scratchtui.experiments.bits.codes import CODES, Code, place_values
from scratchtui.experiments.bits.rows import ORIGINAL
from scratchtui.experiments.hyperparameter import Value
from scratchtui.experiments.panel import Edit, Probe
from scratchtui.experiments.recipe import Recipe, default_recipe
from scratchtui.experiments.snapshot import Snapshot
from scratchtui.experiments.view import Curves, Matrix, Table
from scratchtui.nn import gradient_check, mean_squared_error
from scratchtui.tui.drawn import drawn
from scratchtui.tui.ink import text_of


def recipe(seed: int = 0, **settings: Value) -> Recipe:
    default = default_recipe(Binary, seed)
    return Recipe(default.experiment, {**default.settings, **settings}, seed)


def untrained(seed: int = 0, **settings: Value) -> Binary:
    return Binary(recipe(seed, **settings))


def trained(steps: int | None = None, seed: int = 0, **settings: Value) -> Binary:
    """Train for so many steps, or for as many as are said to be enough."""
    experiment = untrained(seed, **settings)
    for _ in range(experiment.step_budget() if steps is None else steps):
        experiment.step()
    return experiment


def shown_rows(experiment: Binary) -> tuple[tuple[str, ...], ...]:
    table = experiment.view("rows", [], Probe())
    assert isinstance(table, Table)
    return table.rows


def error_of(experiment: Binary) -> float:
    return experiment.measure("max_weight_error")


# what it learns


@pytest.mark.parametrize("settings", [{}, {"bias": True}, {"bits": 1}, {"data": "original"}], ids=str)
def test_the_gradient_agrees_with_central_differences(settings: dict[str, Any]) -> None:
    experiment = untrained(**settings)
    rows = experiment.rows
    checks = gradient_check(experiment.network, mean_squared_error, rows.bits, rows.labels[:, None])
    assert all(check.relative_error < 1e-6 for check in checks), checks
    expected = experiment.network.gradient.copy()
    experiment.gradient()
    np.testing.assert_allclose(experiment.network.gradient, expected, rtol=1e-12)


def test_the_defaults_find_the_powers_of_two_for_every_seed() -> None:
    powers = 2.0 ** np.arange(7, -1, -1)
    for seed in range(100):
        assert np.abs(trained(seed=seed).weights - powers).max() < 1e-6


@pytest.mark.parametrize("bits", [1, 4, 10, 12])
def test_the_defaults_serve_other_widths(bits: int) -> None:
    for seed in (0, 1, 99):
        experiment = trained(seed=seed, bits=bits)
        assert np.abs(experiment.weights - 2.0 ** np.arange(bits - 1, -1, -1)).max() < 1e-3


@pytest.mark.parametrize("bits", [4, 10, 12, 16])
def test_the_defaults_suffice_for_every_seed_by_the_exact_forecast(bits: int) -> None:
    """The forecast is the step that training counts, as its own tests show."""
    experiment = untrained(bits=bits)
    for seed in range(100):
        start = untrained(seed, bits=bits, data="range:0-1").weights  # the same start, fewer rows
        step = experiment.problem.steps_until(TOLERANCE, start, 0.2)
        assert step is not None
        assert step < 300


def test_sixteen_bits_are_learnt_by_really_training() -> None:
    experiment = trained(bits=16)
    assert np.abs(experiment.weights - 2.0 ** np.arange(15, -1, -1)).max() < 1e-3


@pytest.mark.parametrize("code", [code for code in CODES if code != "gray"])
@pytest.mark.parametrize("data", ["all", "original"])
def test_every_code_with_place_values_is_learnt(code: Code, data: str) -> None:
    experiment = trained(encoding=code, data=data)
    assert np.abs(experiment.weights - np.asarray(place_values(code, 8))).max() < 1e-6
    assert experiment.measure("loss") < 1e-9
    assert experiment.notice() == ""


def test_gray_code_ends_at_the_least_squares_solution_and_says_why() -> None:
    experiment = trained(encoding="gray")
    x, y = experiment.rows.bits, experiment.rows.labels
    best, residual, *_ = np.linalg.lstsq(x, y, rcond=None)
    np.testing.assert_allclose(experiment.weights, best, atol=1e-6)
    assert experiment.measure("loss") == pytest.approx(residual[0] / 256)
    assert "Gray" in experiment.notice()
    assert f"{residual[0] / 256:.4g}" in experiment.notice()
    assert "w*" in experiment.headline()


def test_noise_makes_the_least_squares_solution_the_answer() -> None:
    experiment = trained(noise=3.0, seed=5)
    best = np.linalg.lstsq(experiment.rows.bits, experiment.rows.labels, rcond=None)[0]
    assert np.abs(best - 2.0 ** np.arange(7, -1, -1)).max() > 0.01
    np.testing.assert_allclose(experiment.weights, best, atol=2e-6)
    assert "contradict" in experiment.notice()


def test_a_label_of_ones_own_moves_the_answer() -> None:
    experiment = trained(data="all +5=6")
    best = np.linalg.lstsq(experiment.rows.bits, experiment.rows.labels, rcond=None)[0]
    np.testing.assert_allclose(experiment.weights, best, atol=2e-6)
    assert "contradict" in experiment.notice()


def test_a_bias_is_learnt_to_be_nothing() -> None:
    experiment = trained(bias=True)
    np.testing.assert_allclose(experiment.weights, [*(2.0 ** np.arange(7, -1, -1)), 0.0], atol=1e-6)


def test_a_bit_that_is_never_set_keeps_its_weight_and_is_named() -> None:
    start = untrained(data="range:0-31").weights
    experiment = trained(500, data="range:0-31")
    assert experiment.weights[:3].tobytes() == start[:3].tobytes()
    np.testing.assert_allclose(experiment.weights[3:], [16, 8, 4, 2, 1], atol=1e-6)
    assert experiment.notice().startswith("bits 7-5 are never set")
    table = experiment.view("weights", [], Probe())
    assert isinstance(table, Table)
    assert table.marked == {0, 1, 2}
    assert [row[3] for row in table.rows[:3]] == ["random"] * 3


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "rmsprop", "adam"])
def test_no_optimizer_moves_a_bit_that_is_never_set(optimizer: str) -> None:
    start = untrained(data="range:0-127").weights[0]
    assert trained(50, data="range:0-127", optimizer=optimizer, batch_size=7).weights[0] == start


def test_bits_that_are_only_set_together_are_named_as_tied() -> None:
    experiment = trained(200, data="none +3 +4", bits=3)
    assert "not settled" in experiment.notice()
    assert "bits 1, 0" in experiment.notice()
    assert error_of(experiment) < 1e-6
    assert experiment.weights[1] + experiment.weights[2] == pytest.approx(3.0)
    assert np.isnan(experiment.reading.targets).tolist() == [False, True, True]


def test_rows_that_settle_nothing_leave_nothing_to_measure() -> None:
    experiment = trained(3, data="none +0")
    assert math.isnan(error_of(experiment))
    assert experiment.forecast().step is None
    assert "nan" not in experiment.headline()
    assert experiment.remarks() == {}
    assert experiment.metrics()["targets"] == [None] * 8


@pytest.mark.parametrize("initializer", ["uniform", "xavier", "he"])
def test_the_start_depends_on_seed_scale_and_initializer_alone(initializer: str) -> None:
    start = untrained(initializer=initializer).weights
    assert np.array_equal(start, untrained(initializer=initializer, data="original", noise=1.0).weights)
    assert not np.array_equal(start, untrained(1, initializer=initializer).weights)
    np.testing.assert_allclose(untrained(initializer=initializer, scale=10.0).weights, 10.0 * start)


# changing it while it learns

CHANGES: list[tuple[str, Value]] = [
    ("learning_rate", 0.1),
    ("optimizer", "adam"),
    ("optimizer", "momentum"),
    ("momentum", 0.5),
    ("batch_size", 16),
    ("data", "original"),
    ("data", "all -3 +5=6"),
    ("noise", 2.0),
]


@pytest.mark.parametrize(("key", "value"), CHANGES)
@pytest.mark.parametrize("batch_size", [0, 10])
def test_a_live_change_leaves_what_was_learnt_and_goes_on(key: str, value: Value, batch_size: int) -> None:
    experiment = trained(37, batch_size=batch_size)
    before = experiment.weights.copy()
    experiment.change(key, value)
    assert np.array_equal(experiment.weights, before)
    assert experiment.settings[key] == value
    for _ in range(40):
        assert math.isfinite(experiment.step())
    assert experiment.steps == 77
    assert not np.array_equal(experiment.weights, before)


def test_learning_follows_the_data_as_they_change() -> None:
    experiment = trained(300)
    experiment.change("data", "all +255=0")
    for _ in range(300):
        experiment.step()
    assert error_of(experiment) < 1e-6
    assert np.abs(experiment.weights - 2.0 ** np.arange(7, -1, -1)).max() > 0.1
    experiment.change("data", "all")
    for _ in range(300):
        experiment.step()
    np.testing.assert_allclose(experiment.weights, 2.0 ** np.arange(7, -1, -1), atol=1e-6)


REFUSED_CHANGES: list[tuple[str, Value, str]] = [
    ("bits", 4, "needs a new network"),
    ("seed", 1, "needs a new network"),
    ("bit", 4, "did you mean 'bits'"),
    ("data", "everything", "the nearest is 'original'"),
    ("data", "none", "no row is left"),
    ("data", "original -999", "outside"),
]


@pytest.mark.parametrize(("key", "value", "hint"), REFUSED_CHANGES)
def test_a_refused_change_changes_nothing(key: str, value: Value, hint: str) -> None:
    experiment, twin = trained(5, batch_size=3), trained(5, batch_size=3)
    with pytest.raises(ValueError, match=hint):
        experiment.change(key, value)
    assert experiment.settings == twin.settings
    assert [experiment.step() for _ in range(200)] == [twin.step() for _ in range(200)]


def edited(experiment: Binary, action: str, *place: int, text: str = "") -> Value:
    return experiment.edited("rows", Edit(action, place, text), Probe())[1]["data"]


def test_the_last_row_cannot_be_deleted() -> None:
    experiment = untrained(data="none +5")
    with pytest.raises(ValueError, match="no row is left"):
        experiment.change("data", edited(experiment, "remove", 0))
    assert experiment.rows.labels.tolist() == [5.0]


def test_rows_are_added_and_deleted_as_they_are_shown() -> None:
    experiment = untrained(data="original")
    assert edited(experiment, "add", text="7=8") == "original +7=8"
    assert edited(experiment, "remove", 2) == f"original -{ORIGINAL[2]}"


# what it foretells


@pytest.mark.parametrize("batch_size", [0, 256, 1000])
def test_the_whole_data_as_one_batch_can_be_foretold(batch_size: int) -> None:
    assert untrained(batch_size=batch_size).forecast().step == 175


@pytest.mark.parametrize("settings", [{"batch_size": 255}, {"optimizer": "adam"}, {"learning_rate": 0.45}])
def test_what_cannot_be_foretold_has_a_reason(settings: dict[str, Any]) -> None:
    forecast = untrained(**settings).forecast()
    assert forecast.step is None
    assert forecast.reason


def test_the_forecast_does_not_depend_on_where_one_asks() -> None:
    experiment = untrained()
    foretold = experiment.forecast().step
    for _ in range(170):
        experiment.step()
        assert experiment.forecast().step == foretold


def test_a_rate_above_the_limit_is_called_out_before_it_diverges() -> None:
    remark = untrained(learning_rate=0.45).remarks()["learning_rate"]
    assert remark.warning
    assert "0.444" in remark.text
    assert not untrained(learning_rate=0.44).remarks()["learning_rate"].warning
    assert not untrained(learning_rate=0.8, optimizer="momentum").remarks()["learning_rate"].warning
    assert untrained(optimizer="adam").remarks() == {}


# what it answers

READ = [("00000000", 0), ("1111 1111", 255), ("1011_0010", 178)]


@pytest.mark.parametrize(("text", "number"), READ)
def test_a_learnt_network_reads_bits(text: str, number: int) -> None:
    prediction = trained().predict(text)
    assert prediction.prediction == pytest.approx(number, abs=1e-4)
    assert prediction.input == text


@pytest.mark.parametrize("text", ["", "101", "111111111", "2", "178", "1011001x", "٠٠٠٠٠٠٠٠"])
def test_only_rows_of_bits_are_predicted(text: str) -> None:
    with pytest.raises(ValueError, match="not a row of 8 digits 0 and 1, such as 10101010"):
        untrained().predict(text)


ANSWERS: list[tuple[dict[str, Any], str, str]] = [
    ({}, "178", "1011 0010 → 178.00  (178)"),
    ({}, "10110010", "1011 0010 → 178.00  (178)"),
    ({"encoding": "twos"}, "-1", "1111 1111 → -1.00  (-1)"),
    ({"encoding": "bcd"}, "42", "0100 0010 → 42.00  (42)"),
    ({"encoding": "bcd"}, "1111 0001", "1111 0001 → 151.00  (151)"),
    ({"bits": 5, "bias": True}, "9", "0 1001 → 9.00  (9)"),
]


@pytest.mark.parametrize(("settings", "text", "answer"), ANSWERS)
def test_numbers_and_bits_are_answered(settings: dict[str, Any], text: str, answer: str) -> None:
    assert trained(**settings).answer(text) == answer


@pytest.mark.parametrize("text", ["", "abc", "256", "-1", "1.5", "1" * 5000])
def test_what_is_no_number_of_the_code_is_not_answered(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the sentences are tested with the rows
        untrained().answer(text)


def test_only_known_metrics_and_panels_exist() -> None:
    with pytest.raises(KeyError):
        untrained().measure("accuracy")
    with pytest.raises(KeyError):
        untrained().view("filters", [], Probe())


# what it shows


def blown_up(weight: float, **settings: Any) -> Binary:
    experiment = untrained(**settings)
    experiment.network.vector[:] = weight
    return experiment


EXTREMES = {
    "step 0": untrained,
    "learnt": trained,
    "diverged": lambda: blown_up(-1e150),
    "zero weights": lambda: blown_up(0.0),
    "16 bits": lambda: untrained(bits=16),
    "16 bits, diverged": lambda: blown_up(1e150, bits=16),
    "one bit": lambda: untrained(bits=1),
    "one bit, two's complement": lambda: untrained(bits=1, encoding="twos"),
    "one row": lambda: untrained(data="none +0"),
    "tied": lambda: untrained(data="none +255"),
    "gray": lambda: untrained(encoding="gray", bias=True),
    "tiny": lambda: untrained(scale=1e-6, initializer="he"),
    "far labels": lambda: untrained(data="none +1=1e12 +2=-1e12"),
}


@pytest.mark.parametrize("build", EXTREMES.values(), ids=EXTREMES)
def test_every_panel_can_be_shown_in_every_state(build: Any) -> None:
    experiment: Binary = build()
    snapshot = experiment.snapshot()
    timelines: list[list[Snapshot]] = [[], [snapshot], [snapshot] * 1000]
    for timeline in timelines:
        for panel in Binary.panels:
            match experiment.view(panel.name, timeline, Probe()):
                case Table(columns, rows, heat, marked):
                    assert all(len(row) == len(columns) for row in rows)
                    assert len(heat) in {0, len(rows)}
                    assert all(cell is None or -1.0 <= cell <= 1.0 for cell in heat)
                    assert marked <= set(range(len(rows)))
                    assert not any(text in {"nan", "-0"} for row in rows for text in row)
                case Matrix(values, row_labels, column_labels):
                    assert values.shape == (len(row_labels), len(column_labels))
                case Curves(curves):
                    assert len(curves) == (experiment.bits if len(timeline) > 1 else 0)
                    assert all(len(curve.x) == len(curve.y) <= 801 for curve in curves)
                    assert not any(np.isinf(curve.y).any() for curve in curves)
    assert experiment.headline()
    assert experiment.metrics()
    experiment.notice()
    experiment.forecast()
    experiment.remarks()
    experiment.divergence_advice()


def test_of_many_rows_the_worst_the_users_own_and_the_selected_one_are_shown_in_their_order() -> None:
    experiment = trained(5, bits=12, data="all +5=9000 +6")
    table = experiment.view("rows", [], Probe(row=17))
    assert isinstance(table, Table)
    assert (len(table.rows), len(table.ids)) == (256, 256)
    assert "256 of 4098 rows" in table.note
    assert list(table.ids) == sorted(table.ids)
    assert {17, 4096, 4097} <= set(table.ids)
    assert table.selected == 17
    assert table.rows[-2][:3] == ("5", "0000 0000 0101", "9000")
    assert edited(experiment, "remove", table.ids[-2]) == "all +6"


def test_the_last_row_is_selected_by_minus_one_and_one_that_is_gone_gives_its_neighbour() -> None:
    experiment = untrained(data="original")
    for row, selected in ((-1, 7), (99, 7), (3, 3)):
        table = experiment.view("rows", [], Probe(row=row))
        assert isinstance(table, Table)
        assert table.selected == selected


def test_a_path_ends_at_the_present() -> None:
    experiment = untrained()
    snapshots = [experiment.snapshot()]
    for _ in range(1003):
        experiment.step()
        snapshots.append(experiment.snapshot())
    paths = experiment.view("paths", snapshots, Probe())
    assert isinstance(paths, Curves)
    for curve, power in zip(paths.curves, range(7, -1, -1), strict=True):
        assert curve.x[0] == 0
        assert curve.x[-1] == 1003
        assert curve.y[-1] == pytest.approx(power, abs=1e-6)
    assert [curve.name for curve in paths.curves] == ["128", "64", "32", "16", "8", "4", "2", "1"]
    assert [power for power, _ in paths.ticks] == list(range(7, -1, -1))


def test_paths_that_run_away_are_seen_to_do_so() -> None:
    experiment = trained(0, learning_rate=1.0)
    snapshots = [experiment.snapshot()]
    for _ in range(100):
        experiment.step()
        snapshots.append(experiment.snapshot())
    near, away = (experiment.view("paths", seen, Probe()) for seen in (snapshots[:4], snapshots))
    assert isinstance(near, Curves)
    assert isinstance(away, Curves)
    assert (bool(near.ticks), bool(away.ticks)) == (True, False)
    rows, _ = drawn(away, (46, 10))
    inked = [row for row in rows[:-2] if any("⠀" < c <= "⣿" for c in text_of(row))]
    assert len(inked) >= 6


def test_every_reason_why_place_values_do_not_come_out_is_told() -> None:
    experiment = trained(0, encoding="gray", data="range:0-31 +5=6", bias=True)
    assert ["never set" in each or "Gray" in each for each in experiment.notices()] == [True, True]
    assert experiment.notice() == experiment.notices()[0]
    assert trained(0).notices() == []


def test_views_leave_the_state_alone() -> None:
    experiment, twin = trained(20, batch_size=7), trained(20, batch_size=7)
    for panel in Binary.panels:
        experiment.view(panel.name, [experiment.snapshot()], Probe())
    experiment.metrics()
    experiment.forecast()
    experiment.answer("5")
    assert [experiment.step() for _ in range(100)] == [twin.step() for _ in range(100)]
