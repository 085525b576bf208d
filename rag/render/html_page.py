"""An evidence sheet: one HTML file that stands alone, loads nothing and runs nothing."""

from collections.abc import Sequence

from rag.render.html_elements import Html, apart, dotted, element, escaped, link, page
from rag.render.links import safe_url, text_fragment
from rag.render.parts import Part, near_parts, nearest, part, parts, rows
from rag.render.quotation import Quotation
from rag.render.words import GAP, NEAR_MISSES, difference_text, more_near, reason, searched_text, unconfirmed, unread
from rag.types import Answer, Difference, Outcome, Quote


def html_document(answers: Sequence[Answer]) -> str:
    """The answers as a page to read, print or send: each question with what `answer_text` shows of its answer.

    Only http and https addresses are links.
    """
    title = " · ".join(answer.question for answer in answers) or "Pullquote"
    return page(title, *[_answer(answer) for answer in answers])


def _answer(answer: Answer) -> Html:
    blocks = [element("h1", escaped(answer.question), dir="auto")]
    blocks += [element("p", escaped(text)) for text in (unread(answer.searched.damaged), reason(answer)) if text]
    blocks += [_difference(difference, answer.quotes) for difference in answer.differences]
    blocks += [element("p", escaped(text), class_="note") for text in (unconfirmed(answer.quotes),) if text]
    blocks += [_figure(shown, quote) for shown, quote in zip(parts(answer), answer.quotes, strict=True)]
    blocks += _near_misses(answer)
    blocks.append(element("footer", escaped(searched_text(answer.searched))))
    return element("section", *blocks)


def _near_misses(answer: Answer) -> list[Html]:
    near, rest = nearest(answer)
    said = element("p", escaped(NEAR_MISSES), class_="note")
    blocks = [said] if near and answer.outcome is not Outcome.WEAK_EVIDENCE else []
    blocks += [_figure(shown, quote) for shown, quote in zip(near_parts(answer), near, strict=True)]
    if rest:
        folded = [_figure(part(quote), quote) for quote in rest]
        blocks.append(element("details", element("summary", escaped(more_near(len(rest)))), *folded))
    return blocks


def _difference(difference: Difference, quotes: Sequence[Quote]) -> Html:
    head = element("tr", *[element("th", escaped(name), scope="col") for name in ("Published", "Value", "Quote", "Article")])
    body = [
        element("tr", *[element("td", apart(cell)) for cell in (row.day, row.value, str(row.number), row.article)])
        for row in rows(difference, quotes)
    ]
    return element("table", element("caption", escaped(difference_text(difference, quotes))), element("thead", head), element("tbody", *body))


def _figure(shown: Part, quote: Quote) -> Html:
    gap = element("p", escaped(GAP), class_="gap")
    quoted = [element("blockquote", element("p", *_words(quotation), dir="auto")) for quotation in shown.quotations]
    windows = [piece for each in quoted for piece in (gap, each)][1:]
    caption = element("figcaption", _likelihood(shown), *_speaker(shown), _source(shown, text_fragment(quote)), *_copies(shown))
    return element("figure", *windows, caption, class_="quote" if shown.number else "near")


def _words(quotation: Quotation) -> list[Html]:
    before, answer, after = map(escaped, quotation.pieces)
    return [before, *([element("strong", answer)] if answer else []), after]


def _likelihood(shown: Part) -> Html:
    number = [element("span", escaped(f"[{shown.number}]"), class_="number"), escaped(" ")] if shown.number else []
    day = [apart(shown.day), escaped(" · ")] if shown.day else []
    return element("p", *number, *day, escaped(shown.confidence))


def _speaker(shown: Part) -> list[Html]:
    if shown.speaker is None:
        return []
    return [element("p", escaped("attributed to: "), apart(shown.speaker), escaped(f" · {shown.speaker_at}"))]


def _copies(shown: Part) -> list[Html]:
    if not shown.copies:
        return []
    named = [each for name in shown.copies[1:] for each in (escaped("; "), apart(name))][1:]
    return [element("p", escaped(f"{shown.copies[0]}: "), *named)]


def _source(shown: Part, at_quote: str | None) -> Html:
    """The citation, with the address for paper and, where a browser can follow it, a link to the words themselves."""
    pieces = [apart(piece) for piece in shown.citation]
    if shown.url:
        safe = safe_url(shown.url)
        pieces.append(link(safe, shown.url) if safe else apart(shown.url))
    if at_quote:
        pieces.append(link(at_quote, "open at these words"))
    return element("p", *dotted(*pieces))
