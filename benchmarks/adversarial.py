"""What hostile text costs every rule that reads text: `python -m benchmarks.adversarial [--rule NAME] [--text NAME] [--size 100000] [--all]`.

Each text of TEXTS is one thing over and over. Every rule of RULES reads it at half the size and at the whole: printed are the
seconds of processor time for both and their ratio, which is 2 where the time is in proportion to the length and 4 where it is to
its square. Over a second for 100,000 characters, or for as much as the rule is ever given, is a fault, and so is a ratio over 2.6
of times worth comparing. Without `--all` only
each rule's slowest text and the faults are printed. The exit status is 1 where there is a fault.
"""

import argparse
import gc
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache

# before numpy is imported, which reads it: its threads take processor time to wait for one another, the more the busier the machine
os.environ["OPENBLAS_NUM_THREADS"] = "1"

from rag import render
from rag.corpus import article, canonical
from rag.corpus.dates import date_line
from rag.corpus.decoding import decode
from rag.corpus.front_matter import MOST_CHARS
from rag.corpus.header import split_header
from rag.corpus.jsonl import row_draft
from rag.corpus.line_kinds import furniture
from rag.corpus.markdown import plain_text
from rag.corpus.plain import read_page
from rag.corpus.sniffing import HEAD_BYTES, format_of
from rag.differences import differing, standing
from rag.english.context import widen
from rag.english.phrases import tokens
from rag.english.quotations import quotations
from rag.english.sentences import sentences
from rag.english.speakers import speaker
from rag.errors import InputError
from rag.overview.gist import gist
from rag.overview.keywords import keywords
from rag.passages import passages
from rag.question import parse
from rag.reader.offers import offers
from rag.settings import Settings
from rag.types import Answer, Article, Difference, Outcome, Quote, Searched, Seconds, Span, Value
from rag.values import near_copies, quantities
from rag.verification import places, verify
from rag.web.followup import understood
from rag.web.marks import Mark, pieces

MOST_SECONDS = 1.0
# what a library takes for the very many lists, tables, dates and marks that its rules are for: in proportion, but more
_LIBRARIES = {"markdown": 3.0, "plain": 1.5, "passages": 1.5}
# how much the product gives a rule at once, in characters, where that is bounded: beyond it only the ratio counts
_BOUNDED = {
    "front matter": MOST_CHARS,
    "speaker of all": 2_000,
    "speaker of one span": 2_000,
    "context of one span": 2_000,
    "context of long spans": 12_000,
    "values": 2_000,
    "standing": 2_000,
    "compare question": 10_000,
    "follow-up": 10_000,
    "question": 10_000,
    "offers": 2_000,
}
MOST_RATIO = 2.6
# below this, in seconds, a ratio is chance
WORTH_COMPARING = 0.1
# what would take longer than this is not waited for
_PATIENCE = 30.0
_SETTINGS = Settings()
_ASIDE = date(2022, 10, 19)


def _over(unit: str) -> Callable[[int], str]:
    return lambda size: (unit * (size // len(unit) + 1))[:size]


def _rising(line: str, margin: str) -> Callable[[int], str]:
    """A line set in further and further, up to two hundred times, again and again."""
    return lambda size: "".join(f"{margin * (n % 200)}{line}\n" for n in range(size // 100 + 200))[:size]


def _counted(line: str) -> Callable[[int], str]:
    """A line with another number for its # each time."""
    return lambda size: "".join(line.replace("#", str(n)) for n in range(size // len(line) + 1))[:size]


# what is repeated: marks of Markdown, of quotation, of sentences; characters; the words that rules look for
_UNITS = (
    "[", "]", "[]", "[a](", "[a](b", "[a](<b", "![", "![a]", "[a]: b\n", "[a]: b 'c\n", "[^", "[x][", "[a] ", "(", ")", "(a ", "{", "}", "<", "<a ",
    "<a href='", "<!--", "<?", "<http:", "<a@b.", "&", "&#", "&amp", "*", "*a ", "**a ", "a **b** ", "a*", "a**b", "_", "_a ", "*_a", "*a_b", "`",
    "`a ", "`a``b", "~", "~~a ", "```\n", "~~~ a\n", "#", "# a\n", "---\n", "a\n=\n", "a\n-\n", "|", "|a", "|a|b|\n|-|-|\n", "> ", ">", "> a\n",
    "- ", "- a\n", "-\n", "* ", "+ a\n\n", "1. ", "1. a\n", "1) a\n\n", "\\", "\\*", "a  \n", "a\\\n", "    a\n", "\t", "\t\n", '"', "“", "”",
    "“a” ", "“a ", "“A. ", '"A." ', '"a ', "«a ", "„a ", "'", "'a ", "a' 'b ", "‘a ", "‘a’ ", "\"'“‘", "“a\n\n", "“a” said Abe. ",
    "“a,” said Abe. ", ",", "a, ", ".", "a. ", "A. ", "… ", "?! ", ":", "a: ", "Abe: “a” ", "key: value\n", "title: a\n", "; ", "-", "— ", "a-",
    "a/", "a&", "a.", "a_", "a'", "a@a.", "$", "$5 ", "5% ", "A", "Abe ", "Abe Bell Cole ", "Abe Bell, ", "Abe Bell and ", "Abe & ", "Abe Bell; ",
    "J. ", "J.R.", "U.S. ", "Mr. ", "Mr. Abe ", "e.g. ", "No. 5 ", "1", "1,", "111,", "1.", "1 ", "1-", "1/2/", "1:1 ", "20 to 30 ",
    "two hundred and ", "hundred ", "million ", "half a ", "a ", "an ", "19 October 2022 ", "May ", "19 October 2022\n", "2022-10-19 ", "in 1932 ",
    "more than ", "not before May ", "5 a day ", "two or three ", "5 km 20 m ", "said ", "Abe Bell said ", "he said that ", "said, ", "said he, ",
    "according to ", "according to a report from ", ", per ", "with Abe saying ", "told ", "who said ", "as he said ", "the ", "of the ", "who ",
    "He ", "He, she, they, it, ", "it was ", "the mayor of ", "the mayor, ", "minister's ", "Abe's ", "the report by ", "The group ", "But ",
    "However, ", "not ", "will ", "denied it ", "This was not ", "is to ", "planned ", "was planned ", "were first ", "and ", "and a half ",
    "because ", "photo ", "photo by ", "AFP/", "By ", "by Abe ", "Published ", "sign in to ", "subscribe to our ", "Read more: ", "© ",
    "we use cookies ", "get our ", "newsletter ", "['", "\n", "\n \n", "a\n", "A\n", "a\n\n", "A.\n\n", " ", "a   ", "a\t", "a", "a" * 5_000 + " ",
    "a,b.", "!a", "\u0301", "a\u0323\u0301", "\u1100\u1161", "👩\u200d👩\u200d👧 ",
    "中文。", "中", "ا، ", "\u202ea", "\u200b", "\u00a0",
    "a\u3000", "∑≈", "\u0093a\u0094 ", "ﬁ", "İ", "ß", "who what when? ", "Who is the mayor of ", "And in Ireland? ", "What about ", "what ",
    "The lock cost 5 dollars in all. ", "The lock cost 5 dollars.\n\n", "She said “no.” He said “yes.” ",
)  # fmt: skip
TEXTS: Mapping[str, Callable[[int], str]] = {
    **{repr(unit[:40])[1:-1]: _over(unit) for unit in _UNITS},
    "nested list": _rising("- a", "  "),
    "nested numbers": _rising("1. a", "   "),
    "nested quotes": _rising("a", "> "),
    "nested brackets": lambda size: "[" * (size // 2) + "](a)" * (size // 8),
    "nested emphasis": lambda size: "*a " * (size // 6) + " b*" * (size // 6),
    "growing code marks": lambda size: "".join("`" * (n % 300) + "a" for n in range(size // 100))[:size],
    "one table": lambda size: ("|a|b|\n|-|-|\n" + "|a|b|\n" * (size // 6))[:size],
    "wide table": lambda size: "|a" * (size // 6) + "|\n" + "|-" * (size // 6) + "|\n" + "|b" * (size // 6),
    "a list of keywords": lambda size: "['" + "a', '" * (size // 5) + "a']",
    "a long byline": lambda size: f"By {'a ' * (size // 2)}"[:size],
    "a, spaces, b": lambda size: f"a{' ' * (size - 2)}b",
    "marks out of order": _over("\u0301\u0323"),
    "a letter with all marks": lambda size: "a" + "\u0301" * (size - 1),
    "an open quotation": lambda size: "“" + ("The lock cost 5 dollars. " * (size // 25))[: size - 1],
    "other words": _counted("w# "),
    "other names": _counted("Abe# Bell# "),
    "other sentences": _counted("The n# cost # dollars, said Abe B#. "),
    "other links": _counted("[a#]: b\n\n[a#]\n\n"),
    "other speakers": _counted("“The n# is open,” said Abe B#, the mayor of C#.\n\n"),
}


@cache
def _spans(text: str) -> list[Span]:
    return sentences(text, _SETTINGS.sentence_chars)


def _whole(text: str) -> Article:
    """An article with that text everywhere where a text can stand, without its rules for facts."""
    return Article("a", text[:500], text[:500], text, _ASIDE, "http://a.example/", text, "0" * 64)


def _some(spans: Sequence[Span]) -> range:
    """As many places in a list as a question shows quotes and near misses."""
    return range(0, len(spans), max(1, len(spans) // 16))


def _quotes(text: str) -> tuple[Quote, ...]:
    """Two articles' whole texts as quotes whose answer is in the middle."""
    middle = len(text) // 2
    one, other = _whole(text), Article("b", text[:500], "S", None, None, None, text[:-1] + "z", "1" * 64)
    return tuple(
        Quote(each, Span(0, len(text)), 0.9, 0.9, Span(0, len(text)), speaker=Span(0, middle), answer=Span(middle, min(middle + 20, len(text))))
        for each in (one, other)
    )


def _answer(text: str) -> Answer:
    quotes = _quotes(text)
    differences = (Difference("lock", tuple(Value(text, n, Span(0, len(text)), None) for n in range(2))),)
    return Answer(text, Outcome.ANSWERED, quotes, quotes, Searched(1, 1, None, None, 1), Seconds(), differences)


def _standings(text: str) -> None:
    found = quantities(text, Span(0, len(text)))
    for at in _some([value.span for value in found]):
        standing(text, Span(0, len(text)), found[at], frozenset({"open"}))


def _saved(text: str) -> None:
    one = _whole(text)
    verify(render.answer_json(_answer(text)), {"a": one, "b": _quotes(text)[1].article}.get)


def _one(text: str) -> list[Span]:
    return [Span(0, len(text))]


RULES: Mapping[str, Callable[[str], object]] = {
    "decode": lambda text: decode(text.encode()),
    "decode 8-bit": lambda text: decode(text.encode("cp1252", "replace") + b" \x93"),
    "canonical": canonical,
    "article": lambda text: article("a", "t", text),
    "header": split_header,
    "front matter": lambda text: [split_header(f"{fence}\na: {text[: MOST_CHARS - 3]}\n{fence}\n") for fence in ("---", "+++", ";;;")],
    "date": date_line,
    "sniffing": lambda text: format_of(text.encode()[:HEAD_BYTES], "a.txt"),
    "plain": read_page,
    "line kinds": furniture,
    "markdown": plain_text,
    "jsonl": lambda text: row_draft(json.dumps({"title": "t", "text": text}).encode(), {}),
    "sentences": lambda text: sentences(text, _SETTINGS.sentence_chars),
    "passages": lambda text: passages(_whole(text), _SETTINGS),
    "quotations": lambda text: quotations(text, Span(0, len(text))),
    "tokens": lambda text: tokens(text, Span(0, len(text)), ()),
    "speaker": lambda text: [speaker(text, _spans(text), _spans(text)[n]) for n in _some(_spans(text))],
    "speaker of all": lambda text: speaker(text, _spans(text), Span(0, len(text))),
    "speaker of one span": lambda text: speaker(text, _one(text), Span(0, len(text))),
    "context": lambda text: [widen(text, _spans(text), n, _SETTINGS.quote_chars) for n in _some(_spans(text))],
    "context of one span": lambda text: widen(text, _one(text), 0, len(text)),
    "context of long spans": lambda text: widen(text, [Span(n * len(text) // 9, (n + 1) * len(text) // 9) for n in range(9)], 4, len(text)),
    "values": lambda text: quantities(text, Span(0, len(text))),
    "standing": _standings,
    "compare": lambda text: differing("Who is the mayor of Lyon?", _quotes(text)[:1], _quotes(text)[1:]),
    "compare question": lambda text: differing(
        text, _quotes("The lock cost 5 dollars in May 2020 in all.")[:1], _quotes("The lock cost 7 dollars.")[1:]
    ),
    "follow-up": lambda text: understood(text, [text]),
    "follow-up of it": lambda text: understood("And in Ireland?", [text]),
    "question": parse,
    "offers": lambda text: [offers(text, parse(question)) for question in ("Why?", "Who?", "When?", "How many?", "Where?")],
    "copies": lambda text: near_copies(text, f"{text} b"),
    "gist": lambda text: gist(text, _spans(text), lambda _: 1.0),
    "keywords": lambda text: keywords(text, text[:500], _spans(text), lambda _: 1.0),
    "verify": _saved,
    "places": lambda text: places(text[:1_000], _whole(text)),
    "as text": lambda text: render.answer_text(_answer(text), bold=True),
    "as a quotation": lambda text: render.quoted(_quotes(text)[0]),
    "as HTML": lambda text: render.html_document([_answer(text)]),
    "as Markdown": lambda text: render.markdown([_answer(text)]),
    "as JSON": lambda text: render.to_json(render.answer_json(_answer(text))),
    "as BibTeX": lambda text: render.bibtex([_named(text)]),
    "as CSL": lambda text: render.to_json(render.csl_json([_named(text)])),
    "as a link": lambda text: render.text_fragment(_quotes(text)[0]),
    "marked": lambda text: pieces(text, [Mark(span, "quote") for span in _spans(text)]),
}


def _named(text: str) -> Answer:
    """An answer of an article whose author is all that text, which no article that was read can have."""
    one = Article("a", text, text, text, _ASIDE, "http://a.example/", text, "0" * 64)
    return Answer("?", Outcome.ANSWERED, (Quote(one, Span(0, 1), 0.9, 0.9, Span(0, 1)),), (), Searched(1, 1, None, None, 1), Seconds())


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of processor time for half a text and for all of it; of what was not waited for, what it would take at least."""

    rule: str
    text: str
    half: float
    whole: float

    @property
    def ratio(self) -> float:
        return self.whole / self.half if self.half else 1.0

    def is_fault(self, size: int) -> bool:
        most = _LIBRARIES.get(self.rule, MOST_SECONDS * 100_000 / _BOUNDED.get(self.rule, 100_000))
        return self.whole > most * size / 100_000 or (self.whole > WORTH_COMPARING and self.ratio > MOST_RATIO)


def cost(rule: str, text: str, size: int) -> Cost:
    """What a rule takes for a text of that size."""
    eighth = seconds(rule, TEXTS[text](size // 8))
    if eighth * 8 > _PATIENCE:
        return Cost(rule, text, eighth * 4, eighth * 64)
    half, whole = seconds(rule, TEXTS[text](size // 2)), seconds(rule, TEXTS[text](size))
    if whole > WORTH_COMPARING and whole > MOST_RATIO * half:
        # the machine may have been busy with something else
        half, whole = seconds(rule, TEXTS[text](size // 2)), min(whole, seconds(rule, TEXTS[text](size)))
    return Cost(rule, text, half, whole)


def seconds(rule: str, text: str) -> float:
    if rule in ("speaker", "speaker of all", "context", "gist", "keywords", "marked"):
        # their sentences are found once, when an article is read
        _spans(text)
    # Python's collector runs in steps of its own, which would look like a fault of the rule that it falls upon
    gc.collect()
    gc.disable()
    started = time.process_time()
    # a refusal is an answer too
    with suppress(InputError):
        RULES[rule](text)
    spent = time.process_time() - started
    gc.enable()
    return spent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rule", action="append", choices=RULES, metavar="NAME")
    parser.add_argument("--text", action="append", choices=TEXTS, metavar="NAME")
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--all", action="store_true", help="print every text")
    given = parser.parse_args()
    # all that was imported is looked through by no collection from here on: that took longer than most rules take
    gc.freeze()
    faults = 0
    print(f"{'rule':22} {'text':24} {given.size // 2:>9,} {given.size:>9,}  ratio")
    for rule in given.rule or RULES:
        found = []
        for text in given.text or TEXTS:
            found.append(cost(rule, text, given.size))
            _spans.cache_clear()
        slowest = max(found, key=lambda one: one.whole)
        for one in found:
            fault = one.is_fault(given.size)
            faults += fault
            if fault or given.all or one is slowest:
                print(f"{rule:22} {one.text:24} {one.half:9.3f} {one.whole:9.3f}  {one.ratio:5.1f}{'  FAULT' if fault else ''}", flush=True)
    print(f"{len(given.rule or RULES)} rules, {len(given.text or TEXTS)} texts, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
