"""The mouse, which the app may have or leave to the terminal: it is the user who says."""

from __future__ import annotations

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver


class Mouse(App[None]):
    """An app that sends nothing about the mouse while it does not have it."""

    @property
    def has_mouse(self) -> bool:
        """Whether the terminal tells of the mouse."""
        return bool(getattr(self._driver, "_mouse", False))

    def action_toggle_mouse(self) -> None:
        """Mouse on or off, so that the terminal's own selection works."""
        on = not self.has_mouse
        driver = self._driver
        if isinstance(driver, LinuxDriver):
            driver._mouse = True  # its own switches do nothing where it began without
            if on:
                driver._enable_mouse_support()
                if driver._in_band_window_resize:  # then its parser takes places for pixels
                    driver._enable_mouse_pixels()
            else:
                driver._disable_mouse_support()
            driver._mouse = on
        self.notify(f"mouse {'on' if on else 'off: the terminal selects text'}", timeout=2)

    def _set_pointer_shape(self, shape: str) -> None:
        """Ask for another pointer, where there is one to be seen."""
        if self.has_mouse:
            super()._set_pointer_shape(shape)
