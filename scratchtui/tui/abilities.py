"""What a terminal can show, as far as the environment tells: how many colours, and which characters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

Colours = Literal["truecolor", "256", "16", "none"]

_TRUE = {"truecolor", "24bit"}  # what COLORTERM says of all colours
# terminals whose fonts have neither braille nor, mostly, anything but letters
_LETTERS_ONLY = re.compile(r"linux|vt\d|ansi|cons\d|sun|wy|pcvt|dumb").match
_NO_COLOURS = re.compile(r"$|dumb|unknown|vt[1-3]\d\d|wy|sun$").match


def colours(
    asked: str, environment: Mapping[str, str], known: Callable[[str], int | None] | None = None
) -> Colours:
    """Return how many colours to use where the user asks for `asked`, which may be `auto`.

    Who asks for some gets them; else NO_COLOR (see no-color.org), COLORTERM and TERM decide, in this order.
    `known` tells how many colours a terminal of some name has, 0 for none; None where nobody knows.
    """
    if asked != "auto":
        return cast("Colours", asked)
    term = environment.get("TERM", "")
    if environment.get("NO_COLOR"):
        return "none"
    # by GNU screen what the terminal around it has said of itself, by a login what another has
    handed_down = "STY" in environment or _LETTERS_ONLY(term)
    if "direct" in term or (environment.get("COLORTERM", "").lower() in _TRUE and not handed_down):
        return "truecolor"
    count = (known or _in_terminfo)(term)
    if count is None:
        count = 0 if _NO_COLOURS(term) else 256 if "256color" in term else 16
    return "truecolor" if count >= 1 << 24 else "256" if count >= 256 else "16" if count >= 8 else "none"


def letters_only(environment: Mapping[str, str], encoding: str | None) -> bool:
    """Whether there is nothing but ASCII, in the encoding of the stream or in the fonts of the terminal."""
    known = (encoding or "utf-8").lower().replace("-", "").replace("_", "")
    return not known.startswith("utf") or bool(_LETTERS_ONLY(environment.get("TERM", "")))


def erases_with_background() -> bool:
    """Tell whether the terminal, by its name, gives what it erases the background that is set."""
    found = _terminfo(None)
    return found is not None and found.tigetflag("bce") == 1


def _in_terminfo(term: str) -> int | None:
    """Return how many colours the database of terminals knows of."""
    found = _terminfo(term)
    return None if found is None else max(found.tigetnum("colors"), 0)


def _terminfo(term: str | None) -> ModuleType | None:
    """Return curses, which knows the first terminal that a process asks of; None where nobody knows any.

    Without a name it is that of the environment.
    """
    try:
        import curses
    except ImportError:  # this Python was built without it
        return None
    try:
        curses.setupterm(term, 2)
    except curses.error:
        return None
    return curses
