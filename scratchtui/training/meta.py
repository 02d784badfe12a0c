"""What of a run is no array, as one JSON text within bounds of length, memory and time.

A dataset is a text of up to megabytes, which every edit of it puts into the journal anew: each such text
stands once, as what differs from the one before (`texts`), and the journal names it by its number. The
settings of a snapshot are those of the recipe and what the journal says was changed by then.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scratchtui.training.archive import ArchiveTooLargeError
from scratchtui.training.spelling import loaded_change, stored_change

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from scratchtui.experiments.experiment import Experiment
    from scratchtui.experiments.snapshot import Snapshot
    from scratchtui.training.journal import Entry

LONGEST = (
    2**25
)  # characters: of 60,000 snapshots with a generator's state each, and as many changes, 15 million
MOST_OBJECTS, MOST_ITEMS = 2**20, 2**21  # of JSON, which take 100 bytes and more in memory
MOST_TEXT = 2**27  # bytes in memory of all texts of a journal; to learn from 128 MiB of them takes 80 seconds
MOST_CHANGES = 2**12  # that make data anew, each in up to 40 ms
_SHORT = 100  # characters of a text that the journal holds itself


def written(meta: Mapping[str, Any], batches: str) -> str:
    """Return the JSON text; ArchiveTooLargeError for one that could not be read again.

    `batches` are the items of one more list, as text: to make lists of them first would keep keys waiting.
    """
    text = f'{json.dumps(meta).removesuffix("}")}, "snapshot_batches": [{batches}]}}'
    _refuse_large(text)
    return text


def read(text: str) -> dict[str, Any]:
    """Return what JSON says; ArchiveTooLargeError before it is too much, anything for what is none."""
    _refuse_large(text)
    meta: dict[str, Any] = json.loads(text)
    return meta


def _refuse_large(text: str) -> None:
    objects, items = text.count("{") + text.count("["), text.count(",")
    if len(text) > LONGEST or objects > MOST_OBJECTS or items > MOST_ITEMS:
        raise ArchiveTooLargeError(f"more than {LONGEST >> 20} MiB of settings and changes")


def stored_journal(journal: Sequence[Entry], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return `journal` and `texts` as JSON holds them; ArchiveTooLargeError for too many texts."""
    numbers: dict[str, int] = {}
    stored = []
    for entry in journal:
        change = stored_change(entry)
        if isinstance(entry.value, str) and len(entry.value) > _SHORT:
            change[-1] = {"text": numbers.setdefault(entry.value, len(numbers))}
        stored.append(change)
    texts, before = [], _longest(settings)
    for text in _bounded(numbers):
        texts.append(_difference(before, text))
        before = text
    return {"journal": stored, "texts": texts}


def loaded_journal(kind: type[Experiment], meta: Mapping[str, Any]) -> list[Entry]:
    """Return what was changed, in order; anything may be raised for what is no journal."""
    texts = _loaded_texts(meta.get("texts", ()), _longest(meta["hyperparameters"]))
    known: dict[tuple[str, Any], Entry] = {}
    journal = []
    for step, key, stored in meta["journal"]:
        value = texts[stored["text"]] if isinstance(stored, dict) else stored
        if (key, value) not in known:
            known[key, value] = loaded_change(kind, [step, key, value])
        journal.append(replace(known[key, value], step=step))
    return journal


def _loaded_texts(stored: Iterable[Any], before: str) -> dict[int, str]:
    return dict(enumerate(_bounded(_whole_texts(stored, before))))


def _whole_texts(stored: Iterable[Any], before: str) -> Iterator[str]:
    for start, middle, end in stored:
        if not (start >= 0 and end >= 0 and start + end <= len(before)):
            raise ValueError("a text has more in common with the one before than that has")
        before = before[:start] + middle + before[len(before) - end :]
        yield before


def _bounded(texts: Iterable[str]) -> Iterator[str]:
    """Yield the texts; ArchiveTooLargeError at the first that is too much with those before."""
    size = 0
    for text in texts:
        size += sys.getsizeof(text)
        if size > MOST_TEXT:
            raise ArchiveTooLargeError(f"more than {MOST_TEXT >> 20} MiB of texts")
        yield text


def _longest(settings: Mapping[str, Any]) -> str:
    """Return the text that the first in a journal most likely resembles."""
    return max((value for value in settings.values() if isinstance(value, str)), key=len, default="")


def _difference(before: str, text: str) -> tuple[int, str, int]:
    """Return how many characters begin as those of `before`, what follows, and how many end alike."""
    most = min(len(before), len(text))
    start = _alike(before, text, most)
    end = _alike(before[::-1], text[::-1], most - start)
    return start, text[start : len(text) - end], end


def _alike(one: str, other: str, most: int) -> int:
    """Return how many of the first `most` characters are alike: by halving, as slices compare fast."""
    low = 0
    while low < most:
        middle = (low + most + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            most = middle - 1
    return low


def batches_text(snapshots: Sequence[Snapshot]) -> str:
    """Return the items of a JSON list: memory and place of each; null is the memory of the one before."""
    items = []
    before: Mapping[str, Any] | None = None
    for snapshot in snapshots:
        memory, place = snapshot.batches
        items.append(f"[{'null' if memory == before else json.dumps(dict(memory))}, {place}]")
        before = memory
    return ", ".join(items)
