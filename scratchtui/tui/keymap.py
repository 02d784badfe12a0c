"""Which key does what: the table of actions, with the keys that the user would rather have."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from scratchtui.experiments import EXPERIMENTS
from scratchtui.tui import key_names
from scratchtui.tui.actions import ACTIONS, Action

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from textual.dom import DOMNode

NEEDED_WHILE_TYPING = frozenset({"explain", "quit"})
NEEDED = NEEDED_WHILE_TYPING | {"run_or_pause", "step", "step_back", "last_step", "reset"}
NO_KEY = "none-"  # begins what no terminal sends: it stands for no key where Textual wants one
MOST_KEYS = 20
_LONGEST_WORD = 64  # characters of a wrong name that are compared with right ones


class Fault(NamedTuple):
    """What is wrong with the keys of one action."""

    action: str
    words: str


class Keymap:
    """The actions of the app, each with its keys; `ACTIONS` itself where the user wants no other."""

    def __init__(self, actions: tuple[Action, ...] = ACTIONS) -> None:
        self.actions = actions

    @cached_property
    def _by_name(self) -> dict[str, Action]:
        return {action.name: action for action in self.actions}

    @cached_property
    def _by_key(self) -> dict[str, Action]:
        return {key: action for action in self.actions for key in action.keys}

    def __getitem__(self, name: str) -> Action:
        """Return the action of that name."""
        return self._by_name[name]

    @property
    def tabs(self) -> dict[str, str]:
        """What is on the key of each tab, nothing where there is none."""
        return dict(
            zip_longest(EXPERIMENTS, map(key_names.shown, self["tab"].keys[: len(EXPERIMENTS)]), fillvalue="")
        )

    def does(self, key: str) -> Action | None:
        """Return what a key does where nothing else has a use for it."""
        return self._by_key.get(key)

    def changed(self) -> dict[str, str]:
        """Return the keys of each action that has others than in the table, as Textual wants them."""
        changed: dict[str, str] = {}
        for action, was in zip(self.actions, ACTIONS, strict=True):
            if action.keys != was.keys and action.each:
                names = [f"{action.name}{k}" for k in range(len(was.keys))]
                changed |= {name: f"{NO_KEY}{name}" for name in names}
                changed |= dict(zip(names, action.keys, strict=False))
            elif action.keys != was.keys:
                changed[action.name] = ",".join(action.keys) or f"{NO_KEY}{action.name}"
        return changed

    def bind(self, dialog: DOMNode, does: str, *actions: str) -> None:
        """Let the keys of these actions do something else in a dialog, but for keys that are its own."""
        keys = {key for name in actions for key in self[name].keys} - set(dialog._bindings.key_to_bindings)
        for key in keys:
            dialog._bindings.bind(key, does, show=False)

    def beside(self, own: Iterable[str] = ()) -> list[tuple[str, Action]]:
        """Return the actions that can be had beside a panel's own keys, each with what is on its key."""
        taken = frozenset(own)
        told = [(_told(action, taken), action) for action in self.actions]
        return [(shown, action) for shown, action in told if shown]

    def shown(self, own: Iterable[str] = ()) -> Mapping[str, str]:
        """Return what is on the key of each action; of one that a panel leaves none, on the first."""
        return {action.name: action.shown for action in self.actions} | {
            action.name: key for key, action in self.beside(own)
        }

    def filled(self, words: str) -> str:
        """Return `words` with the key of an action in the place of its name in braces: `{mark}`."""
        return re.sub(
            r"\{(\w+)\}", lambda found: self[found[1]].shown if found[1] in self._by_name else found[0], words
        )


def _told(action: Action, taken: frozenset[str]) -> str:
    """Return what is on the first key of an action that is not taken; of many that do the like, of all."""
    if action.each and not taken.intersection(action.keys):
        return action.shown
    free = [key for key in action.keys if key not in taken]
    if not free:
        return ""
    return action.shown if free[0] == action.keys[0] else key_names.shown(free[0])


DEFAULT = Keymap()


def read(table: Mapping[str, object]) -> tuple[Keymap, list[Fault]]:
    """Return the keymap that a table of keys by names of actions asks for, and all that is wrong with it.

    The keys of an action are a text with commas between them, or a list of texts; an empty one takes
    its keys away. Where something is wrong with an action it keeps the keys that it had.
    """
    faults: list[Fault] = []
    wanted: dict[str, tuple[str, ...]] = {}
    for name, value in table.items():
        try:
            _check_action(name)
            wanted[name] = _keys(name, value)
        except ValueError as refusal:
            faults.append(Fault(name, str(refusal)))
    actions = tuple(
        _with_keys(action, wanted[action.name]) if action.name in wanted else action for action in ACTIONS
    )
    clashes = _clashes(actions, wanted)
    found = [*faults, *clashes]
    return (DEFAULT if found or actions == ACTIONS else Keymap(actions)), found


def _check_action(name: str) -> None:
    names = [action.name for action in ACTIONS]
    if name in names:
        return
    from scratchtui.experiments.hyperparameter import quoted, suggestion

    meant = [action.name for action in ACTIONS if action.short == name]
    guess = f"did you mean {meant[0]!r}?" if meant else suggestion(name[:_LONGEST_WORD], names)
    raise ValueError(f"there is no action {quoted(name)}; {guess}")


def _keys(name: str, value: object) -> tuple[str, ...]:
    """Return the names of the keys that a value of the table means."""
    texts = _texts(value)
    if texts is None:
        raise ValueError(f'the keys of {name} are a text, such as "f5,space", or a list of texts')
    if len(texts) > MOST_KEYS:
        raise ValueError(f"{name} has {len(texts)} keys; it can have {MOST_KEYS}")
    try:
        keys = tuple(dict.fromkeys(key_names.read(text) for text in texts))
    except ValueError as refusal:
        raise ValueError(f"{name}: {refusal}") from None
    for key in keys:
        if key in key_names.KEPT:
            raise ValueError(f"{key} always {key_names.KEPT[key]}; {name} needs another key")
        if key in key_names.SAME_AS:
            same = key_names.SAME_AS[key]
            written = key_names.written(key)
            raise ValueError(f"{name}: terminals send the same for {written} as for {same}; say {same!r}")
    if not keys and name in NEEDED:
        raise ValueError(f"{name} cannot be without a key; by default it is {_default(name)}")
    if name in NEEDED_WHILE_TYPING and not any(map(key_names.heard_while_typing, keys)):
        heard = next(key for key in DEFAULT[name].keys if key_names.heard_while_typing(key))
        raise ValueError(f"{name} needs a key that is heard while a line is typed too; add {heard!r}")
    return keys


def _texts(value: object) -> list[str] | None:
    """Return the texts of a value of the table; None where it is something else."""
    match value:
        case "":
            return []
        case ",":
            return [","]
        case str():
            return value.split(",")
        case list() if all(isinstance(each, str) for each in value):
            return value
    return None


def _default(name: str) -> str:
    return repr(",".join(map(key_names.written, DEFAULT[name].keys)))


def _with_keys(action: Action, keys: tuple[str, ...]) -> Action:
    """Return the action with these keys, and what is told of them."""
    if keys == action.keys:
        return action
    told = [key_names.shown(key) for key in keys]
    shown = told[0] if told else ""
    if action.each and len(told) > 1:
        shown = f"{told[0]}-{told[-1]}"
    return replace(action, keys=keys, shown=shown, otherwise="" if action.each else (told[1:2] or [""])[0])


def _clashes(actions: Sequence[Action], wanted: Mapping[str, object]) -> list[Fault]:
    """Return what is wrong with keys that two actions have, told of one that was wanted, the last of them."""
    having: dict[str, list[str]] = {}
    for action in actions:
        for key in action.keys:
            having.setdefault(key, []).append(action.name)
    faults = []
    order = list(wanted)
    for key, names in having.items():
        if len(names) > 1:
            told = max(names, key=lambda name: order.index(name) if name in order else -1)
            others = " and ".join(name for name in names if name != told)
            words = f"{key_names.written(key)!r} is the key of {others}; free is {_free(key, having)!r}"
            faults.append(Fault(told, f"{told}: {words}"))
    return faults


def _free(key: str, having: Mapping[str, object]) -> str:
    """Return a key that nothing has: the same letter otherwise written, or the nearest function key."""
    nearest = [key.swapcase()] if len(key) == 1 else []
    candidates = [*nearest, *key_names.FUNCTION_KEYS[:12]]
    return next(each for each in candidates if each not in having)


def written(action: Action) -> str:
    """Return the keys of an action as a value in TOML."""
    return '"' + ",".join(map(key_names.written, action.keys)) + '"'
