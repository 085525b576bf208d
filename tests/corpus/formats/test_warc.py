import gzip
import hashlib
import io
import zlib
from base64 import b32encode

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from rag.corpus.draft import Member
from rag.corpus.formats.warc import read
from rag.errors import InputError
from rag.types import Facts, Provenance

from . import tables

PAGE = b"<!doctype html><p>The bridge opened.</p>"
HTML = ("Content-Type", "text/html; charset=utf-8")


@pytest.mark.parametrize(("name", "expected"), tables.expectations("warc"))
def test_each_file_gives_what_was_written_down_of_it(name, expected):
    assert tables.told(read, tables.file("warc", name), name) == expected


@pytest.mark.parametrize(
    "name", ["example.warc.gz", "example.warc", "example.arc", "example-bad-non-chunked.warc.gz", "example-wrong-chunks.warc.gz"]
)
def test_the_page_is_the_one_that_was_fetched(name):
    (page,) = read(tables.file("warc", name), name)
    # WARC-Payload-Digest: sha1:B2LTWWPUOYAH7UIPQ7ZUPQ4VMBSVC36A, which three of them give for it
    assert b32encode(hashlib.sha1(page.data).digest()) == b"B2LTWWPUOYAH7UIPQ7ZUPQ4VMBSVC36A"
    assert page.facts == Facts(url=page.facts.url)
    assert (page.facts.url.value, page.facts.url.told_by) == ("http://example.com/", Provenance.META)


def archive(*records, packed=False):
    """A WARC file of records: the address, the status, the fields of the server's answer, the body, and fields of the record."""
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=packed)
    for address, status, fields, body, *others in records:
        answer = StatusAndHeaders(status, list(fields), protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(address, "response", payload=io.BytesIO(body), http_headers=answer, warc_headers_dict=dict(others))
        )
    return file.getvalue()


def names(data):
    return [item.name if isinstance(item, Member) else (item.origin, item.reason) for item in read(data, "x.warc")]


def test_what_is_no_document_or_was_not_fetched_whole_is_passed_over():
    data = archive(
        ("https://example.org/a", "200 OK", [HTML], PAGE),
        ("https://example.org/b", "404 Not Found", [HTML], PAGE),
        ("https://example.org/c", "301 Moved", [HTML], PAGE),
        ("https://example.org/d.css", "200 OK", [("Content-Type", "text/css")], b"p {}"),
        ("https://example.org/e.png", "200 OK", [("Content-Type", "image/png")], b"\x89PNG"),
        ("https://example.org/f.pdf", "200 OK", [("Content-Type", "application/pdf")], b"%PDF-1.7"),
        ("https://example.org/g", "200 OK", [("Content-Type", "text/plain")], b"Text."),
        ("dns:example.org", "200 OK", [HTML], b"1"),
    )
    assert names(data) == ["https://example.org/a", "https://example.org/f.pdf", "https://example.org/g"]


def test_a_body_is_unpacked_as_the_server_packed_it():
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    packed, gzipped = ("Content-Encoding", "gzip"), gzip.compress(PAGE)
    data = archive(
        ("https://example.org/1", "200 OK", [HTML, packed], gzipped),
        ("https://example.org/2", "200 OK", [HTML, ("Transfer-Encoding", "chunked")], chunks),
        # what a program wrote unpacked, and left the field as it was
        ("https://example.org/3", "200 OK", [HTML, packed], PAGE),
        ("https://example.org/4", "200 OK", [HTML, ("Transfer-Encoding", "chunked")], PAGE),
    )
    assert {item.data for item in read(data, "x.warc")} == {PAGE}
    refused = archive(
        ("https://example.org/5", "200 OK", [HTML, ("Content-Encoding", "br")], b"\x0b\x02"),
        ("https://example.org/6", "200 OK", [HTML, packed], gzipped[:-9]),
    )
    assert [reason.partition("(")[0] for _, reason in names(refused)] == [
        "it is packed as 'br', which cannot be unpacked here; fetch it anew without that",
        "it is damaged, and cannot be unpacked ",
    ]


def test_text_is_in_the_encoding_that_the_server_said_unless_it_says_another():
    koi8 = ("Content-Type", "text/html; charset=koi8-r")
    says = b"<meta charset=windows-1251>" + "Мост".encode("cp1251")
    pdf = ("Content-Type", "application/pdf; charset=iso-8859-1")
    data = archive(
        ("https://example.org/1", "200 OK", [koi8], "<p>Мост".encode("koi8-r")),
        ("https://example.org/2", "200 OK", [koi8], says),
        ("https://example.org/3", "200 OK", [pdf], b"%PDF-1.7\xe2\xe3"),
    )
    assert [item.data for item in read(data, "x.warc")] == ["<p>Мост".encode(), says, b"%PDF-1.7\xe2\xe3"]


@pytest.mark.parametrize("packed", [False, True])
def test_what_does_not_have_its_digest_is_refused_and_the_others_are_read(packed):
    data = archive(("https://example.org/1", "200 OK", [HTML], PAGE), ("https://example.org/2", "200 OK", [HTML], PAGE))
    data = data.replace(b"opened", b"0pened", 1)
    data = gzip.compress(data) if packed else data
    assert names(data) == [
        ("https://example.org/1", "it does not have the digest that the archive gives for it; fetch it anew"),
        "https://example.org/2",
    ]


def test_what_the_crawler_cut_off_is_refused():
    data = archive(("https://example.org/1", "200 OK", [HTML], PAGE, ("WARC-Truncated", "length")))
    assert names(data) == [("https://example.org/1", "it was not stored to its end; fetch it anew")]


@pytest.mark.parametrize("packed", [False, True])
def test_a_damaged_file_is_read_up_to_the_damage(packed):
    page = ("https://example.org/1", "200 OK", [HTML], PAGE * 100)
    data = archive(page, ("https://example.org/2", *page[1:]), packed=packed)
    first, *others = names(data[:-20])
    assert first == "https://example.org/1"
    assert len(others) == 1
    assert isinstance(others[0], tuple)


def test_one_gzip_of_many_records_is_read_too():
    data = gzip.compress(archive(*((f"https://example.org/{n}", "200 OK", [HTML], PAGE) for n in range(3))))
    assert len(names(data)) == 3


def test_a_bomb_is_refused():
    zeros = zlib.compressobj(wbits=31)
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/1\r\nContent-Length: 99999999\r\n\r\n"
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    data = zeros.compress(head + answer) + zeros.compress(bytes(99_999_999 - len(answer))) + zeros.flush()
    assert names(data) == [("https://example.org/1", "it has 99,999,999 bytes; the most is 50,000,000")]


@pytest.mark.parametrize(
    "data",
    [b"", b"no archive\n", b"\x1f\x8bno gzip", b"WARC/1.0\r\n\r\n", b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: %d\r\n\r\n" % 10**30],
)
def test_what_is_no_archive_is_refused(data):
    with pytest.raises(InputError):
        names(data)
