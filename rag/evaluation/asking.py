"""Asks gold questions, one after the other, and judges each answer."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from rag.archive import Archive
from rag.errors import ArchiveDamaged, InputError
from rag.evaluation.gold import Gold
from rag.evaluation.journal import Journal
from rag.evaluation.judged import Judged
from rag.evaluation.judging import altered, cited, has_answer, judged
from rag.evaluation.retrieval import ranking, retrieval_figures
from rag.render import answer_json, unread
from rag.types import Outcome

# passages that a ranking of articles is read from: what each of dense and lexical search offers for a question
_DEPTH = 200


def ask_all(archive: Archive, gold: Sequence[Gold], journal: Journal, progress: Callable[[], object]) -> list[Judged]:
    """The questions, judged, in the order of the gold; those that the journal has are not asked again.

    Raises InputError where somebody changed the archive meanwhile: figures of two
    archives are no figures of one.
    """
    before = archive.status().token
    archive.warm()
    for row in gold:
        if row.id not in journal.judged:
            journal.write(*_asked(archive, row))
        progress()
    if archive.status().token != before:
        raise InputError("the archive was changed while it was asked; nothing is reported: run the evaluation again")
    return [journal.judged[row.id] for row in gold]


def _asked(archive: Archive, row: Gold) -> tuple[Judged, dict[str, Any]]:
    filters = asdict(row.filters)
    started = time.perf_counter()
    answer = archive.ask(row.question, **filters)
    milliseconds = (time.perf_counter() - started) * 1_000
    if answer.searched.damaged:
        # its figures would be those of another archive
        raise ArchiveDamaged(unread(answer.searched.damaged))
    ranked = ranking(archive.search(row.question, _DEPTH, **filters)) if row.evidence else []
    windows, wrong = altered(answer, {id: archive.article(id) for id in cited(answer)})
    figures = {
        **judged(row, answer),
        **(retrieval_figures(ranked, (item.article for item in row.evidence)) if row.answerable and row.evidence else {}),
        "windows": windows,
        "verbatim_windows": windows - wrong,
        "milliseconds": milliseconds,
    }
    offered = answer.quotes if answer.outcome is Outcome.ANSWERED else answer.near_misses
    one = Judged(row.id, row.question, answer.outcome.value, offered[0].text if offered else "", figures)
    return one, {"gold": _gold(row), "has_answer": has_answer(row, offered), "ranked": ranked, "answer": answer_json(answer)}


def _gold(row: Gold) -> dict[str, Any]:
    return {
        "answerable": row.answerable,
        "answers": row.answers,
        "evidence": [{"article": item.article, "quote": item.quote} for item in row.evidence],
    }
