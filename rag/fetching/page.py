"""What a fetch gives."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """What a server called the page when it was fetched before; it is asked only whether that has changed."""

    final_url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page as the server sent it, decoded from what it was compressed with.

    `url` was asked for, `final_url` is where redirects led. `media_type` is the
    server's word with its parameters, as in `text/html; charset=koi8-r`, or
    empty. `etag` and `last_modified` are None where the server gives none that
    can be sent back.
    """

    url: str
    final_url: str
    data: bytes
    media_type: str
    etag: str | None
    last_modified: str | None

    @property
    def known(self) -> Known:
        """What to give when the page is fetched again."""
        return Known(self.final_url, self.etag, self.last_modified)


@dataclass(frozen=True, slots=True)
class NotModified:
    """The page is what it was."""

    url: str
    final_url: str
