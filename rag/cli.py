"""The command line: articles added, listed, asked, searched, found and briefed on; answers proved; the archive kept, measured and served."""

import argparse
import json
import logging
import os
import shlex
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from rag import __version__, render
from rag.errors import ArchiveLocked, InputError, MissingExtra, PullquoteError
from rag.render import printable
from rag.types import ARTICLE_COLUMNS, Article, ArticleWarning, Finding, Outcome, PassedOver, Span

EXIT = """exit status:
  0  done; for ask: answered; for verify: every quote matches
  1  ask: not answered, the reason is on the screen; verify: a quote does not match; add: every article was refused;
     eval: a measure is below its floor, or a quote is not its article's
  2  an error, which is named
"""
# so many lines of what is found are read at a time
_MOST_LINES = 1_000
# of articles, in the order in which they are counted
_FATES = ("added", "unchanged", "replaced", "removed", "refused")
# the names in rag.evaluation.converters.FORMS, which --help need not load
_FORMS = ("beir", "clapnq", "csv", "selqa", "squad")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit status."""
    given = _parser().parse_args(arguments)
    log = logging.StreamHandler()
    log.setFormatter(render.PrintableLog())
    logging.basicConfig(handlers=[log], level=logging.WARNING)
    try:
        return int(given.run(given))
    except PullquoteError as error:
        _complain(*map(str, error.args))
        return 2
    except KeyboardInterrupt:
        _complain("interrupted; what was reported as done is kept")
        return 130
    except BrokenPipeError:
        # whoever read our output has gone: nothing more to say, also not at exit
        sys.stdout = None
        return 141
    except Exception:  # noqa: BLE001 - status 1 means "not answered", so what nobody foresaw must not end with it
        print(printable(traceback.format_exc(), lines=True), end="", file=sys.stderr)
        _complain("this is a mistake in the program; please report it with the lines above")
        return 2


def _complain(*lines: str) -> None:
    """Says on standard error what is wrong: a message, in a line or more."""
    print("pullquote: " + "\n".join(map(printable, lines)), file=sys.stderr)


class _Parser(argparse.ArgumentParser):
    """What was given is named in its errors."""

    def error(self, message: str) -> NoReturn:
        super().error(printable(message))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="pullquote",
        description="Answers questions about a collection of articles only in the articles' own words.",
        epilog=EXIT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pullquote {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    _add_add(commands)

    remove = _command(commands, "remove", _remove, "remove articles by id")
    remove.add_argument("ids", nargs="+", metavar="ID")

    shelf = _command(commands, "list", _list, "list the articles, or those that have some words in title, source or author")
    shelf.add_argument("--words", default="", metavar="WORDS", help="only articles with all of these in title, source or author")
    shelf.add_argument(
        "--sort", default="newest", choices=["newest", "oldest", "title", "source", "longest", "arrived"], help="(default %(default)s)"
    )
    _add_filters(shelf)

    notes = _command(commands, "notes", _notes, "list the notes on articles with the answers to them, newest first")
    notes.add_argument(
        "--words", default="", metavar="WORDS", help="only notes that have all of these in text, selection, author or the article's title"
    )
    notes.add_argument("--article", metavar="ID", help="only the notes on this article")

    ask = _command(commands, "ask", _ask, "answer a question with quotes, or say why not")
    ask.add_argument("question")
    ask.add_argument("--format", choices=render.FORMATS, help="what to print (default text; --json is the same as json)")
    _add_filters(ask)

    search = _command(commands, "search", _search, "list the passages nearest to a query")
    search.add_argument("query")
    search.add_argument("-k", type=int, default=10, help="how many passages (default %(default)s)")
    _add_filters(search)

    _add_find(commands)
    _add_briefing(commands)
    _add_show(commands)
    _add_eval(commands)

    convert = _command(commands, "convert", _convert, "turn a question set of another form into gold questions and their articles")
    convert.add_argument("form", choices=_FORMS, metavar="FORM", help=", ".join(_FORMS))
    convert.add_argument("path", metavar="PATH", help="the set's file or folder")
    convert.add_argument("folder", metavar="OUT", help="where articles.jsonl and gold.jsonl are written")
    convert.add_argument("--force", action="store_true", help="overwrite files of an earlier conversion")

    verify = _command(commands, "verify", _verify, "prove that a saved answer's quotes stand in the articles")
    verify.add_argument("answer", metavar="ANSWER.json", help="what `ask --json` printed; - reads it from standard input")

    export = _command(commands, "export", _export, "write articles, earlier texts, notes, feedback and gold questions as JSON Lines")
    export.add_argument("folder", metavar="DIR")
    export.add_argument("--force", action="store_true", help="overwrite files of an earlier export")

    status = _command(commands, "status", _status, "say what the archive holds")
    status.add_argument("--check", action="store_true", help="read everything, and name whatever is not what was stored")

    _command(
        commands, "repair", _repair, "make a damaged archive anew of what is intact; the old file is put aside, and what must be added again is named"
    )

    backup = _command(commands, "backup", _backup, "copy the archive into one file, also while it is written to")
    backup.add_argument("file", metavar="FILE")

    restore = _command(commands, "restore", _restore, "put a copy in the archive's place; what was there is put aside")
    restore.add_argument("file", metavar="FILE", help="what `backup` wrote")

    _add_copy(commands)

    serve = _command(commands, "serve", _serve, "open the web chat")
    _serve_options(serve)

    _add_user(commands)

    _add_mcp(commands)
    return parser


def _add_mcp(commands: Any) -> None:
    mcp = _command(commands, "mcp", _mcp, "answer an assistant's tool calls (Model Context Protocol) on standard input and output, or over HTTP")
    mcp.add_argument("--http", action="store_true", help="listen on an address instead")
    mcp.add_argument("--host", help="address to listen on (default 127.0.0.1: this machine only)")
    mcp.add_argument("--port", type=int, help="(default 7861)")
    mcp.add_argument("--allow-host", action="append", metavar="NAME", help="another name under which it may be called; may be repeated")
    mcp.add_argument("--token-file", metavar="FILE", help="callers have to show one of the bearer tokens in this file, one a line")


def _serve_options(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s: this machine only)")
    serve.add_argument("--port", type=int, default=7860, help="(default %(default)s)")
    serve.add_argument("--allow-host", action="append", metavar="NAME", help="another name that the server is reached under; may be repeated")
    serve.add_argument("--proxy", action="append", metavar="ADDRESS", help="a proxy in front, believed who its clients are; may be repeated")
    serve.add_argument("--state", default="", metavar="DIR", help="of a shared archive: where conversations and logins are kept on this machine")
    serve.add_argument("--read-only", action="store_true", help="nothing can be added, removed or noted, whatever a visitor sends")
    locks = serve.add_mutually_exclusive_group()
    locks.add_argument("--auth", default="", metavar="USER:FILE", help="visitors have to log in, all under one name; the file holds the password")
    locks.add_argument("--users", default="", metavar="FILE", help="visitors have to log in, each as one of the file's people (pullquote user add)")
    serve.add_argument("--api", action="store_true", help="answer programs too, under /v1 on the same port")
    serve.add_argument("--token-file", default="", metavar="FILE", help="programs need one of the file's tokens, one a line; with --auth or --users")
    serve.add_argument("--rate", type=int, default=600, help="requests a minute from one client, 0 for any number (default %(default)s)")
    serve.add_argument("--at-once", type=int, default=1, help="requests that are worked on at once (default %(default)s)")
    serve.add_argument(
        "--waiting", type=int, default=64, help="requests that may wait; beyond, programs are told to come later (default %(default)s)"
    )


def _add_user(commands: Any) -> None:
    user = _command(commands, "user", _user, "say who may log in at `serve --users FILE`")
    user.add_argument("action", choices=["add", "remove", "list"], help="add a person or give one a new password; remove one; list all")
    user.add_argument("name", nargs="?", metavar="NAME")
    user.add_argument("--users", required=True, metavar="FILE", help="names and argon2 hashes, a person a line; `add` makes it")


def _command(commands: Any, name: str, run: Callable[[argparse.Namespace], int], help: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help, description=help)
    parser.add_argument("--index", default="index", metavar="DIR", help="the archive's folder, or the address of a shared one (default %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)
    return parser


def _add_add(commands: Any) -> None:
    add = _command(commands, "add", _add, "read articles into the archive: web pages, PDF, Word, mails, feeds, tables, text …, and folders of them")
    add.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder, or with --fetch the address of a page or a sitemap")
    add.add_argument(
        "--reread", action="store_true", help="read files and pages again that are as they were when they were added, by the readers of now"
    )
    add.add_argument("--no-originals", action="store_true", help="do not keep the files themselves, only what was read of them")
    add.add_argument("--fetch", action="store_true", help="fetch web addresses from the internet, at most a page a second from each host")
    add.add_argument(
        "--map", action="append", type=_column, default=[], metavar="FACT=COLUMN", help="of tables: the column that has a fact, as title=Headline"
    )
    add.add_argument(
        "--sync", "--prune", action="store_true", help="keep in step: also remove articles that came from these paths earlier and are no longer there"
    )
    add.add_argument(
        "--emptied",
        action="store_true",
        help="also remove articles that came from a folder in which nothing can be read any more",
    )
    add.add_argument(
        "--workers",
        metavar="ADDRESS",
        help="read and encode on the machines of a Ray cluster (ray://HOST:10001), or in so many processes on this one (local:8)",
    )
    add.add_argument("--watch", action="store_true", help="follow folders after that, and keep in step with them until Ctrl-C")


def _add_briefing(commands: Any) -> None:
    briefing = _command(commands, "briefing", _briefing, "tell what is new, story by story, in the articles' own sentences")
    briefing.add_argument("--since", type=_day, metavar="YYYY-MM-DD", help="the first day (default the newest that the archive has articles of)")
    briefing.add_argument("--until", type=_day, metavar="YYYY-MM-DD", help="the last day")
    briefing.add_argument("--limit", type=int, default=30, metavar="N", help="how many stories (default %(default)s)")
    briefing.add_argument("--format", choices=render.BRIEFING_FORMATS, help="what to print (default text; --json is the same as json)")
    _add_filters_but_days(briefing)


def _add_find(commands: Any) -> None:
    find = _command(commands, "find", _find, "list all articles that have a query's words, and those near in meaning")
    find.add_argument("query", help='words in "quotation marks" have to stand so')
    find.add_argument("--sort", default="relevance", choices=["relevance", "newest", "oldest"], help="(default %(default)s)")
    find.add_argument("--passages", action="store_true", help="list every passage that has the words, instead of articles")
    find.add_argument("--from", type=int, default=1, dest="first", metavar="N", help="the first line to list (default %(default)s)")
    find.add_argument("-k", type=int, default=20, help="how many lines, at most 1,000 (default %(default)s)")
    find.add_argument("--csv", metavar="FILE", help="write all lines into a new file instead, as a table")
    _add_filters(find)


def _add_show(commands: Any) -> None:
    show = _command(commands, "show", _show, "say what an article is about: keywords, main sentences, related articles")
    show.add_argument("id", metavar="ID")
    instead = show.add_mutually_exclusive_group()
    instead.add_argument("--kinds", action="store_true", help="list the parts of its text instead, with what each is and where its document has it")
    instead.add_argument("--editions", action="store_true", help="list its earlier texts instead: when each was replaced, its SHA-256, its length")
    instead.add_argument("--edition", metavar="SHA256", help="print that earlier text instead; the first characters of its SHA-256 are enough")
    instead.add_argument("--original", metavar="FILE", help="write the document that it was read from into a new file instead")


def _add_eval(commands: Any) -> None:
    evaluate = _command(commands, "eval", _eval, "answer gold questions and measure the answers")
    evaluate.add_argument("gold", metavar="GOLD.jsonl")
    evaluate.add_argument("--out", metavar="DIR", help="write the report and all answers there; an interrupted run goes on from there")
    evaluate.add_argument("--fresh", action="store_true", help="begin anew where a run in --out was interrupted")
    evaluate.add_argument("--skip-unsound", action="store_true", help="leave out questions whose evidence the archive has not, and say so")
    evaluate.add_argument("--against", metavar="REPORT.json", help="say what became better and worse since that report")
    evaluate.add_argument("--floors", metavar="FLOORS.json", help="fail where a measure is below its floor")
    evaluate.add_argument("--pin", action="store_true", help="write what this run reached as the new floors into --floors")


def _add_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--after", type=_day, metavar="YYYY-MM-DD", help="only articles published on this day or later")
    parser.add_argument("--before", type=_day, metavar="YYYY-MM-DD", help="only articles published on this day or earlier")
    _add_filters_but_days(parser)


def _add_filters_but_days(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--source", action="append", dest="sources", metavar="NAME", help="only articles of this source; may be repeated")
    parser.add_argument(
        "--having", action="append", default=[], metavar="WORDS", help="only articles of which one passage has all of these; may be repeated"
    )
    for name, help in (("guessed", "by days, also articles whose day is only guessed"), ("undated", "by days, also articles of unknown day")):
        parser.add_argument(f"--{name}", choices=["include", "exclude"], default="exclude", help=f"{help} (default %(default)s)")


def _add_copy(commands: Any) -> None:
    help = "copy an archive into another store; a copy that was interrupted goes on, one whose source changed is brought up to date"
    copy = commands.add_parser("copy", help=help, description=help)
    copy.add_argument("source", metavar="SRC", help="the folder or address of the archive")
    copy.add_argument("destination", metavar="DST", help="where the copy is to be: nothing yet, or an earlier copy of SRC")
    copy.add_argument("--verify", action="store_true", help="copy nothing: read all of both, and name whatever is not the same")
    copy.add_argument("--json", action="store_true", help="print JSON")
    copy.set_defaults(run=_copy)


def _column(text: str) -> tuple[str, str]:
    fact, equals, column = text.partition("=")
    if fact not in ARTICLE_COLUMNS or not (equals and column):
        raise argparse.ArgumentTypeError(f"{text!r} names no column; write it as FACT=COLUMN, where FACT is one of {', '.join(ARTICLE_COLUMNS)}")
    return fact, column


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write it as YYYY-MM-DD") from None


def _open(given: argparse.Namespace) -> Any:
    from rag.archive import Archive

    return Archive.open(given.index)


def _folder(given: argparse.Namespace, command: str) -> Path:
    """The archive's folder, for a command that has no use for one that many machines share. Raises InputError for an address."""
    from rag.store import Address, folder_beside, is_address

    if is_address(given.index):
        raise InputError(
            f"`{command}` is for an archive in a folder, and {Address.parse(given.index).shown} is shared: docs/scale.md says how pg_dump and "
            f"milvus-backup copy and restore it; `pullquote copy` makes a folder of it"
        )
    return folder_beside(given.index)


def _apart(given: argparse.Namespace) -> Path | None:
    """The archive's folder, in which no articles are looked for; an address is none."""
    from rag.corpus.walk import located
    from rag.store import is_address

    return None if is_address(given.index) else located(given.index)


def _filters(given: argparse.Namespace) -> dict[str, Any]:
    return {"after": given.after, "before": given.before, **_filters_but_days(given)}


def _filters_but_days(given: argparse.Namespace) -> dict[str, Any]:
    widening = {name: getattr(given, name) == "include" for name in ("guessed", "undated")}
    return {"sources": given.sources, "having": given.having, **widening}


def _add(given: argparse.Namespace) -> int:
    if given.emptied and not (given.sync or given.watch):
        raise InputError("--emptied says what may be removed; add --sync, which removes, or leave it out")
    fetch = None
    if given.fetch:
        from rag.fetching import Fetcher

        fetch = Fetcher().fetch
    if given.watch:
        return _watch(given, fetch)
    with _open(given) as archive, _workers(given, archive) as workers:
        report = _taken_in(given, archive, fetch, given.paths, given.paths if given.sync else (), workers)
    _say(given, report)
    counts = _counts(report)
    return 1 if counts["refused"] and sum(counts.values()) == counts["refused"] else 0


def _workers(given: argparse.Namespace, archive: Any) -> AbstractContextManager[Any]:
    """Those that were asked for, or none."""
    if given.workers is None:
        return nullcontext()
    from rag.workers import Workers

    return Workers(given.workers, archive.settings)


def _taken_in(given: argparse.Namespace, archive: Any, fetch: Any, paths: Sequence[Any], prune: Sequence[Any], workers: Any) -> Any:
    """Adds what is at the paths, and removes what is gone from those of `prune`; gives the report."""
    from rag.adding_bar import AddingBar
    from rag.corpus import read_documents

    with AddingBar(shown=not given.json and sys.stderr.isatty()) as bar:

        def progress(fate: str, name: str) -> None:
            # a line for each article that is on disk, for whoever reads the output; a terminal has the bar
            if not given.json and not bar.shown:
                print(f"{fate}\t{printable(name)}", flush=True)

        items = read_documents(
            *paths,
            known=(lambda _: None) if given.reread else archive.kept,
            columns=dict(given.map),
            fetch=fetch,
            apart=_apart(given),
            progress=bar.reading,
            workers=workers,
        )
        return archive.add(
            items,
            prune=prune,
            emptied=given.emptied,
            originals=not given.no_originals,
            reread=given.reread,
            progress=progress,
            stored=bar.stored,
            workers=workers,
        )


def _counts(report: Any) -> dict[str, int]:
    """How many articles met each fate."""
    return {fate: len(getattr(report, fate)) for fate in _FATES}


def _say(given: argparse.Namespace, report: Any) -> None:
    """Says what became of what was read."""
    for refusal in report.refused:
        print(printable(f"refused {refusal.origin}: {refusal.reason}"), file=sys.stderr)
    for line in _warnings(report.warnings):
        print(printable(line), file=sys.stderr)
    if given.json:
        print(render.to_json(asdict(report)), flush=True)
    else:
        copies = f"; {render.counted(len(report.copies), 'copy', 'copies')} of what is there" if report.copies else ""
        named = {f"{fate}{_with_editions(report.editions_removed) if fate == 'removed' else ''}": count for fate, count in _counts(report).items()}
        print(f"files: {_counted(asdict(report.files))}{_passed_over(report.passed_over)}\n{_counted(named)}{copies}", flush=True)


def _watch(given: argparse.Namespace, fetch: Any) -> int:
    """Keeps in step with folders until Ctrl-C, a pass for each burst of changes."""
    from rag.corpus.walk import located
    from rag.corpus.watching import changes

    for path in given.paths:
        if path.startswith(("http://", "https://")):
            raise InputError(f"{path} is an address of the web, and no change of it is told; add it without --watch")
        if not Path(path).is_dir():
            raise InputError(f"{path} is no folder, and only folders are followed; name the folder that it lies in")
    totals = Counter(dict.fromkeys(_FATES, 0))
    passes = 0
    with _open(given) as archive, _workers(given, archive) as workers:
        try:
            for changed in changes([located(path) for path in given.paths], _apart(given)):
                report = _pass(given, archive, fetch, changed, workers)
                # before it is said: whoever reads it may end this at once
                totals.update(_counts(report))
                passes += 1
                _say(given, report)
                if passes == 1 and not given.json:
                    print(printable(f"Follows {', '.join(given.paths)} (Ctrl-C ends it)"), flush=True)
        finally:
            print(render.to_json({"passes": passes, **totals}) if given.json else f"passes: {passes:,}; {_counted(totals)}", flush=True)
    return 0


def _pass(given: argparse.Namespace, archive: Any, fetch: Any, changed: Any, workers: Any) -> Any:
    """Takes in what changed, as soon as nobody else writes to the archive."""
    told = False
    while True:
        there = changed.there
        try:
            return _taken_in(given, archive, fetch, there, changed.pruned, workers)
        except InputError:
            # something went just now
            if all(path.exists() for path in there):
                raise
        except ArchiveLocked as error:
            if not told:
                _complain(f"{error}; until then it is tried again and again")
            told = True
            time.sleep(1)


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items())


def _passed_over(passed_over: Sequence[PassedOver]) -> str:
    """How many are of each kind, where there are any."""
    kinds = Counter(one.reason for one in passed_over)
    return f"; passed over: {', '.join(f'{kind} ({count:,})' for kind, count in sorted(kinds.items()))}" if kinds else ""


def _warnings(warnings: Sequence[ArticleWarning]) -> Iterator[str]:
    """A line for each thing that is warned of, with the first article and how many more it is true of."""
    by_reason: dict[str, list[str]] = {}
    for warning in warnings:
        by_reason.setdefault(warning.reason, []).append(warning.id)
    for reason, ids in by_reason.items():
        more = f" and {len(ids) - 1:,} more" if len(ids) > 1 else ""
        yield f"warning {ids[0]}{more}: {reason}"


def _remove(given: argparse.Namespace) -> int:
    with _open(given) as archive:
        earlier = {id: len(archive.editions(id)) for id in given.ids}
        removed = archive.remove(given.ids)
        notes = sum(len(archive.notes(id)) for id in removed)
    missing = [id for id in given.ids if id not in removed]
    editions = sum(earlier[id] for id in earlier if id in removed)
    told = f"{len(removed)} removed{_with_editions(editions)}"
    told += f"; notes on what was removed are kept ({notes}), and `pullquote export` writes them" if notes else ""
    print(render.to_json({"removed": removed, "missing": missing, "editions_removed": editions, "notes_kept": notes}) if given.json else told)
    for id in missing:
        _complain(f"no article has the id {id}; `pullquote list` shows ids")
    return 2 if missing else 0


def _with_editions(count: int) -> str:
    return f" (with {render.counted(count, 'earlier text')})" if count else ""


def _list(given: argparse.Namespace) -> int:
    from rag.listing import Listed, Order

    with _open(given) as archive:
        entries: list[Listed] = []
        total = 1
        while len(entries) < total:
            shelf = archive.shelf(words=given.words, order=Order(given.sort), offset=len(entries), limit=1_000, **_filters(given))
            # articles may go while they are listed
            total = shelf.total if shelf.entries else len(entries)
            entries += shelf.entries
    if given.json:
        print(render.to_json({"total": len(entries), "origins": shelf.origins, "articles": [render.listed_json(entry) for entry in entries]}))
    else:
        print("\n".join(map(render.listed_text, entries)) or "No article found.")
    return 0


def _notes(given: argparse.Namespace) -> int:
    from rag.notes import threads

    with _open(given) as archive:
        notes = archive.notes(given.article, given.words)
        titles = archive.titles({note.article for note in notes})
    found = threads(notes)
    if given.json:
        shown = [note for thread in found for note in (thread.note, *thread.answers) if note]
        print(render.to_json([render.note_json(note, titles.get(note.article)) for note in shown]))
    else:
        print("\n\n".join(render.thread_text(thread, titles.get(thread.first.article)) for thread in found) or "No note found.")
    return 0


def _export(given: argparse.Namespace) -> int:
    from rag.exporting import export

    with _open(given) as archive:
        exported = export(archive, given.folder, force=given.force)
    counts = asdict(exported)
    left_out = counts.pop("left_out")
    text = f"{given.folder}: {', '.join(f'{count} {name}' for name, count in counts.items())}"
    if left_out:
        text += f"; {left_out} left out of the gold: no right quote is known"
    print(render.to_json(asdict(exported)) if given.json else printable(text))
    return 0


def _ask(given: argparse.Namespace) -> int:
    form = _form(given)
    with _open(given) as archive:
        answer = archive.ask(given.question, **_filters(given))
    written = render.answer_text(answer, bold=_on_a_terminal()) if form == "text" else render.FORMATS[form].written([answer])
    _print_form(form, written)
    return 0 if answer.outcome is Outcome.ANSWERED else 1


def _print_form(form: str, written: str) -> None:
    """Prints what was written in a form: other forms than text are for other programs, unless a person sees them."""
    print((printable(written, lines=True) if form != "text" and sys.stdout.isatty() else written).removesuffix("\n"))


def _on_a_terminal() -> bool:
    """Whether bold can be shown and is wanted (no-color.org): in a pipe or a file its signs would stand among the words."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _form(given: argparse.Namespace) -> str:
    if given.json and given.format not in (None, "json"):
        raise InputError(f"--json and --format {given.format} ask for two different things: leave one out")
    return given.format or ("json" if given.json else "text")


def _search(given: argparse.Namespace) -> int:
    with _open(given) as archive:
        hits = archive.search(given.query, given.k, **_filters(given))
    print(render.to_json(render.hits_json(hits)) if given.json else render.hits_text(hits))
    return 0


def _briefing(given: argparse.Namespace) -> int:
    form = _form(given)
    with _open(given) as archive:
        briefing = archive.briefing(given.since, given.until, limit=given.limit, **_filters_but_days(given))
    _print_form(form, render.BRIEFING_FORMATS[form].written(briefing, None))
    return 0


def _find(given: argparse.Namespace) -> int:
    from rag.types import Ranking

    chosen = {"order": Ranking(given.sort), "passages": given.passages, **_filters(given)}
    with _open(given) as archive:
        if given.csv is not None:
            return _find_all(given, archive, chosen)
        if given.first < 1:
            raise InputError(f"--from is {given.first}; lines count from 1")
        found = archive.find(given.query, offset=given.first - 1, limit=given.k, **chosen)
    print(render.to_json(render.found_json(found)) if given.json else render.found_text(found, bold=_on_a_terminal()))
    return 0


def _find_all(given: argparse.Namespace, archive: Any, chosen: Mapping[str, Any]) -> int:
    findings: list[Finding] = []
    total = 1
    offset = 0
    while offset < total:
        found = archive.find(given.query, offset=offset, limit=_MOST_LINES, **chosen)
        findings += found.findings
        total, offset = found.lines + found.near, offset + _MOST_LINES
    try:
        with Path(given.csv).open("x", encoding="utf-8", newline="") as file:
            file.write(render.found_csv(findings))
    except FileExistsError:
        raise InputError(f"{given.csv} is there already; choose another name") from None
    except OSError as error:
        raise InputError(f"{given.csv} cannot be written: {error.strerror}") from None
    written = {"file": given.csv, "lines": len(findings)}
    print(render.to_json(written) if given.json else printable(f"{given.csv}: {render.counted(len(findings), 'line')}"))
    return 0


def _show(given: argparse.Namespace) -> int:
    with _open(given) as archive:
        if given.kinds:
            return _show_kinds(given, archive.article(given.id))
        if given.editions or given.edition is not None:
            return _show_editions(given, archive)
        if given.original is not None:
            return _show_original(given, archive.article(given.id), archive.original(given.id))
        overview = archive.overview(given.id)
    print(render.to_json(render.overview_json(overview)) if given.json else render.overview_text(overview))
    return 0


def _show_kinds(given: argparse.Namespace, article: Article | None) -> int:
    if article is None:
        raise InputError(f"no article has the id {given.id}; `pullquote list` shows ids")
    print(render.to_json(render.parts_json(article, Span(0, len(article.text)))) if given.json else render.parts_text(article))
    return 0


def _show_editions(given: argparse.Namespace, archive: Any) -> int:
    editions = archive.editions(given.id)
    if not editions and archive.article(given.id) is None:
        raise InputError(f"no article has the id {given.id}; `pullquote list` shows ids")
    if given.editions:
        print(render.to_json([render.edition_json(edition) for edition in editions]) if given.json else render.editions_text(editions))
        return 0
    found = [edition for edition in editions if edition.article.sha256.startswith(given.edition.lower())]
    if len(found) != 1:
        many = f"{len(found)} earlier texts" if found else "no earlier text"
        raise InputError(f"{given.id} has {many} with a SHA-256 that begins with {given.edition!r}; `pullquote show ID --editions` lists them")
    print(render.to_json(render.edition_text_json(found[0])) if given.json else render.edition_text(found[0]))
    return 0


def _show_original(given: argparse.Namespace, article: Article | None, data: bytes | None) -> int:
    if article is None:
        raise InputError(f"no article has the id {given.id}; `pullquote list` shows ids")
    original = article.original
    if original is None or data is None:
        raise InputError(f"what {given.id} was read from was not kept; `pullquote add --reread` keeps it")
    try:
        with Path(given.original).open("xb") as file:
            file.write(data)
    except FileExistsError:
        raise InputError(f"{given.original} is there already; choose another name") from None
    except OSError as error:
        raise InputError(f"{given.original} cannot be written: {error.strerror}") from None
    written = {"file": given.original, "bytes": len(data), "sha256": original.sha256, "format": original.format, "reader": original.reader}
    text = f"{given.original}: {len(data):,} bytes, {original.format}, read by version {original.reader} of the readers"
    print(render.to_json(written) if given.json else printable(text))
    return 0


def _verify(given: argparse.Namespace) -> int:
    from rag.verification import verification_json, verify

    try:
        text = sys.stdin.read() if given.answer == "-" else Path(given.answer).read_text(encoding="utf-8")
        answer = json.loads(text)
    except OSError as error:
        raise InputError(f"{given.answer} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{given.answer} is not JSON: {error}") from None
    with _open(given) as archive:
        verdict = verify(answer, archive.article, archive.editions)
    if given.json:
        print(render.to_json(verification_json(verdict)))
        return 1 if verdict.failure else 0
    if verdict.failure:
        print(printable(f"does not match: {verdict.failure}"))
    else:
        print(f"{verdict.matched} windows and their citations match the archive character for character")
    for text in verdict.earlier:
        quotes = f"{render.counted(text.quotes, 'quote')} {'is' if text.quotes == 1 else 'are'}"
        print(printable(f"{quotes} of an earlier text of {text.article}, replaced on {text.replaced.date()}"))
    return 1 if verdict.failure else 0


def _status(given: argparse.Namespace) -> int:
    if given.check:
        return _check(given)
    with _open(given) as archive:
        status = archive.status()
    print(render.to_json(render.status_json(status)) if given.json else render.status_text(status))
    return 2 if status.damaged or status.originals is None else 0


def _check(given: argparse.Namespace) -> int:
    from rag.store import flaws

    folder = _folder(given, "status --check")
    with _bar(given) as bar:
        found = flaws(folder, bar.update)
    if given.json:
        print(render.to_json({"flaws": found}))
    else:
        print("\n".join(map(printable, found)) or "Everything is what was stored.")
    return 2 if found else 0


def _repair(given: argparse.Namespace) -> int:
    from rag.encoder import sentence_encoder
    from rag.repairing import repair
    from rag.settings import Settings

    folder, settings = _folder(given, "repair"), Settings.from_environment()
    with _bar(given) as bar:
        done = repair(folder, settings, sentence_encoder(settings), bar.update)
    if given.json:
        print(render.to_json({**asdict(done), "aside": str(done.aside)}))
        return 0
    print(printable(f"{done.kept} articles kept, {len(done.encoded)} encoded anew, {len(done.lost)} lost; the old file is in {done.aside}"))
    for lost in done.lost:
        print(printable(f"add again: {lost.name}{f', from {lost.origin}' if lost.origin else ''}"))
    if done.has_unnamed:
        print("Perhaps more is lost, of which not even the names are left: compare `pullquote list` with what you have added.")
    if done.originals_lost:
        print(f"lost: {done.originals_lost} files that articles were read from; `pullquote add --reread` keeps them anew")
    if done.notes_lost or done.feedback_lost or done.editions_lost:
        print(f"lost: {done.notes_lost} notes, {done.feedback_lost} verdicts, {done.editions_lost} earlier texts")
    return 0


def _backup(given: argparse.Namespace) -> int:
    from rag.store import backup

    folder = _folder(given, "backup")
    with _bar(given) as bar:
        backup(folder, Path(given.file), bar.update)
    print(render.to_json({"backup": given.file}) if given.json else printable(f"{given.index} is copied to {given.file}"))
    return 0


def _restore(given: argparse.Namespace) -> int:
    from rag.store import restore

    folder = _folder(given, "restore")
    with _bar(given) as bar:
        aside = restore(folder, Path(given.file), bar.update)
    done = printable(f"{given.index} is restored from {given.file}{f'; what was there is in {aside}' if aside else ''}")
    print(render.to_json({"aside": str(aside) if aside else None}) if given.json else done)
    return 0


def _copy(given: argparse.Namespace) -> int:
    from rag.copying.command import run

    try:
        done = run(given.source, given.destination, only_compare=given.verify, with_bar=not given.json and sys.stderr.isatty())
    except KeyboardInterrupt:
        if not given.verify:
            _complain("the same command goes on from there")
        raise
    for line in done.complaints:
        _complain(line)
    print(render.to_json(done.row) if given.json else done.text)
    return 0 if done.is_whole else 2


def _bar(given: argparse.Namespace) -> Any:
    """A progress bar over articles, on a terminal only."""
    from tqdm import tqdm

    return tqdm(unit=" articles", disable=given.json or not sys.stderr.isatty(), leave=False)


def _eval(given: argparse.Namespace) -> int:
    from tqdm import tqdm

    from rag.evaluation import Request, run

    request = Request(
        gold=Path(given.gold),
        out=Path(given.out) if given.out else None,
        against=Path(given.against) if given.against else None,
        floors=Path(given.floors) if given.floors else None,
        pin=given.pin,
        fresh=given.fresh,
        skip_unsound=given.skip_unsound,
    )
    with _open(given) as archive, tqdm(unit=" questions", disable=None, leave=False) as bar:

        def progress(total: int) -> None:
            bar.total = total
            bar.update()

        try:
            result = run(archive, request, progress)
        except KeyboardInterrupt:
            if request.out:
                _complain(f"the answers so far are in {request.out}; the same command goes on with them")
            raise
    print(render.to_json(result.row()) if given.json else result.text())
    for failure in result.failures:
        _complain(failure)
    return 1 if result.failures else 0


def _convert(given: argparse.Namespace) -> int:
    from rag.evaluation.converters import FORMS, write

    converted = write(FORMS[given.form](Path(given.path)), given.folder, force=given.force)
    print(render.to_json(asdict(converted)) if given.json else _converted_text(given, **asdict(converted)))
    return 0


def _converted_text(given: argparse.Namespace, articles: int, gold: int, answerable: int, quoted: int, left_out: int) -> str:
    counts = f"{given.folder}: {articles} articles, {gold} gold, {answerable} of them answerable, {quoted} with a quote"
    if left_out:
        counts += f"; {left_out} left out of the gold: no article is relevant"
    from rag.store import is_address

    # an address may have a password in it
    index = "ADDRESS" if is_address(given.index) else given.index
    add, evaluate = (
        shlex.join(["pullquote", command, str(Path(given.folder, name)), "--index", index])
        for command, name in (("add", "articles.jsonl"), ("eval", "gold.jsonl"))
    )
    return "\n".join(map(printable, [counts, "Next:", *([f"  {add}"] if articles else []), f"  {evaluate}"]))


def _serve(given: argparse.Namespace) -> int:
    from rag.serving.clients import trusted_proxies
    from rag.serving.hosts import answered_names
    from rag.web import serve

    names, proxies = answered_names(given.host, given.allow_host or ()), trusted_proxies(given.proxy or ())
    api = _api(given, names) if given.api else None
    auth = given.auth
    if given.users:
        from rag.serving.people import People

        auth = People.read(given.users)
    serve(given.index, given.host, given.port, names, read_only=given.read_only, auth=auth, proxies=proxies, api=api, state=given.state)
    return 0


def _api(given: argparse.Namespace, names: tuple[str, ...]) -> Any:
    """What makes the API over an open archive."""
    if bool(given.auth or given.users) != bool(given.token_file):
        raise InputError("--auth or --users locks the page and --token-file the API, which answer on the same port: give both or neither")

    try:
        from rag.adapters.http.door import Door
    except ImportError as error:
        raise MissingExtra.of("api", error) from None
    from rag.adapters.http.limits import Limits
    from rag.serving.bearer_tokens import BearerTokens

    tokens = BearerTokens.read(given.token_file) if given.token_file else None
    limits = Limits(given.at_once, given.waiting, given.rate)
    return lambda archive: Door(archive, hosts=names, tokens=tokens, limits=limits)


def _user(given: argparse.Namespace) -> int:
    from rag.serving.people import add_person, list_people, remove_person

    if (given.name is None) != (given.action == "list"):
        raise InputError(f"`user {given.action}` takes {'no name' if given.name else 'a NAME'}")
    if given.action == "list":
        names = list_people(given.users)
        print(render.to_json(names) if given.json else "\n".join(map(printable, names)) or "Nobody.")
        return 0
    if given.action == "add":
        name, is_new = add_person(given.users, given.name, _password())
        told = f"{name} can log in" if is_new else f"{name} has a new password, and has to log in with it"
        print(render.to_json({"name": name, "new": is_new}) if given.json else printable(told))
        return 0
    name = remove_person(given.users, given.name)
    print(render.to_json({"removed": name}) if given.json else printable(f"{name} is out; what {name} wrote is kept"))
    return 0


def _password() -> str:
    """Asked for twice on a terminal, which does not show it; in a pipe, its first line."""
    if not sys.stdin.isatty():
        try:
            return sys.stdin.readline().removesuffix("\n")
        except UnicodeDecodeError:
            raise InputError("the password on standard input is not UTF-8 text") from None
    from getpass import getpass

    password = getpass("Password: ")
    if getpass("Once more: ") != password:
        raise InputError("the two passwords are not the same; nothing was changed")
    return password


def _mcp(given: argparse.Namespace) -> int:
    from rag.adapters.mcp import serve_http, serve_stdio

    if given.http:
        host, port = given.host or "127.0.0.1", 7861 if given.port is None else given.port
        serve_http(given.index, host, port, allowed=given.allow_host or (), token_file=given.token_file or "")
        return 0
    useless = [name for name in ("host", "port", "allow_host", "token_file") if getattr(given, name) is not None]
    if useless:
        raise InputError(f"--{useless[0].replace('_', '-')} is for HTTP; add --http, or leave it out")
    serve_stdio(given.index)
    return 0
