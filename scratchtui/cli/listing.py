"""`scratchtui list`: the experiments and what can be set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scratchtui.cli.saying import say

if TYPE_CHECKING:
    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.hyperparameter import Hyperparameter

_WIDTH = 80


@click.command("list", short_help="The experiments and their hyperparameters.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects.")
def command(as_json: bool) -> None:
    """List the experiments, and of each the claims, which verify proves, and the hyperparameters.

    A live hyperparameter takes effect on the next step; a structural one needs a new network.
    """
    from scratchtui.cli.reports import print_json
    from scratchtui.experiments import EXPERIMENTS

    if as_json:
        print_json([_described(kind) for kind in EXPERIMENTS.values()])
    else:
        say("\n\n".join(_page(kind) for kind in EXPERIMENTS.values()))


def _settable(kind: type[Experiment]) -> tuple[Hyperparameter, ...]:
    from scratchtui.experiments.recipe import SEED

    return (*kind.hyperparameters, SEED)


def _described(kind: type[Experiment]) -> dict[str, Any]:
    from scratchtui.cli.reports import as_given

    return {
        "name": kind.name,
        "title": kind.title,
        "question": kind.question,
        "goal": _goal(kind),
        "claims": [{"name": claim.name, "words": claim.words} for claim in kind.claims],
        "hyperparameters": [
            {
                "key": h.key,
                "type": h.kind,
                "default": as_given(h, h.default),
                "range": h.range,
                "change": _change(h),
                "help": h.help,
            }
            for h in _settable(kind)
        ],
    }


def _page(kind: type[Experiment]) -> str:
    import textwrap

    from scratchtui.tui.text import columns_text

    settable = _settable(kind)
    heads = columns_text([(h.key, h.kind, h.format(h.default), _change(h)) for h in settable]).splitlines()
    lines = [f"{kind.name}: {kind.question}", f"goal: {_goal(kind)}", ""]
    for claim in kind.claims:
        claimed = f"claim {claim.name!r}: {claim.words}"
        lines += textwrap.wrap(claimed, _WIDTH, initial_indent=" " * 2, subsequent_indent=" " * 6)
    lines.append("")
    for head, h in zip(heads, settable, strict=True):
        lines += [
            f"  {head}",
            *textwrap.wrap(h.help, _WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6),
        ]
        lines += textwrap.wrap(h.range, _WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6)
    return "\n".join(lines)


def _change(hyperparameter: Hyperparameter) -> str:
    return "live" if hyperparameter.live else "structural"


def _goal(kind: type[Experiment]) -> str:
    """Return the goal that the default settings set."""
    from scratchtui.experiments import build
    from scratchtui.experiments.recipe import default_recipe

    return build(default_recipe(kind)).goal
