"""What is left of a crash: a report in the state folder, and a panel that says where it is."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import time
import traceback
from typing import TYPE_CHECKING

from rich.console import Group
from rich.panel import Panel
from rich.text import Text

from scratchtui import __version__, logs
from scratchtui.experiments.escapes import printable, readable
from scratchtui.faults import described
from scratchtui.places import own_state_folder
from scratchtui.training.texts import write_new

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType

_TERMINAL = "TERM", "TERM_PROGRAM", "COLORTERM", "NO_COLOR", "LANG", "LC_ALL", "TMUX", "STY", "SSH_TTY"


def write_report(error: BaseException) -> Path:
    """Write the report of an error to a file of its own; return its path; OSError where it cannot be."""
    path = own_state_folder() / f"crash-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    write_new(path, report(error).encode(errors="backslashreplace"))
    return path


def report(error: BaseException) -> str:
    """Return versions, platform, terminal, where the error came from, and the last lines of the log.

    No value of a variable is in it.
    """
    from importlib.metadata import version

    size = shutil.get_terminal_size()
    facts = [
        f"scratchtui {__version__}, python {platform.python_version()}",
        ", ".join(f"{name} {version(name)}" for name in ("numpy", "textual", "rich", "plotext")),
        platform.platform(),
        f"{size.columns}x{size.lines}, encoding {getattr(sys.__stderr__, 'encoding', None)}",
        *(f"{name}={os.environ[name]}" for name in _TERMINAL if name in os.environ),
    ]
    trace = "".join(traceback.format_exception(error))
    return readable("\n".join([described(error), "", *facts, "", trace, *logs.tail(), ""]))


def panel(error: BaseException, written: Path | None) -> RenderableType:
    """Return what is printed instead of the screen; the path stands alone, so that it can be copied."""
    words = f"An error of the program, not of yours, has ended it.\n\n{printable(described(error))}"
    box = Panel(Text(words), title="scratchtui", title_align="left", border_style="red", width=78)
    where = (
        f"report: {printable(str(written))}" if written is not None else "a report of it could not be written"
    )
    return Group(box, Text(where, overflow="fold", no_wrap=False))
