"""report.html: a finished evaluation on one page that loads nothing, for an editor to read, filter and print.

Whatever is not ours on it, questions, answers, titles and quotes, is escaped by
Jinja2 and stands in elements only: never in a script, a style, an attribute or
a drawing.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TextIO

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from rag.evaluation.comparing import Comparison
from rag.evaluation.evaluation import Evaluation
from rag.evaluation.judged import Judged, Judgement
from rag.evaluation.measures import MEASURES, Group, Measure
from rag.evaluation.plots import plots
from rag.evaluation.uncertainty import Change
from rag.render import GAP, Quotation, counted, safe_url
from rag.types import Span

# with more questions than that no browser is pleasant
MOST_QUESTIONS = 5_000
# a difference that like runs make less often than so is called one
_TELLING = 0.05
# pairs of a comparison, better and worse each
_MOST_PAIRS = 500
# what a report may tell of itself that the head's sentences tell, and not its list
_SAID = ("gold file", "questions", "left out", "started", "ended", "resumed")
_HEAD = (*_SAID, "archive", "model", "program")
# fates of questions whose first quote is wrong
_FIRST_WRONG = (Judgement.WRONG, Judgement.LATER)
# quotes that are read at once; the others unfold
_OPEN_QUOTES = 3


@dataclass(frozen=True, slots=True)
class _Shown:
    """A question on the page: where it stands in the gold, from 1, and its line of answers.jsonl."""

    number: int
    judged: Judged
    row: Mapping[str, Any]

    @property
    def quotes(self) -> list[tuple[Mapping[str, Any], bool, bool]]:
        """The quotes, or where it was silent the near misses; whether each has an answer, and is of an article of the evidence."""
        answer = self.row["answer"]
        offered = answer["quotes"] if self.judged.figures["answered"] else answer["near_misses"]
        evidence = {item["article"] for item in self.row["gold"]["evidence"]}
        return [(quote, has, quote["article"]["id"] in evidence) for quote, has in zip(offered, self.row["has_answer"], strict=True)]

    @property
    def told(self) -> bool:
        """Whether the gold says which quotes answer."""
        return bool(self.row["gold"]["answerable"]) and self.judged.fate is not Judgement.UNTOLD

    @property
    def ranks(self) -> dict[str, int]:
        """Where search ranks each article, from 1."""
        return {id: rank for rank, (id, _) in enumerate(self.row["ranked"], start=1)}


def write_page(report: Evaluation, answers: Iterable[Mapping[str, Any]], out: TextIO, comparison: Comparison | None = None) -> None:
    """Writes the page, question by question as `answers` gives them (the rows of answers.jsonl, in the gold's order).

    Of more than MOST_QUESTIONS the page has so many: those that went wrong before
    all others, and a word on what is left out. `out` has to encode to UTF-8.
    """
    chosen = _chosen(report)
    numbers = {one.id: number for number, one in enumerate(report.questions, start=1) if one.id in chosen}
    page = (
        _environment()
        .get_template("report.html")
        .stream(
            head={name: report.about.get(name) for name in _HEAD},
            rest={name: value for name, value in report.about.items() if name not in _SAID},
            asked=len(report.questions),
            tables=_tables(report),
            estimates=report.measures,
            fates=_fates(report.questions),
            on_page=_fates(one for one in report.questions if one.id in chosen),
            shown=len(chosen),
            plots=plots(report),
            questions=_questions(answers, numbers),
            numbers=numbers,
            comparison=comparison,
            most_pairs=_MOST_PAIRS,
            open_quotes=_OPEN_QUOTES,
            style=_ours("report.css"),
            script=_ours("report.js"),
            policy=_policy(),
        )
    )
    page.enable_buffering(200)
    out.writelines(page)


def _chosen(report: Evaluation) -> set[str]:
    """The ids of the questions on the page."""
    by_worth = sorted(report.questions, key=lambda one: one.fate.worth)
    return {one.id for one in by_worth[:MOST_QUESTIONS]}


def _questions(answers: Iterable[Mapping[str, Any]], numbers: Mapping[str, int]) -> Iterator[_Shown]:
    for row in answers:
        if row["id"] in numbers:
            yield _Shown(numbers[row["id"]], Judged.of_row(row), row)


def _fates(questions: Iterable[Judged]) -> dict[Judgement, int]:
    """How many questions have each fate that there is."""
    counts = Counter(one.fate for one in questions)
    return {fate: counts[fate] for fate in Judgement if counts[fate]}


def _tables(report: Evaluation) -> list[tuple[Group, list[Measure]]]:
    """The groups, each with those of its measures that the report has."""
    found = [(group, [measure for measure in MEASURES if measure.group is group and measure.name in report.measures]) for group in Group]
    return [(group, measures) for group, measures in found if measures]


def _number(value: float | None, group: Group) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if group is Group.LATENCY else f"{value:.3f}"


def _probability(p: float | None) -> str:
    if p is None:
        return "–"
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def _verdict(measure: Measure, one: Change) -> str:
    """In which direction the measure changed, where that is more than chance would make of it."""
    if one.before is None or one.now is None or one.p is None:
        return "not told"
    if one.before == one.now:
        return "the same"
    direction = "better" if measure.better * (one.now - one.before) > 0 else "worse"
    return direction if one.p < _TELLING else f"{direction}, as chance may have it"


def _moment(told: str) -> str:
    """2026-11-22T06:22:56Z as people write it."""
    return told.replace("T", " ").replace("Z", " UTC")


def _offsets(quote: Mapping[str, Any]) -> str:
    windows = [window for window in (quote["lead"], quote) if window]
    return f" {GAP} ".join(f"{window['start']:,}–{window['end']:,}" for window in windows)


def _quotations(quote: Mapping[str, Any]) -> list[Quotation]:
    """The lead, if there is one, and the quote with the words in it that answer."""
    answer = quote["answer"] and Span(quote["answer"]["start"] - quote["start"], quote["answer"]["end"] - quote["start"])
    return [*([Quotation(quote["lead"]["text"])] if quote["lead"] else []), Quotation(quote["text"], answer)]


def _policy() -> str:
    """Our own style and script and nothing else: no image, no form, no request."""
    digests = [base64.b64encode(hashlib.sha256(_ours(name).encode()).digest()).decode() for name in ("report.css", "report.js")]
    return f"default-src 'none'; style-src 'sha256-{digests[0]}'; script-src 'sha256-{digests[1]}'; base-uri 'none'; form-action 'none'"


@cache
def _ours(name: str) -> Markup:
    """A file that ships with the program, put in as it is."""
    return Markup(files("rag.evaluation").joinpath("templates", name).read_text(encoding="utf-8"))  # noqa: S704 - nobody's text is in it


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("rag.evaluation"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "number": _number,
        "probability": _probability,
        "offsets": _offsets,
        "quotations": _quotations,
        "verdict": _verdict,
        "moment": _moment,
        "counted": counted,
        "safe_url": safe_url,
    }
    environment.globals |= {"GAP": GAP, "MEASURES": MEASURES, "FIRST_WRONG": _FIRST_WRONG}
    return environment
