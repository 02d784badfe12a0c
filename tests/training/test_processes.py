"""Processes that share a list of jobs."""

import math
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scratchtui.threads import ONE_BLAS_THREAD
from scratchtui.training.processes import JobError, outcomes
from tests.training.stand_ins import PATIENCE
from tests.training.test_worker import needs_proc, wait_for_the_end_of


def all_outcomes(work: object, jobs: list[object], processes: int = 1) -> list[object]:
    """Return the outcomes in the order of the jobs, and see that every job has one."""
    arriving = outcomes(work, jobs, processes, PATIENCE)  # type: ignore[arg-type, var-annotated]
    done = [each for each in arriving if each is not None]
    assert sorted(place for place, _ in done) == list(range(len(jobs)))
    return [outcome for _, outcome in sorted(done)]


@pytest.mark.parametrize("processes", [1, 3, 20])
def test_every_job_is_done_once_however_many_processes_share_them(processes: int) -> None:
    jobs: list[object] = [3, 1, 4, 1, 5]
    assert all_outcomes(math.factorial, jobs, processes) == [6, 1, 24, 1, 120]
    assert multiprocessing.active_children() == []


def test_no_job_needs_no_process() -> None:
    assert all_outcomes(abs, []) == []


def test_each_multiplies_with_one_thread_and_this_one_keeps_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MKL_NUM_THREADS", "7")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    assert all_outcomes(os.getenv, [*ONE_BLAS_THREAD]) == ["1"] * len(ONE_BLAS_THREAD)
    assert os.environ["MKL_NUM_THREADS"] == "7"
    assert "OPENBLAS_NUM_THREADS" not in os.environ


def test_interrupts_are_for_the_process_that_was_called() -> None:
    assert all_outcomes(signal.raise_signal, [signal.SIGINT, signal.SIGINT]) == [None, None]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_a_job_that_fails_is_told_with_its_error() -> None:
    with pytest.raises(JobError, match=r"ValueError: .*processes.py, line"):
        all_outcomes(math.sqrt, [1, -1, 1])
    assert multiprocessing.active_children() == []


def test_a_process_that_dies_is_told() -> None:
    with pytest.raises(JobError, match="has ended by itself"):
        all_outcomes(signal.raise_signal, [signal.SIGKILL])
    with pytest.raises(JobError, match="has ended by itself"):
        all_outcomes(os._exit, [3, 3, 3], 2)
    assert multiprocessing.active_children() == []


def test_closing_ends_them_amid_a_job() -> None:
    arriving = outcomes(time.sleep, [1000.0, 1000.0], 2, 0.01)
    assert next(arriving) is None
    assert len(multiprocessing.active_children()) == 2
    arriving.close()
    assert multiprocessing.active_children() == []


CALLER = """
import os, time
from scratchtui.training import processes
if __name__ == "__main__":
    arriving = processes.outcomes(time.sleep, [0.0, 1000.0], 1, 60.0)
    next(arriving)
    print(*(child.pid for child in processes.multiprocessing.active_children()), flush=True)
    next(arriving)
"""


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=lambda number: number.name)
def test_they_end_with_the_process_that_was_called_amid_a_job(tmp_path: Path, number: signal.Signals) -> None:
    script = tmp_path / "caller.py"
    script.write_text(CALLER, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as caller:
        assert caller.stdout is not None
        pids = [int(pid) for pid in caller.stdout.readline().split()]
        assert len(pids) == 1
        caller.send_signal(number)
        output, errors = caller.communicate(timeout=PATIENCE)
    for pid in pids:
        wait_for_the_end_of(pid)
    assert (output, errors) == (b"", b"")


CLOSED = """
import os, sys
from scratchtui.training.processes import outcomes
if __name__ == "__main__":
    os.closerange(0, 3)
    sys.stdin = sys.stdout = sys.stderr = None
    os._exit(list(outcomes(abs, [-7], 1, 60.0))[0][1])
"""


def test_closed_standard_streams_are_not_taken_for_pipes(tmp_path: Path) -> None:
    script = tmp_path / "closed.py"
    script.write_text(CLOSED, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    ended = subprocess.run([sys.executable, script], env=environment, check=False, timeout=PATIENCE)
    assert ended.returncode == 7
