"""What every experiment owes those who hold it."""

import gc
import weakref

import pytest

from scratchtui.experiments import EXPERIMENTS
from scratchtui.experiments.panel import Probe
from scratchtui.experiments.recipe import default_recipe


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_experiment_that_nobody_holds_is_gone_with_its_network_at_once(name: str) -> None:
    experiment = EXPERIMENTS[name](default_recipe(EXPERIMENTS[name]))
    experiment.step()
    experiment.headline()
    for panel in experiment.panels:
        if panel.name not in experiment.absent():
            experiment.view(panel.name, (experiment.snapshot(),), Probe())
    network = weakref.ref(experiment.network)
    gc.disable()  # which finds circles, but too late where a few large arrays are in them
    try:
        del experiment
        assert network() is None
    finally:
        gc.enable()
