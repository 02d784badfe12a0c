"""The networks: what can be asked for, and many faces at once as one by one."""

import math
from typing import Any

import numpy as np
import pytest

from tests.experiments.faces.runs import trained, untrained


@pytest.mark.parametrize(
    "settings", [{"pool": "4"}, {"pool": "4", "kernel": 1}], ids=str
)  # fmt: skip
def test_pooling_that_leaves_nothing_is_refused_with_what_is_possible(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^pool=4 is too much for maps of 2 x 2; the nearest is 2$"):
        untrained(**settings)


def test_every_network_that_can_be_asked_for_takes_a_step() -> None:
    for layers in (1, 2):
        for size in range(1, 8):
            for pool in ("none", "2"):
                experiment = untrained(
                    layers=layers, kernel=size, pool=pool, filters=1, hidden=0, data="nine"
                )
                assert math.isfinite(experiment.step())


def test_faces_are_scored_alike_one_by_one_and_all_in_batches() -> None:
    experiment = trained(5)
    faces = experiment.faces.pictures[:250]
    alone = np.concatenate([experiment.onlooker.scores(face[None]) for face in faces])
    np.testing.assert_allclose(experiment.onlooker.scores(faces), alone, atol=1e-12)
