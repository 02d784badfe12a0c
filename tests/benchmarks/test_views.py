"""What it takes to see a moment: every panel's view from a snapshot, and its picture."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import cache
from itertools import cycle
from statistics import median
from typing import Any

import numpy as np
import pytest
from textual.app import App, ComposeResult
from textual.widget import Widget

from scratchtui.experiments import EXPERIMENTS, build
from scratchtui.experiments.experiment import Experiment
from scratchtui.experiments.hyperparameter import Value
from scratchtui.experiments.letters.text import TWO_HUNDRED
from scratchtui.experiments.panel import Probe
from scratchtui.experiments.recipe import default_recipe
from scratchtui.experiments.view import View
from scratchtui.training.history import LossHistory
from scratchtui.training.timeline import Timeline
from scratchtui.tui.widgets.chart import Chart
from scratchtui.tui.widgets.drawing import Drawing
from scratchtui.tui.widgets.heatmap import Heatmap
from scratchtui.tui.widgets.table import TableView

MOMENTS = 3000
PLACES = {"80x24": (46, 11), "120x40": (70, 18), "200x50": (88, 26)}  # what a chart gets, about
LARGE: dict[str, tuple[str, dict[str, Value], int]] = {
    "binary, 16 bits": ("binary", {"bits": 16}, MOMENTS),
    "nn, spirals, 4x32 units": ("nn", {"data": "spirals", "hidden": "32,32,32,32", "points": 1000}, 100),
    "cnn, 16 filters": ("cnn", {"filters": 16}, 300),
    "rnn, 200 characters, 100 units": ("rnn", {"text": TWO_HUNDRED, "hidden": 100}, 100),
}
RECIPES = {name: (name, {}, MOMENTS) for name in EXPERIMENTS} | LARGE
SHOWN = [(name, panel.name) for name, (kind, _, _) in RECIPES.items() for panel in EXPERIMENTS[kind].panels]


def trained(
    kind: str, settings: dict[str, Value], steps: int
) -> Iterator[tuple[Experiment, Timeline, LossHistory]]:
    """Yield an experiment after every step, with its whole history."""
    recipe = default_recipe(EXPERIMENTS[kind])
    for key, value in settings.items():
        recipe = recipe.with_value(key, value)
    experiment = build(recipe)
    timeline, losses = Timeline([experiment.snapshot()]), LossHistory()
    for step in range(1, steps + 1):
        losses = losses.merge(LossHistory.of(step, np.array([experiment.step()])))
        timeline.append(experiment.snapshot())
        yield experiment, timeline, losses


@cache
def run(name: str) -> tuple[Experiment, Timeline, LossHistory]:
    return deque(trained(*RECIPES[name]), maxlen=1)[0]


def timed(benchmark: Any, record: Callable[..., None], what: str, view: Callable[[], object]) -> None:
    benchmark(view)
    if benchmark.stats:
        record(what, benchmark.stats.stats.median * 1e3, "ms", 10)


@pytest.mark.parametrize(("name", "panel"), SHOWN)
def test_view_from_a_snapshot(benchmark: Any, name: str, panel: str, record: Callable[..., None]) -> None:
    experiment, timeline, _ = run(name)
    snapshots = cycle(timeline.snapshots[-20:])  # of the same moment much is known already

    def view() -> View:
        experiment.restore(next(snapshots))
        return experiment.view(panel, timeline.snapshots, Probe())

    timed(benchmark, record, f"view of {panel}, {name}", view)


@pytest.mark.parametrize("name", RECIPES)
def test_losses_from_the_history(benchmark: Any, name: str, record: Callable[..., None]) -> None:
    timed(benchmark, record, f"view of loss, {name}", run(name)[2].view)


@pytest.mark.parametrize("name", RECIPES)
def test_loss_on_held_out_data(benchmark: Any, name: str, record: Callable[..., None]) -> None:
    experiment, timeline, _ = run(name)
    snapshots = cycle(timeline.snapshots[-20:])

    def loss() -> float:
        experiment.restore(next(snapshots))
        return experiment.held_out_loss()

    timed(benchmark, record, f"held-out loss of a snapshot, {name}", loss)


@pytest.mark.parametrize("filters", [8, 16])
def test_views_of_a_cnn_from_a_snapshot(benchmark: Any, filters: int, record: Callable[..., None]) -> None:
    experiment = build(default_recipe(EXPERIMENTS["cnn"]).with_value("filters", filters))
    snapshots = []
    for _ in range(2):
        experiment.step()
        snapshots.append(experiment.snapshot())

    def views() -> list[View]:
        snapshots.reverse()  # the answers to all faces are kept for one moment only
        experiment.restore(snapshots[0])
        return [experiment.view(panel.name, (), Probe()) for panel in experiment.panels]

    benchmark(views)
    if benchmark.stats:
        record(f"all views of cnn, {filters} filters", benchmark.stats.stats.median * 1e3, "ms", 10)


TEXTS: dict[str, dict[str, Value]] = {
    "hello": {},
    "200 characters, 100 units": {"text": TWO_HUNDRED, "hidden": 100},
    "4,000 characters, 64 units": {"text": TWO_HUNDRED * 20, "hidden": 64},
}


@pytest.mark.parametrize("name", TEXTS)
def test_views_of_an_rnn_from_a_snapshot(benchmark: Any, name: str, record: Callable[..., None]) -> None:
    recipe = default_recipe(EXPERIMENTS["rnn"])
    for key, value in TEXTS[name].items():
        recipe = recipe.with_value(key, value)
    experiment = build(recipe)
    snapshots = []
    for _ in range(2):
        experiment.step()
        snapshots.append(experiment.snapshot())

    def views() -> list[View]:
        snapshots.reverse()  # what is made of the text is kept for one moment only
        experiment.restore(snapshots[0])
        return [experiment.view(panel.name, (), Probe()) for panel in experiment.panels]

    benchmark(views)
    if benchmark.stats:
        record(f"all views of rnn, {name}", benchmark.stats.stats.median * 1e3, "ms", 10)


class Easel(App[None]):
    """One widget on a screen of its size."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        yield self.widget


def drawn(widget: Any, views: list[View]) -> float:
    """Return the median milliseconds to draw each of these views after the one before."""
    times = []
    for view in views:
        begun = time.perf_counter()
        widget.show(view)
        for y in range(widget.size.height):
            widget.render_line(y)
        times.append((time.perf_counter() - begun) * 1e3)
    return median(times)


VIEWS: dict[str, tuple[type[Drawing], Callable[[Experiment, Timeline, LossHistory], View]]] = {
    "loss": (Chart, lambda _, __, losses: losses.view()),
    "paths": (Chart, lambda experiment, timeline, _: experiment.view("paths", timeline.snapshots, Probe())),
    "weights": (TableView, lambda experiment, _, __: experiment.view("weights", (), Probe())),
    "heatmap": (Heatmap, lambda experiment, _, __: experiment.view("heatmap", (), Probe())),
}


@pytest.mark.parametrize("size", PLACES)
@pytest.mark.parametrize("panel", VIEWS)
async def test_drawing_a_view_that_moves(panel: str, size: str, record: Callable[..., None]) -> None:
    kind, view = VIEWS[panel]
    views = [view(*run) for step, run in enumerate(trained("binary", {}, 150)) if step >= 100]
    widget = kind()
    async with Easel(widget).run_test(size=PLACES[size]):
        columns, rows = widget.size
        record(f"drawing {panel} anew at {size} ({columns}x{rows})", drawn(widget, views), "ms")
