"""Processes beside this one: how one is started, and how many share a list of jobs.

Each is spawned, never forked, multiplies with one BLAS thread, and is deaf to ctrl+c, which the terminal
sends to all: only the process that was called answers it, and ends the others.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from itertools import islice
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from scratchtui.faults import described
from scratchtui.threads import ONE_BLAS_THREAD

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

__all__ = ["Child", "Connection", "JobError", "be_silent", "end_with_parent", "outcomes", "processors"]

Sent = TypeVar("Sent")
Received = TypeVar("Received")
Job = TypeVar("Job")
Outcome = TypeVar("Outcome")


class JobError(RuntimeError):
    """A job that failed, or whose process ended: an error of the program, told by its place there."""


class Child(Generic[Sent, Received]):
    """A process that runs `serve` with its end of `pipe`; it should end when the pipe does."""

    def __init__(self, serve: Callable[[Connection[Received, Sent]], None], name: str) -> None:
        context = multiprocessing.get_context("spawn")
        with _standard_descriptors_taken():
            self.pipe, theirs = context.Pipe()
            self._process = context.Process(target=serve, args=(theirs,), name=name, daemon=True)
            # the resource tracker is handed stderr, and a screen's stand-in for it has no descriptor
            with _one_blas_thread(), contextlib.redirect_stderr(sys.__stderr__), _interrupts_blocked():
                self._process.start()
        theirs.close()

    @property
    def pid(self) -> int | None:
        """The number of the process."""
        return self._process.pid

    def end(self, patience: float = 0.0) -> str:
        """End the process, whatever it does, as it has nothing to save; return how it ended, in words.

        For `patience` seconds it may end by itself. The pipe is left to be closed.
        """
        self._process.join(patience)
        self._process.kill()  # which ends a stopped process too
        self._process.join()
        code = self._process.exitcode or 0
        self._process.close()
        return f"was killed ({signal.Signals(-code).name})" if code < 0 else f"ended with exit code {code}"


def processors() -> int:
    """Return on how many processors this process may run."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def be_silent() -> None:
    """Let what this process prints go nowhere: the terminal belongs to another."""
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    os.dup2(null, 2)


def outcomes(
    work: Callable[[Job], Outcome], jobs: Sequence[Job], processes: int, patience: float
) -> Generator[tuple[int, Outcome] | None]:
    """Do jobs in so many processes; yield the place of each in `jobs` and its outcome, as they come.

    None is yielded where none has come for `patience` seconds, so that signals can be heeded. A process
    has one job at a time. Closing the generator ends the processes; JobError where a job cannot be done.
    """
    waiting = enumerate(jobs)
    children: dict[Any, Child[Any, Any]] = {}
    try:
        for place, job in islice(waiting, processes):
            child: Child[Any, Any] = Child(_work, f"scratchtui-{place}")
            children[child.pipe] = child
            _give(child, work, place, job)
        busy = set(children)
        while busy:
            ready = wait(busy, patience)
            if not ready:
                yield None
            for pipe in ready:
                done = _received(children[pipe])
                if (following := next(waiting, None)) is None:
                    busy.discard(pipe)
                else:
                    _give(children[pipe], work, *following)
                yield done
    finally:
        for child in children.values():
            child.end()
            child.pipe.close()


def _give(child: Child[Any, Any], work: Callable[[Job], Outcome], place: int, job: Job) -> None:
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        child.pipe.send((work, place, job))  # a dead child shows in `_received`


def _received(child: Child[Any, Any]) -> tuple[int, Any]:
    try:
        place, outcome, failure = child.pipe.recv()
    except (EOFError, ConnectionResetError):
        raise JobError("a process that shared the work has ended by itself") from None
    if failure:
        raise JobError(failure)
    return place, outcome


def _work(pipe: Connection[Any, Any]) -> None:
    """Do one job after the other until the pipe ends, or the process at its other end, even amid a job."""
    be_silent()
    end_with_parent()
    with contextlib.suppress(EOFError, ConnectionResetError, BrokenPipeError):
        while True:
            work, place, job = pipe.recv()
            try:
                outcome, failure = work(job), ""
            except Exception as error:  # noqa: BLE001 - an error is told, never a dead child
                outcome, failure = None, described(error)
            pipe.send((place, outcome, failure))


def end_with_parent() -> None:
    """Let this process end when the one that started it has, even amid a long computation."""

    def wait_for(parent: Any) -> None:
        parent.join()
        os._exit(1)

    if (parent := multiprocessing.parent_process()) is not None:
        threading.Thread(target=wait_for, args=(parent,), daemon=True).start()


@contextlib.contextmanager
def _one_blas_thread() -> Iterator[None]:
    """Let a child start with one BLAS thread: read once, when numpy is imported there."""
    before = {name: os.environ.get(name) for name in ONE_BLAS_THREAD}
    os.environ.update(ONE_BLAS_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Let a child start deaf to SIGINT: ignored only once it runs, one amid its imports would be printed."""
    resource_tracker.ensure_running()  # it unblocks SIGINT when it starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _standard_descriptors_taken() -> Iterator[None]:
    """Let no pipe get the number of a standard stream that is closed, which a child would overwrite."""
    taken: list[int] = []
    while not taken or taken[-1] <= 2:
        taken.append(os.open(os.devnull, os.O_RDWR))
    try:
        yield
    finally:
        for descriptor in taken:
            os.close(descriptor)
