"""Archives of the web, WARC and the older ARC: the pages and documents that were fetched whole."""

import io
import logging
import zlib
from collections.abc import Iterator
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from rag.corpus.draft import Member
from rag.corpus.formats.media_types import in_utf8, may_be_document
from rag.corpus.formats.packed import MOST_BYTES, MOST_BYTES_TOGETHER, gunzipped
from rag.errors import InputError
from rag.types import Fact, Facts, Provenance, Refusal

# It tells of oddities that change nothing here, and would otherwise do so on the standard error.
logging.getLogger("warcio").addHandler(logging.NullHandler())
_GZIP = b"\x1f\x8b"
_OF_GZIP, _BLOCK = 16 + zlib.MAX_WBITS, 1_024
_DIGESTS = ("WARC-Payload-Digest", "WARC-Block-Digest")


class _Records(ArchiveIterator):  # type: ignore[misc] # the library has no types
    # It writes a warning on the standard error; what comes of it is refused by name.
    INC_RECORD = ""


class _Packed:
    """A file that gzip packed, each record by itself or all together: what it unpacks to before it is damaged can be read."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)
        self._unread = self._file.read(_BLOCK)
        self._record = zlib.decompressobj(_OF_GZIP)
        self._length = 0

    def read(self, size: int) -> bytes:
        """Up to `size` bytes, none at the end. Raises ArchiveLoadFailed where it is damaged, or unpacks to too much."""
        data = b""
        while self._unread and not data:
            try:
                data = self._record.decompress(self._unread, size)
            except zlib.error as error:
                raise ArchiveLoadFailed(str(error)) from None
            self._unread = self._record.unconsumed_tail or self._record.unused_data or self._file.read(_BLOCK)
            if self._record.eof:
                # zeros may follow a record
                self._record, self._unread = zlib.decompressobj(_OF_GZIP), self._unread.lstrip(b"\0")
        self._length += len(data)
        if self._length > MOST_BYTES_TOGETHER:
            raise ArchiveLoadFailed(f"it unpacks to more than {MOST_BYTES_TOGETHER:,} bytes")
        return data


def read(data: bytes, name: str) -> Iterator[Member | Refusal]:  # noqa: ARG001 - every reader is called alike
    """What was fetched with status 200, or put in as it is, by its address; requests, further visits and the like are passed over.

    The address is a fact of each. When it was fetched is none: that is not when it was published. What does not have a digest
    that is given for it, or is cut off, is refused, and so is the rest of a file from a record on that is none.
    Raises InputError where that is the first, and where no record holds a document.
    """
    records = _documents(_Packed(data) if data.startswith(_GZIP) else io.BytesIO(data))
    first = next(records, None)
    if first is None:
        raise InputError("there is no page or other document in it that was fetched whole")
    yield first
    yield from records


def _documents(file: _Packed | io.BytesIO) -> Iterator[Member | Refusal]:
    records = iter(_Records(file, check_digests=True))
    left, number = MOST_BYTES_TOGETHER, 0
    while True:
        number += 1
        address = ""
        try:
            record = next(records, None)
            if record is None:
                return
            address = _address(record)
            content = _content(record) if address else None
        except InputError as error:
            yield Refusal(address, str(error))
            continue
        # the library has an error of its own for what it foresaw
        except (ArchiveLoadFailed, StatusAndHeadersParserException, AttributeError, LookupError, OverflowError, TypeError, ValueError) as error:
            if number == 1:
                raise InputError("it is no WARC file, or damaged from its beginning; fetch it anew") from None
            yield Refusal(f"record {number}", f"it is damaged, and so cannot be read, nor what follows it ({str(error)[:80]}); fetch the file anew")
            return
        left -= len(content or b"")
        if left < 0:
            raise InputError(f"what is in it unpacks to more than {MOST_BYTES_TOGETHER:,} bytes; divide it, as with warcio")
        if content is not None:
            yield Member(address, content, Facts(url=Fact(address, Provenance.META)))


def _address(record: Any) -> str:
    """The address of what a record holds, if it is of a kind that can be a document from the web; else empty."""
    address: str = record.rec_headers.get_header("uri" if record.format == "arc" else "WARC-Target-URI") or ""
    http = record.http_headers
    is_fetched = record.rec_type == "response" and http is not None and http.get_statuscode() == "200"
    is_kept = is_fetched or record.rec_type == "resource"
    address = address.strip().replace(" ", "%20")
    return address if is_kept and address.startswith(("http://", "https://")) and may_be_document(_media_type(record)) else ""


def _media_type(record: Any) -> str:
    return _declared_type(record).partition(";")[0].strip().lower()


def _declared_type(record: Any) -> str:
    return (record.http_headers.get_header("Content-Type") if record.http_headers else record.content_type) or ""


def _content(record: Any) -> bytes:
    """The document that a record holds. Raises InputError where that is damaged."""
    http = record.http_headers
    if record.length is not None and record.length > MOST_BYTES:
        raise InputError(f"it has {record.length:,} bytes; the most is {MOST_BYTES:,}")
    body = record.raw_stream.read()
    whole = http.get_header("Content-Length", "") if http else ""
    is_short = record.length is None or record.raw_stream.limit > 0
    if record.rec_headers.get_header("WARC-Truncated") or (is_short and not (whole.isdecimal() and len(body) >= int(whole))):
        raise InputError("it was not stored to its end; fetch it anew")
    wrong = record.digest_checker.problems
    # a digest that fits shows that the document is right, whatever another says
    if any("failed" in problem for problem in wrong) and len(wrong) >= sum(map(bool, map(record.rec_headers.get_header, _DIGESTS))):
        raise InputError("it does not have the digest that the archive gives for it; fetch it anew")
    if http and http.get_header("Transfer-Encoding", "").lower() == "chunked":
        body = ChunkedDataReader(io.BytesIO(body)).read()
    if http:
        body = _unpacked(body, http.get_header("Content-Encoding", "").strip().lower())
    return in_utf8(body, _declared_type(record))


def _unpacked(body: bytes, encoding: str) -> bytes:
    """The body without what a server packed it by; some programs write it unpacked and leave the header as it was."""
    if encoding in ("gzip", "x-gzip"):
        return gunzipped(body) if body.startswith(_GZIP) else body
    if encoding and encoding != "identity":
        raise InputError(f"it is packed as {encoding[:20]!r}, which cannot be unpacked here; fetch it anew without that")
    return body
