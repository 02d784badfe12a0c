"""`scratchtui gradcheck`: every gradient against the definition of the derivative."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scratchtui.cli.refusals import refusing
from scratchtui.cli.saying import say

if TYPE_CHECKING:
    from scratchtui.nn import TensorCheck

STEPS = 10  # taken before, so that no gradient is that of the first, random weights alone
LARGEST_ERROR = 1e-6


@click.command("gradcheck", short_help="Check every gradient.", epilog="Exit code 1 where one is wrong.")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print a list, an object for each tensor.")
def command(names: tuple[str, ...], as_json: bool) -> int:
    """Compare the gradient of every tensor of the experiments with central differences.

    NAMEs are experiments; without any, all are checked, each after ten steps with its default settings.
    A gradient is ok where its relative error |a - n| / max(|a|, |n|) is below 1e-6, and WRONG otherwise;
    `x` is the input of the network.
    """
    import numpy as np

    from scratchtui.cli.reports import print_json
    from scratchtui.experiments import EXPERIMENTS, find_experiment
    from scratchtui.experiments.recipe import default_recipe
    from scratchtui.training.trainer import Trainer

    with refusing():
        kinds = [find_experiment(name) for name in dict.fromkeys(names or EXPERIMENTS)]
    checks: list[tuple[str, TensorCheck]] = []
    for kind in kinds:
        trainer = Trainer(default_recipe(kind))
        trainer.step(STEPS)
        with np.errstate(over="ignore", invalid="ignore"):
            checks += [(kind.name, check) for check in trainer.experiment.check_gradients()]
    if as_json:
        print_json(
            [
                {
                    "experiment": name,
                    "tensor": check.name,
                    "relative_error": check.relative_error,
                    "cosine": check.cosine,
                    "ok": _right(check),
                }
                for name, check in checks
            ]
        )
    else:
        say(_table(checks))
    return 0 if all(_right(check) for _, check in checks) else 1


def _right(check: TensorCheck) -> bool:
    return check.relative_error < LARGEST_ERROR  # false for nan too


def _table(checks: list[tuple[str, TensorCheck]]) -> str:
    from scratchtui.tui.text import columns_text

    rows = [
        (
            "ok" if _right(check) else "WRONG",
            name,
            check.name,
            f"{check.relative_error:.0e}",
            f"{check.cosine:.12f}",
        )
        for name, check in checks
    ]
    return columns_text([("", "experiment", "tensor", "error", "cosine"), *rows])
