"""As many articles as a test of size needs, as rows: `python -m benchmarks.many_articles DATA OUT.jsonl --passages N`.

DATA is that of `benchmarks.corpora`. Its real articles are spread among made-up
ones, which are for load, never for quality. A made-up paragraph has the frame of
real sentences, their short and common words, and for the others words that three
other real articles use: so a paragraph has a topic, each article another, and no
run of words is any other's. A paragraph has `--characters` or some more; where that is more than half a passage, each is one.
"""

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from benchmarks.corpora import rows

_WORD = re.compile(r"[^\W\d_]{4,}|\d+")
_SENTENCE = re.compile(r"[A-Z][^.!?\n]{40,240}[.!?](?=\s)")
_PARAGRAPHS = 9, 15
_FIRST_DAY, _DAYS = date(2000, 1, 1), 9_000
_SOURCES = 60
# words that more of the articles use than this belong to the frame
_COMMON = 0.1


def articles(data: Path, passages: int, characters: int, seed: int) -> Iterator[dict[str, str]]:
    """Rows with some `passages` paragraphs in all, the real articles among them."""
    drawn = random.Random(seed)
    real = list(rows(data, 0))
    words = [_WORD.findall(row["text"]) for row in real]
    used = Counter(word for of_one in words for word in set(of_one))
    common = {word for word, count in used.items() if count > _COMMON * len(real)}
    topics = [rare for of_one in words if len(rare := [word for word in of_one if word not in common]) > 20]
    frames = [sentence for row in real for sentence in _SENTENCE.findall(row["text"])]
    made = passages * 2 // sum(_PARAGRAPHS)
    places = {drawn.randrange(made): row for row in real}
    for number in range(made):
        if number in places:
            yield places[number]
        yield _article(f"made-{number}", drawn, topics, frames, common, characters)


def _article(id: str, drawn: random.Random, topics: Sequence[list[str]], frames: Sequence[str], common: set[str], characters: int) -> dict[str, str]:
    topic = [word for chosen in drawn.sample(range(len(topics)), 3) for word in topics[chosen]]
    paragraphs = [_paragraph(drawn, topic, frames, common, characters) for _ in range(drawn.randint(*_PARAGRAPHS))]
    day = _FIRST_DAY + timedelta(drawn.randrange(_DAYS))
    title = " ".join(drawn.choices(topic, k=6)).capitalize()
    return {"id": id, "title": title, "text": "\n\n".join(paragraphs), "source": f"Source {drawn.randrange(_SOURCES)}", "published": day.isoformat()}


def _paragraph(drawn: random.Random, topic: list[str], frames: Sequence[str], common: set[str], characters: int) -> str:
    def other(found: re.Match[str]) -> str:
        word = found[0]
        if word in common:
            return word
        if word.isdigit():
            return str(drawn.randrange(10 ** len(word)))
        chosen = drawn.choice(topic)
        return chosen.capitalize() if word[0].isupper() else chosen

    sentences: list[str] = []
    while sum(map(len, sentences)) < characters:
        sentences.append(_WORD.sub(other, drawn.choice(frames)))
    return " ".join(sentences)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--passages", type=int, required=True)
    parser.add_argument("--characters", type=int, default=455)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with given.out.open("w") as out:
        for row in articles(given.data, given.passages, given.characters, given.seed):
            out.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
