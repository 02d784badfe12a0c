"""`scratchtui show`: a saved run as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scratchtui.cli.refusals import naming, refusing
from scratchtui.cli.saying import say

if TYPE_CHECKING:
    from pathlib import Path

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.training.run import Run


@click.command("show", short_help="A saved run as text.")
@click.argument("run", metavar="RUN.npz", callback=naming)
def command(run: Path) -> None:
    """Print the saved run RUN.npz as text: its recipe, what was changed when, its loss curve and views."""
    import numpy as np

    from scratchtui.training.files import load_run

    with refusing():
        loaded = load_run(run)
    with np.errstate(
        over="ignore", invalid="ignore"
    ):  # just before a run diverges, numbers are as large as can be
        _print(loaded)


def _print(loaded: Run) -> None:
    from scratchtui.experiments.panel import Probe
    from scratchtui.tui.text import curves_text, view_text

    experiment = loaded.experiment()
    say(_heading(loaded, experiment))
    say(f"\nloss\n\n{curves_text(loaded.losses.view())}")
    absent = experiment.absent()
    for panel in (each for each in experiment.panels if each.name not in absent):
        view = experiment.view(panel.name, loaded.timeline.snapshots, Probe())
        say(f"\n{panel.title}\n\n{view_text(view)}")


def _heading(run: Run, experiment: Experiment) -> str:
    """Return what the run is, how far it came and why it ended, and what was changed on its way."""
    from scratchtui.training.run_list import origin
    from scratchtui.tui.text import columns_text

    settings = [
        (h.key, h.format(experiment.settings[h.key]))
        for h in experiment.hyperparameters
        if h.applies(experiment.settings)
    ]
    facts = [
        ("seed", str(run.recipe.seed)),
        ("step", f"{experiment.steps:,}"),
        ("loss", f"{experiment.loss:.6g}"),
        *([("ended", run.halt.reason)] if run.halt else []),
        *([("stops when", " or ".join(map(str, run.stops)))] if run.stops else []),
        *([("from", origin(run, whole=True))] if run.origin else []),
    ]
    blocks = [f"{experiment.title}: {experiment.question}", columns_text([*facts, ("", ""), *settings])]
    if run.journal:
        blocks.append(f"changed\n\n{_changes(run)}")
    return "\n\n".join([*blocks, *experiment.notices()])


def _changes(run: Run) -> str:
    """Return what was changed, a line for each, the last ones of many."""
    from scratchtui.experiments import EXPERIMENTS
    from scratchtui.training.difference import setting_words
    from scratchtui.training.journal import lasting
    from scratchtui.tui.text import MOST_ROWS, columns_text

    entries = lasting(run.journal)
    kind = EXPERIMENTS[run.recipe.experiment]
    rows = [
        (f"after step {each.step:,}", setting_words(kind, each.key, each.value))
        for each in entries[-MOST_ROWS:]
    ]
    earlier = len(entries) - len(rows)
    return "\n".join([*([f"({earlier:,} earlier)"] if earlier else []), columns_text(rows)])
