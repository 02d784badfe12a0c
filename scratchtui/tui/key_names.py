"""What keys are called: by Textual and in a configuration, and what is printed on them.

Nothing here imports Textual: a configuration is read before the terminal is touched.
"""

from __future__ import annotations

import string
import unicodedata

_SHORTER = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
_SPELT = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "pgdown": "pagedown",
    "dot": "full_stop",
    "period": "full_stop",
    "question": "question_mark",
    "hyphen": "minus",
    "equals": "equals_sign",
    "less": "less_than_sign",
    "greater": "greater_than_sign",
}
_SHOWN = {
    "escape": "esc",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "backspace": "bksp",
    "delete": "del",
}
_SPELT |= {shown: name for name, shown in _SHOWN.items()}
_MODIFIERS = ("alt", "ctrl", "shift")  # in the order in which Textual names them
FUNCTION_KEYS = tuple(f"f{number}" for number in range(1, 25))
NAMED = (
    *("space", "enter", "tab", "escape", "backspace", "delete", "insert"),
    *("home", "end", "pageup", "pagedown", "up", "down", "left", "right"),
    *FUNCTION_KEYS,
)
SAME_AS = {
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+j": "enter",
    "ctrl+h": "backspace",
    "ctrl+left_square_bracket": "escape",
}  # for a terminal these are one
KEPT = {"ctrl+c": "asks whether to quit", "ctrl+z": "puts the program to sleep"}
TAKEN_BY_OTHERS = {
    "ctrl+a": "screen",
    "ctrl+b": "tmux",
    "ctrl+q": "terminals with flow control",
    "ctrl+s": "terminals with flow control",
}


def name_of(character: str) -> str:
    """Return the name that Textual has for the key of a character: "." is full_stop, "a" is a."""
    if character.isalnum():
        return character
    name = unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")
    return _SHORTER.get(name, name)


def _named(character: str) -> str | None:
    """Return the name of a character that can be typed and read back from its name; None of another."""
    if not character.isprintable() or character.isspace():
        return None
    name = name_of(character)
    return name if character_of(name) == character else None


def character_of(name: str) -> str | None:
    """Return the character that a key is named for; None where it is named otherwise."""
    if len(name) == 1:
        return name
    if name in _CHARACTERS:
        return _CHARACTERS[name]
    try:
        return unicodedata.lookup(name.replace("_", " ")) if name not in NAMED else None
    except KeyError:
        return None


_CHARACTERS = {name_of(character): character for character in string.punctuation}


def read(text: str) -> str:
    """Return the name of the key that `text` means: a character, or a name, with modifiers and `+` before it.

    ValueError in one sentence, with the nearest name there is.
    """
    *modifiers, base = text.strip().split("+") if text.strip("+") else [text]
    if text.endswith("++"):
        modifiers, base = text[:-2].split("+"), "+"
    name = _base(base)
    if name is None or not set(modifiers := [each.strip().lower() for each in modifiers]) <= set(_MODIFIERS):
        raise ValueError(_unknown(text))
    if modifiers == ["shift"] and len(name) == 1 and name.islower():
        return name.upper()  # as terminals send it
    if "ctrl" in modifiers:
        name = "@" if name in {"space", "at"} else name.lower()
    return "+".join([*sorted(set(modifiers)), name])


def _base(text: str) -> str | None:
    if len(text) == 1 and text not in _SPELT:
        return _named(text)
    text = text.strip()
    name = _SPELT.get(text.lower(), text.lower())
    return name if name in NAMED or name in _CHARACTERS else None


def _unknown(text: str) -> str:
    from scratchtui.experiments.hyperparameter import nearest, quoted

    guess = nearest(text.lower()[:64], [*NAMED, *_CHARACTERS, *_SPELT, "shift+tab", "ctrl+p"])
    return f"there is no key {quoted(text)}; did you mean {written(_SPELT.get(guess, guess))!r}?"


def shown(key: str) -> str:
    """Return what is printed on a key, for the screen: `.` for full_stop, F5, esc, ctrl+p."""
    *modifiers, base = key.split("+")
    if base in FUNCTION_KEYS:
        base = base.upper()
    return "+".join([*modifiers, _SHOWN.get(base) or character_of(base) or base])


def written(key: str) -> str:
    """Return how a key is written in a configuration: as its character, unless TOML or commas need that."""
    *modifiers, base = key.split("+")
    character = character_of(base) or base
    return "+".join([*modifiers, base if character in ',"\\+' else character])


def heard_while_typing(key: str) -> bool:
    """Whether a line that is being typed into leaves a key alone."""
    return key in FUNCTION_KEYS or key in {f"ctrl+{letter}" for letter in "glnoprty"}
