"""What a shared archive of many passages takes, on paper: `python -m benchmarks.sizing ARTICLES.jsonl [--passages 1e6 1e7 1e8]`.

Cuts the articles as an archive does and counts bytes and words; the rest is
arithmetic, whose formulae docs/scale.md gives.
"""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass

from rag import Article, Settings, read_articles
from rag.passages import passages
from rag.store import stems
from rag.store.shared.bm25 import as_words

_DIMENSION, _FLOAT, _EDGES, _EDGE = 384, 4, 64, 4
# of a posting: the passage's place in its part, and how often the stem stands there
_POSTING = 8
# as PostgreSQL measured them beside the text (docs/scale.md)
_ARTICLE_ROW, _PASSAGE_ROW = 2_250, 165
_GIB, _HOUR = 1024**3, 3600
# with two cores, as docs/performance.md has it
_ENCODED_A_SECOND = 214


@dataclass(frozen=True, slots=True)
class Counts:
    """Of all articles: how many there are, their passages, bytes of text, bytes of the stems as Milvus is given them, and different stems in each passage."""

    articles: int
    passages: int
    text: int
    words: int
    postings: int


def counted(articles: Iterable[Article]) -> Counts:
    count = cut = text = words = postings = 0
    for article in articles:
        count += 1
        text += len(article.text.encode())
        for passage in passages(article, Settings()):
            found = list(stems(passage.indexed_text))
            cut, words, postings = cut + 1, words + len(as_words(found)), postings + len(set(found))
    return Counts(count, cut, text, words, postings)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles")
    parser.add_argument("--passages", type=float, nargs="+", default=[1e6, 1e7, 1e8])
    given = parser.parse_args()
    found = counted(one for one in read_articles(given.articles) if isinstance(one, Article))
    each = {name: getattr(found, name) / found.passages for name in ("text", "words", "postings")}
    many = found.passages / found.articles
    print(f"{found.articles:,} articles, {found.passages:,} passages: {many:.1f} an article")
    print(f"a passage: {each['text']:.0f} bytes of its article's text, {each['words']:.0f} bytes of stems, {each['postings']:.0f} different stems")
    for count in given.passages:
        vectors, graph, postings = _DIMENSION * _FLOAT, _EDGES * _EDGE, each["postings"] * _POSTING
        memory = count * (vectors + graph + postings + each["words"]) / _GIB
        rows = count * (each["text"] + _PASSAGE_ROW + _ARTICLE_ROW / many) / _GIB
        parts = ", ".join(f"{name} {count * bytes / _GIB:,.1f}" for name, bytes in (("vectors", vectors), ("graph", graph), ("postings", postings)))
        print(
            f"{count:,.0f} passages: Milvus {memory:,.1f} GiB in memory ({parts}, words {count * each['words'] / _GIB:,.1f}); PostgreSQL {rows:,.1f} GiB; "
            f"{count / _ENCODED_A_SECOND / _HOUR:,.1f} hours of two cores to encode"
        )


if __name__ == "__main__":
    main()
