"""The recoveries that other processes have left: which can be offered, and which are removed, being old."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scratchtui.training import recovery_folder
from scratchtui.training.recovery import MANIFEST, Manifest, Recovered, RecoveryError, read_tab

if TYPE_CHECKING:
    from scratchtui.training.recovery_folder import RecoveryFolder

TRIED, LATER, REFUSED = (
    "tried",
    "later",
    "refused",
)  # empty files: it may end the app, was put off, cannot be read
LONGEST = 30 * 24 * 3600.0  # seconds that one is kept
MOST, MOST_BYTES = 8, 256 * 2**20  # of all that are kept
_GONE = "another scratchtui has restored it meanwhile"
_JUST_BEGUN = 24 * 3600.0  # seconds in which a folder without a manifest may be one that begins


@dataclass(frozen=True)
class Offer:
    """A recovery that can be restored, as it was written at `when`, in seconds since 1970.

    Of one that was `tried` before it is not known whether it ends the app: it is had only by asking for it.
    """

    name: str
    manifest: Manifest
    when: float
    put_off: bool
    tried: bool


@dataclass(frozen=True)
class Offers:
    """What there is to restore, the newest first, those last that were tried; and what cannot be read."""

    offers: tuple[Offer, ...] = ()
    refusals: tuple[str, ...] = ()


def found(now: float | None = None) -> Offers:
    """Look for recoveries of processes that have ended; OSError where they cannot be looked at.

    Of one that cannot be read that is said once, in a sentence.
    """
    _remove_old(time.time() if now is None else now)
    offers, refusals = [], []
    for name in recovery_folder.names():
        for folder in recovery_folder.held(name):
            there = folder.names()
            if MANIFEST not in there or REFUSED in there:
                continue
            try:
                manifest = Manifest.read(folder)
            except (RecoveryError, OSError) as error:
                refusals.append(str(error))
                _mark(folder, REFUSED)
                continue
            offers.append(Offer(name, manifest, folder.written_at(MANIFEST), LATER in there, TRIED in there))
    offers.sort(key=lambda offer: (not offer.tried, offer.when), reverse=True)
    return Offers(tuple(offers), tuple(refusals))


class Attempt:
    """Restoring an offer: it is marked as tried until it is known that the app outlives it."""

    def __init__(self, offer: Offer) -> None:
        """Take the folder; RecoveryError where another program has, OSError."""
        try:
            self._folder, self._offer = recovery_folder.RecoveryFolder(offer.name), offer
        except FileNotFoundError:
            raise RecoveryError(_GONE) from None
        if not self._folder.take() or MANIFEST not in self._folder.names():
            self._folder.close()
            raise RecoveryError(_GONE)
        self.refusals: list[str] = []

    def read(self) -> list[Recovered]:
        """Return its tabs, as far as they can be read; `refusals` says what cannot. OSError."""
        _mark(self._folder, TRIED)
        tabs = []
        for tab in self._offer.manifest.tabs:
            recovered, refusals = read_tab(tab, self._folder)
            self.refusals += refusals
            if recovered.runs:
                tabs.append(recovered)
        return tabs

    def outlived(self) -> None:
        """Remove it, as its runs are this process's and written as such; what cannot be read is left."""
        if self.refusals:
            _mark(self._folder, REFUSED)
            self._folder.close()
        else:
            self._folder.destroy(MANIFEST)

    def given_up(self) -> None:
        """Let it be offered again: the app ends in order before it is known how it would have gone on."""
        self._folder.remove(TRIED)
        self._folder.close()


def discard(name: str) -> None:
    """Remove a recovery for good; OSError."""
    for folder in recovery_folder.held(name):
        folder.destroy(MANIFEST)


def put_off(name: str) -> None:
    """Let a recovery be offered less loudly from here on; OSError."""
    for folder in recovery_folder.held(name):
        _mark(folder, LATER)


def _mark(folder: RecoveryFolder, mark: str) -> None:
    folder.write(mark, lambda _: None)


def _remove_old(now: float) -> None:
    """Remove recoveries of ended processes that are old, or more than there may be."""
    known: list[tuple[float, int, str]] = []
    for name in recovery_folder.names():
        for folder in recovery_folder.held(name):
            written = folder.written_at(MANIFEST)
            if not written and now - folder.written_at(".") < _JUST_BEGUN:
                continue
            known.append((written, folder.size(), name))
    total = 0
    for place, (written, size, name) in enumerate(sorted(known, reverse=True)):
        total += size
        if place >= MOST or total > MOST_BYTES or now - written > LONGEST:
            with contextlib.suppress(OSError):
                discard(name)
