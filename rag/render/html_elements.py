"""HTML that is made of elements, whose text and attributes are escaped; and pages of it that stand alone, load nothing and run nothing."""

import base64
import hashlib
import html
from typing import NewType

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
h2 { font-size: 1.15rem; line-height: 1.3; margin: 0 0 .5rem; }
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


def page(title: str, *blocks: Html) -> str:
    """A page to read, print or send.

    Its security policy allows its own style and nothing else: no script, no image, no form, no request.
    """
    head = element(
        "head",
        void("meta", charset="utf-8"),
        void("meta", http_equiv="Content-Security-Policy", content=_policy()),
        void("meta", name="viewport", content="width=device-width, initial-scale=1"),
        void("meta", name="referrer", content="no-referrer"),
        element("title", escaped(title)),
        element("style", _STYLE),
    )
    body = element("body", element("main", *blocks))
    return f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n"


def escaped(text: str) -> Html:
    """Text for the inside of an element: there it is shown as the characters that it is."""
    return Html(html.escape(text, quote=False))


def element(name: str, /, *inside: Html, **attributes: str) -> Html:
    return Html(f"{void(name, **attributes)}{''.join(inside)}</{name}>")


def void(name: str, /, **attributes: str) -> Html:
    """A start tag. Python's own words end with an underscore, and an underscore within is a hyphen."""
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{html.escape(value)}"' for key, value in attributes.items())
    return Html(f"<{name}{given}>")


def link(address: str, text: str) -> Html:
    return element("a", escaped(text), href=address, rel="noopener noreferrer nofollow")


def apart(text: str) -> Html:
    """Text whose direction, or signs that change it, do not reach what stands around it."""
    return element("bdi", escaped(text))


def dotted(*pieces: Html) -> list[Html]:
    """Pieces with a dot between them."""
    return [each for piece in pieces for each in (escaped(" · "), piece)][1:]


def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
