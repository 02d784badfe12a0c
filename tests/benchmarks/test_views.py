"""What it takes to see a moment: every panel's view from a snapshot, and its picture."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import numpy as np
import pytest
from textual.app import App, ComposeResult
from textual.widget import Widget

from scratchtui.experiments import EXPERIMENTS, build
from scratchtui.experiments.experiment import Experiment, default_recipe
from scratchtui.experiments.hyperparameter import Value
from scratchtui.experiments.panel import Probe
from scratchtui.experiments.text import TWO_HUNDRED
from scratchtui.experiments.view import View
from scratchtui.training.history import LossHistory
from scratchtui.training.timeline import Timeline
from scratchtui.tui.widgets.chart import Chart
from scratchtui.tui.widgets.drawing import Drawing
from scratchtui.tui.widgets.heatmap import Heatmap
from scratchtui.tui.widgets.table import TableView

BINARY = EXPERIMENTS["binary"]
PANELS = tuple(panel.name for panel in BINARY.panels)
MOMENTS = 3000
PLACES = {"80x24": (46, 11), "120x40": (70, 18), "200x50": (88, 26)}  # what a chart gets, about


def trained(bits: int, steps: int) -> Iterator[tuple[Experiment, Timeline, LossHistory]]:
    """Yield the binary experiment after every step, with its whole history."""
    experiment = build(default_recipe(BINARY).with_value("bits", bits))
    timeline, losses = Timeline([experiment.snapshot()]), LossHistory()
    for step in range(1, steps + 1):
        losses = losses.merge(LossHistory.of(step, np.array([experiment.step()])))
        timeline.append(experiment.snapshot())
        yield experiment, timeline, losses


@pytest.fixture(scope="module", params=[8, 16], ids=["8 bits", "16 bits"])
def run(request: pytest.FixtureRequest) -> tuple[int, Experiment, Timeline, LossHistory]:
    bits = request.param
    return bits, *deque(trained(bits, MOMENTS), maxlen=1)[0]


@pytest.mark.parametrize("panel", [*PANELS, "loss"])
def test_view_from_a_snapshot(benchmark: Any, run: Any, panel: str, record: Callable[..., None]) -> None:
    bits, experiment, timeline, losses = run
    moment = timeline.latest

    def view() -> View:
        if panel == "loss":
            return losses.view()
        experiment.restore(moment)
        return experiment.view(panel, timeline.moments, Probe())

    benchmark(view)
    if benchmark.stats:
        record(f"view of {panel}, {bits} bits", benchmark.stats.stats.median * 1e3, "ms", 10)


NETS: dict[str, dict[str, Value]] = {
    "xor": {},
    "spirals, 4x32 units": {"data": "spirals", "hidden": "32,32,32,32", "points": 1000},
}


@pytest.mark.parametrize("name", NETS)
def test_views_of_a_neural_net_from_a_snapshot(
    benchmark: Any, name: str, record: Callable[..., None]
) -> None:
    recipe = default_recipe(EXPERIMENTS["nn"])
    for key, value in NETS[name].items():
        recipe = recipe.with_value(key, value)
    experiment = build(recipe)
    moment = experiment.snapshot()

    def views() -> list[View]:
        experiment.restore(moment)
        return [experiment.view(panel.name, (), Probe()) for panel in experiment.panels]

    benchmark(views)
    if benchmark.stats:
        record(f"all views of nn, {name}", benchmark.stats.stats.median * 1e3, "ms", 10)


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
    moments = []
    for _ in range(2):
        experiment.step()
        moments.append(experiment.snapshot())

    def views() -> list[View]:
        moments.reverse()  # what is made of the text is kept for one moment only
        experiment.restore(moments[0])
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
    "paths": (Chart, lambda experiment, timeline, _: experiment.view("paths", timeline.moments, Probe())),
    "weights": (TableView, lambda experiment, _, __: experiment.view("weights", (), Probe())),
    "heatmap": (Heatmap, lambda experiment, _, __: experiment.view("heatmap", (), Probe())),
}


@pytest.mark.parametrize("size", PLACES)
@pytest.mark.parametrize("panel", VIEWS)
async def test_drawing_a_view_that_moves(panel: str, size: str, record: Callable[..., None]) -> None:
    kind, view = VIEWS[panel]
    views = [view(*run) for step, run in enumerate(trained(8, 150)) if step >= 100]
    widget = kind()
    async with Easel(widget).run_test(size=PLACES[size]):
        columns, rows = widget.size
        record(f"drawing {panel} anew at {size} ({columns}x{rows})", drawn(widget, views), "ms")
