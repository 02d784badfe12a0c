"""What the command line refuses: one sentence, naming the nearest that would do."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.exceptions import BadOptionUsage, BadParameter, MissingParameter, NoSuchOption

from scratchtui.cli.saying import say

if TYPE_CHECKING:
    from collections.abc import Iterator


Reader = Callable[[click.Context, click.Parameter, str | None], Any]


def reading(parse: Callable[[str, str], Any], default: int | None = None) -> Reader:
    """Return the callback that has the text of an option read by `parse`, which is told its name as well."""

    def read(context: click.Context, parameter: click.Parameter, text: str | None) -> Any:
        if text is None:
            return default
        try:
            return parse(text, parameter.opts[0])
        except ValueError as error:
            raise BadParameter(str(error), context, parameter) from error

    return read


def integer(*, low: int = 0, high: int, default: int | None = None) -> Reader:
    """Return the callback that reads a whole number, as that of a hyperparameter is read."""

    def parse(text: str, name: str) -> Any:
        from scratchtui.experiments.hyperparameter import Hyperparameter

        return Hyperparameter(name, name, "integer", "", "", low=low, high=high).parse(text)

    return reading(parse, default)


def naming(context: click.Context, parameter: click.Parameter, text: str | None) -> Path | None:
    """Return the path that the text of an option or argument names; an empty one names the present folder."""
    if text is None:
        return None
    if not text:
        name = parameter.opts[0] if isinstance(parameter, click.Option) else parameter.human_readable_name
        raise BadParameter(f"{name} is empty; it takes the name of a file", context, parameter)
    return Path(text)


@contextlib.contextmanager
def refusing() -> Iterator[None]:
    """Make the user's mistakes within, ValueError and OSError, a refusal in their own words."""
    try:
        yield
    except OSError as error:
        raise click.UsageError(
            f"cannot use {error.filename}: {_lowered(error.strerror or str(error))}"
        ) from error
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def complain(words: str) -> None:
    """Say a sentence on stderr, if anybody listens there."""
    from scratchtui.experiments.escapes import printable

    with contextlib.suppress(OSError):
        say(f"scratchtui: {printable(words)}", err=True)


def sentence(error: click.ClickException) -> str:
    """Return what is wrong with the command line, in one sentence."""
    context = getattr(error, "ctx", None)
    command = context.command.name if context is not None and context.parent is not None else "scratchtui"
    match error:
        case NoSuchOption(option_name=name):
            where = "there is" if command == "scratchtui" else f"{command} has"
            return f"{where} no option {name!r}{_guess(name, context)}"
        case MissingParameter(param=click.Parameter() as missing):
            return f"{command} needs {missing.human_readable_name}; see scratchtui {command} --help"
        case BadParameter(message=message):
            return message
        case BadOptionUsage(option_name=name, message=message):
            return f"{name} needs a value" if "requires" in message else f"{name} takes no value"
        case click.UsageError(message=message) if message.startswith("Got unexpected"):
            return message.replace("Got unexpected extra", f"{command} does not take the")
    return error.format_message()


def _guess(name: str, context: click.Context | None) -> str:
    from scratchtui.experiments.hyperparameter import suggestion

    if context is None:
        return ""
    flags = [(*each.opts, *each.secondary_opts) for each in context.command.get_params(context)]
    known = [flag for each in flags for flag in each if flag[:2] == "--"]
    return f"; {suggestion(name, known)}"


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]
