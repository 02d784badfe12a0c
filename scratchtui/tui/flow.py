"""When another frame may follow: how much is on its way, how much may be sent, and how soon.

A terminal that answers questions is asked, behind what has been sent, whether it has come so far; so a slow
line is noticed however much the programs between here and there would take.
"""

from __future__ import annotations

QUESTION = "\x1b[?2026$p"  # which Textual asks at the start, too: is there a synchronized update?
WINDOW = 2048  # bytes that may be on their way while another frame is made
_ASK_AFTER = WINDOW // 2
_PATIENCE = 3.0  # seconds, after which no answer is waited for
_MOST_SILENCES = 3  # and then nothing is asked any more, until there is an answer
_HURRY = 0.25  # seconds after a key, in which frames are not held back to save bytes
_MOST_OWED = 4096  # bytes that are saved afterwards, however many they were
_STILL = 0.08  # seconds without another resize, before the new size is drawn


class Flow:
    """Frames of `rate` bytes a second at most; those after a key come at once, and what they took is saved.

    Times are in seconds, of any clock.
    """

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self._sent = 0  # bytes since the start
        self._arrived = 0  # of them, as far as is known
        self._asked: int | None = None  # bytes that had been sent when the terminal was asked
        self._asked_at = 0.0
        self._answers = False
        self._silences = 0
        self._free_at = self._hurried_until = self._still_at = float("-inf")

    def sent(self, count: int, now: float) -> None:
        """Take note of bytes that have been sent."""
        self._sent += count
        if not self._answers:
            self._arrived = self._sent
        owed = max(self._free_at, now) + count / self.rate
        if now < self._hurried_until:
            owed = max(self._free_at, min(owed, now + _MOST_OWED / self.rate))
        self._free_at = owed

    def question(self, now: float) -> str:
        """Return what is to be sent behind a frame."""
        if not self._answers or self._asked is not None or self._sent - self._arrived < _ASK_AFTER:
            return ""
        self._asked, self._asked_at = self._sent, now
        return QUESTION

    def answered(self) -> None:
        """Take note of an answer of the terminal."""
        self._answers, self._silences = True, 0
        if self._asked is not None:
            self._arrived, self._asked = self._asked, None

    def hurry(self, now: float) -> None:
        """Let what a key changes be drawn at once."""
        self._hurried_until = now + _HURRY

    def resized(self, now: float) -> None:
        """Wait until the size stays as it is."""
        self._still_at = now + _STILL

    def wait(self, now: float) -> float:
        """Return the seconds until another frame may be made, unless an answer or a key comes before."""
        if self._sent - self._arrived > WINDOW and self._asked is not None:
            if (left := self._asked_at + _PATIENCE - now) > 0:
                return left
            self._fall_silent()
        free_at = self._still_at if now < self._hurried_until else max(self._still_at, self._free_at)
        return max(0.0, free_at - now)

    def _fall_silent(self) -> None:
        """Go on without an answer that has not come."""
        self._asked, self._arrived = None, self._sent
        self._silences += 1
        if self._silences >= _MOST_SILENCES:
            self._answers = False
