"""What the app is set to: by the command line, else the environment, else the file, else the default."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from scratchtui import places
from scratchtui.cli.options import OPTIONS, Option
from scratchtui.experiments.escapes import printable
from scratchtui.tui import abilities, keymap, remembered

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scratchtui.experiments.hyperparameter import Value
    from scratchtui.tui.keymap import Keymap

FILE = "config.toml"
KEYS = "keys"
_MOST_FAULTS = 20
_LONGEST_LINE = 200  # characters in which a key is looked for
_LONGEST_WORD = 64  # characters of a wrong key that are compared with right ones


class Setting(NamedTuple):
    """The value of an option, and what has set it."""

    value: Value
    source: str


@dataclass
class Configuration:
    """Settings by the keys of options, the keymap, and whatever is wrong, a sentence each.

    `keys` names the actions that have their keys from the file; `text` is the file's, None without one.
    """

    path: Path
    text: str | None = None
    settings: dict[str, Setting] = field(default_factory=dict)
    keymap: Keymap = keymap.DEFAULT
    keys: frozenset[str] = frozenset()
    faults: list[str] = field(default_factory=list)

    @property
    def values(self) -> dict[str, Value]:
        """The value of every option by its key."""
        return {key: setting.value for key, setting in self.settings.items()}


def file_path() -> Path:
    """Return where the file is, or would be."""
    return places.folder("config") / FILE


def configured(given: Mapping[str, Value | None]) -> Configuration:
    """Return what the app is set to, where the command line has given these values."""
    found = Configuration(file_path())
    table = _read(found)
    filed = _filed(found, table)
    for option in OPTIONS:
        found.settings[option.key] = _setting(option, given.get(option.key), filed, found.faults)
    return found


def _setting(option: Option, given: Value | None, filed: Mapping[str, Value], faults: list[str]) -> Setting:
    if given is not None:
        return Setting(given, "command line")
    if text := os.environ.get(option.variable):
        try:
            return Setting(option.parse(text, option.variable), f"environment, {option.variable}")
        except ValueError as refusal:
            faults.append(str(refusal))
    if option.key in filed:
        return Setting(filed[option.key], "file")
    if option.key == "theme" and (name := remembered.theme()) in option.choices:
        return Setting(name, "chosen in the app")
    if option.key == "ascii" and abilities.letters_only(os.environ, getattr(sys.stderr, "encoding", None)):
        return Setting(True, "the terminal")  # noqa: FBT003 - is the value
    return Setting(option.default, "default")


def _read(found: Configuration) -> dict[str, object]:
    """Return the table that the file holds, an empty one where there is none or it cannot be read."""
    import tomllib

    from scratchtui.training.texts import read_text

    named = printable(str(found.path))
    try:
        found.text = read_text(found.path)
    except FileNotFoundError:
        return {}
    except OSError as error:
        found.faults.append(f"cannot read {named}: {_lowered(error.strerror or str(error))}")
        return {}
    except ValueError as error:
        found.faults.append(f"cannot read the configuration: {printable(str(error))}")
        return {}
    try:
        return tomllib.loads(f"{found.text}\n")  # or faults of its last line would have no line
    except tomllib.TOMLDecodeError as error:
        words, line = _located(printable(str(error)))
        found.faults.append(f"{named}{line}: this is no TOML: {words}")
    except RecursionError:
        found.faults.append(f"{named}: this is no configuration: it is nested too deeply")
    except ValueError as error:  # a number of thousands of digits
        found.faults.append(f"{named}: this is no configuration: {_lowered(printable(str(error)))}")
    return {}


def _located(message: str) -> tuple[str, str]:
    """Return what the parser says, and where, apart."""
    words, _, place = message.rpartition(" (at ")
    line = re.match(r"line (\d+)", place)
    words = "a text has no end" if words == r"Illegal character '\n'" else _lowered(words or message)
    return words, f", line {line[1]}" if line else ", at its end" if place else ""


def _filed(found: Configuration, given: Mapping[str, object]) -> dict[str, Value]:
    """Return the values that the file gives options, and take its keys; faults are told of the rest."""
    options = {option.key: option for option in OPTIONS}
    filed: dict[str, Value] = {}
    wrong: list[tuple[str, str, str]] = []  # table, key, words
    for key, value in given.items():
        try:
            if key == KEYS:
                continue
            if key not in options:
                raise ValueError(_unknown(key, [*options, KEYS]))  # noqa: TRY301 - told as the others are
            filed[key] = options[key].accept(value)
        except ValueError as refusal:
            wrong.append(("", key, str(refusal)))
        if len(wrong) == _MOST_FAULTS:
            break
    keys = given.get(KEYS, {})
    if isinstance(keys, dict):
        found.keymap, faults = keymap.read(dict(list(keys.items())[: _MOST_FAULTS * 5]))
        found.keys = frozenset(keys)
        wrong += [(KEYS, fault.action, fault.words) for fault in faults]
    else:
        words = f'{KEYS} is a table: a line [{KEYS}], and below it lines such as zoom = "z"'
        wrong.append(("", KEYS, words))
    lines = _Lines(found.text or "" if wrong else "")
    named = printable(str(found.path))
    found.faults += [f"{named}{lines.of(table, key)}: {words}" for table, key, words in wrong[:_MOST_FAULTS]]
    return filed


def _unknown(key: str, known: list[str]) -> str:
    from scratchtui.experiments.hyperparameter import quoted, suggestion

    return f"there is no key {quoted(key)}; {suggestion(key[:_LONGEST_WORD], known)}"


class _Lines:
    """Finds the line of a file on which a key has its value, where there is just one that looks like it."""

    def __init__(self, text: str) -> None:
        self._found: dict[tuple[str, str], list[int]] = {}
        table = ""
        for number, whole in enumerate(text.splitlines(), 1):
            line = whole[:_LONGEST_LINE]
            if header := re.match(r"\s*\[\s*[\"']?([^\]\"']*?)[\"']?\s*\]", line):
                table = header[1]
                self._found.setdefault(("", table), []).append(number)
            elif key := re.match(r"\s*(?:(\w+)\s*\.\s*)?[\"']?([^=\"'.]*?)[\"']?\s*=", line):
                self._found.setdefault((key[1] or table, key[2]), []).append(number)

    def of(self, table: str, key: str) -> str:
        """Return `, line N`, or nothing where that cannot be told."""
        numbers = self._found.get((table, key), [])
        return f", line {numbers[0]}" if len(numbers) == 1 else ""


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]
