"""`scratchtui train`: an experiment trained without the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.exceptions import MissingParameter

from scratchtui.cli.refusals import integer, naming, refusing

if TYPE_CHECKING:
    from pathlib import Path


def _needed(context: click.Context, parameter: click.Parameter, name: str | None) -> str | None:
    """Return the name of an experiment, which a saved run tells too."""
    if name is None and context.params.get("source") is None:
        raise MissingParameter(ctx=context, param=parameter)
    return name


@click.command(
    "train",
    short_help="Train an experiment without the app.",
    epilog="Ctrl-C ends training in order: what has been learnt is printed, and saved if --out is given; "
    "so do SIGTERM and SIGHUP. A second one, a second later, ends it at once. Where --out cannot be written "
    "when training has ended, the run is saved beside it or in the state folder (see scratchtui info), "
    "and the exit code is 1.",
)
@click.argument("name", required=False, callback=_needed)
@click.option("--steps", metavar="N", callback=integer(high=10**12), help="Take N steps.")
@click.option(
    "--seed",
    metavar="S",
    callback=integer(high=2**32 - 1),
    help="What all randomness comes from [0].",
)
@click.option(
    "--set",
    "assignments",
    metavar="KEY=VALUE",
    multiple=True,
    help="Set a hyperparameter; `scratchtui list` names them. A text may be "
    "@PATH, read from that file; @@ begins a text with @.",
)
@click.option(
    "--then",
    metavar="'STEP KEY=VALUE'",
    multiple=True,
    help="Change a live hyperparameter after that step, or a weight such as 0.Dense.W[2,0]; may be given "
    "more than once. Needs --steps or --until.",
)
@click.option(
    "--until",
    metavar="'METRIC<VALUE'",
    help="Stop as soon as this holds; step=N, text=WORD and 'sign 0.Dense.W[2,0]', a weight that changes its "
    "sign, are conditions too. Fails where it does not within --steps, or else within ten "
    "times the steps that the experiment allows for its own goal.",
)
@click.option(
    "--out",
    metavar="RUN.npz",
    callback=naming,
    help="Save the run here; a file that exists is refused.",
)
@click.option(
    "--from",
    "source",
    metavar="RUN.npz",
    callback=naming,
    is_eager=True,  # it says what NAME would
    help="Go on from a saved run, of which --set may change live hyperparameters only.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: progress, last the result.")
@click.option(
    "--quiet",
    is_flag=True,
    help="No progress and no words on stderr, but for refused input and a run that is not where --out says.",
)
def command(
    *,
    name: str | None,
    steps: int | None,
    seed: int | None,
    assignments: tuple[str, ...],
    then: tuple[str, ...],
    until: str | None,
    out: Path | None,
    source: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Train the experiment NAME, or go on with a run --from a file, without the app.

    Without --steps and --until it trains until the experiment has reached its goal, and fails (exit
    code 1) where that takes more steps than it should.
    """
    from scratchtui.cli.headless import carry_out
    from scratchtui.cli.plan import make_plan
    from scratchtui.cli.reports import JsonReport, WordsReport

    with refusing():
        plan = make_plan(
            name,
            steps=steps,
            seed=seed,
            assignments=assignments,
            until=until,
            out=out,
            source=source,
            then=then,
        )
    report = JsonReport(quiet=quiet) if as_json else WordsReport(quiet=quiet)
    return carry_out(plan, report)
