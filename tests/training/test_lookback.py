"""Which moment of a run is looked at, and the experiment as it was then."""

from __future__ import annotations

import pytest

from scratchtui.experiments.snapshot import same_state
from scratchtui.training.history import LossHistory
from scratchtui.training.link import Link
from scratchtui.training.lookback import Lookback, StillFindingError
from scratchtui.training.run import Run
from scratchtui.training.trainer import Trainer
from tests.training.stand_ins import ScriptedWorker, recipe

A_SLICE = -1.0  # seconds: no longer than a few steps take


@pytest.fixture
def run() -> Run:
    """A run that keeps no snapshot between its first and its last step."""
    trainer, run = Trainer(recipe()), Run(recipe())
    run.begin()
    run.losses = LossHistory.of(1, trainer.step(300).losses)
    run.timeline.append(trainer.experiment.snapshot())
    return run


@pytest.fixture
def link(run: Run) -> Link:
    link = Link(ScriptedWorker())
    link.take_up(run)
    return link


def test_a_moment_is_shown_once_it_has_been_found(run: Run, link: Link) -> None:
    looking, straight_on = Lookback(run, link), Trainer(recipe())
    looking.to(250)
    looking.search(A_SLICE)
    assert (looking.sought, looking.step, looking.seen, looking.experiment.steps) == (250, 250, None, 300)
    looking.search()
    straight_on.step(250)
    assert looking.sought is None
    assert looking.away
    assert same_state(looking.experiment.snapshot(), straight_on.experiment.snapshot())


@pytest.mark.parametrize(("step", "there"), [(-5, 0), (0, 0), (7, 7), (300, 300), (400, 300)])
def test_beyond_the_run_its_ends_are_looked_at(step: int, there: int, run: Run, link: Link) -> None:
    looking = Lookback(run, link)
    looking.to(step)
    looking.search()
    assert (looking.step, looking.experiment.steps, looking.away) == (there, there, there < 300)


def test_what_is_not_told_yet_is_seen_at_the_newest_moment_alone(run: Run, link: Link) -> None:
    looking = Lookback(run, link)
    link.change("learning_rate", 0.1)
    looking.show()
    assert looking.experiment.settings["learning_rate"] == 0.1
    looking.to(20)
    looking.search()
    assert looking.experiment.settings["learning_rate"] == 0.2
    looking.come_back()
    assert (looking.experiment.steps, looking.experiment.settings["learning_rate"]) == (300, 0.1)


def test_only_a_moment_of_the_past_is_forked(run: Run, link: Link) -> None:
    looking = Lookback(run, link)
    assert looking.forked() is None
    looking.to(20)
    fork = looking.forked()
    assert fork is not None
    assert (fork.latest.step, fork.origin) == (20, (run.name, 20))


def test_what_takes_longer_than_there_is_time_for_can_be_asked_for_again(run: Run, link: Link) -> None:
    looking = Lookback(run, link)
    looking.arrive(A_SLICE)
    looking.to(250)
    with pytest.raises(StillFindingError, match="step 250 is still"):
        looking.arrive(A_SLICE)
    assert not looking.arrived
    while not looking.arrived:
        looking.search(A_SLICE)
    looking.arrive(A_SLICE)
    assert looking.experiment.steps == 250


def test_the_losses_up_to_a_moment_are_looked_for_a_little_at_a_time(run: Run, link: Link) -> None:
    losses, run.losses = run.losses, run.losses._widen(64)
    looking = Lookback(run, link)
    looking.to(250)
    looking.search()
    assert looking.forked(A_SLICE, losses=False) is not None
    with pytest.raises(StillFindingError, match="step 250 is still"):
        looking.forked(A_SLICE)
    assert (looking.sought, looking.arrived, looking.step) == (250, True, 250)
    shares = [looking.share]
    while looking.sought is not None:
        looking.search(A_SLICE)
        shares.append(looking.share)
    assert shares == sorted(shares)
    forks = [looking.forked(A_SLICE) for _ in range(2)]
    assert forks[0] is not forks[1]
    for fork in forks:
        assert fork is not None
        assert fork.losses.mean.tolist() == losses.mean[:250].tolist()


@pytest.mark.parametrize("step", [240, 300])
def test_who_looks_elsewhere_waits_for_no_losses(step: int, run: Run, link: Link) -> None:
    run.losses = run.losses._widen(64)
    looking, straight_on = Lookback(run, link), Trainer(recipe())
    looking.to(250)
    looking.search()
    with pytest.raises(StillFindingError):
        looking.forked(A_SLICE)
    looking.to(step)
    looking.search()
    straight_on.step(step)
    assert looking.sought is None
    assert same_state(looking.experiment.snapshot(), straight_on.experiment.snapshot())
    fork = looking.forked()
    assert (fork is None) if step == 300 else (fork is not None and len(fork.losses) == step)
