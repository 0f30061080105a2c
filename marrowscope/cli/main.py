"""`marrowscope`: the window without a word behind it, the commands with one."""

from __future__ import annotations

import importlib
import logging
import sys
from pathlib import Path

import click

from marrowscope import __version__
from marrowscope.cli.console import fail
from marrowscope.domain.errors import MarrowScopeError
from marrowscope.workflow.logbook import start_log

log = logging.getLogger(__name__)
COMMANDS = (
    *("analyse", "report", "models", "phantom", "classify", "evaluate", "demo"),
    *(
        "count",
        "train",
        "definitions",
        "specimen",
        "sign",
        "amend",
        "second",
        "compare",
    ),
    "atlas",
)


class Commands(click.Group):
    """Loads a command's module only when it is asked for; other words are inputs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return importlib.import_module(f"marrowscope.cli.{cmd_name}").command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and Path(args[0]).exists():
            return "open", open_window, args
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(
                f"'{args[0]}' is neither a command nor a file or folder that is there."
            )
        return super().resolve_command(ctx, args)


@click.command(name="open", hidden=True)
@click.argument("inputs", nargs=-1, type=click.Path(path_type=Path))
def open_window(inputs: tuple[Path, ...]) -> None:
    """Open the window on slides, photos, folders or a case."""
    # Here and not above: the commands need no Qt and must start without it.
    from marrowscope.cli.window import show  # noqa: PLC0415

    sys.exit(show(inputs))


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="marrowscope")
@click.pass_context
def cli(context: click.Context) -> None:
    """Read bone marrow smears: find, name and count nucleated cells.

    Without a command the window opens, on the slides, photos, folder or case given.
    For research use only: suggestions need a reader's confirmation.
    """
    start_log()
    if context.invoked_subcommand is None:
        context.invoke(open_window, inputs=())


def main() -> None:
    """Run a command; every failure is a sentence and an exit code, never a traceback.

    0 done, 2 unusable input, 3 finished with some inputs failed, 130 stopped by Ctrl+C.
    """
    try:
        cli.main(prog_name="marrowscope", standalone_mode=False)
    except MarrowScopeError as error:
        log.exception("stopped")
        fail(error)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except Exception:
        log.exception("a defect of the program")
        fail(
            MarrowScopeError(
                "The program itself failed.", "Send the log file to its developers."
            )
        )


if __name__ == "__main__":
    main()
