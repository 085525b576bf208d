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
# of a posting: the passage's place in its part, and how often the stem stands there; the numbers of a passage
_POSTING, _NUMBERS = 8, 48
# as PostgreSQL had them, with their indexes (docs/scale.md): of an article's row, a byte of its text; what tells an article's copies; a passage
_TEXT_SHARE, _LIKENESS, _PASSAGE_ROW = 0.88, 799, 104
_GIB, _HOUR = 1024**3, 3600
# with two cores, as docs/performance.md has it: the hours are those of encoding
_ENCODED_A_SECOND = 244


@dataclass(frozen=True, slots=True)
class Counts:
    """How many articles and passages; bytes of text, and of the stems as Milvus is given them; and the sum of each passage's different stems."""

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
    text, words, postings = (count / found.passages for count in (found.text, found.words, found.postings))
    many = found.passages / found.articles
    print(f"{found.articles:,} articles, {found.passages:,} passages: {many:.1f} an article")
    print(f"a passage: {text:.0f} bytes of its article's text, {words:.0f} bytes of stems, {postings:.0f} different stems")
    milvus = {"vector": _DIMENSION * _FLOAT, "graph": _EDGES * _EDGE, "postings": postings * _POSTING, "stems": words, "numbers": _NUMBERS}
    database = {"article and text": text * _TEXT_SHARE, "what tells copies": _LIKENESS / many, "passage": _PASSAGE_ROW}
    for name, parts in (("Milvus, in memory", milvus), ("PostgreSQL, on disk", database)):
        print(f"{name}: {sum(parts.values()):,.0f} bytes a passage ({', '.join(f'{part} {size:,.0f}' for part, size in parts.items())})")
    for count in given.passages:
        memory, disk = (count * sum(parts.values()) / _GIB for parts in (milvus, database))
        hours = count / _ENCODED_A_SECOND / _HOUR
        print(
            f"{count:,.0f} passages, {count / many:,.0f} articles: {memory:,.1f} GiB in memory, {disk:,.1f} GiB on disk, {hours:,.1f} hours to encode"
        )


if __name__ == "__main__":
    main()
