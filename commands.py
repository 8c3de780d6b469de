"""What every command shares: --corpus, --data, --debug, errors in one line, exit codes."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from errors import SidenoteError, UsageError
from settings import Settings

STOPPED = 130  # as a shell reports a command that Ctrl-C ended
EXIT_CODES = """exit codes:
  0  done                          4  no index yet, or not usable as it is
  1  an error without a name       5  the index is damaged
  2  wrong arguments or settings   6  the model cannot be loaded or does not answer
  3  no corpus to index           75  another process is building the index: try again later
 130 stopped by Ctrl-C"""

# Read by libraries when they load, so set before anything imports them. Idle OpenMP threads spin otherwise: a
# question took 2 s instead of 29 ms on a busy machine. The rest keeps libraries from calling home.
_ENVIRONMENT = {
    "OMP_WAIT_POLICY": "passive",
    "ANONYMIZED_TELEMETRY": "False",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


class Parser(argparse.ArgumentParser):
    """An argument parser that keeps the layout of its texts and complains in one line."""

    def __init__(self, prog: str, description: str, epilog: str) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=f"{epilog}\n\n{EXIT_CODES}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def error(self, message: str) -> NoReturn:
        """Leave with exit code 2."""
        self.exit(2, f"sidenote: {message} (`{self.prog} --help` shows how)\n")


def add_common(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that all commands understand."""
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="folder with the documents (SIDENOTE_CORPUS)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder for the index (SIDENOTE_DATA)")
    parser.add_argument("--debug", action="store_true", help="show the traceback of an error")


def add_collection(parser: argparse.ArgumentParser) -> None:
    """Add the argument by which a command is about one of the further collections."""
    parser.add_argument("--collection", metavar="NAME", help="one of the folders in SIDENOTE_COLLECTIONS, by its name")


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Return the settings that the arguments and the environment give.

    :raises UsageError: where a setting is wrong or the collection is not there.
    """
    if arguments.collection and arguments.corpus:
        raise UsageError("give --corpus or --collection, not both")
    return Settings.from_env(corpus=arguments.corpus, data=arguments.data).of_collection(arguments.collection or "")


def run(
    main: Callable[[argparse.Namespace], int], parser: argparse.ArgumentParser, argv: Sequence[str] | None = None
) -> int:
    """Parse the arguments, run a command, and return its exit code; an error becomes one line on standard error."""
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    arguments = parser.parse_args(argv)
    try:
        return main(arguments)
    except KeyboardInterrupt:
        return _failed(arguments, "stopped", STOPPED)
    except BrokenPipeError:
        # Whoever read our output has left (`| head`). Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except SidenoteError as error:
        return _failed(arguments, str(error), error.exit_code)
    except Exception as error:
        return _failed(arguments, f"unexpected {type(error).__name__}: {error} (--debug shows where)", 1)


def _failed(arguments: argparse.Namespace, message: str, code: int) -> int:
    if arguments.debug and code != STOPPED:
        raise  # called while an exception is handled
    sys.stderr.write(f"sidenote: {' '.join(message.split())}\n")
    return code
