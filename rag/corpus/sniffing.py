"""Which format a document is in: its first bytes decide, and the suffix of its name only where they leave a choice."""

import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePath

from rag.corpus.decoding import utf16
from rag.corpus.header import told_in
from rag.errors import InputError

HEAD_BYTES = 4_096

# What formats of bytes begin with, by their own descriptions; a PDF may have other bytes above its mark.
_MAGIC = (
    ("pdf", re.compile(rb"(?s:.{0,1024}?)%PDF-\d")),
    ("zip_archive", re.compile(rb"PK(?:\x03\x04|\x05\x06)")),
    ("rtf", re.compile(rb"\s{0,64}\{\\rtf")),
    ("warc", _WARC := re.compile(rb"WARC/\d|filedesc://")),
)
_GZIP = b"\x1f\x8b"
# What people try to add and no reader is for, by what it begins with.
_FOREIGN = (
    ("an image", (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")),
    ("a Word, Excel or PowerPoint file of before 2007", (b"\xd0\xcf\x11\xe0",)),
    ("a recording", (b"ID3", b"OggS", b"RIFF", b"fLaC", b"\x1aE\xdf\xa3")),
    ("an archive that is no ZIP file", (b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")),
    ("a program", (b"\x7fELF", b"MZ\x90\0")),
)
# What stands above the first element of a document in XML or HTML, and that element's name.
# No part of it is tried again once it fits: of what is only such, there would be ways without end to divide it.
_ROOT = re.compile(
    r"\ufeff?(?>\s+|<\?.*?\?>|<!--.*?-->|<!doctype(?>[^>\[]|\[.*?\])*+>)*+<(?:\w+:)?(\w+)[\s/>]",
    re.IGNORECASE | re.DOTALL,
)
_DOCTYPE = re.compile(r"<!doctype\s+html", re.IGNORECASE)
_ROOTS = {
    **dict.fromkeys(("html", "head", "body", "frameset"), "html"),
    **dict.fromkeys(("rss", "feed", "rdf", "channel"), "feed"),
    **dict.fromkeys(("urlset", "sitemapindex"), "sitemap"),
}
# Elements of a page that lacks the others; a Markdown file may begin with one too.
_ELEMENTS = frozenset("title meta link script style article main section header nav div p table center font h1 h2 h3 ul ol span a img".split())
_FIELD = re.compile(r"([!-9;-~]{1,60}):(?:[ \t]|$)")
_MBOX = re.compile(r"From \S.{0,200}\d{4}\r?\n[!-9;-~]{1,60}:[ \t]")
# Fields that mail programs write and people do not: a few lines of "From:" and "Date:" may head an article.
_MAILED = frozenset("received return-path message-id mime-version delivered-to x-mailer dkim-signature list-id".split())
_ADDRESSED = frozenset(("from", "to", "subject"))
_RELATED = re.compile(r"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
# What a suffix says where the first bytes leave a choice; documents of the others begin with what tells them.
_BY_SUFFIX = {
    **dict.fromkeys(("", ".txt", ".text"), "text"),
    **dict.fromkeys((".md", ".markdown"), "markdown"),
    **dict.fromkeys((".htm", ".html", ".xhtml", ".shtml"), "html"),
    **dict.fromkeys((".csv", ".tsv"), "csv_rows"),
    **dict.fromkeys((".jsonl", ".ndjson"), "jsonl"),
    **dict.fromkeys((".xml", ".rss", ".atom", ".rdf"), "feed"),
    ".eml": "mail",
    ".mbox": "mbox",
}
_TOLD_BY_CONTENT = frozenset(".pdf .docx .odt .epub .rtf .zip .warc .gz .mht .mhtml".split())
_WAY_OUT = "add web pages, PDF, Word, ODT, EPUB or RTF files, mails, feeds, tables (.csv, .jsonl), text (.txt) or Markdown (.md)"


def format_of(head: bytes, name: str) -> str:
    """The format of a document that begins with `head` (its first 4,096 bytes) and is called `name`: the name of its reader's module.

    Raises InputError where there is no reader for it.
    """
    for format, magic in _MAGIC:
        if magic.match(head):
            return format
    if head.startswith(_GZIP):
        return "warc" if _WARC.match(_unzipped(head)) else "gzip_file"
    suffix = PurePath(name).suffix.lower()
    for what, beginnings in _FOREIGN:
        if head.startswith(beginnings):
            raise InputError(f"there is no reader for {suffix or 'such'} files: this is {what}; {_WAY_OUT}")
    text = head.decode(utf16(head) or "utf-8", errors="replace")
    found = next((format for format, is_such in _TEXTS if is_such(text)), None)
    by_suffix = _BY_SUFFIX.get(suffix)
    if found is None and by_suffix != "markdown" and _root(text) in _ELEMENTS:
        return "html"
    if found or by_suffix:
        return found or by_suffix or ""
    if suffix in _TOLD_BY_CONTENT:
        raise InputError(f"the file does not begin as {suffix} files do: it is damaged, or something else; save it anew")
    raise InputError(f"there is no reader for {suffix} files; {_WAY_OUT}")


def format_in_zip(data: bytes) -> str:
    """The format of a document that is a ZIP file, by the names of its parts: a Word file, a book, an OpenDocument text, or any files.

    Raises InputError where there is no reader for it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.replace("\\", "/").casefold() for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "zip_archive"
    if "meta-inf/container.xml" in names:
        return "epub"
    if "content.xml" in names and names & {"mimetype", "meta-inf/manifest.xml"}:
        return "odt"
    if "[content_types].xml" not in names:
        return "zip_archive"
    if not any(name.startswith("word/") for name in names):
        raise InputError("there is no reader for spreadsheets and slides; save a table as .csv, slides as PDF")
    return "docx"


def _unzipped(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(head, 64)
    except zlib.error:
        return b""


def _root(text: str) -> str:
    """The name of a document's first element in small letters, without its prefix; empty where there is none at its beginning."""
    match = _ROOT.match(text)
    return match[1].lower() if match else ""


def _has_root(format: str) -> Callable[[str], bool]:
    return lambda text: _ROOTS.get(_root(text)) == format


def _is_page(text: str) -> bool:
    return bool(_DOCTYPE.match(text.lstrip("\ufeff \t\r\n"))) or _has_root("html")(text)


def _is_saved_page(text: str) -> bool:
    """Whether it is a page that a browser saved as one file: a mail of related parts that nobody sent to anybody."""
    names = _fields(text)
    return "mime-version" in names and not names & {"to", "received"} and bool(_RELATED.search(text))


def _is_mail(text: str) -> bool:
    names = _fields(text)
    return len(names) > 1 and (bool(names & _MAILED) or names >= _ADDRESSED)


def _fields(text: str) -> set[str]:
    """The names of a mail's fields in small letters; none where the lines above the first blank one are not all fields."""
    head, *rest = re.split(r"\r?\n\r?\n", text.lstrip("\ufeff"), maxsplit=1)
    lines = [line for line in re.split(r"\r?\n", head) if line[:1] not in (" ", "\t", "")]
    # the last line may be cut off
    matches = [_FIELD.match(line) for line in (lines if rest else lines[:-1])]
    return {match[1].lower() for match in matches if match} if all(matches) else set()


def _is_rows(text: str) -> bool:
    """Whether the first line is an object of JSON, as far as it can be seen."""
    line, _, below = text.lstrip("\ufeff \t\r\n").partition("\n")
    if not line.startswith('{"'):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return not below and len(text) > HEAD_BYTES // 4


def _is_table(text: str) -> bool:
    """Whether the first line names columns, of which one is a title's and one another fact's or the text's."""
    line = text.lstrip("\ufeff").partition("\n")[0]
    for delimiter in ",;\t|":
        cells = [cell.strip(' "\r') for cell in line.split(delimiter)]
        told = set(map(told_in, cells))
        if {"title", "text"} <= told:
            return True
    return False


# the surest first
_TEXTS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("html", _is_page),
    ("feed", _has_root("feed")),
    ("sitemap", _has_root("sitemap")),
    ("mbox", lambda text: bool(_MBOX.match(text))),
    ("mhtml", _is_saved_page),
    ("mail", _is_mail),
    ("jsonl", _is_rows),
    ("csv_rows", _is_table),
)
