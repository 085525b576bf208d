"""What the media type of something that lies in a mail or an archive of the web tells of it."""

import re

from rag.corpus.charsets import decode_as
from rag.errors import InputError

_NO_DOCUMENTS_OF = frozenset(("image", "audio", "video", "font", "model"))
_NO_DOCUMENTS = frozenset(
    "text/css text/javascript text/calendar text/vcard text/x-vcard text/directory text/rfc822-headers message/delivery-status message/external-body "
    "message/disposition-notification message/partial application/javascript application/x-javascript application/ecmascript application/json "
    "application/ld+json application/manifest+json application/wasm application/ics application/pgp-signature application/pgp-encrypted "
    "application/pgp-keys application/pkcs7-signature application/x-pkcs7-signature application/x-font-ttf "
    "application/font-woff application/vnd.ms-fontobject".split()
)
# Where text says itself what it is in, that is believed.
_DECLARATIONS = (b"charset", b"encoding=")
_FIRST_BYTES = 1_024
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)


def may_be_document(media_type: str) -> bool:
    """Whether it may hold an article: not a picture, a style sheet, a signature, what a program reads, or what a mail program says."""
    return media_type.partition("/")[0] not in _NO_DOCUMENTS_OF and media_type not in _NO_DOCUMENTS


def in_utf8(data: bytes, content_type: str) -> bytes:
    """Text in UTF-8, of a type such as `text/html; charset=koi8-r`.

    It is as it was where the type names no encoding or the text is not in that, where it is no text, and where it says itself what it is in.
    """
    charset, media_type = _CHARSET.search(content_type), content_type.partition(";")[0].strip().lower()
    is_text = media_type.startswith("text/") or media_type.endswith("xml")
    if not charset or not is_text or any(said in data[:_FIRST_BYTES].lower() for said in _DECLARATIONS):
        return data
    try:
        return decode_as(data, charset[1]).encode()
    except InputError:
        return data
