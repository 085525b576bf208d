"""ZIP archives: the files in them, each a document of its own."""

import io
import re
import stat
import struct
from collections.abc import Iterator
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from rag.corpus.draft import Member
from rag.corpus.formats.packed import MOST_BYTES_TOGETHER, unpacked
from rag.errors import InputError
from rag.types import Refusal

# What the library raises for a file that is none, or not sound.
_DAMAGED = (BadZipFile, NotImplementedError, OSError, OverflowError, ValueError, struct.error)
_MOST_FILES = 10_000
_IS_ENCRYPTED = 0x1
_LEADS_OUT = re.compile(r"/|[A-Za-z]:|(?:.*/)?\.\.(?:/|$)")


def read(data: bytes, name: str) -> Iterator[Member | Refusal]:  # noqa: ARG001 - every reader is called alike
    """The files, in the order of their names; hidden ones are passed over, as in folders, and what a Mac adds.

    A file that is encrypted, is none of a document's kind (a link, a device), has a name that leads out of the archive or
    one that was there before, or unpacks to too much is refused. Raises InputError where that is no ZIP archive, or it has
    too many files, or none.
    """
    try:
        archive = ZipFile(io.BytesIO(data))
    except _DAMAGED as error:
        raise InputError(f"the ZIP file is damaged ({str(error)[:80]}); pack it anew") from None
    files = sorted((path, number, file) for number, file in enumerate(archive.infolist()) if not _is_hidden(path := _path(file)))
    if len(files) > _MOST_FILES:
        raise InputError(f"there are {len(files):,} files in it; the most is {_MOST_FILES:,}: unpack it, and add the folder")
    if not files:
        raise InputError("there are no files in it")
    left, before = MOST_BYTES_TOGETHER, None
    for path, _, file in files:
        try:
            if path == before:
                raise InputError("another file in the archive has the same name; pack it anew with different ones")
            content = _content(archive, file, path, left)
        except InputError as error:
            yield Refusal(path, str(error))
        else:
            left -= len(content)
            yield Member(path, content)
        before = path


def _path(file: ZipInfo) -> str:
    # some programs of Windows part folders by its own sign
    return file.filename.replace("\\", "/")


def _is_hidden(path: str) -> bool:
    """Whether it is hidden, or is a folder."""
    *folders, own = path.split("/")
    return not own or any((part.startswith(".") and part != "..") or part == "__MACOSX" for part in (*folders, own))


def _content(archive: ZipFile, file: ZipInfo, path: str, left: int) -> bytes:
    """What the file holds. Raises InputError where it may not be read, or that cannot be told in `left` bytes."""
    if _LEADS_OUT.match(path):
        raise InputError("its name leads out of the archive")
    kind = stat.S_IFMT(file.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise InputError("it is a link" if kind == stat.S_IFLNK else "it is no regular file")
    if file.flag_bits & _IS_ENCRYPTED:
        raise InputError("it is encrypted; unpack it with its password, and add what is in it")
    if file.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise InputError("it is packed in an unusual way; unpack it yourself, and add what is in it")
    if file.file_size > left:
        raise InputError(f"what is in the archive unpacks to more than {MOST_BYTES_TOGETHER:,} bytes; unpack it yourself, and add the folder")
    try:
        return unpacked(archive.open(file), file.compress_size)
    except _DAMAGED as error:
        raise InputError(f"it is damaged, and cannot be unpacked ({str(error)[:80]})") from None
