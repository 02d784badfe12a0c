"""What the app does so that nothing is lost: writes it while it goes on, offers it at the next start."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from scratchtui.faults import INTERNAL_ERROR
from scratchtui.training import recoveries
from scratchtui.training.recoveries import Offers
from scratchtui.training.recovery import RecoveryError, is_worth_keeping, recover
from scratchtui.training.recovery_folder import place
from scratchtui.tui.autosave import Autosave
from scratchtui.tui.restore_dialog import RestoreDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchtui.training.recoveries import Attempt, Offer
    from scratchtui.training.recovery import Recovered
    from scratchtui.tui.app import ScratchApp
    from scratchtui.tui.keymap import Keymap
    from scratchtui.tui.restore_dialog import Answer

OUTLIVED = 2.0  # seconds after which what was restored is taken not to end the app


class Recoveries:
    """Keeps what is made in an app, and restores what others left; all files are used in threads.

    `stays` says that the user has asked for the tab that is shown, which restoring does not leave.
    """

    def __init__(self, app: ScratchApp, interval: float, *, stays: bool, keymap: Keymap) -> None:
        self._app, self._stays, self._keymap = app, stays, keymap
        self._key = keymap["recover"].shown or "the palette"
        self.autosave = Autosave(
            app.sessions, lambda: app.current, lambda: app.call_later(self._say_how_it_goes), interval
        )
        self._offers: list[Offer] = []
        self._looks, self._asked = True, False
        self._one_by_one = threading.Lock()  # or one thread would find locked what another has
        self._attempt: Attempt | None = None

    def begin(self) -> None:
        """Start the clock, and look for what can be restored; called when the first tab is there."""
        self._app.set_interval(self.autosave.tick_every, self.autosave.tick)
        self._in_thread(self._look)

    def save_now(self, *, quits: bool = False) -> None:
        """Write what must not be lost, before the app ends."""
        crashed = self._app.return_code == INTERNAL_ERROR
        if self._attempt is not None and self.autosave.waits and not crashed:
            self._attempt.given_up()
        self.autosave.save_now(quits=quits)

    def show(self) -> None:
        """Offer the newest recovery, once they have been looked for, and say how the autosave does."""
        self._asked = self._looks
        if self._looks:
            self._app.notify("looking for what can be restored")
            return
        if self._attempt is not None:
            self._app.notify("what was restored is being written")
            return
        offer = self._offers[0] if self._offers else None
        dialog = RestoreDialog(offer, len(self._offers) - 1, self._state(), self._keymap)
        self._app.push_screen(dialog, partial(self._answered, offer))

    def _look(self) -> None:
        try:
            offers = recoveries.found()
        except OSError:  # which the autosave will say, having to write there
            offers = Offers()
        self._app.call_later(self._found, offers)

    def _found(self, offers: Offers) -> None:
        """Ask what is to be done with them, where that disturbs nobody; tell of them otherwise."""
        self._offers, self._looks = list(offers.offers), False
        untried = [offer for offer in self._offers if not offer.tried]
        if self._asked or (untried and self._may_ask(untried[0])):
            self.show()
        elif untried:
            kept = sum(len(tab.runs) for offer in untried for tab in offer.manifest.tabs)
            runs = "1 run that was" if kept == 1 else f"{kept} runs that were"
            self._app.notify(f"{runs} in no file: {self._key} restores or discards", title="Kept")
        for refusal in offers.refusals:
            self._warn(refusal)

    def _may_ask(self, offer: Offer) -> bool:
        """Whether the end was one that nobody wanted, and nothing has been done since."""
        if offer.put_off or offer.manifest.quit or not self._app.is_idle:
            return False
        return not any(map(is_worth_keeping, self._app.sessions()))

    def _answered(self, offer: Offer | None, answer: Answer | None) -> None:
        if offer is None or answer is None:
            return
        if answer == "later":
            self._in_thread(lambda: recoveries.put_off(offer.name))
            return
        self._offers.remove(offer)
        if answer == "discard":
            self._in_thread(lambda: recoveries.discard(offer.name))
        else:
            self.autosave.waits = True  # or a recovery that ends the app would be written anew
            self._in_thread(lambda: self._read(offer))

    def _read(self, offer: Offer) -> None:
        try:
            attempt = self._attempt = recoveries.Attempt(offer)
            tabs = attempt.read()
        except (RecoveryError, OSError) as error:
            self.autosave.waits, self._attempt = False, None
            self._app.call_later(self._warn, str(error))
            return
        self._app.call_later(self._restore, attempt, tabs, offer.manifest.current)

    async def _restore(self, attempt: Attempt, tabs: list[Recovered], current: str) -> None:
        app, shown = self._app, self._app.current
        for tab in tabs:
            pane = await app.pane_of(tab.tab.experiment)
            if not recover(pane.session, tab):
                app.notify(f"{pane.session.kind.title}: see its list of runs", title="Restored")
        there = {tab.tab.experiment for tab in tabs}
        await app.show(current if current in there and not self._stays else shown)
        for refusal in attempt.refusals:
            self._warn(refusal)
        app.set_timer(OUTLIVED, self._outlived)

    def _outlived(self) -> None:
        if (attempt := self._attempt) is not None:

            def then() -> None:
                attempt.outlived()
                self._attempt = None

            self.autosave.write_and(then)

    def _state(self) -> str:
        """Return how the autosave does."""
        autosave = self.autosave
        if autosave.trouble:
            return f"What you do is not autosaved: {autosave.trouble}. A run can be saved where you choose."
        size = f", {-(-autosave.written // 1024):,} KiB the last time," if autosave.written else ""
        words = f"What you do is autosaved every {autosave.interval:g} s{size}"
        try:
            return f"{words} in {place()}"
        except OSError:
            return words

    def _say_how_it_goes(self) -> None:
        if self.autosave.trouble:
            self._warn(
                f"{self.autosave.trouble}; {self._key} tells how it goes", "What you do is not autosaved"
            )
        else:
            self._app.notify("what you do is autosaved again")

    def _warn(self, words: str, title: str = "Not restored") -> None:
        self._app.notify(words, title=title, severity="warning")

    def _in_thread(self, act: Callable[[], object]) -> None:
        """Do what uses a disk that may be slow: such a thread holds up neither a key nor the way out."""

        def acted() -> None:
            try:
                with self._one_by_one:
                    act()
            except OSError as error:
                self._app.call_later(self._warn, f"{error.filename}: {error.strerror or error}")

        threading.Thread(target=acted, name="recoveries", daemon=True).start()
