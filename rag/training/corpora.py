"""The data that the reader learns from, as archives to ask and questions with the sentences that answer them.

DATA is a folder with `selqa/selqa-ass-dev.json`, `clapnq/*.jsonl`,
`news-dev/{corpus,gold}.jsonl` and `train/*/dev.jsonl`.
"""

import json
import random
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rag.corpus import article, canonical
from rag.english.sentences import sentences
from rag.settings import Settings
from rag.training.rows import Row, rows
from rag.types import Article, Span

# what archives are asked of like, and how many of its questions
_ASKED_OF = ("squad-dev", "squad-train-part", "squadshifts-newwiki", "qed-dev")
_ASKED = 1_200


@dataclass(frozen=True, slots=True)
class Section:
    """An article that was given as sentences, and where they stand in it."""

    article: Article
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the sentences that answer it, or the strings any of which does.

    `topic` is what keeps folds apart: questions on one article are in one fold.
    `section` is the text that it was asked of, where the data say so.
    """

    corpus: str
    id: str
    question: str
    topic: str
    sentences: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    section: Section | None = None

    def answered_by(self, text: str) -> bool:
        """Whether the text has an answer's words, or is most of a sentence that answers or has it."""
        if self.answers:
            return any(f" {_words(answer)} " in f" {_words(text)} " for answer in self.answers)
        return any(sentence in text or (text in sentence and 2 * len(text) > len(sentence)) for sentence in self.sentences)


def encyclopaedia(data: Path) -> tuple[list[Article], list[Asked]]:
    """SelQA's sections and CLAPnq's passages as articles, and their questions."""
    rows = [*_selqa(data / "selqa" / "selqa-ass-dev.json"), *_clapnq(data / "clapnq")]
    sections: dict[tuple[str, str], Section] = {}
    asked = []
    for corpus, id, question, title, candidates, answering in rows:
        texts = [canonical(candidate) for candidate in candidates]
        # some sections begin with a sentence without characters
        written = [text for text in texts if text]
        section = sections.setdefault((title, " ".join(written)), _section(f"{corpus}-{len(sections)}", title, written))
        asked.append(Asked(corpus, id, question, title, tuple(texts[n] for n in answering), section=section))
    return [section.article for section in sections.values()], asked


def news(data: Path) -> tuple[list[Article], list[Asked]]:
    """The news articles, and the questions that some of them answer; a topic is found once they have been searched."""
    rows = [json.loads(line) for line in (data / "news-dev" / "corpus.jsonl").read_text().splitlines()]
    articles = [
        article(row["id"], row["title"], row["text"], source=row["source"], published=date.fromisoformat(row["published"]))
        for row in rows
    ]  # fmt: skip
    gold = [json.loads(line) for line in (data / "news-dev" / "gold.jsonl").read_text().splitlines()]
    return articles, [Asked("news", row["id"], row["question"], "", answers=tuple(row["answers"])) for row in gold]


def passages(data: Path) -> tuple[list[Article], list[Asked]]:
    """The passages that the span reader was not trained on, those of a title as one article, and some of their questions.

    A question that its passage does not answer has no sentences. Posts and tales are left out: nobody asks an archive of them.
    """
    asked_of = [row for row in rows(data, "dev") if row.title and row.corpus in _ASKED_OF]
    texts: dict[tuple[str, str], list[str]] = {}
    for row in asked_of:
        text, known = canonical(row.context), texts.setdefault((row.corpus, row.title), [])
        if text not in known:
            known.append(text)
    articles = [article(f"{corpus}-{title}", title, "\n".join(known), source=title) for (corpus, title), known in texts.items()]
    some = [(row, _answering(row)) for row in random.Random(1).sample(asked_of, _ASKED)]
    return articles, [Asked("passages", row.id, row.question, row.title, found) for row, found in some if found or not row.answers]


def _answering(row: Row) -> tuple[str, ...]:
    """The passage's sentences that hold an answer; none where it runs over the end of one, or the passage is stored otherwise than it was given."""
    text = canonical(row.context)
    if text != row.context:
        return ()
    return tuple(span.of(text) for span in sentences(text, Settings().sentence_chars) if any(span.covers(answer) for answer in row.answers))


def _section(id: str, title: str, texts: Iterable[str]) -> Section:
    spans, end = [], 0
    for text in texts:
        spans.append(Span(end, end + len(text)))
        end += len(text) + 1
    return Section(article(id, title, " ".join(texts), source=title), tuple(spans))


def _selqa(path: Path) -> Iterator[tuple[str, str, str, str, list[str], list[int]]]:
    for n, row in enumerate(json.loads(path.read_text())):
        yield "selqa", str(n), row["question"], row["article"], row["candidates"], row["answers"]


def _clapnq(folder: Path) -> Iterator[tuple[str, str, str, str, list[str], list[int]]]:
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text().splitlines():
            row = json.loads(line)
            (passage,) = row["passages"]
            selected = {sentence for output in row["output"] for sentence in output.get("selected_sentences") or []}
            if passage["sentences"]:
                answering = [n for n, sentence in enumerate(passage["sentences"]) if sentence in selected]
                yield "clapnq", row["id"], row["input"], passage["title"], passage["sentences"], answering


def _words(text: str) -> str:
    """The text's words, casefolded, a space between them."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))
