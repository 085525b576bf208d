"""Documents that are damaged, or made to hurt whoever reads them: copies of good ones, bombs, and what is nested without end."""

import io
import random
import zipfile
import zlib
from collections.abc import Iterator

from tests.corpus.formats import made_pdf
from tests.corpus.samples import PAGE, SAMPLES, WORDS, record, zipped

DEEP = 100_000
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_CONTAINER = "<container><rootfiles><rootfile full-path='b.opf'/></rootfiles></container>"
_TENFOLD = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
_LAUGHS = f"<!DOCTYPE x [<!ENTITY a0 'ha'>{_TENFOLD}]>"
_FILE = "<!DOCTYPE x [<!ENTITY a11 SYSTEM 'file:///etc/hostname'>]>"


def damaged(own: str, copies: int) -> Iterator[bytes]:
    """So many copies of a sample that lost their ends, and as many with one to 30 bits turned round, the same each time."""
    whole = SAMPLES[own]
    chance = random.Random(own)
    for _ in range(copies):
        yield whole[: chance.randrange(len(whole))]
    for _ in range(copies):
        copy = bytearray(whole)
        for _ in range(chance.choice((1, 3, 30))):
            copy[chance.randrange(len(copy))] ^= 1 << chance.randrange(8)
        yield bytes(copy)


def docx(body: str, above: str = "") -> bytes:
    document = f'{above}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    return _package({"[Content_Types].xml": "<Types/>", "word/document.xml": document})


def odt(body: str, above: str = "") -> bytes:
    names = "".join(f' xmlns:{name}="{_ODF}:{name}:1.0"' for name in ("office", "text"))
    content = f"{above}<office:document-content{names}><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    return _package({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def epub(chapter: str, metadata: str = "", named: str = "") -> bytes:
    book = f"<package {named}><metadata>{metadata}</metadata><manifest><item id='a' href='a.xhtml' media-type='application/xhtml+xml'/></manifest>"
    return _package({"META-INF/container.xml": _CONTAINER, "b.opf": f"{book}<spine><itemref idref='a'/></spine></package>", "a.xhtml": chapter})


def feed(description: str, above: str = "") -> bytes:
    item = f"<item><guid>a</guid><title>A lock</title><description>{description}</description></item>"
    return f'<?xml version="1.0"?>{above}<rss version="2.0"><channel><title>News</title>{item}</channel></rss>'.encode()


def xhtml(body: str, above: str = "") -> str:
    return f'<?xml version="1.0"?>{above}<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>'


def sitemap(entries: str, above: str = "") -> bytes:
    return f'<?xml version="1.0"?>{above}<urlset>{entries}</urlset>'.encode()


def nested(element: str, words: str = WORDS, times: int = DEEP) -> str:
    return f"<{element}>" * times + words + f"</{element.split(maxsplit=1)[0]}>" * times


def _package(parts: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return made.getvalue()


def _mails(times: int) -> bytes:
    heads = (f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(times))
    return f"Received: a\nMessage-ID: <1@example.org>\nSubject: The lock\n{''.join(heads)}\n\n{WORDS}".encode()


def _gzipped(block: bytes, times: int = 1) -> bytes:
    """A file that gzip packed, of one block over and over."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([*(packer.compress(block) for _ in range(times)), packer.flush()])


def _streams() -> bytes:
    """A PDF whose page unpacks twice, to 300 MB of operators: PDFium gives up its process over it."""
    packer = zlib.compressobj(1)
    packed = zlib.compress(b"".join([packer.compress(b"0 " * 1_000_000) for _ in range(150)] + [packer.flush()]), 9)
    made = made_pdf.written([""])
    page = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (len(packed), packed)
    return made[: made.rindex(b"<< /Length")] + page + b"\nendobj\ntrailer << /Size 7 /Root 1 0 R >>\n%%EOF"


# each is refused, and for this reason
DEEPLY_NESTED = {
    "page.html": lambda: PAGE.replace(b"<p>", b"<div>" * DEEP + b"<p>"),
    "inline.html": lambda: PAGE.replace(b"<p>", b"<p>" + b"<b>" * DEEP),
    "page.xhtml": lambda: xhtml(nested("div")).encode(),
    "table.html": lambda: PAGE.replace(b"<p>", b"<table><tr><td>" * DEEP),
    "word.docx": lambda: docx(nested("w:sdt", f"<w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p>")),
    "open.odt": lambda: odt(nested("text:section", f"<text:p>{WORDS}</text:p>")),
    "chapter.epub": lambda: epub(xhtml(nested("div"))),
    "package.epub": lambda: epub("<p>a</p>", nested("meta")),
    "feed.xml": lambda: feed(nested("div")),
    "entry.xml": lambda: feed(nested("div").replace("<", "&lt;")),
    "site.xml": lambda: sitemap(nested("url", "<loc>https://example.org/</loc>")),
    "parts.eml": lambda: _mails(DEEP // 10),
    "html.eml": lambda: b"Received: a\nMessage-ID: <1@a>\nSubject: b\nContent-Type: text/html\n\n" + nested("div").encode(),
    "saved.mhtml": lambda: (
        b"MIME-Version: 1.0\n" + b"".join(b'Content-Type: multipart/related; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(5_000))
    ),
    "groups.rtf": lambda: b"{\\rtf1 " + b"{" * DEEP + b"a",
}
# each is read without what would hurt, or refused
BOMBS = {
    "laughs.docx": lambda: docx("<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>", _LAUGHS),
    "laughs.odt": lambda: odt("<text:p>&a11;</text:p>", _LAUGHS),
    "laughs.epub": lambda: epub(xhtml("<p>&a11;</p>", _LAUGHS)),
    "laughs.xml": lambda: feed("&a11; &a11;", _LAUGHS),
    "laughs.xhtml": lambda: xhtml("<p>&a11;</p>", _LAUGHS).encode(),
    "site.xml": lambda: sitemap("<url><loc>https://example.org/&a11;</loc></url>", _LAUGHS),
    "file.docx": lambda: docx("<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>", _FILE),
    "file.epub": lambda: epub(xhtml("<p>a &a11;</p>", _FILE)),
    "file.xml": lambda: feed("a &a11;", _FILE),
    "zeros.gz": lambda: _gzipped(bytes(1_000_000), 1_000),
    "zeros.gz.gz": lambda: _gzipped(_gzipped(bytes(1_000_000), 1_000)),
    "page.html.gz": lambda: _gzipped(PAGE + b"<p>a" * 1_000_000, 20),
    "zeros.zip": lambda: zipped(**dict.fromkeys([f"{n}_txt" for n in range(10)], bytes(49_000_000))),
    "zeros.warc.gz": lambda: _gzipped(record(bytes(60_000_000))),
    "runs.docx": lambda: docx("<w:p>" + "<w:r><w:t>a</w:t></w:r>" * 1_200_000 + "</w:p>"),
    "rows.docx": lambda: docx(
        "<w:tbl>" + "<w:tr>" + "<w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>" * 2_000 + "</w:tr>" + "</w:tbl>" + "<w:tbl/>" * 100_000
    ),
    "paragraphs.odt": lambda: odt("<text:p>a</text:p>" * 1_200_000),
    "spaces.odt": lambda: odt('<text:p>a<text:s text:c="99999999999"/>b</text:p>' * 1_000),
    "tags.epub": lambda: epub("<html><body>" + "<p>a" * 2_000_000),
    "streams.pdf": _streams,
    "pages.pdf": lambda: made_pdf.written(["BT ET"] * 20_000),
    "lines.pdf": lambda: made_pdf.written(["".join(made_pdf.shown("a", 50, 700 - n % 600) for n in range(60_000))]),
    "paragraphs.html": lambda: PAGE.replace(b"<p>", f"<p>{WORDS}".encode() * 50_000),
    "attributes.html": lambda: PAGE.replace(b"<p>", b"<p %s>" % b" ".join(b"a%d=1" % n for n in range(200_000))),
    "inline.html": lambda: PAGE.replace(b"<p>", b"<p>" + b"<i>a</i> " * 200_000),
    "cells.html": lambda: PAGE.replace(b"<p>", b"<table>" + b"<tr>" + b"<td colspan=1000 rowspan=65000>a" * 30_000 + b"</table><p>"),
    "groups.rtf": lambda: b"{\\rtf1 " + b"{\\b a}" * 500_000 + b"}",
    "cells.rtf": lambda: b"{\\rtf1 " + b"\\trowd" + b"\\cellx1" * 60_000 + b"\\pard\\intbl a\\cell\\row " * 60_000 + b"}",
    "binary.rtf": lambda: b"{\\rtf1 a\\bin9999999999 b}",
    "parts.eml": lambda: b'Received: a\nMessage-ID: <1@a>\nSubject: b\nContent-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\na\n" * 200_000,
    "fields.eml": lambda: b"Received: a\nMessage-ID: <1@a>\n" + b"Subject: =?utf-8?q?a?=\n =?utf-8?q?a?=" * 100_000 + b"\n\na",
    "mails.mbox": lambda: b"From a@b.org Mon Apr  5 10:00:00 2021\nSubject: a\n\na\n\n" * 500,
    "entries.xml": lambda: feed("a").replace(b"</item>", b"</item><item><title>a</title><description>b</description></item>" * 5_000),
    "sites.xml": lambda: sitemap("<url><loc>https://example.org/a</loc></url>" * 400_000),
    "records.warc": lambda: record(PAGE) * 50,
    "columns.csv": lambda: b"title,text" + b",a" * 2_000_000 + b"\na,b" + b",c" * 2_000_000 + b"\n",
    "quotes.csv": lambda: b'title,text\na,"' + b'""' * 20_000_000 + b'"\n',
    "files.zip": lambda: zipped(**{f"{n}_txt": "The lock opened." for n in range(2_000)}),
}
