"""Books: real ones, whose text was written down after looking at their files, and ones made here for what these lack."""

import io
import re
import zipfile
from collections import Counter
from html import unescape
from pathlib import Path

import pytest

from rag.corpus.formats.epub import read
from rag.errors import InputError

REAL = Path("../shared/data/formats/epub")
MOBY = "green fields gone? What do they here?"
W3C = "W3C"
# file: characters, blocks, first words, last words, title, author, id, date
EXPECTED = {
    "markitdown_test": (267, 11, "Test EPUB Document", "blockquote for testing.", "Test EPUB Document", "Test Author", "test-book-id", None),
    "cnt-svg-css-inclusion": (76, 1, "Test passes if the image", "star-shaped pattern.", None, "Dan Lazin", None, "2021-05-25"),
    "css-epub-line-break": (1451, 11, "-epub-line-break Tests", "その景色に、美しいなぁと思わずつぶやいた。", None, "Wendy Reid", None, "2022-03-02"),
    "css-epub-text-underline-position": (
        807,
        10,
        "-epub-text-underline-position Tests",
        "雨やみを待っていた。",
        None,
        "Wendy Reid",
        None,
        "2022-03-02",
    ),
    "mol-css": (2503, 7, "Test passes (i.e., the", MOBY, None, "Ivan Herman, Marisa DeMeglio", None, "2022-02-10"),
    "mol-support_xhtml-load-fxl": (3070, 9, "Test passes (i.e., the", MOBY, None, "Ivan Herman", None, "2023-01-11"),
    "nav-activation": (196, 4, "1st content document", "if the navigation link leads here.", None, "Dave Cramer", None, "2021-01-26"),
    "nav-spine_in-spine-no-list-style": (447, 5, "Test passes if you can see two links", "Hello", None, "Ivan Herman", None, "2022-01-25"),
    "ocf-package_arbitrary": (28, 1, "Test passes if you see this.", "", None, "Dave Cramer", None, "2021-01-21"),
    "ocf-url_origin": (88, 1, "This reading system does not", "for this test to run.", None, "Ivan Herman", None, "2021-03-05"),
    "pkg-dir_creator-rtl": (84, 1, "Test passes if the book creator's", "displays RTL.", None, "Dave Cramer", None, "2021-02-03"),
    "pkg-linked-records": (568, 4, "Reading System does not skip", "as Matthew Chan.", "Package metadata title!", "Matthew Chan", None, "2021-10-21"),
    "pkg-spine-duplicate-item-rendering": (128, 2, "Test passes if", "three times in the spine.", None, "Dan Lazin", None, "2021-11-18"),
    "pkg-unique-id_duplicate": (125, 1, "Test passes if", "Unique identifier not unique.", None, "Dave Cramer", "pkg-unique-id", "2021-01-18"),
    "pub-cmt-jpeg": (42, 1, "Test passes if you can", "see an image below.", None, "Dan Lazin", None, "2021-04-01"),
    "pub-cmt-svg": (42, 1, "Test passes if you can", "see an image below.", None, "Dan Lazin", None, "2021-04-07"),
    "pub-file-urls": (343, 10, "Test passes if none of", '"file://C:/Windows/Logs/CBS/CBS.log"', None, "Gertjan Franken", None, "2023-03-03"),
    "pub-xml-external-id": (69, 2, "Test passes unless a failure", "this paragraph.\n\n&xxe;", None, "Dave Cramer", None, "2021-01-05"),
    "scr-readingsystem-features": (128, 2, "This Reading System does not", "Test fails.", None, "Ivan Herman", None, "2021-12-10"),
    "scr-support": (59, 1, "This reading system does not", "Test fails.", None, "Ivan Herman", None, "2021-12-10"),
    "scr-support_scrolled-doc": (51165, 107, "Scrolled Flow", "never slept better in my life.", None, "Ivan Herman", None, "2022-06-02"),
}
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="O%20E/b.opf"/></rootfiles></container>'
)
XHTML = "application/xhtml+xml"


def book(*chapters, metadata="", version="3.0", more=(), left_out=(), spine=None):
    """A book; a chapter is a file's name, its media type and its text; `more` are more files, by their names in the package."""
    made = io.BytesIO()
    items = "".join(f'<item id="{name}" href="{name}" media-type="{kind}"/>' for name, kind, _ in chapters)
    order = "".join(f'<itemref idref="{name}"/>' for name in (spine or [name for name, _, _ in chapters]))
    dc = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf"'
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("META-INF/container.xml", CONTAINER)
        package.writestr(
            "O E/b.opf",
            f'<package xmlns="http://www.idpf.org/2007/opf" {dc} version="{version}" unique-identifier="own"><metadata>{metadata}</metadata>'
            f"<manifest>{items}</manifest><spine>{order}</spine></package>",
        )
        for name, kind, text in chapters:
            if name not in left_out:
                package.writestr(f"O E/{name.replace('%20', ' ')}", f"<html><body>{text}</body></html>" if kind == XHTML else text)
        for name, text in more:
            package.writestr(name, text)
    return made.getvalue()


def blocks(draft):
    return [(part.span.of(draft.text), part.place) for part in draft.parts]


def told(draft):
    facts = {name: getattr(draft.facts, name) for name in ("id", "title", "author", "source", "published", "language", "updated", "url")}
    return {name: (fact.value, fact.told_by) for name, fact in facts.items() if fact}


ONE, TWO = ("1.xhtml", XHTML, "<h1>One</h1>"), ("t/2%20b.xhtml", XHTML, "<p>Two")


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared files are not here")
@pytest.mark.parametrize("name", EXPECTED)
def test_real_books_have_their_text_and_what_they_tell(name):
    characters, count, first, last, title, author, identifier, date = EXPECTED[name]
    file = REAL / f"{'' if name == 'markitdown_test' else 'w3c_'}{name}.epub"
    (draft,) = read(file.read_bytes(), file.name)
    assert (len(draft.text), len(draft.parts), draft.warnings) == (characters, count, ())
    assert draft.text.startswith(first)
    assert draft.text.endswith(last)
    facts = {"id": identifier or name, "title": title or name, "author": author, "language": "en"}
    facts |= {"source": W3C, "published": date} if date else {}
    assert told(draft) == {fact: (value, "meta") for fact, value in facts.items()}


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared files are not here")
def test_a_real_book_has_the_words_between_its_tags():
    file = REAL / "w3c_scr-support_scrolled-doc.epub"
    with zipfile.ZipFile(file) as package:
        bodies = "".join("<" + package.read(f"EPUB/content_00{n}.xhtml").decode().partition("<body")[2] for n in range(2, 5))
    between = unescape(re.sub(r"<!--.*?-->|<script.*?</script>|<[^>]*>", " ", bodies, flags=re.DOTALL))
    (draft,) = read(file.read_bytes(), file.name)
    shown = " ".join(text for text, place in blocks(draft) if place != "chapter 1")
    assert Counter(shown.split()) == Counter(between.split())
    assert [place for _, place in blocks(draft)] == sorted(place for _, place in blocks(draft))


def test_the_spine_is_the_order_and_each_document_is_read_once():
    (draft,) = read(book(ONE, TWO, spine=[TWO[0], ONE[0], TWO[0]]), "a.epub")
    assert blocks(draft) == [("Two", "chapter 1"), ("One", "chapter 2")]


def test_what_of_the_spine_cannot_be_read_is_told_and_the_rest_is_read():
    pictures = ("p.svg", "image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg"><title>no</title><text>Seen</text></svg>')
    made = book(ONE, TWO, pictures, ("s.pdf", "application/pdf", "x"), ("d.xhtml", XHTML, "<b>" * 5_000), left_out=[TWO[0]])
    (draft,) = read(made, "a.epub")
    assert blocks(draft) == [("One", "chapter 1"), ("Seen", "chapter 3")]
    reasons = [
        ("chapter 2 (t/2%20b.xhtml)", "lacks its part 'O E/t/2 b.xhtml'"),
        ("chapter 4", "application/pdf"),
        ("chapter 5", "nested too deeply"),
    ]
    assert all(place in warning and reason in warning for (place, reason), warning in zip(reasons, draft.warnings, strict=True))
    (draft,) = read(book(ONE, spine=[ONE[0], "no such"]), "a.epub")
    assert draft.warnings == ("its chapter 2 was not read: the book does not say which part it is",)


@pytest.mark.parametrize(
    ("version", "metadata", "facts"),
    [
        (
            "3.0",
            '<dc:title> The  port</dc:title><dc:title>b</dc:title><dc:identifier>c</dc:identifier><dc:identifier id="own">urn:1</dc:identifier>',
            {"title": "The port", "id": "urn:1"},
        ),
        (
            "3.0",
            "<dc:creator>A, B</dc:creator><dc:creator>C</dc:creator><dc:language>en-GB</dc:language><dc:title>a</dc:title>",
            {"title": "a", "author": "A, B; C", "language": "en"},
        ),
        ("3.0", "<dc:date>2021-05-25</dc:date><dc:title>a</dc:title>", {"title": "a", "published": "2021-05-25"}),
        ("3.0", "<dc:date>0101-01-01T00:00:00+00:00</dc:date><dc:title>a</dc:title>", {"title": "a"}),
        # the moment of packing, which a program writes for a date, and nobody
        (
            "3.0",
            "<dc:title>a</dc:title><dc:date>2021-05-25T10:00:00Z</dc:date><meta property='dcterms:modified'>2021-05-25T10:00:00Z</meta>",
            {"title": "a"},
        ),
        (
            "3.0",
            "<dc:title>a</dc:title><dc:date>2021-05-25</dc:date><meta property='dcterms:modified'>2021-05-25T10:00:00Z</meta>",
            {"title": "a", "published": "2021-05-25"},
        ),
        ("3.0", "<dc:title>a</dc:title><dc:creator>Unknown Author</dc:creator><dc:creator>B</dc:creator>", {"title": "a", "author": "B"}),
        ("2.0", "<dc:date>2021-05-25</dc:date><dc:title>a</dc:title>", {"title": "a"}),
        (
            "2.0",
            '<dc:date opf:event="conversion">2020</dc:date><dc:date opf:event="publication">2009-01-02</dc:date><dc:title>a</dc:title>',
            {"title": "a", "published": "2009-01-02"},
        ),
    ],
)  # fmt: skip
def test_a_package_tells_what_its_publisher_wrote(version, metadata, facts):
    (draft,) = read(book(ONE, metadata=metadata, version=version), "a.epub")
    assert told(draft) == {name: (value, "meta") for name, value in facts.items()}


def test_without_a_title_the_first_heading_is_one():
    (draft,) = read(book(TWO, ONE, metadata="<dc:title/>"), "a.epub")
    assert told(draft) == {"title": ("One", "header")}


def encryption(method):
    return f"<encryption><EncryptedData><EncryptionMethod Algorithm='{method}'/></EncryptedData></encryption>"


def test_a_copy_protected_book_is_refused_by_the_protection_s_name_and_hidden_fonts_are_none():
    aes, fonts = encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc"), encryption("http://www.idpf.org/2008/embedding")
    with pytest.raises(InputError, match="copy-protected .Adobe ADEPT"):
        list(read(book(ONE, more=[("META-INF/encryption.xml", aes), ("META-INF/rights.xml", "<r/>")]), "a.epub"))
    with pytest.raises(InputError, match="copy-protected .DRM"):
        list(read(book(ONE, more=[("META-INF/encryption.xml", aes)]), "a.epub"))
    (draft,) = read(book(ONE, more=[("META-INF/encryption.xml", fonts)]), "a.epub")
    assert draft.text == "One"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (book(ONE, left_out=[ONE[0]]), "no text that could be read: its chapter 1"),
        (book(("1.xhtml", XHTML, "<img alt='x'/>")), "no text; it may be of pictures alone"),
        (book(ONE)[:300], "damaged or not complete"),
        (book(("1.xhtml", XHTML, "a" * 33_000_000)), "more than 32 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(data, reason):
    with pytest.raises(InputError, match=reason):
        list(read(data, "a.epub"))
