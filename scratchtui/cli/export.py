"""`scratchtui export`: a saved run for other programs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from scratchtui.cli.refusals import naming, refusing
from scratchtui.cli.saying import say

_STDOUT = Path("-")


@click.command("export", short_help="A saved run for other programs.")
@click.argument("run", metavar="RUN.npz", callback=naming)
@click.argument("path", metavar="[PATH]", required=False, callback=naming)
@click.option("--losses", is_flag=True, help="The loss of every step, as CSV.")
@click.option("--weights", is_flag=True, help="Every parameter under its name, as npz.")
@click.option(
    "--script", is_flag=True, help="A script that needs numpy only and prints the losses of the run."
)
@click.option("--command", is_flag=True, help="The command line that makes the same run again.")
def command(*, run: Path, path: Path | None, **chosen: bool) -> None:
    """Export the saved run RUN.npz to PATH, a new file, or to standard output where PATH is -.

    Without PATH the command line is printed, and anything else goes into the present folder, under a name
    that is free, and that is printed.
    """
    from scratchtui.training.exports import EXPORTS, write_free
    from scratchtui.training.file_names import stem
    from scratchtui.training.files import load_run
    from scratchtui.training.texts import told, write_new

    with refusing():
        export = EXPORTS[_only(chosen)]
        loaded = load_run(run)
        content = export.of(loaded)
        if path == _STDOUT or (path is None and not export.name):
            _print(content, binary=export.binary)
        elif path is not None:
            told(lambda: write_new(path, content))
        else:
            name = f"{stem(loaded.recipe, loaded.latest.step)}-{export.name}"
            say(write_free(name, content).name)


def _only(chosen: dict[str, bool]) -> str:
    """Return the one thing that is asked for; ValueError for none or several."""
    named = [name for name, given in chosen.items() if given]
    if len(named) != 1:
        said = "not both " + " and ".join(f"--{name}" for name in named[:2]) if named else "and none is given"
        raise ValueError(f"export takes one of {', '.join(f'--{name}' for name in chosen)}, {said}")
    return named[0]


def _print(content: bytes, *, binary: bool) -> None:
    if sys.stdout is None:  # where the shell has closed it
        raise ValueError("standard output is closed")
    if binary and sys.stdout.isatty():
        raise ValueError("an npz file is no text for a terminal; give it a PATH, or pipe it")
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
