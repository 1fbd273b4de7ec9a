"""The command line: ``beleg index | ask | search | serve | status``.

Parses, prints and exits as grep does: 0 answered or found, 1 not, 2 an error. Everything else is
imported when a command needs it, so that ``--help`` is instant.
"""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from index.errors import BelegError

_INTERRUPTED = 130  # what a shell reports for a command ended by Ctrl-C


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit with its code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; errors are one line on stderr."""
    options = _parser().parse_args(arguments)
    try:
        from ui import commands

        code = int(getattr(commands, options.command)(options))
        print(end="", flush=True)  # so that an error of the last line shows here, too
        return code
    except BelegError as error:
        print(f"beleg: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("beleg: stopped", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:  # the reader of our output (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left goes nowhere
        return 0
    except OSError as error:  # a full disk, a file that may not be read
        print(f"beleg: {error}", file=sys.stderr)
        return 2


class _Parser(argparse.ArgumentParser):
    """Reports a wrong call in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (see '{self.prog} --help')\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="beleg",
        description="Answers over a news archive in which every sentence shows its proof.",
        epilog="Exit codes: 0 answered or found, 1 not in the corpus, 2 an error.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_index(commands)
    _add_ask(commands)
    _add_search(commands)
    _add_serve(commands)
    _add_status(commands)
    return parser


_Commands = argparse._SubParsersAction  # the type has no public name


def _add_index(commands: _Commands[_Parser]) -> None:
    parser = commands.add_parser("index", help="make the store mirror these files and folders")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="file or folder of articles")
    parser.add_argument("--rebuild", action="store_true", help="start from nothing")
    _add_common(parser)


def _add_ask(commands: _Commands[_Parser]) -> None:
    parser = commands.add_parser("ask", help="answer a question, with citations")
    parser.add_argument("question", metavar="QUESTION")
    parser.add_argument("--as-of", type=_date, metavar="DATE", help="the day it is asked on")
    parser.add_argument("--model", metavar="NAME", help="who answers (default: quoting)")
    _add_period(parser)
    _add_common(parser)


def _add_search(commands: _Commands[_Parser]) -> None:
    parser = commands.add_parser("search", help="find paragraphs")
    parser.add_argument("query", metavar="QUERY")
    parser.add_argument("-k", type=_count, default=10, metavar="N", help="how many (default: 10)")
    _add_period(parser)
    _add_common(parser)


def _add_serve(commands: _Commands[_Parser]) -> None:
    parser = commands.add_parser("serve", help="serve the web chat at /, the answer API at /v1")
    parser.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: 7860)")
    _add_store(parser)


def _add_status(commands: _Commands[_Parser]) -> None:
    parser = commands.add_parser(
        "status", help="tell what is indexed, with what, and if it is sound"
    )
    _add_common(parser)


def _add_store(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", metavar="DIR", help="the store (default: $BELEG_STORE, .beleg)")


def _add_common(parser: argparse.ArgumentParser) -> None:
    _add_store(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def _add_period(parser: argparse.ArgumentParser) -> None:
    for option, meaning in (("--from", "first"), ("--to", "last")):
        parser.add_argument(
            option, type=_date, dest=f"date_{option[2:]}", metavar="DATE",
            help=f"{meaning} day of the articles (YYYY-MM-DD)",
        )  # fmt: skip


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2025-12-21") from None


def _count(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1")
    return int(text)
