"""The command line: the app, and every command without it."""

from scratchtui.cli.program import main

__all__ = ["main"]
