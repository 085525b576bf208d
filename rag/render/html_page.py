"""An evidence sheet: one HTML file that stands alone, loads nothing and runs nothing."""

import base64
import hashlib
import html
from collections.abc import Sequence
from typing import NewType

from rag.render.links import safe_url, text_fragment
from rag.render.parts import Part, nearest, part, parts, rows
from rag.render.quotation import Quotation
from rag.render.words import GAP, NEAR_MISSES, difference_text, more_near, reason, searched_text, unconfirmed, unread
from rag.types import Answer, Difference, Outcome, Quote

# what has been escaped or made here: the type checker lets nothing else into an element
Html = NewType("Html", str)

_STYLE = Html("""
:root { color-scheme: light dark; --ink: #1c1c1a; --soft: #5e5d58; --line: #d9d7cf; --card: #fff; --page: #f6f5f1; --mark: #7a4a1d; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eceae4; --soft: #a9a79f; --line: #3b3a36; --card: #232220; --page: #181715; --mark: #dba873; }
}
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.55 Georgia, "Times New Roman", serif; }
main { max-width: 44rem; margin: 0 auto; padding: 2rem 1rem 4rem; overflow-wrap: anywhere; }
h1, table, footer, figcaption, .note { font-family: system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 2.5rem 0 1rem; }
figure { margin: 1rem 0; padding: 1rem 1.25rem; background: var(--card); border-radius: 6px; }
figure { border: 1px solid var(--line); border-left: 4px solid var(--mark); }
.near { border-left-color: var(--line); }
blockquote { margin: 0; }
blockquote p, .gap { margin: 0; white-space: pre-wrap; }
summary { cursor: pointer; font-family: system-ui, sans-serif; }
.gap, figcaption, footer, .note, caption { color: var(--soft); }
figcaption { margin-top: .75rem; font-size: .85rem; line-height: 1.45; }
figcaption p, .note { margin: 0 0 .25rem; }
.number { color: var(--mark); font-weight: 700; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; font-size: .9rem; }
caption { text-align: left; padding-bottom: .4rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); }
a { color: inherit; }
footer { margin-top: 1rem; font-size: .85rem; }
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --line: #bbb; --card: #fff; --page: #fff; --mark: #000; }
  main { max-width: none; padding: 0; }
  figure, tr { break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
  section + section { break-before: page; }
}
""")


def html_document(answers: Sequence[Answer]) -> str:
    """The answers as a page to read, print or send: each question with what `answer_text` shows of its answer.

    Its security policy allows its own style and nothing else: no script, no
    image, no form, no request. Only http and https addresses are links.
    """
    title = " · ".join(answer.question for answer in answers) or "Pullquote"
    head = _element(
        "head",
        _void("meta", charset="utf-8"),
        _void("meta", http_equiv="Content-Security-Policy", content=_policy()),
        _void("meta", name="viewport", content="width=device-width, initial-scale=1"),
        _void("meta", name="referrer", content="no-referrer"),
        _element("title", escaped(title)),
        _element("style", _STYLE),
    )
    body = _element("body", _element("main", *[_answer(answer) for answer in answers]))
    return f"<!DOCTYPE html>\n{_element('html', head, body, lang='en')}\n"


def escaped(text: str) -> Html:
    """Text for the inside of an element: there it is shown as the characters that it is."""
    return Html(html.escape(text, quote=False))


def _element(name: str, /, *inside: Html, **attributes: str) -> Html:
    return Html(f"{_void(name, **attributes)}{''.join(inside)}</{name}>")


def _void(name: str, /, **attributes: str) -> Html:
    """A start tag. Python's own words end with an underscore, and an underscore within is a hyphen."""
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{html.escape(value)}"' for key, value in attributes.items())
    return Html(f"<{name}{given}>")


def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _answer(answer: Answer) -> Html:
    blocks = [_element("h1", escaped(answer.question), dir="auto")]
    blocks += [_element("p", escaped(text)) for text in (unread(answer.searched.damaged), reason(answer)) if text]
    blocks += [_difference(difference, answer.quotes) for difference in answer.differences]
    blocks += [_element("p", escaped(text), class_="note") for text in (unconfirmed(answer.quotes),) if text]
    blocks += [_figure(shown, quote) for shown, quote in zip(parts(answer.quotes), answer.quotes, strict=True)]
    blocks += _near_misses(answer)
    blocks.append(_element("footer", escaped(searched_text(answer.searched))))
    return _element("section", *blocks)


def _near_misses(answer: Answer) -> list[Html]:
    near, rest = nearest(answer)
    said = _element("p", escaped(NEAR_MISSES), class_="note")
    blocks = [said] if near and answer.outcome is not Outcome.WEAK_EVIDENCE else []
    blocks += [_figure(part(quote), quote) for quote in near]
    if rest:
        folded = [_figure(part(quote), quote) for quote in rest]
        blocks.append(_element("details", _element("summary", escaped(more_near(len(rest)))), *folded))
    return blocks


def _difference(difference: Difference, quotes: Sequence[Quote]) -> Html:
    head = _element("tr", *[_element("th", escaped(name), scope="col") for name in ("Published", "Value", "Quote", "Article")])
    body = [
        _element("tr", *[_element("td", _apart(cell)) for cell in (row.day, row.value, str(row.number), row.article)])
        for row in rows(difference, quotes)
    ]
    return _element("table", _element("caption", escaped(difference_text(difference, quotes))), _element("thead", head), _element("tbody", *body))


def _figure(shown: Part, quote: Quote) -> Html:
    gap = _element("p", escaped(GAP), class_="gap")
    quoted = [_element("blockquote", _element("p", *_words(quotation), dir="auto")) for quotation in shown.quotations]
    windows = [piece for each in quoted for piece in (gap, each)][1:]
    caption = _element("figcaption", _likelihood(shown), *_speaker(shown), _source(shown, text_fragment(quote)), *_copies(shown))
    return _element("figure", *windows, caption, class_="quote" if shown.number else "near")


def _words(quotation: Quotation) -> list[Html]:
    before, answer, after = map(escaped, quotation.pieces)
    return [before, *([_element("strong", answer)] if answer else []), after]


def _likelihood(shown: Part) -> Html:
    if shown.number is None:
        return _element("p", escaped(shown.confidence))
    number = _element("span", escaped(f"[{shown.number}]"), class_="number")
    return _element("p", number, escaped(f" {shown.confidence}"))


def _speaker(shown: Part) -> list[Html]:
    if shown.speaker is None:
        return []
    return [_element("p", escaped("attributed to: "), _apart(shown.speaker), escaped(f" · {shown.speaker_at}"))]


def _copies(shown: Part) -> list[Html]:
    if not shown.copies:
        return []
    named = [each for name in shown.copies[1:] for each in (escaped("; "), _apart(name))][1:]
    return [_element("p", escaped(f"{shown.copies[0]}: "), *named)]


def _source(shown: Part, at_quote: str | None) -> Html:
    """The citation, with the address for paper and, where a browser can follow it, a link to the words themselves."""
    pieces = [_apart(piece) for piece in shown.citation]
    if shown.url:
        safe = safe_url(shown.url)
        pieces.append(_link(safe, shown.url) if safe else _apart(shown.url))
    if at_quote:
        pieces.append(_link(at_quote, "open at these words"))
    return _element("p", *[each for piece in pieces for each in (escaped(" · "), piece)][1:])


def _link(address: str, text: str) -> Html:
    return _element("a", escaped(text), href=address, rel="noopener noreferrer nofollow")


def _apart(text: str) -> Html:
    """Text whose direction, or signs that change it, do not reach what stands around it."""
    return _element("bdi", escaped(text))
