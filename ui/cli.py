"""The command line: ``beleg index | ask | search | serve | status | eval | golden``.

Parses, prints and exits as grep does: 0 answered or found, 1 not, 2 an error. Everything else is
imported when a command needs it, so that ``--help`` is instant.
"""

from __future__ import annotations

import argparse
import datetime
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from index.errors import BelegError, first_line

_INTERRUPTED = 130  # what a shell reports for a command ended by Ctrl-C


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit with its code."""
    for stream in (sys.stdout, sys.stderr):  # a terminal that lacks a letter shows its code
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; errors are one line on stderr."""
    options = _parser().parse_args(arguments)
    try:
        module, function = options.action.split(":")
        code = int(getattr(import_module(module), function)(options))
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
    except Exception as error:  # 1 would mean "not in the corpus" to a script
        name = type(error).__name__
        print(
            f"beleg: {name}: {first_line(error)} (is the store sound? see 'beleg status')",
            file=sys.stderr,
        )
        return 2


class _Parser(argparse.ArgumentParser):
    """Reports a wrong call in one line."""

    def error(self, message: str) -> NoReturn:
        if message.startswith("unrecognized arguments") and " " in self.prog:
            message += "; put several words in quotes"
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
    _add_eval(commands)
    _add_golden(commands)
    return parser


_Commands = argparse._SubParsersAction  # the type has no public name


def _add_index(commands: _Commands[_Parser]) -> None:
    parser = commands.add_parser("index", help="make the store mirror these files and folders")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="file or folder of articles")
    parser.add_argument("--rebuild", action="store_true", help="start from nothing")
    _add_common(parser, "ui.commands:index")


def _add_ask(commands: _Commands[_Parser]) -> None:
    parser = commands.add_parser("ask", help="answer a question, with citations")
    parser.add_argument("question", metavar="QUESTION")
    parser.add_argument("--as-of", type=_date, metavar="DATE", help="the day it is asked on")
    parser.add_argument("--model", metavar="NAME", help="who answers (default: quoting)")
    _add_period(parser)
    _add_common(parser, "ui.commands:ask")


def _add_search(commands: _Commands[_Parser]) -> None:
    parser = commands.add_parser("search", help="find paragraphs")
    parser.add_argument("query", metavar="QUERY")
    parser.add_argument("-k", type=_count, default=10, metavar="N", help="how many (default: 10)")
    _add_period(parser)
    _add_common(parser, "ui.commands:search")


def _add_serve(commands: _Commands[_Parser]) -> None:
    parser = commands.add_parser("serve", help="serve the web chat at /, the answer API at /v1")
    parser.add_argument("--host", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: 7860)")
    _add_store(parser)
    parser.set_defaults(action="ui.commands:serve")


def _add_status(commands: _Commands[_Parser]) -> None:
    parser = commands.add_parser(
        "status", help="tell what is indexed, with what, and if it is sound"
    )
    _add_common(parser, "ui.commands:status")


def _add_eval(commands: _Commands[_Parser]) -> None:
    parser = commands.add_parser("eval", help="measure the answers against a golden set")
    parser.add_argument("golden", metavar="GOLDEN.jsonl", help="questions, answers and evidence")
    parser.add_argument("--report", metavar="DIR", help="write report.html, run.json, run.jsonl")
    parser.add_argument("--baseline", metavar="RUN.json", help="an earlier run to compare with")
    parser.add_argument(
        "--fail-under", action="append", default=[], metavar="METRIC=X",
        help="exit with 1 when the metric is below X",
    )  # fmt: skip
    parser.add_argument("--tag", action="append", default=[], help="only questions with this tag")
    parser.add_argument("--limit", type=_count, metavar="N", help="only the first N questions")
    parser.add_argument("--resume", action="store_true", help="go on with the run in --report")
    parser.add_argument("--judge", metavar="NAME", help="let this provider:model judge, too")
    parser.add_argument(
        "--judge-repeats", type=_count, default=3, metavar="N", help="how often (default: 3)"
    )
    parser.add_argument("--model", metavar="NAME", help="who answers (default: quoting)")
    _add_common(parser, "ui.evaluating:evaluate")


def _add_golden(commands: _Commands[_Parser]) -> None:
    parser = commands.add_parser("golden", help="check a golden set, or draft one")
    actions = parser.add_subparsers(dest="golden_command", required=True, metavar="COMMAND")
    check = actions.add_parser("check", help="tell what is wrong with a golden set")
    check.add_argument("golden", metavar="GOLDEN.jsonl")
    _add_common(check, "ui.evaluating:check")
    draft = actions.add_parser("draft", help="propose questions from the archive, to be edited")
    draft.add_argument("--limit", type=_count, default=100, metavar="N", help="how many")
    _add_store(draft)
    draft.set_defaults(action="ui.evaluating:draft")


def _add_store(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--store", metavar="DIR", help="the store (default: $BELEG_STORE, .beleg)")


def _add_common(parser: argparse.ArgumentParser, action: str) -> None:
    """Add what nearly all commands have, and the function that does the work."""
    parser.set_defaults(action=action)
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
