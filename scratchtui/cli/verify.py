"""`scratchtui verify`: every claim put to the proof."""

from __future__ import annotations

import click

from scratchtui.cli.refusals import integer, refusing

PATIENCE = 0.1  # seconds, in which a signal is heeded


@click.command(
    "verify",
    short_help="Prove what the experiments claim.",
    epilog="Exit code 1 where a claim does not hold. The same seeds give the same figures, on however many "
    "processors; `steps` is the median, `seconds` what the training took on one of them.",
)
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option(
    "--seeds",
    metavar="N",
    callback=integer(low=1, high=1_000_000, default=20),
    help="Try seeds 0 to N-1, but no more than a claim speaks of [20].",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line: the claims, last a summary.")
def command(names: tuple[str, ...], seeds: int, as_json: bool) -> int:
    """Train what each claim of the experiments speaks of, with many seeds, and say whether it holds.

    NAMEs are experiments; without any, all are verified. `scratchtui list` has the claims in words.
    """
    import contextlib

    from scratchtui.cli.headless import Signals
    from scratchtui.cli.verdicts import JsonVerdicts, WordsVerdicts
    from scratchtui.experiments import EXPERIMENTS, find_experiment
    from scratchtui.training.processes import outcomes, processors
    from scratchtui.training.proof import Proof, try_out

    with refusing():
        for name in names:
            find_experiment(name)
    proof = Proof(list(dict.fromkeys(names or EXPERIMENTS)), seeds)
    processes = min(processors(), len(proof.trials))
    report = JsonVerdicts(proof) if as_json else WordsVerdicts(proof, processes)
    with contextlib.closing(report), Signals().caught() as signals:
        with contextlib.closing(outcomes(try_out, proof.trials, processes, PATIENCE)) as arriving:
            for done in arriving:
                if signals.number:
                    break
                if done is not None:
                    proof.take(*done)
                    for verdict in proof.verdicts():
                        report.verdict(verdict)
                report.progress()
        report.end(interrupted=signals.number > 0)
    return 128 + signals.number if signals.number else 1 if report.failed else 0
