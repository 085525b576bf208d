"""An article into passages: windows that together cover its whole text.

langchain-text-splitters cuts the text into chunks. Its `add_start_index`
searches for each chunk again and goes wrong on repeated text, so offsets are
the running sum of the chunks' lengths instead: without overlap and with
separators kept, the chunks join to the text exactly. Overlap comes afterwards,
by moving each start back to the sentence that it would cut.
"""

from rag.english.sentences import overlapping, sentences
from rag.settings import Settings
from rag.types import Article, Passage, Span


def passages(article: Article, settings: Settings) -> list[Passage]:
    """The passages of an article, in order, each at most `passage_chars + overlap_chars` long.

    Every character of the text is in one of them, and every sentence of at
    most `overlap_chars` characters is whole in one of them.
    """
    whole = sentences(article.text, settings.sentence_chars)
    pieces = _pieces(article.text, settings.passage_chars)
    return [Passage(article, _widened(piece, whole, settings.overlap_chars)) for piece in pieces]


def _pieces(text: str, longest: int) -> list[Span]:
    """Spans of at most `longest` characters that tile `text`. Raises AssertionError if the splitter loses a character."""
    # who asks cuts nothing, and need not wait for its import
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=longest,
        chunk_overlap=0,
        keep_separator="end",
        strip_whitespace=False,
        separators=["\n\n", "\n", ". ", " ", ""],
    )
    spans, start = [], 0
    for chunk in splitter.split_text(text):
        spans.append(Span(start, start + len(chunk)))
        if not text.startswith(chunk, start):
            raise AssertionError(f"the splitter's chunk at {start} is not the text there")
        start += len(chunk)
    if start != len(text):
        raise AssertionError(f"the splitter's chunks end at {start}, the text at {len(text)}")
    return spans


def _widened(piece: Span, whole: list[Span], overlap: int) -> Span:
    """`piece` from the start of its first sentence on, if that is at most `overlap` characters away."""
    first = overlapping(whole, piece)[:1]
    start = first[0].start if first else piece.start
    return Span(start, piece.end) if 0 < piece.start - start <= overlap else piece
