"""Reports and their answers, made by hand: as many questions as there are fates, or of any texts."""

import io

from rag.evaluation.evaluation import Evaluation
from rag.evaluation.judged import Judged
from rag.evaluation.page import write_page

ABOUT = {
    "gold file": "gold.jsonl",
    "left out": {"g9": "no article has the id 'x'"},
    "gold": "00",
    "archive": {"generation": 3, "token": "t", "articles": 2, "passages": 4},
    "model": {"model": "M", "sha256": "ab" * 32, "dimension": 384},
    "settings": {"max_quotes": 8},
    "program": "1.0 00",
    "machine": {"cores": 2},
    "started": "2026-11-22T06:00:00Z",
    "ended": "2026-11-22T06:01:00Z",
    "resumed": 0,
}
# what there is to each fate: answerable, answered, right, any_right
FATES = {
    "right": (1, 1, 1, 1),
    "later": (1, 1, 0, 1),
    "silent": (0, 0, 0, 0),
    "missed": (1, 0, 0, 0),
    "wrong": (1, 1, 0, 0),
    "untold": (1, 1, None, None),
}


def row(id, fate, text="Words of an article.", **texts):
    """A line of answers.jsonl with this text everywhere, but for what `texts` says: question, quote, lead, title, source, url.

    `answer` among them are the quote's first words.
    """
    answerable, answered, right, any_right = FATES[fate]
    found = dict.fromkeys(("question", "quote", "lead", "title", "source"), text) | {"url": None, "answer": None} | texts
    article = {"id": found["title"], "title": found["title"], "source": found["source"], "author": None, "published": None, "url": found["url"]}
    lead = found["lead"] and {"text": found["lead"], "start": 0, "end": 9}
    quote = {"text": found["quote"], "start": 20, "end": 40, "confidence": 0.5, "article": article, "speaker": None, "lead": lead}
    quote["answer"] = found["answer"] and {"text": found["answer"], "start": 20, "end": 20 + len(found["answer"])}
    figures = {"answerable": answerable, "answered": answered, "right": right, "any_right": any_right, "confidence": 0.5, "milliseconds": 12.0}
    return {
        "id": id,
        "question": found["question"],
        "outcome": "answered" if answered else "weak_evidence",
        "first": found["quote"],
        "figures": {**figures, "R@1": 1.0 if answerable else None, "R@10": 1.0 if answerable else None, "windows": 1, "verbatim_windows": 1},
        "gold": {"answerable": bool(answerable), "answers": [text], "evidence": [{"article": found["title"], "quote": text}]},
        "has_answer": [bool(any_right)],
        "ranked": [[found["title"], 0.5]],
        "answer": {
            "quotes": [quote] if answered else [],
            "near_misses": [] if answered else [quote],
            "searched": {"filters": {"sources": [text]}},
        },
    }


def report_of(rows, about=ABOUT):
    return Evaluation.of(about, [Judged.of_row(one) for one in rows])


def page_of(rows, comparison=None, about=ABOUT):
    """The page's HTML."""
    out = io.StringIO()
    write_page(report_of(rows, about), iter(rows), out, comparison)
    return out.getvalue()
