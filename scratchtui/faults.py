"""What is said of an error of the program itself: a sentence for whom it may concern, and no traceback."""

from __future__ import annotations

from pathlib import Path

INTERNAL_ERROR = 70


def fault(error: BaseException) -> str:
    """Return the sentence that names the error and the line that it came from."""
    return f"internal error, a fault of scratchtui and not of yours: {described(error)}"


def described(error: BaseException) -> str:
    """Return kind and words of an error, and the line that it came from."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "scratchtui" in Path(frame.filename).parts] or frames
    places = {f"{Path(frame.filename).name}, line {frame.lineno}" for frame in (*ours[-1:], *frames[-1:])}
    kind, words = type(error).__name__, str(error)
    return f"{kind}{words and f': {words}'} ({'; '.join(sorted(places)) or 'no place known'})"
