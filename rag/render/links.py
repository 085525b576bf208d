"""Addresses that may be made links, links that lead to a quote's own words on its page, and addresses of the desk, relative to the desk's own."""

from urllib.parse import quote as percent_encoded
from urllib.parse import urlencode, urlsplit

from rag.types import Article, Passage, Quote, Span

# all that a URI may be made of (RFC 3986, section 2), and the sign of what is encoded already
_URI = ":/?#[]@!$&'()*+,;=-._~%"
# up to here the whole quote is named; a longer one is named by its first and its last words
_WHOLE_CHARS = 100
_EDGE_WORDS = 6


def safe_url(url: str | None) -> str | None:
    """The address as a link may hold it, or None where it should not be a link.

    That is one with http or https, a host, and no name or password before it,
    which would show one site and lead to another. One with a space, a backslash or an
    invisible character is none either. Characters that no URI may hold, such as
    letters outside ASCII, are percent-encoded as UTF-8.
    """
    if not url or not url.isprintable() or " " in url or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    return percent_encoded(url, safe=_URI)


def text_fragment(quote: Quote | Passage) -> str | None:
    """The article's address with a text fragment, by which a browser opens the page at the quote's words and marks them.

    None where the article has no address that may be a link, or the quote no words. The syntax is that
    of the WICG draft "URL Fragment Text Directives": `#:~:text=textStart,textEnd`.
    """
    url = safe_url(quote.article.url)
    if url is None or not quote.text.strip():
        return None
    page, _, fragment = url.partition("#")
    # an address that was copied with a text fragment gets this one in its place
    fragment = fragment.partition(":~:")[0]
    return f"{page}#{fragment}:~:text={','.join(map(_directive, _edges(quote.text)))}"


def article_link(article: Article, *windows: Span, this_text: bool = False) -> str:
    """Where the desk shows the article with these windows marked, scrolled to the first; without any, the whole of it.

    Offsets are of one text, so with windows or `this_text` the address says which; without, it leads to the text of the day that it is
    followed. It is relative to the desk's address: the API and a file of one's own have to put that before it.
    """
    fields = [("id", article.id)]
    if windows or this_text:
        fields.append(("sha256", article.sha256))
    if len(windows) == 1:
        fields += [("start", str(windows[0].start)), ("end", str(windows[0].end))]
    else:
        fields += [("at", f"{window.start}-{window.end}") for window in windows]
    return f"article?{urlencode(fields)}{'#marked' if windows else ''}"


def find_link(words: str) -> str:
    """Where the desk shows what a search for the words finds; relative to the desk's address and to any page of it."""
    return f"./?{urlencode({'find': words})}"


def _edges(text: str) -> tuple[str, ...]:
    """The whole text, or where a browser might not find that, the words that it starts and ends with."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    first, last = lines[0], lines[-1]
    short = len(text) <= _WHOLE_CHARS or len(first) < 2 * _EDGE_WORDS
    if len(lines) == 1 and short:
        return (" ".join(first),)
    return " ".join(first[:_EDGE_WORDS]), " ".join(last[-_EDGE_WORDS:])


def _directive(words: str) -> str:
    """Words as a text directive holds them: `-`, `,` and `&` are its own signs, and `-` is the one that `quote` would leave."""
    return percent_encoded(words, safe="").replace("-", "%2D")
