"""`scratchtui show`: a saved run as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scratchtui.cli.refusals import naming, refusing

if TYPE_CHECKING:
    from pathlib import Path

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.training.run import Run


@click.command("show", short_help="A saved run as text.")
@click.argument("run", metavar="RUN.npz", callback=naming)
def command(run: Path) -> None:
    """Print the saved run RUN.npz as text: its recipe, the loss curve, and every view that is not empty."""
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
    click.echo(_heading(loaded, experiment))
    click.echo(f"\nloss\n\n{curves_text(loaded.losses.view())}")
    absent = experiment.absent()
    for panel in (each for each in experiment.panels if each.name not in absent):
        view = experiment.view(panel.name, loaded.timeline.snapshots, Probe())
        click.echo(f"\n{panel.title}\n\n{view_text(view)}")


def _heading(run: Run, experiment: Experiment) -> str:
    from scratchtui.tui.text import columns_text

    settings = [(h.key, h.format(experiment.settings[h.key])) for h in experiment.hyperparameters]
    facts = [
        ("seed", str(run.recipe.seed)),
        ("step", f"{experiment.steps:,}"),
        ("loss", f"{experiment.loss:.6g}"),
    ]
    lines = [f"{experiment.title}: {experiment.question}", "", columns_text([*facts, *settings])]
    notices = [*([run.halt.reason] if run.halt else []), *experiment.notices()]
    return "\n".join([*lines, "", *notices] if notices else lines)
