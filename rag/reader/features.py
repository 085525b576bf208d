"""What is measured of every sentence that was read, for choosing among them."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.arrays import Scores
from rag.encoder import Tokens
from rag.reader.linear import Matrix
from rag.reader.offers import offers
from rag.reader.question import ASKING_WORDS, FUNCTION_WORDS, Kind, Question
from rag.reader.rarity import Rarity
from rag.reader.window import Window, article_hits
from rag.store import stems

LEXICAL = ("share", "share_before", "share_after", "share_with_before", "share_with_title", "share_of_title", "names")
LATE = ("maxsim", "maxsim_content", "maxsim_least", "same_or_like", "same_or_like_least", "maxsim_asking", "asking_new", "precision", "pooled")
NEIGHBOURS = ("maxsim_before", "maxsim_after", "maxsim_window")
RETRIEVAL = ("hit", "article_hit", "hit_gap")
FORM = ("position", "opens_article", "words", "novelty", "is_question", "unstopped", "quotation")
KINDS = tuple(f"{kind}_offered" for kind in Kind)
CANDIDATES = ("candidates", "support")
NAMES = (*LEXICAL, *LATE, *NEIGHBOURS, *RETRIEVAL, *FORM, *KINDS, *CANDIDATES)

# a candidate's support counts a sentence by exp of this times how much less like the question it is than the best one
_SHARPNESS = 15.0
_ASKING_LENGTH = 3
_MOST_CANDIDATES = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """The question's tokens, and which of them carry its content and its asking ("how many", "which city"): weights, 1 in all, [tokens]."""

    tokens: Tokens
    alike: Scores
    content: Scores
    asking: Scores
    # the stems of the word that each token is part of
    stems: Sequence[frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Likeness:
    """The late interaction of a question with each sentence of a window, [sentences] each, 0 for one beyond the model's reach.

    MaxSim is that of Khattab and Zaharia ("ColBERT", 2020) as a weighted mean:
    over the question's tokens, the highest cosine to a token of the sentence.
    "Same or like" takes 1 for a token whose word, or a form of it, stands in the
    sentence or the title: in other company even the same word's vectors differ.
    """

    maxsim: Matrix
    content: Matrix
    least: Matrix
    same: Matrix
    same_least: Matrix
    asking: Matrix
    asking_new: Matrix
    precision: Matrix
    pooled: Matrix


def asked(question: Question, tokens: Tokens) -> Asked:
    """Weighs the question's tokens."""
    words = [question.text[start:end].casefold() for start, end in zip(tokens.starts, tokens.ends, strict=True)]
    alike = np.ones(len(words), dtype=np.float32)
    content = np.array([word.isalnum() and word not in FUNCTION_WORDS for word in words], dtype=np.float32)
    whole = [_word_at(question.text, int(start), int(end)) for start, end in zip(tokens.starts, tokens.ends, strict=True)]
    return Asked(tokens, _shares(alike), _shares(content if content.any() else alike), _shares(_asking(words)), [frozenset(stems(w)) for w in whole])


def features(question: Question, asking: Asked, windows: Sequence[Window], read: Sequence[Tokens], rarity: Rarity) -> Matrix:
    """The features of the windows' sentences in order, [sentences, NAMES]."""
    likenesses = [_likeness(question, asking, window, tokens) for window, tokens in zip(windows, read, strict=True)]
    support = _support(windows, likenesses)
    best = max((window.hit for window in windows), default=0.0)
    articles = article_hits(windows)
    rows = []
    for window, likeness, supported in zip(windows, likenesses, support, strict=True):
        retrieval = (window.hit, articles[window.page.article.id], window.hit - best)
        for k, n in enumerate(range(window.first, window.last)):
            rows.append(
                (
                    *_lexical(window, n, rarity),
                    _names(question, window, n),
                    *_late(likeness, k),
                    *retrieval,
                    *_form(question, window, n),
                    supported[k],
                )
            )
    return np.array(rows, dtype=np.float64).reshape(-1, len(NAMES))


def _lexical(window: Window, n: int, rarity: Rarity) -> tuple[float, ...]:
    page = window.page
    before = page.stems(n - 1) if n > window.first else frozenset()
    after = page.stems(n + 1) if n + 1 < window.last else frozenset()
    own, title = page.stems(n), page.title_stems
    return tuple(rarity.share(stems) for stems in (own, before, after, own | before, own | title, title))


def _names(question: Question, window: Window, n: int) -> float:
    """Of the question's names, those beside the sentence or in the title less those that are missing, as a share: -1 to 1, 0 without names."""
    page = window.page
    there = page.stems(n - 1) | page.stems(n) | page.stems(n + 1) | page.title_stems
    found = sum(bool(name & there) for name in question.names)
    return (2 * found - len(question.names)) / max(1, len(question.names))


def _late(likeness: _Likeness, k: int) -> tuple[float, ...]:
    content = likeness.content
    return (
        likeness.maxsim[k], content[k], likeness.least[k], likeness.same[k], likeness.same_least[k],
        likeness.asking[k], likeness.asking_new[k], likeness.precision[k], likeness.pooled[k],
        content[k - 1] if k else 0.0, content[k + 1] if k + 1 < len(content) else 0.0, content.max(),
    )  # fmt: skip


def _form(question: Question, window: Window, n: int) -> tuple[float, ...]:
    text = window.page.text(n)
    found = window.page.candidates(n)
    count = len(text.split())
    offered = offers(text, question, found)
    bare = text.rstrip("\"'”’)]")
    return (
        math.log1p(n),
        float(n == 0),
        math.log1p(count),
        len(window.page.stems(n) - question.stems) / max(1, count),
        float(bare.endswith("?")),
        float(not bare.endswith((".", "!", "?"))),
        float(any(mark in text for mark in '"“”')),
        *(float(offered and kind is question.kind) for kind in Kind),
        float(min(_MOST_CANDIDATES, len(found))),
    )


def _likeness(question: Question, asking: Asked, window: Window, tokens: Tokens) -> _Likeness:
    count = window.last - window.first
    if not len(asking.tokens.starts):
        return _Likeness(*np.zeros((len(LATE), count)))
    text = window.text
    cosines = asking.tokens.vectors @ tokens.vectors.T
    new = np.array([_is_new(text[start:end].casefold(), question) for start, end in zip(tokens.starts, tokens.ends, strict=True)], dtype=bool)
    rows: list[tuple[float, ...]] = []
    for n in range(window.first, window.last):
        span = window.page.sentences[n]
        inside = (tokens.starts >= span.start + window.offset) & (tokens.ends <= span.end + window.offset)
        if inside.any():
            there = window.page.stems(n) | window.page.title_stems
            same = np.array([bool(stems & there) for stems in asking.stems], dtype=np.float32)
            rows.append(_row(asking, tokens, cosines, inside, inside & new, same))
        else:
            rows.append((0.0,) * len(LATE))
    return _Likeness(*np.array(rows, dtype=np.float64).T)


def _row(asking: Asked, tokens: Tokens, cosines: Scores, inside: NDArray[np.bool_], new: NDArray[np.bool_], same: Scores) -> tuple[float, ...]:
    highest = cosines[:, inside].max(axis=1)
    content = asking.content > 0
    either = np.maximum(highest, same)
    pooled = tokens.vectors[inside].mean(axis=0)
    return (
        float(asking.alike @ highest),
        float(asking.content @ highest),
        float(highest[content].min()),
        float(asking.content @ either),
        float(either[content].min()),
        float(asking.asking @ highest),
        float((asking.asking @ cosines[:, new]).max()) if new.any() else 0.0,
        float(cosines[:, inside].max(axis=0).mean()),
        float(pooled @ asking.tokens.text / max(float(np.linalg.norm(pooled)), 1e-9)),
    )


def _word_at(text: str, start: int, end: int) -> str:
    """The word of which these characters are a part."""
    while start > 0 and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return text[start:end]


def _is_new(word: str, question: Question) -> bool:
    return word.isalnum() and word not in question.words and word not in FUNCTION_WORDS


def _support(windows: Sequence[Window], likenesses: Sequence[_Likeness]) -> list[Matrix]:
    """For each sentence how well the best of its candidates is borne out by other sentences that are like the question.

    Answers repeat where articles tell of one event, and chance words do not
    (redundancy: Clarke, Cormack and Lynam, "Exploiting Redundancy in Question
    Answering", 2001). A sentence in two windows counts once.
    """
    alike = [(likeness.content + likeness.pooled) / 2 for likeness in likenesses]
    best = max((float(values.max()) for values in alike), default=0.0)
    weights = [np.exp(_SHARPNESS * (values - best)) for values in alike]
    totals: dict[str, float] = defaultdict(float)
    seen = set()
    for window, weight in zip(windows, weights, strict=True):
        for k, n in enumerate(range(window.first, window.last)):
            if (window.page.article.id, n) not in seen:
                seen.add((window.page.article.id, n))
                for word in window.page.candidates(n):
                    totals[word] += float(weight[k])
    return [
        np.array(
            [
                math.log1p(max(0.0, max((totals[word] - weight[k] for word in window.page.candidates(n)), default=0.0)))
                for k, n in enumerate(range(window.first, window.last))
            ]
        )
        for window, weight in zip(windows, weights, strict=True)
    ]


def _asking(words: Sequence[str]) -> Scores:
    """Marks the asking word and what it goes with, up to a verb; all words where nothing asks."""
    marked = np.zeros(len(words), dtype=np.float32)
    first = next((n for n, word in enumerate(words) if word in ASKING_WORDS), None)
    if first is None:
        return np.ones(len(words), dtype=np.float32)
    marked[first] = 1
    for n in range(first + 1, min(len(words), first + _ASKING_LENGTH)):
        if words[n] in FUNCTION_WORDS:
            break
        marked[n] = 1
    return marked


def _shares(marked: Scores) -> Scores:
    return marked / max(float(marked.sum()), 1e-9)
