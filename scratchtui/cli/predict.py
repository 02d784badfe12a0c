"""`scratchtui predict`: what a saved network says."""

from __future__ import annotations

import re
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scratchtui.cli.refusals import naming, refusing
from scratchtui.cli.saying import say

if TYPE_CHECKING:
    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.prediction import Prediction

_STDIN = "-"
_LONGEST_INPUT = 40  # cells
_NEGATIVE = re.compile(r"-[0-9.]")


class Predict(click.Command):
    """A command whose arguments may be negative numbers."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments, the options first: none takes a value."""
        if "--" not in args and any(map(_NEGATIVE.match, args)):
            inputs = [arg for arg in args if _NEGATIVE.match(arg) or arg == _STDIN or arg[:1] != "-"]
            args = [*(arg for arg in args if arg not in inputs), "--", *inputs]
        return super().parse_args(ctx, args)


@click.command("predict", cls=Predict, short_help="What a saved network says.")
@click.argument("run", metavar="RUN.npz", callback=naming)
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print a list of input, prediction, probabilities.")
def command(run: Path, inputs: tuple[str, ...], as_json: bool) -> None:
    """Print what the network of the saved run RUN.npz says to each INPUT.

    An INPUT is, for

    \b
    binary  a row of bits, most significant first, such as 10110010
    nn      numbers with commas between, such as 1,0,0,1
    cnn     a file of faces, or - for standard input: 8 lines of 8 characters
            a face, . or #, with a blank line between two; or a face itself,
            where no file has that name: 16 hexadecimal digits, two a row
    rnn     a prompt, the beginning of a text

    Faces are called by file and number, such as faces.txt:2. Nothing is printed if one input is bad.
    """  # noqa: D301 - \b keeps click from wrapping
    import numpy as np

    from scratchtui.cli.reports import print_json
    from scratchtui.training.files import load_run

    with refusing(), np.errstate(over="ignore", invalid="ignore"):  # as for a run that was about to diverge
        experiment = load_run(run).experiment()
        if experiment.input_files:
            predictions = _predictions_of_files(experiment, inputs)
        else:
            predictions = [experiment.predict(text) for text in inputs]
    if as_json:
        print_json([asdict(prediction) for prediction in predictions])
    else:
        say(_lines(predictions))


def _predictions_of_files(experiment: Experiment, names: tuple[str, ...]) -> list[Prediction]:
    """Return the answers to every input in files, and to those that are given themselves.

    ValueError or OSError, naming the file that is bad.
    """
    if names.count(_STDIN) > 1:
        raise ValueError("standard input can be read once; give - once")
    predictions = []
    for name in names:
        if experiment.spelled(name) and not Path(name).exists():
            predictions.append(replace(experiment.predict(name), input=name))
            continue
        text = _text(name)  # its refusals name it themselves
        try:
            for number, each in enumerate(experiment.inputs(text), 1):
                predictions.append(replace(experiment.predict(each), input=f"{name}:{number}"))
        except ValueError as error:
            where = "standard input" if name == _STDIN else name
            raise ValueError(f"{where}: {error}") from error
    return predictions


def _text(name: str) -> str:
    from scratchtui.training.texts import path_of, read_stream, read_text

    if name != _STDIN:
        return read_text(path_of(name))
    if sys.stdin is None:  # where the shell has closed it
        raise ValueError("standard input is closed")
    return read_stream(sys.stdin.buffer, "standard input")


def _lines(predictions: list[Prediction]) -> str:
    from scratchtui.tui.text import WIDTH, columns_text, shortened

    rows: list[tuple[str, ...]] = []
    for each in predictions:
        said = each.prediction if isinstance(each.prediction, str) else f"{each.prediction:.6g}"
        probabilities = [f"{name} {p:.1%}" for name, p in (each.probabilities or {}).items()]
        rows.append((shortened(each.input, _LONGEST_INPUT), said, *probabilities))
    if any(len(said) > WIDTH for _, said, *_ in rows):  # a column of that width could not be read
        rows = [(given, "  ".join(answer)) for given, *answer in rows]
    return columns_text(rows)
