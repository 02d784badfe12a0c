"""How long a person waits: for the first picture, beside the least that Textual can do, and for --help."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

from tests.benchmarks.watch import AS_INSTALLED, Watch

STARTS = 10
HELPS = 20
ENV = {**os.environ, **AS_INSTALLED}
LOADED_BY_HELP = """
import json, sys
from scratchtui.cli import main
sys.argv[1:] = ["--help"]
try:
    main()
finally:
    print(json.dumps(sorted({"numpy", "textual", "plotext"} & set(sys.modules))), file=sys.stderr)
"""


def seconds_until(conditions: dict[str, str], module: str) -> dict[str, float]:
    """Start a program; return for each name when its words were first on the screen."""
    begun = time.perf_counter()
    with Watch(module=module) as watch:
        seen: dict[str, float] = {}
        while len(seen) < len(conditions):
            for at, data in watch.gather(0.1):
                watch.feed(data)
                text = watch.text
                for name, words in conditions.items():
                    if words in text:
                        seen.setdefault(name, at - begun)
        return seen


def test_start_to_first_paint(record: Callable[..., None]) -> None:
    times: dict[str, list[float]] = {"first paint": [], "whole picture": [], "bare": []}
    for turn in range(STARTS + 1):
        ours = seconds_until({"first paint": "1 Binary", "whole picture": "forecast"}, "scratchtui")
        bare = seconds_until({"bare": "ready"}, "tests.benchmarks.bare_app")
        for name, seconds in {**ours, **bare}.items():
            if turn:  # the first warms the file cache
                times[name].append(seconds)
    for name, each in times.items():
        record(f"start to {name}", median(each) * 1e3, "ms", remark=f"fastest {min(each) * 1e3:.0f}")
    for name, budget in {"first paint": 1.3, "whole picture": None}.items():
        ratio = median(a / b for a, b in zip(times[name], times["bare"], strict=True))
        fastest = f"fastest against fastest {min(times[name]) / min(times['bare']):.2f}"
        record(f"start to {name} against a bare Textual app", ratio, "times", budget, remark=fastest)


def test_time_of_help(record: Callable[..., None]) -> None:
    times: dict[str, list[float]] = {"-m scratchtui --help": [], "-c pass": []}
    for _ in range(HELPS):
        for arguments, each in times.items():
            begun = time.perf_counter()
            subprocess.run(
                [sys.executable, *arguments.split()], check=True, stdout=subprocess.DEVNULL, env=ENV
            )
            each.append(time.perf_counter() - begun)
    middle = {arguments: median(each) for arguments, each in times.items()}
    python = f"python -c pass takes {middle['-c pass']:.3f} s"
    record("scratchtui --help", middle["-m scratchtui --help"], "s", 0.15, remark=python)
    command = [sys.executable, "-c", LOADED_BY_HELP]
    loaded = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=ENV).stderr)
    record("of numpy, textual and plotext, --help imports", len(loaded), "", 0, remark=", ".join(loaded))
