"""`scratchtui config`: where the configuration is, what holds, and what is wrong with it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from scratchtui.cli.saying import say
from scratchtui.experiments.escapes import printable

if TYPE_CHECKING:
    from scratchtui.cli.configuration import Configuration

_WHAT = ("path", "show", "check")
_REFUSED = 2


@click.command("config", short_help="Where the app's settings come from.")
@click.argument("what", metavar="path|show|check")
@click.pass_context
def command(context: click.Context, what: str) -> int:
    """Tell where the configuration is, what holds, or what is wrong with it.

    path prints the path of the file. show prints every key with its value and where that comes from, as a
    file that could be saved there. check tells everything that is wrong, and exits with 2 if anything is.
    Options of the app before the word config are taken into account.
    """
    from scratchtui.cli.configuration import configured, file_path
    from scratchtui.experiments.hyperparameter import quoted, suggestion

    if what not in _WHAT:
        raise click.UsageError(f"config has no {quoted(what)}; {suggestion(what, _WHAT, listing=True)}")
    if what == "path":
        say(printable(str(file_path())))
        return 0
    found = configured(context.obj or {})
    if what == "check":
        return _check(found)
    if found.faults:
        raise click.UsageError(found.faults[0])
    say(page(found))
    return 0


def page(found: Configuration) -> str:
    """Return all that holds as TOML, each key with what has set it and what it is for."""
    from scratchtui.cli.options import OPTIONS
    from scratchtui.tui.keymap import written

    lines = []
    for option in OPTIONS:
        setting = found.settings[option.key]
        words = f"{option.help}; {option.range}" if option.kind != "switch" else option.help
        lines.append((f"{option.key} = {option.written(setting.value)}", setting.source, words))
    keys = []
    for action in found.keymap.actions:
        source = "file" if action.name in found.keys else "default"
        keys.append((f"{action.name} = {written(action)}", source, action.help))
    return "\n".join([*_commented(lines), "", "[keys]", *_commented(keys)])


def _commented(lines: list[tuple[str, str, str]]) -> list[str]:
    """Return each value with source and words behind it, the sources below one another."""
    wide, source_wide = (max(len(line[k]) for line in lines) for k in (0, 1))
    return [f"{value:<{wide}}  # {source:<{source_wide}}  {words}" for value, source, words in lines]


def _check(found: Configuration) -> int:
    """Say everything that is wrong, and what is only doubtful; return the exit code."""
    from scratchtui.cli.refusals import complain

    for fault in found.faults:
        complain(fault)
    if not found.faults:
        from scratchtui.tui.key_uses import doubts

        for doubt in [*doubts(found.keymap, found.keys), *_unknown_variables()]:
            complain(f"warning: {doubt}")
        state = "there is no such file yet" if found.text is None else "nothing is wrong"
        say(f"{printable(str(found.path))}: {state}")
    return _REFUSED if found.faults else 0


def _unknown_variables() -> list[str]:
    """Return a sentence for each variable of the environment that looks like ours and is none."""
    from scratchtui import places
    from scratchtui.cli.options import OPTIONS
    from scratchtui.experiments.hyperparameter import quoted, suggestion

    known = [option.variable for option in OPTIONS]
    known += [f"SCRATCHTUI_{kind.upper()}_DIR" for kind in places.KINDS]
    strange = sorted(name for name in os.environ if name.startswith("SCRATCHTUI_") and name not in known)
    return [f"nothing reads {quoted(name)[1:-1]}; {suggestion(name[:64], known)}" for name in strange]
