"""What a fetch gives."""

from dataclasses import dataclass

from rag.types import Validators


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
    def validators(self) -> Validators:
        """What to give when the page is fetched again."""
        return Validators(self.final_url, self.etag, self.last_modified)
