"""One small document of each format, for what has to hold for all of them."""

import gzip
import io
import zipfile
from pathlib import Path

MADE = Path(__file__).parent / "made"
WORDS = "The lock at the river's mouth opened in April, and boats have gone through it since then, said the harbour's office. "

PAGE = f"<html><head><title>A lock opens</title></head><body><article><h1>A lock opens</h1><p>{WORDS * 3}</p></article></body></html>".encode()
MAIL = f"Received: x\nMessage-ID: <1@example.org>\nSubject: The lock\nDate: Mon, 5 Apr 2021 10:00:00 +0200\n\n{WORDS}\n".encode()
MAILBOX = b"".join(b"From desk@example.org Mon Apr  5 10:00:00 2021\n" + MAIL.replace(b"<1@", b"<%d@" % n) + b"\n" for n in range(3))
FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><item><guid>a</guid><title>A lock</title>'
    f"<description>{WORDS * 2}</description><pubDate>Mon, 05 Apr 2021 10:00:00 GMT</pubDate></item></channel></rss>"
).encode()
TABLE = f'title,text,date\n"The ""lock""","{WORDS}\nAt last.",2021-01-05\nA second,{WORDS[:20]},\n'.encode()
ROWS = f'{{"id": "a", "title": "A lock", "text": "{WORDS}", "published": "2021-04-05"}}\n{{"title": "B", "text": "It opened."}}\n'.encode()


def record(page, address="https://example.org/lock"):
    """A record of a web archive, with the page as a server sent it."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s" % (len(page), page)
    fields = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2021-04-05T10:00:00Z\r\nWARC-Target-URI: {address}\r\n"
    return f"{fields}Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n".encode() + answer + b"\r\n\r\n"


def zipped(**files):
    """A ZIP file; two strokes in a name stand for a folder's end, one for a point."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return data.getvalue()


# by the suffix that they should have
SAMPLES = {
    ".html": PAGE,
    ".eml": MAIL,
    ".mbox": MAILBOX,
    ".xml": FEED,
    ".csv": TABLE,
    ".jsonl": ROWS,
    ".warc": record(PAGE),
    ".warc.gz": gzip.compress(record(PAGE), mtime=0),
    ".html.gz": gzip.compress(PAGE, mtime=0),
    ".zip": zipped(page_html=PAGE, a__b_eml=MAIL, c_csv=TABLE),
    **{f".{format}": (MADE / f"lock.libreoffice.{format}").read_bytes() for format in ("docx", "odt", "epub", "rtf", "pdf")},
    ".mhtml": (MADE / "lock.chromium.mhtml").read_bytes(),
}
