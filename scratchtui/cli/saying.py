"""What commands say: the ends of lines are theirs, and nothing else in it can command a terminal."""

from __future__ import annotations

import click


def say(words: object, *, err: bool = False) -> None:
    """Print words on stdout or stderr, and as escapes what a terminal would obey or nobody would see.

    Names of files, and whatever was read from them, may be in it.
    """
    from scratchtui.experiments.escapes import readable  # help does without

    click.echo(readable(str(words)), err=err)
