"""The theme last chosen in the app: kept in the state folder, since the configuration is the user's own."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from scratchtui import places

if TYPE_CHECKING:
    from pathlib import Path

_LONGEST = 64  # bytes


def _file() -> Path:
    return places.folder("state") / "theme"


def theme() -> str:
    """Return the name of the theme that was last remembered; nothing where none was, or none can be read."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        handle = os.open(_file(), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # a pipe there holds nobody up
        with os.fdopen(handle, "rb") as file:
            return file.read(_LONGEST).decode("ascii").strip()
    return ""


def remember_theme(name: str) -> None:
    """Remember a theme for the next start; OSError where that cannot be."""
    from scratchtui.training.whole import write_whole

    places.own_state_folder()
    write_whole(_file(), lambda file: file.write(f"{name}\n".encode()), may_replace=lambda _: True)
