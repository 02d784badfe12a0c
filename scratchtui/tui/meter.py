"""How many bytes a second are sent, over the last seconds."""

from __future__ import annotations

from collections import deque

SPAN = 5.0  # seconds


class Meter:
    """Reads a counter of bytes, `total`, about once a second. Times are in seconds, of any clock."""

    def __init__(self, total: int, now: float) -> None:
        self._read = deque([(now, total)])

    def words(self, total: int, now: float) -> str:
        """Return the bytes a second since the reading that is about `SPAN` seconds ago, in KiB/s."""
        self._read.append((now, total))
        while now - self._read[1][0] >= SPAN:
            self._read.popleft()
        at, before = self._read[0]
        return f"{(total - before) / 1024 / max(now - at, 1e-3):.1f} KiB/s"
