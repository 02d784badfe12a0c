"""The command line: the app, and every command without it."""

import signal
import sys


def main() -> None:
    """Run the program on the arguments of the process, and end the process with its exit code."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # or ctrl+c amid an import would print a traceback
    from scratchtui.cli.program import run

    sys.exit(run(sys.argv[1:]))
