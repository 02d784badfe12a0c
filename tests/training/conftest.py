"""A session whose worker is a list."""

import pytest

from scratchtui.experiments.binary import Binary
from scratchtui.training.session import Session
from tests.training.stand_ins import ScriptedWorker


@pytest.fixture
def worker() -> ScriptedWorker:
    return ScriptedWorker()


@pytest.fixture
def session(worker: ScriptedWorker) -> Session:
    return Session(Binary, worker=worker)
