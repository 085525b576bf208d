"""Files that were cut off, or have bits turned round, end in drafts or in reasons: of each format 20 of either."""

import gzip
import io
import random
from importlib import import_module
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from rag import Settings
from rag.corpus.draft import Draft, Member
from rag.corpus.readers import Readers
from rag.errors import InputError
from rag.types import Refusal

from . import tables

CSV = 'title,text,date\n"The ""bridge""","It opened.\nAt last.",2021-01-05\nCafé,Two.,\n'.encode() * 20
COPIES = 20


def mailbox():
    mails = (tables.file("email", f"cpython_msg_{number}.eml") for number in ("01", "10", "16"))
    return b"\n".join(b"From a@b.org Tue Jan  5 10:00:00 2021\n" + mail for mail in mails)


def zipped():
    data = io.BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", CSV)
        archive.writestr("b/c.eml", mailbox())
    return data.getvalue()


FILES = {
    "csv_rows": lambda: CSV,
    "mail": lambda: tables.file("email", "cpython_msg_16.eml"),
    "mbox": mailbox,
    "feed": lambda: tables.file("feeds", "namespace-rss2.0NSwithModules.xml"),
    "warc": lambda: tables.file("warc", "example.warc.gz"),
    "zip_archive": zipped,
    "gzip_file": lambda: gzip.compress(mailbox()),
}


@pytest.mark.parametrize("format", FILES)
@pytest.mark.parametrize("damage", ["cut off", "bits"])
def test_a_damaged_file_ends_in_drafts_or_in_reasons(format, damage):
    whole = FILES[format]()
    chance = random.Random(20)
    for _ in range(COPIES):
        data = bytearray(whole)
        if damage == "cut off":
            del data[chance.randrange(len(data)) :]
        else:
            for _ in range(chance.choice((1, 3, 30))):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        try:
            items = list(import_module(f"rag.corpus.formats.{format}").read(bytes(data), "damaged"))
        except InputError:
            continue
        assert items
        assert all(isinstance(item, Member) or (item.text if isinstance(item, Draft) else item.reason) for item in items)
        assert all(isinstance(item, Draft | Member | Refusal) for item in items)


@pytest.mark.parametrize(
    ("format", "name"),
    [("csv_rows", "a.csv"), ("mail", "a.eml"), ("mbox", "a.mbox"), ("feed", "a.xml"), ("gzip_file", "a.gz")],
)
def test_all_that_a_reader_needs_is_there_where_nothing_can_be_opened(format, name):
    with Readers(Settings()) as readers:
        items = list(readers.read(FILES[format](), name))
    assert items
    assert not [item for item in items if isinstance(item, Refusal)]
