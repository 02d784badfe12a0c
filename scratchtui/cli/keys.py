"""`scratchtui keys`: what the terminal sends for a key, and what that would do in the app."""

from __future__ import annotations

import click


@click.command("keys", short_help="What the terminal sends for a key.")
@click.pass_context
def command(context: click.Context) -> int:
    """Tell of each key that is pressed what the terminal sends, what it is called, and what it would do.

    The name is the one to be written in the configuration. Mouse and paste are told of, too. Ends with ctrl+c
    or q, pressed twice.
    """
    from scratchtui.cli.app import require_terminal, set_up

    configuration = set_up(context.obj or {})
    require_terminal("keys")
    from scratchtui.tui.key_viewer import view_keys

    return view_keys(configuration.keymap, mouse=bool(configuration.values["mouse"]))
