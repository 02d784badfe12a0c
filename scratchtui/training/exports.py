"""What can be made of a run for other programs: losses, weights, a script, a command line."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scratchtui.places import folder, made_folder
from scratchtui.training.command_line import command_line
from scratchtui.training.script.composition import script_of
from scratchtui.training.texts import MOST_NAMES, names_like, write_new

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchtui.training.run import Run

COLUMNS = ("first_step", "last_step", "mean_loss", "lowest_loss", "highest_loss")


@dataclass(frozen=True)
class Export:
    """One form of a run. `of` makes it, or raises ValueError in one sentence.

    `name` is what its file's name ends with; the one that has none is a line to be copied, not a file. Only
    where it needs the `losses` must the run have them.
    """

    of: Callable[[Run], bytes]
    name: str = ""
    binary: bool = False
    losses: bool = False


def losses_csv(run: Run) -> bytes:
    """Return the loss of every step, 17 digits each; of a long run a row stands for some consecutive steps.

    The columns are `COLUMNS`: where first and last step are one, so are the three losses, and exact.
    """
    losses, text = run.losses, io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    first = losses.index * losses.width + 1
    last = first + losses.count.astype(np.int64) - 1
    figures = (losses.mean, losses.low, losses.high)
    for begins, ends, *row in zip(first, last, *figures, strict=True):
        table.writerow([begins, ends, *(f"{loss:.17g}" for loss in row)])
    return text.getvalue().encode()


def weights_npz(run: Run) -> bytes:
    """Return an npz file with an entry for each parameter under its name, such as `0.Dense.W`."""
    file = io.BytesIO()
    parameters = run.experiment().network.parameters
    np.savez_compressed(file, **{name: each.copy() for name, each in parameters.items()})  # type: ignore[arg-type]
    return file.getvalue()


def write_free(name: str, content: bytes, into: Path | None = None) -> Path:
    """Write a new file into a folder, by default the present one, and return its whole path.

    It is called `name`, or name-2 and so on where there is such a file. ValueError, in one sentence, where
    it cannot be written; nothing is left of it then.
    """
    try:
        where = into or Path.cwd()
    except OSError:
        raise ValueError("the present folder is gone, so nothing can be written into it") from None
    for each in names_like(name):
        try:
            write_new(where / each, content)
        except FileExistsError:
            continue
        except OSError as error:
            raise ValueError(f"cannot write {each} into {where}: {_reason(error)}") from error
        return where / each
    raise ValueError(f"{name} and {MOST_NAMES - 1:,} names like it exist already")


def write_somewhere(name: str, content: bytes) -> Path:
    """Write a new file into the present folder, or where that cannot be into the data folder, as runs are.

    It is named as `write_free` does; ValueError where neither can be.
    """
    try:
        return write_free(name, content)
    except ValueError as refusal:
        try:
            return write_free(name, content, made_folder("data"))
        except (OSError, ValueError) as error:
            raise refusal from error


def place_of_exports() -> Path:
    """Return the folder that `write_somewhere` writes into, as far as that can be told beforehand."""
    try:
        here = Path.cwd()
    except OSError:
        return folder("data")
    return here if os.access(here, os.W_OK) else folder("data")


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


EXPORTS: dict[str, Export] = {
    "command": Export(lambda run: f"{command_line(run)}\n".encode()),
    "losses": Export(losses_csv, "losses.csv", losses=True),
    "weights": Export(weights_npz, "weights.npz", binary=True),
    "script": Export(lambda run: script_of(run).encode(), "script.py"),
}
