"""The ZIP file that a Word, OpenDocument or EPUB document is: its parts by their names, unpacked within bounds."""

import io
import lzma
import struct
import zipfile
import zlib
from posixpath import normpath
from typing import Any

from lxml import etree

from rag.errors import InputError

# A page of Word has some 14 kB of XML. Pictures are never unpacked.
_MOST_BYTES = 32_000_000
# An element takes some 350 bytes of memory whatever is in it, and has two tags or one.
_MOST_TAGS = 2_500_000
_BAD = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, NotImplementedError, ValueError, OverflowError)


class Package:
    """The parts of a document. Raises InputError where the data is no sound ZIP file."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BAD:
            raise InputError("the file is damaged or not complete; fetch or save it anew") from None
        self._names = {normpath(name.replace("\\", "/")).lstrip("/").casefold(): name for name in self._zip.namelist()}
        self._left = _MOST_BYTES
        self._tags_left = _MOST_TAGS

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._names

    def read(self, name: str) -> bytes:
        """The bytes of a part, known by its name whatever its capitals.

        Raises InputError where there is none, it is damaged or has a password, or where more than 32 MB or 2,500,000 tags of this
        document are read.
        """
        if name not in self:
            raise InputError(f"the file lacks its part {name!r}; fetch or save it anew")
        info = self._zip.getinfo(self._names[name.casefold()])
        if info.flag_bits & 1:
            raise InputError("the file is password-protected; save it without its password")
        self._left -= info.file_size
        if self._left < 0:
            raise InputError(f"its text unpacks to more than {_MOST_BYTES // 1_000_000} MB; split the document")
        try:
            # no more than is stated there is unpacked
            data = self._zip.read(info)
        except _BAD:
            raise InputError(f"its part {name!r} is damaged; fetch or save it anew") from None
        self._tags_left -= data.count(b"<")
        if self._tags_left < 0:
            raise InputError(f"it has more than {_MOST_TAGS:,} tags; split the document")
        return data

    def xml(self, name: str) -> Any:
        """The root element (lxml's) of a part. Raises InputError as `read` does, and where it is no sound XML."""
        data = self.read(name)
        has_entities = f"its part {name!r} has entities of its own, which are not resolved; save it anew"
        # of text there is no more than `read` allows; elements nested deeper than some 2,000 are an error all the same
        parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True, remove_comments=True, remove_pis=True)
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            reasons = {
                etree.ErrorTypes.ERR_RESOURCE_LIMIT: has_entities if b"<!ENTITY" in data else "its elements are nested too deeply; save it anew",
                etree.ErrorTypes.ERR_NO_MEMORY: "it is too large to be read; split the document",
            }
            raise InputError(reasons.get(error.code, f"its part {name!r} is damaged; fetch or save it anew")) from None
        if next(root.iter(etree.Entity), None) is not None:
            raise InputError(has_entities)
        return root
