"""The real program in a pseudo-terminal, and the screen that a person would see."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import pexpect
import pyte

PATIENCE = 30.0
KEYS = {"space": " ", "enter": "\r", "esc": "\x1b", "tab": "\t", "up": "\x1b[A", "down": "\x1b[B",
        "right": "\x1b[C", "left": "\x1b[D", "backspace": "\x7f", "shift+tab": "\x1b[Z", "f5": "\x1b[15~",
        "F2": "\x1bOQ", "home": "\x1b[H", "end": "\x1b[F"}  # fmt: skip
# what pyte would print as text: private modes and queries, device strings
_UNKNOWN = re.compile(
    rb"\x1b\[[<>=][0-9;:]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1b\[[0-9;]*t|\x1b[P_^][^\x1b]*\x1b\\|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
)

_REPEATED = re.compile(rb"([ -~]|[\xc2-\xf4][\x80-\xbf]+)?\x1b\[(\d+)b|([ -~]|[\xc2-\xf4][\x80-\xbf]+)\Z")
_WHERE, _SYNCHRONIZES = b"\x1b[2b\x1b[6n", b"\x1b[?2026$p"


def _heed_signals() -> None:
    """Let no signal be ignored because the tests ignore it, as they do in the background of a shell."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


class Terminal:
    """A running program, or another `command`; `wait_until` is the only way to wait.

    `prepare` is called in the new process before the program begins. It repeats characters, and where it
    `synchronizes` it says so whenever it is asked.
    """

    def __init__(
        self,
        *arguments: str,
        columns: int = 80,
        rows: int = 24,
        env: dict[str, str] | None = None,
        module: str = "scratchtui",
        folder: Path | None = None,
        command: tuple[str, ...] = (),
        prepare: Callable[[], object] | None = None,
        synchronizes: bool = False,
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.output = bytearray()
        self._fed = 0
        self._last = b""
        self._synchronizes = synchronizes
        self._answered: dict[bytes, int] = {}
        self.mark = f"{os.getpid()}-{id(self)}-{time.monotonic_ns()}"
        environment = {
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LC_ALL": "C.UTF-8",
            "SCRATCHTUI_TEST_MARK": self.mark,
            "SCRATCHTUI_STATE_DIR": f"{os.environ['SCRATCHTUI_STATE_DIR']}/{self.mark}",
        }
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in {"NO_COLOR", "TEXTUAL_COLOR_SYSTEM"}
        }
        program, *rest = command or (sys.executable, "-m", module, *arguments)
        self.child = pexpect.spawn(
            program,
            rest,
            preexec_fn=prepare or _heed_signals,
            dimensions=(rows, columns),
            env={**kept, **environment, **(env or {})},
            timeout=PATIENCE,
            cwd=None if folder is None else str(folder),
        )
        self.modes_before = termios.tcgetattr(self.child.child_fd)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.child.child_fd >= 0:
            self.child.close(force=True)
        elif self.child.isalive():
            self.child.kill(signal.SIGKILL)
            self.child.wait()

    def read(self, seconds: float) -> bool:
        """Feed to the screen what arrives within `seconds`; whether anything did."""
        try:
            data = self.child.read_nonblocking(1 << 20, seconds)
        except pexpect.TIMEOUT:
            return False
        except pexpect.EOF:
            return False
        self.feed(data)
        return True

    def feed(self, data: bytes) -> None:
        """Show on the screen what the program wrote."""
        self.output += data
        # hold back a sequence that may be cut in two
        whole = len(self.output) if b"\x1b" not in self.output[-32:] else self._whole()
        self._stream.feed(
            _REPEATED.sub(self._repeat, _UNKNOWN.sub(b"", bytes(self.output[self._fed : whole])))
        )
        self._fed = whole
        self._answer()

    def _repeat(self, found: re.Match[bytes]) -> bytes:
        """Return what pyte does not know of: a character so often again, which may have come before."""
        written = found[1] or found[3] or b""
        self._last = written or self._last
        return written + self._last * int(found[2] or 0)

    def _answer(self) -> None:
        """Say what the program asks for: where the cursor is, and whether frames can be shown at once."""
        asked = {_WHERE: b"\x1b[1;4R"}
        if self._synchronizes:
            asked[_SYNCHRONIZES] = b"\x1b[?2026;2$y"
        for question, answer in asked.items():
            for _ in range(self.output.count(question) - self._answered.get(question, 0)):
                with contextlib.suppress(OSError):
                    os.write(self.child.child_fd, answer)
            self._answered[question] = self.output.count(question)

    def _whole(self) -> int:
        cut = self.output.rfind(b"\x1b")
        return len(self.output) if re.search(rb"[a-zA-Z~\\]", self.output[cut + 2 :]) else max(cut, self._fed)

    @property
    def text(self) -> str:
        """The screen, a line a row."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def row_with(self, words: str) -> str:
        """Return the first row of the screen that has `words` in it, or nothing."""
        return next((line for line in self.screen.display if words in line), "")

    def wait_until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until `condition` holds; AssertionError with the screen if it never does."""
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end or (not self.child.isalive() and not self.read(0.1)):
                raise AssertionError(f"never came: {what}; the screen is\n{self.text}")
            self.read(0.05)

    def wait_for(self, *words: str) -> None:
        """Wait until all of `words` are on the screen."""
        self.wait_until(lambda: all(word in self.text for word in words), " and ".join(words))

    def wait_for_exit(self) -> int:
        """Wait until the program has ended; return its exit code, or minus the signal."""
        end = time.monotonic() + PATIENCE
        while self.child.isalive():
            assert time.monotonic() < end, f"never ended; the screen is\n{self.text}"
            self.read(0.05)
        while self.read(0.1):
            pass
        return self.child.exitstatus if self.child.exitstatus is not None else -self.child.signalstatus

    def wait_for_the_end_of_processes(self, besides: frozenset[int] = frozenset()) -> None:
        """Wait until no process is left that this program started; its own end is no reason to give up."""
        end = time.monotonic() + PATIENCE
        while left := self.processes() - besides:
            assert time.monotonic() < end, f"still there: {left}"
            self.read(0.05)
            time.sleep(0.01)

    def modes(self) -> list[Any]:
        """Return how the terminal treats what is typed and written."""
        return termios.tcgetattr(self.child.child_fd)

    def hang_up(self) -> None:
        """Close the terminal, as a window is closed or a connection lost."""
        self.child.ptyproc.fileobj.close()
        self.child.child_fd = -1

    def press(self, *keys: str) -> None:
        """Press keys by name, or characters."""
        for key in keys:
            self.child.send(KEYS.get(key, key))

    def type(self, text: str) -> None:
        """Type characters."""
        self.child.send(text)

    def processes(self) -> set[int]:
        """Return the processes that this program started, itself among them."""
        found = set()
        for entry in Path("/proc").glob("[0-9]*/environ"):
            try:
                if self.mark.encode() in entry.read_bytes():
                    found.add(int(entry.parent.name))
            except OSError:
                continue  # it ended, or is not ours
        return found
