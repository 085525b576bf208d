"""Plain text, for a terminal, a chat or the clipboard: nothing in it is markup, and a terminal is told nothing by it but bold."""

from collections.abc import Iterator, Sequence

from rag.listing import Listed
from rag.notes import Note, Thread
from rag.render.parts import Part, near_parts, nearest, parts, rows, windows
from rag.render.printable import printable
from rag.render.quotation import Quotation, quotations
from rag.render.story_parts import StoryPart, briefing_footer, briefing_notes, briefing_title, story_parts
from rag.render.words import (
    GAP,
    NEAR_MISSES,
    characters,
    citation,
    copies_text,
    counted,
    day_text,
    difference_text,
    earlier_text,
    found_total,
    more_near,
    reason,
    searched_text,
    unconfirmed,
    unread,
    writer_text,
)
from rag.types import (
    Answer,
    Article,
    Briefing,
    Difference,
    Edition,
    Finding,
    Found,
    Hit,
    Outcome,
    Overview,
    Quote,
    Related,
    Searched,
    Status,
    Tallies,
)

# what a terminal is told (ECMA-48) before and after bold words
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"
# so much of a SHA-256 tells an article's texts apart
_SHA256_CHARS = 12


def answer_text(answer: Answer, *, bold: bool = False) -> str:
    """The answer for a terminal or a chat that shows plain text: the articles' words set in from the margin, the product's beside it.

    With `bold`, which only a terminal understands, the words that answer are set in bold.
    """
    lines = [printable(text) for text in (unread(answer.searched.damaged), reason(answer)) if text]
    lines += [_difference_text(difference, answer.quotes) for difference in answer.differences]
    lines += [unconfirmed(answer.quotes)] if unconfirmed(answer.quotes) else []
    lines += [_part_text(shown, bold) for shown in parts(answer)]
    near, rest = nearest(answer)
    lines += [NEAR_MISSES] if near and answer.outcome is not Outcome.WEAK_EVIDENCE else []
    lines += [_part_text(shown, bold) for shown in near_parts(answer)]
    lines += [f"{more_near(len(rest))}: not shown here."] if near and rest else []
    lines.append(printable(searched_text(answer.searched)))
    return "\n\n".join(lines)


def quoted(quote: Quote) -> str:
    """What is copied of a quote: its exact words in quotation marks, after its lead in a pair of its own, then the line that cites them."""
    words = f" {GAP} ".join(f"“{quotation.text}”" for quotation in quotations(quote))
    return f"{words}\n{citation(quote.article, *windows(quote))}"


def hits_text(hits: Sequence[Hit]) -> str:
    if not hits:
        return "No passage found."
    return "\n\n".join(
        f"{hit.score:.3f}  {printable(citation(hit.passage.article, hit.passage.span))}\n{_indented(hit.passage.text)}" for hit in hits
    )


def found_text(found: Found, *, bold: bool = False) -> str:
    """A search for a terminal: each line's article, below it the snippet, then what all that was found has in common."""
    lines = [printable(unread(found.searched.damaged))] if found.searched.damaged else []
    lines += [found_total(found), *(_finding_text(finding, bold) for finding in found.findings)]
    lines += ["\n".join(tallies)] if (tallies := list(_tallies_text(found.tallies))) else []
    lines.append(printable(searched_text(found.searched)))
    return "\n\n".join(lines)


def listed_text(listed: Listed) -> str:
    """An article in a list, in two lines: its id, and what it is."""
    earlier = counted(listed.editions, "earlier text") if listed.editions else None
    day, length = day_text(listed.published, listed.about), counted(listed.characters, "character")
    parts = [listed.title, listed.source, listed.author, day, length, earlier, listed.url]
    return f"{printable(listed.id)}\n    {printable(' · '.join(part for part in parts if part))}"


def thread_text(thread: Thread, title: str | None) -> str:
    """A note for a terminal: who wrote it on which day and of which article, its words, the note, and its answers further in from the margin."""
    about = thread.first
    head = printable(f"{writer_text(about) if thread.note else 'removed'} · {title or about.article}")
    lines = [head, _indented(f"“{about.words}”")]
    lines += [_indented(thread.note.text)] if thread.note else []
    return "\n".join([*lines, *map(_answer_text, thread.answers)])


def _answer_text(answer: Note) -> str:
    return _set_in(f"    {printable(writer_text(answer))}\n{_indented(answer.text)}")


def overview_text(overview: Overview) -> str:
    """The overview for a terminal: each sentence above its offsets, related articles with their ids."""
    article = overview.article
    lines = [printable(citation(article))]
    if overview.keywords:
        lines.append(f"Keywords: {' · '.join(_hanging(span.of(article.text)) for span in overview.keywords)}")
    lines += [f"{_indented(span.of(article.text))}\n    {characters(span)}" for span in overview.gist]
    if overview.copies:
        lines.append(_copies_text(copies_text(overview.copies)))
    if overview.related:
        lines.append("\n".join(["Related:", *map(_related, overview.related)]))
    return "\n\n".join(lines)


def briefing_text(briefing: Briefing) -> str:
    """The stories for a terminal: each headline at the margin, its sentences set in, each above its offsets."""
    lines = [printable(text) for text in (briefing_title(briefing), *briefing_notes(briefing))]
    lines += [_story_text(part) for part in story_parts(briefing)]
    return "\n\n".join([*lines, printable(briefing_footer(briefing))])


def parts_text(article: Article) -> str:
    """The parts of an article's text, each below what it is, its offsets and where its document has it."""
    if not article.parts:
        return "All of its text is body, or nothing told what else is."
    heads = (" · ".join(told for told in (part.kind.value, characters(part.span), part.place) if told) for part in article.parts)
    return "\n\n".join(f"{printable(head)}\n{_indented(part.span.of(article.text))}" for head, part in zip(heads, article.parts, strict=True))


def editions_text(editions: Sequence[Edition]) -> str:
    """The earlier texts of an article, a line each: when it was replaced, the first of its SHA-256, its length."""
    lines = (
        f"{day_text(edition.replaced.date())}  {edition.article.sha256[:_SHA256_CHARS]}  {counted(len(edition.article.text), 'character')}"
        for edition in editions
    )
    return "\n".join(lines) or "It has no earlier text."


def edition_text(edition: Edition) -> str:
    """An earlier text for a terminal, below what it is."""
    article = edition.article
    return f"{earlier_text(edition)}\n{printable(citation(article))} · SHA-256 {article.sha256}\n\n{_indented(article.text)}"


def status_text(status: Status) -> str:
    held = Searched(status.articles, status.passages, status.earliest, status.latest, status.undated, guessed=status.guessed)
    model = f"{status.model.model} (weights {status.model.sha256[:12]}, {status.model.dimension} numbers a passage)" if status.model else "none yet"
    lines = [printable(unread(status.damaged))] if status.damaged else []
    lines += [
        searched_text(held).replace("Searched", "Holds", 1),
        *([f"Copies: {counted(status.articles, 'article')}, {counted(status.origins, 'origin')}"] if status.origins else []),
        f"Sources: {', '.join(f'{printable(name)} ({count})' for name, count in status.sources.items()) or 'none named'}",
        f"Originals: {'some are lost; `pullquote status --check` names them' if status.originals is None else f'{status.originals:,} bytes'}",
        f"Model: {printable(model)}",
        f"Search: {status.search}; cache: {printable(status.caches)}; generation {status.generation}",
    ]
    return "\n".join(lines)


def _story_text(part: StoryPart) -> str:
    head = " · ".join(piece for piece in (*part.byline, part.url, part.article.id) if piece)
    lines = [printable(part.article.title), printable(head)]
    lines += [f"{_indented(sentence.text)}\n    {sentence.place}" for sentence in part.sentences]
    return "\n".join([*lines, *(_copies_text(named) for named in (part.others, part.copies) if named)])


def _finding_text(finding: Finding, bold: bool) -> str:
    told = ["near in meaning"] if finding.by_meaning else []
    told += [f"{counted(finding.folded, 'more article')} of this story found"] if finding.folded else []
    head = printable(" · ".join([citation(finding.article, finding.snippet), *told]))
    return f"{head}\n    {_set_in(''.join(_pieces(finding, bold)))}"


def _pieces(finding: Finding, bold: bool) -> Iterator[str]:
    text, at = finding.article.text, finding.snippet.start
    for word in finding.words:
        yield printable(text[at : word.start], lines=True)
        shown = printable(word.of(text), lines=True)
        yield f"{_BOLD}{shown}{_PLAIN}" if bold else shown
        at = word.end
    yield printable(text[at : finding.snippet.end], lines=True)


def _tallies_text(tallies: Tallies) -> Iterator[str]:
    for name, counts in (("Sources", tallies.sources), ("Years", tallies.years), ("Keywords", tallies.keywords)):
        if counts:
            yield printable(f"{name}: {', '.join(f'{tally.value} ({tally.articles:,})' for tally in counts)}")


def _related(one: Related) -> str:
    return f"    {one.score:.2f}  {printable(f'{citation(one.article)} · {one.article.id}')}"


def _part_text(shown: Part, bold: bool) -> str:
    mark = f"[{shown.number}] " if shown.number else "  - "
    lines = [mark + printable(" · ".join(piece for piece in (shown.day, *shown.citation, shown.url, shown.confidence) if piece))]
    if shown.speaker is not None:
        lines.append(f"attributed to: {_hanging(shown.speaker)} · {shown.speaker_at}")
    if shown.copies:
        lines.append(_copies_text(shown.copies))
    lines.append(f"\n{GAP}\n".join(f"    {_set_in(_words(quotation, bold))}" for quotation in shown.quotations))
    return "\n".join(lines)


def _copies_text(copies: Sequence[str]) -> str:
    return printable(f"{copies[0]}: {'; '.join(copies[1:])}")


def _words(quotation: Quotation, bold: bool) -> str:
    before, answer, after = (printable(piece, lines=True) for piece in quotation.pieces)
    if not (bold and answer):
        return before + answer + after
    # anew on each line, or a pager would lose it, and the margin would be bold
    marked = answer.replace("\n", f"{_PLAIN}\n{_BOLD}")
    return f"{before}{_BOLD}{marked}{_PLAIN}{after}"


def _difference_text(difference: Difference, quotes: Sequence[Quote]) -> str:
    widest = max((len(_hanging(value.value)) for value in difference.values), default=0)
    lines = [printable(difference_text(difference, quotes))]
    lines += [f"    {row.day:10}  {_hanging(row.value):{widest}}  [{row.number}] {printable(row.article)}" for row in rows(difference, quotes)]
    return "\n".join(lines)


def _indented(text: str) -> str:
    """The text as it stands, set in from the margin and not wrapped: a copied line is the article's line."""
    return f"    {_hanging(text)}"


def _hanging(text: str) -> str:
    """The text as it stands, with all lines but the first set in: an article's line never begins at the margin."""
    return _set_in(printable(text, lines=True))


def _set_in(text: str) -> str:
    return text.replace("\n", "\n    ")
