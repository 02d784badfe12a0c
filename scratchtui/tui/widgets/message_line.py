"""What the app has to say, over the words at the bottom of the screen; where it is long, over more rows."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from scratchtui.tui.widgets.line_editor import LineEditor
from scratchtui.tui.widgets.words import Words

if TYPE_CHECKING:
    from scratchtui.tui.sayings import Saying

FOOTER = 1  # rows
MOST_LINES = 6
PADDING = 2  # columns


class MessageLine(Words):
    """Shows a saying above the footer, a long one over it, and above the line that is typed into, if any."""

    DEFAULT_CSS = """
    MessageLine {
        layer: above; dock: bottom; display: none;
        width: 100%; height: 1; padding: 0 1; offset: 0 -1;
        background: $background; color: $foreground;
        &.-attention { color: $warning; }
        &.-bad { color: $error; text-style: bold; }
    }
    """

    def __init__(self, saying: Saying) -> None:
        super().__init__()
        self._saying: Saying | None = saying
        self._lines = 1

    def on_mount(self) -> None:
        """Stay clear of what is opened below."""
        self.show(self._saying)
        self.screen.screen_layout_refresh_signal.subscribe(self, lambda _: self._place())

    def show(self, saying: Saying | None) -> None:
        """Show this; nothing for None."""
        self._saying = saying
        self.display = saying is not None
        if saying is None:
            return
        for mood in ("attention", "bad"):
            self.set_class(mood == saying.mood, f"-{mood}")
        self._write()
        self._place()

    def on_resize(self) -> None:
        """Fit the new width."""
        self._write()
        self._place()

    def _write(self) -> None:
        if self._saying is None:
            return
        width = max(1, self.app.size.width - PADDING)
        lines = [
            line
            for text in self._saying.words.split("\n")
            for line in wrap(text, width, break_on_hyphens=False)
        ]
        if len(lines) > MOST_LINES:
            from scratchtui.tui.ink import clipped  # with numpy, which the first paint does not wait for

            lines[MOST_LINES - 1 :] = [clipped(" ".join(lines[MOST_LINES - 1 :]), width)]
        self._lines = len(lines)
        self.styles.height = self._lines
        self.say("\n".join(lines))

    def _place(self) -> None:
        if not self.display:
            return
        editors = [each for each in self.screen.query(LineEditor) if each.is_open]
        typed_into = max((each.region.height for each in editors), default=0)
        covers_footer = not typed_into and self._lines > 1  # rather than the status
        below = 0 if covers_footer else FOOTER + typed_into
        if self.styles.offset.y.value != -below:
            self.styles.offset = (0, -below)
