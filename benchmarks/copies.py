"""How many near-copies are told, how many of those told are ones, and what it takes to tell them, an article at a time.

python -m benchmarks.copies [--articles 5000] [--copies 1000] [--news ../shared/data/news-dev/corpus.jsonl] [--load 100000]

Articles are generated, and taken from --news where that is given: among them forms of an
agency that are filled in with other names and numbers, pairs of reports on one event that
share its names, its figures and a statement, and articles with one and the same paragraph
about their agency. Copies are made of them in several ways. Then all are added to an archive.
"""

import argparse
import itertools
import json
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from rag import Article, Settings, Span, article
from rag.copies import SIGNATURE_BYTES, Signatures
from rag.store import Entry, LocalStore, joining, likenesses
from rag.store.database import Access, Database
from rag.store.truth import Truth
from rag.types import Identity

# the commonest words of English, which runs of generated words share as those of real ones do
_SMALL = (
    "the of and to in a is that for it was on with as by at from be this have or are not but they which his an were had her she he you we their "
    "has been one all there would will more when who about up out them some into could other than then its time only two may do first any now "
    "also after new over such our what most between before under during while where because against both many"
).split()
# forms of an agency; {n} is another number each time
_FORMS = """
{name} ({letters}) on Thursday reported net income of ${n} million in its second quarter, after a loss of ${n} million in the year before.
The {place} company said it had profit of {n} cents per share. Earnings, adjusted for one-time gains and costs, came to {n} cents per share.
The results topped the expectations of analysts: the average estimate of {n} analysts was for earnings of {n} cents per share. The maker of
{word} posted revenue of ${n} million in the period, which was below what analysts had expected, ${n} million. For the current quarter the
company expects revenue in the range of ${n} million to ${n} million. Shares have risen {n} percent since the beginning of the year, and
{n} percent in the last 12 months.

A magnitude {n} earthquake struck near {place} at {n}:{n} local time, the seismological service said. The epicentre was {n} kilometres
north of {name} at a depth of {n} kilometres. There were no immediate reports of damage or of people hurt. In the past ten days there have
been {n} earthquakes of magnitude {n} or greater centred nearby. Readings are checked by a seismologist and may change; whoever felt the
ground shake can report it on the page of the service, where {n} people had done so by {n}:{n}.

Today's forecast for {place}: cloudy at first, then sunny spells, with a high of {n} degrees and a low of {n} degrees. The chance of rain is
{n} percent, falling to {n} percent by the evening. Winds from the west at {n} to {n} kilometres an hour, with gusts of {n}. Sunrise is at
{n}:{n} and sunset at {n}:{n}. The pollen count is {n} and the index of ultraviolet light {n}. Tomorrow: dry, with a high of {n} degrees
and a low of {n}.

{name} beat {place} {n}-{n} at home on Saturday in front of {n} people. The hosts led {n}-{n} at half time after goals in the {n}th and
{n}th minutes, and had {n} percent of the ball and {n} shots to their guests' {n}. The guests drew level in the {n}th minute, but a penalty
in the {n}th decided the match. The hosts are now {n}th with {n} points from {n} games, and their guests {n}th with {n}. Next week the
hosts travel to {word}.

Shares in {place} closed at {n} points on Tuesday, {n} percent above their close of {n} the day before. Of the {n} shares in the index {n}
rose and {n} fell. {name} gained most, {n} percent, and closed at {n}. Shares worth {n} billion changed hands. The currency stood at {n} to
the dollar after {n}, and bonds of ten years yielded {n} percent after {n} percent.
""".strip().split("\n\n")
_IDENTITY = Identity("none", "0" * 64, 4)


@dataclass(frozen=True, slots=True)
class Made:
    """An article, the number of the original that it is a copy of or its own, and how it was made."""

    text: str
    family: int
    how: str


class Writer:
    """Makes up articles: words of syllables, as common as real ones are, in sentences with names and numbers."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        syllables = ["".join(pair) for pair in itertools.product("bdfglmnprstv", "aeiou")]
        rare = ["".join(self._rng.choices(syllables, k=self._rng.randint(2, 4))) for _ in range(12_000)]
        self._words = [*_SMALL, *rare]
        # Zipf's law
        self._weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(self._words))))
        self._names = [word.title() for word in rare[:600]]

    def word(self) -> str:
        return self._rng.choices(self._words, cum_weights=self._weights)[0]

    def number(self) -> str:
        low, high = self._rng.choice(((2, 99), (100, 9_999)))
        number = self._rng.randint(low, high)
        return f"{number:,}" if self._rng.random() < 0.6 else f"{number:,}.{self._rng.randint(1, 9)}"

    def name(self) -> str:
        return " ".join(self._rng.sample(self._names, 2))

    def sentence(self, given: Sequence[str] = ()) -> str:
        """A sentence; one of the names and numbers of `given` may stand in it."""
        words = self._rng.choices(self._words, cum_weights=self._weights, k=self._rng.randint(8, 24))
        if given:
            words.insert(self._rng.randrange(len(words)), self._rng.choice(given))
        elif self._rng.random() < 0.3:
            words.insert(self._rng.randrange(len(words)), self._rng.choice((self.name(), self.number())))
        return f"{' '.join(words).capitalize()}."

    def prose(self, words: int, given: Sequence[str] = ()) -> str:
        sentences: list[str] = []
        while sum(len(one.split()) for one in sentences) < words:
            sentences.append(self.sentence(given))
        return " ".join(sentences)

    def form(self, number: int) -> str:
        # one company, town or club has the same form filled in again and again
        name, place = self._names[number % 7], self._names[number % 11]
        text = _FORMS[number % len(_FORMS)].replace("{name}", name).replace("{place}", place).replace("{letters}", name[:3].upper())
        while "{word}" in text:
            text = text.replace("{word}", self.word(), 1)
        while "{n}" in text:
            text = text.replace("{n}", self.number(), 1)
        return text

    def event(self) -> Iterator[str]:
        """Two reports on one event, with its names, its figures and one statement in common."""
        facts = [*(self.name() for _ in range(4)), *(self.number() for _ in range(6))]
        said = self.prose(25)
        for _ in range(2):
            yield f"{self.prose(self._rng.randint(80, 300), facts)} {said} {self.prose(40, facts)}"

    def changed(self, text: str, share: float) -> str:
        """The text with so many of its words replaced by others."""
        words = text.split()
        for at in self._rng.sample(range(len(words)), round(share * len(words))):
            words[at] = self.word()
        return " ".join(words)

    def cut(self, text: str, parts: int = 4) -> str:
        """The text without one of so many parts, at its end or its beginning."""
        words = text.split()
        gone = len(words) // parts
        return " ".join(words[:-gone] if self._rng.random() < 0.7 else words[gone:])

    def credited(self, text: str) -> str:
        """The text as another site prints it."""
        return f"{self.name()} - {self.name()}, {self.number()} {text} {self.prose(15)}"


def made(articles: int, copies: int, news: Sequence[str] = (), seed: int = 1) -> list[Made]:
    """So many articles with so many near-copies among them, in a random order."""
    writer, rng = Writer(seed), random.Random(seed)
    # two of the news may be one text
    texts = [(text, "news") for text in dict.fromkeys(news)]
    texts += [(writer.form(number), "form") for number in range(articles // 16)]
    texts += [(report, "event") for _ in range(articles // 32) for report in writer.event()]
    agency = writer.prose(60)
    texts += [(f"{writer.prose(rng.randint(90, 300))} {agency}", "agency") for _ in range(articles // 16)]
    texts += [(writer.prose(int(rng.lognormvariate(5.7, 0.6)) + 40), "prose") for _ in range(articles - copies - len(texts))]
    found = [Made(text, family, how) for family, (text, how) in enumerate(texts)]
    ways: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("5% of words changed", lambda text: writer.changed(text, 0.05)),
        ("a quarter cut off", writer.cut),
        ("5% changed and a quarter cut off", lambda text: writer.cut(writer.changed(text, 0.05))),
        ("printed by another site", writer.credited),
        ("10% of words changed", lambda text: writer.changed(text, 0.10)),
        ("half cut off", lambda text: writer.cut(text, 2)),
        ("25% of words changed", lambda text: writer.changed(text, 0.25)),
    )
    for number in range(copies):
        original = rng.choice(found[: len(texts)])
        how, way = ways[number % len(ways)]
        found.append(Made(way(original.text), original.family, how))
    rng.shuffle(found)
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """How the pairs of one story were told: how many of those told are pairs, and for each way of copying how many copies share their original's."""

    pairs: int
    right: int
    wrong: Counter[tuple[str, str]]
    found: dict[str, tuple[int, int]]

    @property
    def precision(self) -> float:
        return self.right / self.pairs if self.pairs else 1.0

    def recall(self, how: str) -> float:
        right, there = self.found[how]
        return right / there


def told(articles: Sequence[Made], stories: Sequence[int]) -> Told:
    by_story: defaultdict[int, list[Made]] = defaultdict(list)
    for one, story in zip(articles, stories, strict=True):
        by_story[story].append(one)
    pairs = [pair for members in by_story.values() for pair in itertools.combinations(members, 2)]
    wrong = [(a, b) for a, b in pairs if a.family != b.family]
    originals = {one.family: story for one, story in zip(articles, stories, strict=True) if not _is_copy(one)}
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for one, story in zip(articles, stories, strict=True):
        if _is_copy(one):
            found[one.how].append(story == originals[one.family])
    kinds = Counter(tuple(sorted((a.how, b.how))) for a, b in wrong)
    return Told(len(pairs), len(pairs) - len(wrong), kinds, {how: (sum(hits), len(hits)) for how, hits in found.items()})


def _is_copy(one: Made) -> bool:
    return one.how not in ("news", "form", "event", "agency", "prose")


def stories(articles: Sequence[Made], folder: Path) -> list[int]:
    """Adds them to an archive there, and gives the story of each."""
    whole = [article(f"a{number}", one.how, one.text) for number, one in enumerate(articles)]
    store = LocalStore(folder, Settings())
    with store.writing() as writer:
        for start in range(0, len(whole), 25):
            writer.put([_entry(one) for one in whole[start : start + 25]], _IDENTITY)
    store.close()
    truth = Truth(folder)
    rows = truth._db.execute("SELECT id, story FROM articles JOIN likenesses ON article = n")
    by_id = dict(rows)
    truth.close()
    return [by_id[one.id] for one in whole]


def loading(number: int) -> float:
    """Seconds of processor time until a writer that finds so many signatures has them at hand."""
    with tempfile.TemporaryDirectory() as folder, closing(Database(Path(folder), Access.WRITE)) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        with db.transaction("IMMEDIATE"):
            rows = ((n, random.Random(n).randbytes(SIGNATURE_BYTES), n) for n in range(1, number + 1))
            db.executemany("INSERT INTO likenesses VALUES (?1, ?2, ?3, checksum_of(?1, ?3))", rows)
        started = time.thread_time()
        assert likenesses.Likenesses(db, lambda _: None)._signatures
        return time.thread_time() - started


def _entry(one: Article) -> Entry:
    """A passage for the whole is enough: nothing is searched."""
    return Entry(one, [Span(0, 1)], np.eye(1, 4, dtype=np.float32))


class Clock:
    """Seconds of processor time that are spent in functions, by the name of the step that they are."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()

    def on(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any) -> Any:
            started = time.thread_time()
            try:
                return function(*arguments)
            finally:
                self.spent[step] += time.thread_time() - started

        return timed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--copies", type=int, default=1_000)
    parser.add_argument("--news", type=Path)
    parser.add_argument("--load", type=int, default=100_000, help="how many signatures a writer finds when it opens")
    given = parser.parse_args()
    news = [json.loads(row)["text"] for row in given.news.open(encoding="utf-8")] if given.news else []
    articles = made(given.articles, given.copies, news)
    clock = Clock()
    steps = (
        (joining, "own_wording", "words"),
        (joining, "signature", "signature"),
        (Signatures, "near", "look-up"),
        (joining, "likeness", "decision"),
        (likenesses.Likenesses, "tell", "all"),
    )
    with tempfile.TemporaryDirectory() as folder, ExitStack() as patched:
        for where, name, step in steps:
            patched.enter_context(patch.object(where, name, clock.on(step, getattr(where, name))))
        result = told(articles, stories(articles, Path(folder)))
    print(f"{len(articles)} articles, {sum(map(_is_copy, articles))} of them copies")
    print(f"precision {result.precision:.4f} of {result.pairs} pairs; wrong: {dict(result.wrong)}")
    for how, (right, there) in sorted(result.found.items()):
        print(f"recall {right / there:.4f} of {there:4} copies: {how}")
    print(", ".join(f"{step} {seconds / len(articles) * 1000:.3f} ms" for step, seconds in clock.spent.items()) + " an article")
    print(f"{given.load} signatures read and sorted in {loading(given.load):.2f} s")


if __name__ == "__main__":
    main()
