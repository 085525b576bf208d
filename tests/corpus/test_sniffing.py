"""Which reader a document goes to: by what it begins with, and by its suffix only where that leaves a choice."""

import gzip
import io
import zipfile

import pytest

from rag.corpus.sniffing import HEAD_BYTES, format_in_zip, format_of
from rag.errors import InputError

PAGE = b"<!DOCTYPE html>\n<html><head><title>A lock</title></head><body><p>The lock opened.</p></body></html>"
MAIL = (
    b"Received: from a by b; Wed, 19 Oct 2022 08:30:00 +0000\nFrom: desk@example.org\nSubject: The lock\nMessage-ID: <1@example.org>\n\nIt opened.\n"
)
SAVED = (
    b'From: <Saved by Blink>\nSubject: A lock\nMIME-Version: 1.0\nContent-Type: multipart/related;\n\ttype="text/html";\n\tboundary="b"\n\n\n--b--\n'
)
FEED = b'<?xml version="1.0"?>\n<!-- news -->\n<rss version="2.0"><channel><title>News</title></channel></rss>'


def zipped(*names):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return data.getvalue()


SURE = {
    "html": [
        PAGE,
        b"\xef\xbb\xbf\n<html lang=en>",
        b"<!-- saved --><HTML>",
        b'<?xml version="1.0"?><html xmlns="x">',
        PAGE.decode().encode("utf-16"),
    ],
    "feed": [
        FEED,
        b'<feed xmlns="http://www.w3.org/2005/Atom">',
        b'<?xml version="1.0"?><rdf:RDF xmlns:rdf="x">',
        b'<!DOCTYPE rss [<!ENTITY a "b">]><rss>',
    ],
    "sitemap": [b'<?xml version="1.0"?><urlset xmlns="x">'],
    "pdf": [b"%PDF-1.7\n", b"junk\n%PDF-1.4"],
    "rtf": [b"{\\rtf1\\ansi The lock opened.}"],
    "zip_archive": [zipped("a.txt")],
    "warc": [b"WARC/1.0\r\n", gzip.compress(b"WARC/1.1\r\n", mtime=0), b"filedesc://x.arc 0.0.0.0"],
    "gzip_file": [gzip.compress(PAGE, mtime=0)],
    "mail": [MAIL, b"From: a@example.org\r\nTo: b@example.org\r\nSubject: The lock\r\n\r\nIt opened."],
    "mhtml": [SAVED],
    "mbox": [b"From desk@example.org Wed Oct 19 08:30:00 2022\n" + MAIL],
    "jsonl": [b'{"title": "A lock", "text": "It opened."}\n', b'{"title": "A lock", "text": "' + b"It opened. " * 400],
    "csv_rows": [b"title,text\nA lock,It opened.\n", b'"Headline";"Date";"Text"\n'],
}


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".pdf", ".csv", ".xyz", ""])
@pytest.mark.parametrize(("format", "head"), [(format, head[:HEAD_BYTES]) for format, heads in SURE.items() for head in heads])
def test_what_a_document_begins_with_decides_whatever_it_is_called(format, head, suffix):
    assert format_of(head, f"news{suffix}") == format


@pytest.mark.parametrize(
    ("head", "name", "format"),
    [
        (b"The lock opened.", "a.txt", "text"),
        (b"The lock opened.", "a", "text"),
        (b"# The lock", "a.md", "markdown"),
        (b"The lock opened.", "a.html", "html"),
        (b"<p>The lock opened.</p>", "a.txt", "html"),
        # many Markdown files begin with a picture in the middle
        (b'<div align="center"><img src="a.png"></div>\n\n# The lock', "a.md", "markdown"),
        (b"day,litres\n", "a.csv", "csv_rows"),
        (b"Subject: The lock\n\nIt opened.", "a.eml", "mail"),
        # a header that people write over a text
        (b"title: The lock\ndate: 2021-04-05\n\nIt opened.", "a.txt", "text"),
        (b"From: the desk\nDate: 5 April 2021\n\nIt opened.", "a.txt", "text"),
        (b"---\ntitle: The lock\n---\n", "a.md", "markdown"),
        (b'{\n  "headline": "The lock"\n}\nIt opened.', "a.txt", "text"),
        (b"The minister <html> said.", "a.txt", "text"),
        # what could be divided in ways without end
        (b" " * HEAD_BYTES, "a.txt", "text"),
        (b"<??>" * 1_000, "a.txt", "text"),
        (b"<!doctype " + b"[]" * 2_000, "a.txt", "text"),
        (b"From 1932 on, the lock was shut.\nIt opened: late.", "a.txt", "text"),
    ],
)
def test_the_suffix_decides_where_that_leaves_a_choice(head, name, format):
    assert format_of(head, name) == format


@pytest.mark.parametrize(
    ("head", "name", "reason"),
    [
        (b"\x89PNG\r\n", "a.txt", "this is an image"),
        (b"\xd0\xcf\x11\xe0", "a.doc", "before 2007"),
        (b"some words", "a.xyz", r"no reader for \.xyz files"),
        (b"some words", "a.pdf", r"does not begin as \.pdf files do"),
    ],
)
def test_what_no_reader_is_for_is_refused_with_the_reason(head, name, reason):
    with pytest.raises(InputError, match=reason):
        format_of(head, name)


@pytest.mark.parametrize(
    ("names", "format"),
    [
        (("word/document.xml", "[Content_Types].xml"), "docx"),
        (("mimetype", "META-INF/container.xml", "a.xhtml"), "epub"),
        (("mimetype", "content.xml", "META-INF/manifest.xml"), "odt"),
        (("news/a.txt", "news/word/b.txt"), "zip_archive"),
        ((), "zip_archive"),
    ],
)
def test_a_zip_file_is_what_its_parts_make_it(names, format):
    assert format_in_zip(zipped(*names)) == format


def test_a_spreadsheet_is_refused():
    with pytest.raises(InputError, match="spreadsheets"):
        format_in_zip(zipped("[Content_Types].xml", "xl/workbook.xml"))
