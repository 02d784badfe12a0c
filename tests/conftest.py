"""What all tests share."""

import atexit
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator

import pytest

from scratchtui.threads import ONE_BLAS_THREAD

LONGEST = float(os.environ.get("LONGEST_TEST", "300"))  # seconds, after which a test is taken to hang

os.environ.update(ONE_BLAS_THREAD)  # as in the program: more of them wait for one another where all are busy
for size in ("COLUMNS", "LINES"):  # would be believed before the terminals that the tests open
    os.environ.pop(size, None)
for name in [name for name in os.environ if name.startswith("SCRATCHTUI_")]:  # would change what is tested
    del os.environ[name]
os.environ["TERM"] = "xterm-256color"  # whatever the tests run in
os.environ["SCRATCHTUI_CONFIG_DIR"] = "/nonexistent/scratchtui"


# logs and reports of what the tests start
os.environ["SCRATCHTUI_STATE_DIR"] = tempfile.mkdtemp(prefix="scratchtui-state-")
atexit.register(shutil.rmtree, os.environ["SCRATCHTUI_STATE_DIR"], ignore_errors=True)


@pytest.fixture(autouse=True)
def no_test_hangs() -> Iterator[None]:
    """Let a test that hangs fail, with the place where it does."""

    def give_up(*_: object) -> None:
        pytest.fail(f"hangs for {LONGEST:.0f} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, LONGEST)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0.0)
    signal.signal(signal.SIGALRM, before)
