"""What the terminal sends, as Textual's own parser understands it: for `scratchtui keys`."""

from __future__ import annotations

import codecs
import contextlib
import os
import select
import signal
import sys
import termios
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TextIO

from textual import events
from textual._xterm_parser import XTermParser
from textual.geometry import Size

from scratchtui.experiments.escapes import printable
from scratchtui.tui import key_names
from scratchtui.tui.watch import ENDING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType

    from textual.message import Message

    from scratchtui.tui.key_uses import Use
    from scratchtui.tui.keymap import Keymap

_PASTES, _NO_PASTES = "\x1b[?2004h", "\x1b[?2004l"
_KITTY, _NO_KITTY = "\x1b[>1u", "\x1b[<u"  # as the app has it: a terminal sends another thing with it
_MOUSE, _NO_MOUSE = "\x1b[?1000h\x1b[?1006h", "\x1b[?1006l\x1b[?1000l"  # without every move
_PASTE_BEGINS, _PASTE_ENDS = "\x1b[200~", "\x1b[201~"
_LEAVING = {"q", "ctrl+c"}
_BREATH = 0.02  # seconds, in which an escape alone is told from the beginning of a sequence
_REST = 0.25  # seconds, after which signals are looked for where nothing is awaited
_SILENCE = 10  # breaths, after which a sequence that means nothing is told of as such
_LONGEST = 24  # characters of what is sent
_SENT_WIDE, _NAME_WIDE = 14, 12  # columns
_CHUNK = 4096


_MOUSE_EVENTS = {
    events.MouseDown: "mouse pressed",
    events.MouseUp: "mouse released",
    events.MouseScrollUp: "wheel up",
    events.MouseScrollDown: "wheel down",
}


class Heard(NamedTuple):
    """One thing that the terminal has sent: the characters, the name of it, and the key if it is one."""

    sent: str
    name: str
    key: str = ""


class Ear:
    """Takes in what the terminal sends and tells what it was."""

    def __init__(self) -> None:
        self._parser = XTermParser()
        self._parser.terminal_size = Size(0, 0)
        self._sent = ""
        self._silent = 0

    @property
    def waits(self) -> bool:
        """Whether what has been sent is not all told of yet."""
        return bool(self._sent)

    def hear(self, text: str) -> Iterator[Heard]:
        """Yield what `text` completes."""
        self._silent = 0
        for character in text:
            self._sent += character
            yield from self._told(self._parser.feed(character))

    def wait(self) -> Iterator[Heard]:
        """Yield what is complete, now that nothing has come for a breath."""
        yield from self._told(self._parser.tick())
        self._silent += 1
        pasting = self._sent.startswith(_PASTE_BEGINS) and not self._sent.endswith(_PASTE_ENDS)
        if self._sent and self._silent >= _SILENCE and not pasting:
            sent, self._sent = self._sent, ""
            yield Heard(sent, "nothing that is known")

    def _told(self, messages: Iterable[Message]) -> Iterator[Heard]:
        for message in messages:
            if name := _name_of(message):
                yield Heard(self._taken(), name, message.key if isinstance(message, events.Key) else "")

    def _taken(self) -> str:
        """Return what has been sent until now, but not the escape that tells that a sequence was none."""
        begun = "\x1b" if len(self._sent) > 1 and self._sent.endswith("\x1b") else ""
        sent, self._sent = self._sent.removesuffix(begun) if begun else self._sent, begun
        return sent


def _name_of(message: Message) -> str:
    match message:
        case events.Key():
            return key_names.written(message.key)
        case events.Paste():
            return f"paste of {len(message.text):,} characters"
        case events.MouseEvent():
            what = _MOUSE_EVENTS.get(type(message), "mouse moved")
            button = f" button {message.button}" if message.button else ""
            return f"{what}{button} at column {message.x + 1:.0f}, row {message.y + 1:.0f}"
    return f"answer of the terminal, {type(message).__name__}"


class Meanings:
    """What each key would do in the app."""

    def __init__(self, keymap: Keymap) -> None:
        self._keymap = keymap

    @cached_property
    def _uses(self) -> dict[str, list[Use]]:
        from scratchtui.tui.key_uses import uses  # with every experiment: the first key may wait for them

        return uses()

    def of(self, key: str) -> str:
        """Return what a key does, in words: everywhere, and in the panels that use it first."""
        key = "enter" if key == "ctrl+j" else key
        action, first = self._keymap.does(key), self._uses.get(key, [])
        told = action.help if action else key_names.KEPT.get(key, "")
        if first:
            from scratchtui.tui.key_uses import panels_named

            words = ", ".join(dict.fromkeys(use.words for use in first[:2]))
            told += f"{'; but ' if told else ''}in {panels_named(first)}: {words}"
        return told or "nothing"


def line_of(heard: Heard, meanings: Meanings, width: int) -> str:
    """Return what is said of it, in a line of the terminal."""
    sent = "".join(map(_byte, heard.sent.encode()))
    if len(sent) > _LONGEST:
        sent = f"{sent[: _LONGEST - 1]}…"
    name = printable(heard.name)
    line = f"{sent:<{_SENT_WIDE}}  {name:<{_NAME_WIDE}}"
    if heard.key:
        line += f"  {meanings.of(heard.key)}"
    return line if len(line) < width else f"{line[: width - 2]}…"


def _byte(code: int) -> str:
    return chr(code) if ord("!") <= code <= ord("~") and code != ord("\\") else f"\\x{code:02x}"


def view_keys(keymap: Keymap, *, mouse: bool) -> int:
    """Tell of each thing that the terminal sends, until ctrl+c or q come twice; return the exit code.

    A signal that asks to end ends it too, with 128 plus its number, and a terminal that is gone with that of
    SIGHUP. The terminal is given back as it was found.
    """
    meanings = Meanings(keymap)
    signals: list[int] = []
    with _asked(signals), _raw(sys.stdin.fileno(), sys.stderr, mouse=mouse) as write:
        try:
            write(f"{'the terminal sends':<{_SENT_WIDE}}  named  and in the app it would\n")
            write("press keys, click or paste; ctrl+c or q twice ends\n\n")
            return _view(meanings, write, signals)
        except OSError:
            return 128 + signal.SIGHUP
    return 0


def _view(meanings: Meanings, write: Callable[[str], None], signals: list[int]) -> int:
    ear, last = Ear(), ""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while not signals:
        heard: Iterable[Heard]
        if select.select([sys.stdin.fileno()], [], [], _BREATH if ear.waits else _REST)[0]:
            data = os.read(sys.stdin.fileno(), _CHUNK)
            if not data:
                return 128 + signal.SIGHUP
            heard = ear.hear(decoder.decode(data))
        else:
            heard = ear.wait()
        for each in heard:
            write(line_of(each, meanings, os.get_terminal_size(sys.stderr.fileno()).columns or 80) + "\n")
            if each.key in _LEAVING and each.key == last:
                return 0
            last = each.key
    return 128 + signals[0]


@contextlib.contextmanager
def _asked(signals: list[int]) -> Iterator[None]:
    """Note signals that ask to end, in the place of what they do."""

    def note(number: int, _: FrameType | None) -> None:
        signals.append(number)

    before = {number: signal.signal(number, note) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _raw(fileno: int, screen: TextIO, *, mouse: bool) -> Iterator[Callable[[str], None]]:
    """Have every key sent at once and unchanged, as the app has; yield what writes to the screen."""
    before = termios.tcgetattr(fileno)
    modes = termios.tcgetattr(fileno)
    modes[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    modes[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)

    def write(words: str) -> None:
        screen.write(words)
        screen.flush()

    termios.tcsetattr(fileno, termios.TCSADRAIN, modes)
    try:
        write(_PASTES + _KITTY + _MOUSE * mouse)
        yield write
    finally:
        with contextlib.suppress(OSError):
            write(_NO_MOUSE * mouse + _NO_KITTY + _NO_PASTES)
        with contextlib.suppress(termios.error):
            termios.tcsetattr(fileno, termios.TCSAFLUSH, before)
