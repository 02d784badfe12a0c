"""`scratchtui predict`: what a saved network says."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from scratchtui.cli.refusals import naming, refusing

if TYPE_CHECKING:
    from pathlib import Path

    from scratchtui.experiments.experiment import Prediction


@click.command("predict", short_help="What a saved network says.")
@click.argument("run", metavar="RUN.npz", callback=naming)
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print a list of input, prediction, probabilities.")
def command(run: Path, inputs: tuple[str, ...], as_json: bool) -> None:
    """Print what the network of the saved run RUN.npz says to each INPUT.

    binary takes rows of bits, most significant first, such as 10110010. Nothing is printed if one
    input is bad.
    """
    from scratchtui.cli.reports import print_json
    from scratchtui.training.files import load_run, restored

    with refusing():
        experiment = restored(load_run(run))
        predictions = [experiment.predict(text) for text in inputs]
    if as_json:
        print_json([asdict(prediction) for prediction in predictions])
    else:
        click.echo(_lines(predictions))


def _lines(predictions: list[Prediction]) -> str:
    from scratchtui.tui.text import columns_text

    rows = []
    for each in predictions:
        said = each.prediction if isinstance(each.prediction, str) else f"{each.prediction:.6g}"
        chances = [f"{name} {chance:.1%}" for name, chance in (each.probabilities or {}).items()]
        rows.append((each.input, said, *chances))
    return columns_text(rows)
