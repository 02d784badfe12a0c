"""A soak: four tabs train in the real program at full speed for MINUTES; what grows, is used and is written.

`make soak`, or `python -m tests.soak 5` for five minutes. Fails where memory has grown by more than 30 MB.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from scratchtui.experiments import EXPERIMENTS
from tests.terminal.terminal import Terminal

MINUTES = 30.0
WARM_UP = 120.0  # seconds in which runs fill the memory that they may have
EVERY = 10.0  # seconds from one sample to the next
TURN = 20.0  # seconds that a tab is looked at
MOST_GROWTH = 30.0  # MB
TO_FULL_SPEED = 20  # presses of +
KB, MB = 1024, 1e6
STEP = re.compile(r"step ([\d,]+)")


class Sample(NamedTuple):
    """What there is at one moment: bytes of memory, seconds of processors, bytes to the terminal."""

    at: float
    app: float
    workers: float
    app_seconds: float
    worker_seconds: float
    written: int

    @property
    def memory(self) -> float:
        """Memory of all processes."""
        return self.app + self.workers


class Soak:
    """The program in a terminal, and who looks at one tab after the other."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self.samples: list[Sample] = []
        self.steps = dict.fromkeys(EXPERIMENTS, 0)
        self.kicks = 0

    def run(self, seconds: float) -> None:
        """Let it train for so long."""
        for tab in range(len(EXPERIMENTS)):
            self._terminal.press(str(tab + 1))
            self._settle()
            self._terminal.wait_for("ready ·")
            self._terminal.press(*["+"] * TO_FULL_SPEED, "f5")
            self._terminal.wait_until(lambda: "ready ·" not in self._terminal.text, "training")
        began = time.monotonic()
        due, turn_due, tab = began, began + TURN, len(EXPERIMENTS)
        while (now := time.monotonic()) < began + seconds:
            self._terminal.read(0.2)
            self._look_to(list(EXPERIMENTS)[tab - 1])
            if now >= due:
                self.samples.append(self._sample(now - began))
                due += EVERY
            if now >= turn_due:
                tab = tab % len(EXPERIMENTS) + 1
                self._terminal.press(str(tab))
                self._settle()
                turn_due += TURN

    def _settle(self) -> None:
        """Let the tab be drawn that was gone to."""
        end = time.monotonic() + 1.0
        while time.monotonic() < end:
            self._terminal.read(0.1)

    def _look_to(self, tab: str) -> None:
        """Read the step, and go on where training has stopped: at its goal, or for good."""
        words = self._terminal.row_with(" · step ")
        if found := STEP.search(words):
            self.steps[tab] = int(found[1].replace(",", ""))
        if "running" in self._terminal.text:
            return
        if "step" in self._terminal.text:
            self.kicks += 1
            self._settle()
            self._terminal.press(*(("r",) if "diverged" in self._terminal.text else ()), "f5")
            self._settle()

    def _sample(self, at: float) -> Sample:
        workers = [pid for pid in self._terminal.processes() if b"spawn_main" in _read(pid, "cmdline")]
        app = self._terminal.child.pid
        return Sample(
            at,
            _memory(app),
            sum(map(_memory, workers)),
            _seconds(app),
            sum(map(_seconds, workers)),
            len(self._terminal.output),
        )


def _read(pid: int, what: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except OSError:  # it has ended meanwhile
        return b""


def _memory(pid: int) -> float:
    """Return the bytes of a process; a page that several share counts as a part of each."""
    found = re.search(rb"^Pss:\s+(\d+) kB", _read(pid, "smaps_rollup"), re.MULTILINE)
    return int(found[1]) * KB if found else 0.0


def _seconds(pid: int) -> float:
    fields = _read(pid, "stat").rpartition(b")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def report(soak: Soak) -> bool:
    """Print the figures; return whether memory has kept within bounds."""
    say = sys.stdout.write
    warm = [sample for sample in soak.samples if sample.at >= WARM_UP] or soak.samples
    say("minute  app MB  workers MB  all MB\n")
    for minute, each in enumerate(soak.samples[:: int(60 / EVERY)]):
        say(f"{minute:6}  {each.app / MB:6.1f}  {each.workers / MB:10.1f}  {each.memory / MB:6.1f}\n")
    first, last = warm[0], warm[-1]
    few = max(1, len(warm) // 10)
    grown = (fmean(each.memory for each in warm[-few:]) - fmean(each.memory for each in warm[:few])) / MB
    peak = max(each.memory for each in warm) / MB - first.memory / MB
    seconds = max(last.at - first.at, 1e-9)
    app, workers = last.app_seconds - first.app_seconds, last.worker_seconds - first.worker_seconds
    say(f"\n{len(warm)} samples in {seconds / 60:.1f} minutes after {first.at / 60:.1f} of warming up\n")
    say(f"memory {first.memory / MB:.1f} MB, grown by {grown:+.1f} MB, at most {peak:+.1f} MB\n")
    say(f"processor: app {app / seconds:.1%}, all workers {workers / seconds:.1%} of one\n")
    say(f"written {(last.written - first.written) / seconds / KB:.2f} KiB/s\n")
    say(f"steps {', '.join(f'{name} {step:,}' for name, step in soak.steps.items())}; ")
    say(f"went on {soak.kicks} times\n")
    return grown < MOST_GROWTH


def main() -> int:
    """Soak for the minutes of the argument, or thirty."""
    minutes = float(sys.argv[1] if len(sys.argv) > 1 else MINUTES)
    with tempfile.TemporaryDirectory() as state:
        os.environ.setdefault("SCRATCHTUI_CONFIG_DIR", "/nonexistent/scratchtui")
        os.environ["SCRATCHTUI_STATE_DIR"] = state
        with Terminal(columns=120, rows=40) as terminal:
            soak = Soak(terminal)
            try:
                soak.run(minutes * 60)
            finally:
                kept = bool(soak.samples) and report(soak)
            terminal.press("q")
            code = terminal.wait_for_exit()
    sys.stdout.write(f"ended with exit code {code}\n")
    return 0 if kept and code == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
