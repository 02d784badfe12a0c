"""Every option of the app, once: command line, environment, configuration and README have it from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

import click

from scratchtui.cli.refusals import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from scratchtui.experiments.hyperparameter import Hyperparameter, Value

_LARGEST = 10**18  # of a whole number: one of thousands of digits cannot be written
F = TypeVar("F", bound="Callable[..., Any]")


class Option(NamedTuple):
    """One setting of the app, by its key in the configuration.

    `--key` sets it on the command line, a switch is turned off by `--no-key`, and `SCRATCHTUI_KEY` in the
    environment. An `experiment` is a choice of those that there are.
    """

    key: str
    kind: Literal["float", "integer", "choice", "switch", "experiment"]
    default: Value
    help: str
    low: float = 0
    high: float = 0
    choices: tuple[str, ...] = ()

    @property
    def flag(self) -> str:
        """What sets it on the command line."""
        return "--" + self.key.replace("_", "-")

    @property
    def variable(self) -> str:
        """What sets it in the environment."""
        return f"SCRATCHTUI_{self.key.upper()}"

    @property
    def range(self) -> str:
        """What it can be."""
        return self._reader(self.key).range

    def parse(self, text: str, name: str) -> Value:
        """Return the value that `text` spells; ValueError, about `name`, tells the nearest there is."""
        if self.kind != "experiment":
            return self._reader(name).parse(text)
        from scratchtui.experiments import EXPERIMENTS
        from scratchtui.experiments.hyperparameter import quoted, suggestion

        if text not in EXPERIMENTS:
            guess = suggestion(text, EXPERIMENTS, listing=True)
            raise ValueError(f"there is no experiment {quoted(text)}; {guess}")
        return text

    def accept(self, value: object) -> Value:
        """Return a value of the configuration; ValueError where it is of another type, or none there is."""
        if isinstance(value, bool):
            if self.kind == "switch":
                return value
        elif isinstance(value, int) and self.kind in {"float", "integer"}:
            return self.parse(str(max(min(value, _LARGEST), -_LARGEST)), self.key)
        elif isinstance(value, float) and self.kind == "float":
            return self.parse(repr(value), self.key)
        elif isinstance(value, str) and self.kind in {"choice", "experiment"}:
            return self.parse(value, self.key)
        what = {"switch": "true or false", "float": f"a number, {self.range}"}
        what |= {"integer": f"a whole number, {self.range}"}
        wanted = what.get(self.kind, f"a text, one of {self.range}")
        raise ValueError(f"{self.key} is {wanted}, not {_described(value)}")

    def written(self, value: Value) -> str:
        """Return a value as TOML."""
        if self.kind == "switch":
            return "true" if value else "false"
        return self._reader(self.key).format(value) if self.kind in {"float", "integer"} else f'"{value}"'

    def _reader(self, name: str) -> Hyperparameter:
        from scratchtui.experiments import EXPERIMENTS
        from scratchtui.experiments.hyperparameter import Hyperparameter

        kind = "choice" if self.kind == "experiment" else self.kind
        choices = self.choices or tuple(EXPERIMENTS)
        return Hyperparameter(name, name, kind, "", "", low=self.low, high=self.high, choices=choices)


OPTIONS = (
    Option("tab", "experiment", "binary", "the experiment to begin with"),
    Option("fps", "float", 10.0, "how often a second the screen is drawn at most", low=1, high=60),
    Option(
        "color",
        "choice",
        "auto",
        "how many colours to use",
        choices=("auto", "truecolor", "256", "16", "none"),
    ),
    Option(
        "theme",
        "choice",
        "scratch-dark",
        "the colours",
        choices=("scratch-dark", "scratch-light", "scratch-contrast"),
    ),
    Option("ascii", "switch", False, "draw with ASCII characters only"),  # noqa: FBT003 - is the default
    Option("low_bandwidth", "switch", False, "send 2 KiB a second at most while training, and not 8"),  # noqa: FBT003
    Option("mouse", "switch", True, "let the app have the mouse, or leave it to the terminal"),  # noqa: FBT003
    Option("autosave_seconds", "float", 10.0, "how many seconds of work may be lost", low=0.1, high=3600),
)


def with_options(command: F) -> F:
    """Add every option to a command, which gets the values by their keys, None where nothing is said."""
    for option in reversed(OPTIONS):
        default = option.written(option.default).strip('"') if option.kind != "switch" else ""
        if option.kind == "switch":
            flags = f"{option.flag}/--no-{option.flag[2:]}"
            words = f"{_begun(option.help)} [{'yes' if option.default else 'no'}]."
            command = click.option(flags, option.key, default=None, help=words)(command)
        else:
            words = f"{_begun(option.help)}{_limits(option)} [{default}]."
            metavar = "|".join(option.choices) or ("NAME" if option.kind == "experiment" else "N")
            command = click.option(
                option.flag, option.key, metavar=metavar, callback=reading(option.parse), help=words
            )(command)
    return command


def _limits(option: Option) -> str:
    return f", {option.low:g} to {option.high:g}" if option.kind in {"float", "integer"} else ""


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def _described(value: object) -> str:
    from scratchtui.experiments.hyperparameter import quoted

    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f"the text {quoted(value)}"
        case int() | float():
            return "a number"
        case dict():
            return "a table"
        case list():
            return "a list"
    return "a date or a time"
