"""The program `scratchtui`: the app where no command is given; commands load when called."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, cast

import click
from click.core import ParameterSource

from scratchtui import __version__
from scratchtui.cli.options import with_options
from scratchtui.cli.refusals import complain, naming, sentence
from scratchtui.faults import INTERNAL_ERROR, fault
from scratchtui.threads import ONE_BLAS_THREAD

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from pathlib import Path

    from scratchtui.experiments.hyperparameter import Value

COMMANDS = {
    "train": "train",
    "predict": "predict",
    "show": "show",
    "export": "export",
    "list": "listing",
    "verify": "verify",
    "gradcheck": "gradcheck",
    "info": "info",
    "config": "config",
    "keys": "keys",
}
FAILED, REFUSED, PIPE_CLOSED = 1, 2, 141
_OF_THE_APP = {"config", "keys"}  # which its options are for as well
_PRINTS = {*COMMANDS, "-h", "--help", "--version"}
_COMPLETION = "_SCRATCHTUI_COMPLETE"


class Program(click.Group):
    """A group whose commands are modules beside this one, imported when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of the commands, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Return the command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"scratchtui.cli.{COMMANDS[cmd_name]}")
        return cast("click.Command", module.command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that `args` name; UsageError names the nearest there is."""
        if args[0] not in COMMANDS:
            from scratchtui.experiments.hyperparameter import suggestion

            guess = suggestion(args[0], COMMANDS, listing=True)
            raise click.UsageError(f"there is no command {args[0]!r}; {guess}", ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=Program,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    subcommand_metavar="[COMMAND ...]",
    epilog="Exit codes: 0 done; 1 the run failed; 2 usage, bad input or no terminal; "
    "70 an error of scratchtui; 128+n ended by signal n.",
)
@click.option(
    "--open",
    "open_path",
    metavar="RUN.npz",
    callback=naming,
    help="Begin with a saved run.",
)
@with_options
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def program(context: click.Context, /, *, open_path: Path | None, **given: Value | None) -> int:
    """Watch small neural networks, written from scratch in numpy, learn in your terminal.

    Without a command the app opens. `scratchtui COMMAND --help` tells more of each command.
    """
    context.obj = given
    if command := context.invoked_subcommand:
        _refuse_options_of_the_app(context, command, besides=given if command in _OF_THE_APP else ())
        return 0
    from scratchtui.cli.app import open_app

    return open_app(open_path, given)


def _refuse_options_of_the_app(context: click.Context, command: str, besides: Container[str]) -> None:
    for parameter in context.command.params:
        if parameter.name in besides:
            continue
        if parameter.name and context.get_parameter_source(parameter.name) is ParameterSource.COMMANDLINE:
            off = parameter.secondary_opts and not context.params[parameter.name]
            name = (parameter.secondary_opts if off else parameter.opts)[-1]
            raise click.UsageError(f"{name} is an option of the app, not of {command}", context)


def run(arguments: Sequence[str]) -> int:
    """Run the program and return its exit code; what goes wrong is one sentence on stderr."""
    os.environ.update(ONE_BLAS_THREAD)
    if sys.stdout is None:  # the shell has closed it
        _keep_its_place()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a chart in question marks is better than none
    if _COMPLETION in os.environ:
        program.main(list(arguments), prog_name="scratchtui")
    code = 0
    try:
        code = _invoke(list(arguments))
        if sys.stdout is not None:
            sys.stdout.flush()
        elif code == 0 and _PRINTS.intersection(arguments):
            complain("cannot print the result: standard output is closed")
            return FAILED
    except BrokenPipeError:
        _forget_stdout()
        return code or PIPE_CLOSED
    except OSError as error:
        complain(f"cannot go on: {error.strerror or error}")
        _forget_stdout()
        return code or FAILED
    return code


def _invoke(arguments: list[str]) -> int:
    try:
        with program.make_context("scratchtui", arguments) as context:
            return int(program.invoke(context) or 0)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as refusal:
        complain(sentence(refusal))
        return REFUSED
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - the last resort: a sentence instead of a traceback
        complain(fault(error))
        _log(error)
        return INTERNAL_ERROR


def _log(error: Exception) -> None:
    from scratchtui import logs

    with logs.written():
        logs.log.error("fault", exc_info=error)


def _keep_its_place() -> None:
    """Open nothing where stdout was, here and in child processes, lest a file or pipe is taken for it."""
    while (nowhere := os.open(os.devnull, os.O_RDWR)) < 1:
        os.set_inheritable(nowhere, True)  # noqa: FBT003 - has no names
    os.set_inheritable(nowhere, True)  # noqa: FBT003


def _forget_stdout() -> None:
    """Let the interpreter flush into nothing on its way out, where nobody reads."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
