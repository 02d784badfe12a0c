"""How the app ends and sleeps: told by a signal or by an error of its own, it gives the terminal back."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from textual.actions import SkipAction
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.worker import WorkerFailed

from scratchtui.faults import INTERNAL_ERROR
from scratchtui.logs import log
from scratchtui.tui.crash import panel, write_report
from scratchtui.tui.driver import TerminalDriver
from scratchtui.tui.watch import Watch

if TYPE_CHECKING:
    from pathlib import Path

    from textual.driver import Driver

    from scratchtui.tui.guard import Guard

_MOMENT = 0.05  # seconds
TWICE = 2.0  # seconds, in which a second ctrl+c quits


class Lifetime(App[None]):
    """An app that signals end in order, with 128 plus their number, and errors with 70 and a panel.

    `guard` is told while the app has the terminal; `trouble` is a sentence for the user at the beginning.
    """

    guard: Guard | None = None
    trouble: str = ""
    _watch: Watch | None = None
    _asked_at = float("-inf")

    def __init__(self) -> None:
        super().__init__()
        self._saving = threading.Lock()  # never let go again

    def before_leaving(self) -> None:
        """Save what must not be lost; called once, before the app ends for whatever reason but a kill -9.

        It may take half a second. Where the loop stands still, it is called in another thread.
        """

    def get_driver_class(self) -> type[Driver]:
        """Return the driver that knows a lifetime, where Textual would take the one that it is made of."""
        usual = super().get_driver_class()
        return TerminalDriver if usual is LinuxDriver else usual

    def exit(self, *arguments: Any, **options: Any) -> None:
        """End the app, as Textual does; what must not be lost is saved first."""
        self._save()
        if self._watch is not None:
            self._watch.leave(options.get("return_code", 0))
        super().exit(*arguments, **options)

    def terminal_taken(self, descriptor: int) -> None:
        """Begin to heed signals, before anything is written, and let the guard know."""
        if self._watch is None:
            loop = asyncio.get_running_loop()

            def heard(number: int) -> None:
                with contextlib.suppress(RuntimeError):  # the loop has ended, and soon the process has
                    loop.call_soon_threadsafe(self._heed, number)

            self._watch = Watch(descriptor, heard, self._save)
            loop.set_exception_handler(self._loop_failed)
            threading.excepthook = self._thread_failed
        if self.guard is not None:
            self.guard.take()

    def terminal_returned(self) -> None:
        """Let the guard know that there is nothing to restore."""
        if self.guard is not None:
            self.guard.give_back()

    def terminal_lost(self) -> None:
        """Leave: nobody will read what is written; called in any thread."""
        if self._watch is not None:
            self._watch.ring(signal.SIGHUP)

    def terminal_caught_up(self, *, seen: bool) -> None:
        """Be told that the terminal has taken all that was written, or has `seen` it.

        Called in any thread.
        """

    def _heed(self, number: int) -> None:
        """Do what a signal asks for, between two callbacks of the loop."""
        match number:
            case signal.SIGTSTP:
                self._sleep()
            case signal.SIGCONT:
                self._take_again()
            case _ if not self._exit:
                log.info("ends: %s", signal.Signals(number).name)
                self.exit(return_code=128 + number)

    def action_suspend_process(self) -> None:
        """Suspend the app, and all processes of its job; `fg` brings them back."""
        self._sleep()

    def _sleep(self) -> None:
        watch, driver = self._watch, self._driver
        if watch is None or not isinstance(driver, TerminalDriver):
            return
        self.app_suspend_signal.publish(self)
        driver.suspend_application_mode()
        watch.stop(signal.SIGTSTP)
        while not watch.ending and not driver.in_front():
            watch.stop(signal.SIGTTOU)
            sleep(_MOMENT)  # or it would spin where the system does not stop it
        if not watch.ending:  # it may have been killed in its sleep, and the terminal be another's
            driver.resume()

    def _take_again(self) -> None:
        """Take the terminal again, which a shell has had while this process was stopped without asking."""
        if isinstance(driver := self._driver, TerminalDriver) and not self._exit:
            driver.suspend_application_mode()
            driver.resume()

    async def action_help_quit(self) -> None:  # type: ignore[override]  # Textual awaits it
        """Ask whether to quit; a second time, do. What has been selected with the mouse is copied instead."""
        if self.screen.get_selected_text():
            raise SkipAction
        now = monotonic()
        if now - self._asked_at < TWICE:
            await self.action_quit()
            return
        self._asked_at = now
        self.notify("ctrl+c once more quits", title="Quit?", timeout=TWICE)

    def _save(self) -> None:
        """Save what must not be lost, once, however many ends come together."""
        if not self._saving.acquire(blocking=False):
            return
        try:
            self.before_leaving()
        except Exception:  # noqa: BLE001 - whatever it is, the way out goes on
            log.exception("could not be saved on leaving")

    def _thread_failed(self, failure: threading.ExceptHookArgs) -> None:
        if isinstance(failure.exc_value, Exception):
            self._pass_on(failure.exc_value)

    def _loop_failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """See an exception that came in a bare task or callback, where nobody else would."""
        if isinstance(error := context.get("exception"), Exception):
            self._pass_on(error)
        else:
            loop.default_exception_handler(context)

    def _pass_on(self, error: Exception) -> None:
        """Let the loop see an exception from wherever it came."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._handle_exception, error)

    def _handle_exception(self, error: Exception) -> None:
        """Leave with a report, where Textual would print a traceback and every local variable."""
        self._return_code = INTERNAL_ERROR
        if isinstance(error, WorkerFailed) and isinstance(error.error, Exception):
            error = error.error
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
            self._save()
            self._exit_renderables[:] = [panel(error, _report(error))]
        log.error("crash", exc_info=error)
        self._close_messages_no_wait()


def _report(error: Exception) -> Path | None:
    try:
        return write_report(error)
    except Exception:  # noqa: BLE001 - an error in here must not hide the other one
        log.exception("no report of the crash")
        return None
