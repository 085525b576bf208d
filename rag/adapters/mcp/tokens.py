"""Bearer tokens (RFC 6750) from a file: several, one a line."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from mcp.server.auth.provider import AccessToken

from rag.errors import InputError

# what a header can carry as a token, and long enough not to be guessed
_FORM = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_LEAST = 16
_MAKE = "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"


class Tokens:
    """The tokens that are let in, as the SDK asks for them. Only their SHA-256 is kept."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self._digests = [_digest(token) for token in tokens]

    @classmethod
    def read(cls, path: str) -> Self:
        """The file's tokens; blank lines are left out. Raises InputError for a file that cannot be read, is empty, or has a line that is no token."""
        try:
            lines = [line.strip() for line in Path(path).read_text(encoding="ascii").splitlines()]
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"the token file {path} cannot be read: {error}") from None
        for number, line in enumerate(lines, start=1):
            if line and not (len(line) >= _LEAST and _FORM.fullmatch(line)):
                raise InputError(f"line {number} of the token file {path} is no token of at least {_LEAST} characters; make one by: {_MAKE}")
        tokens = [line for line in lines if line]
        if not tokens:
            raise InputError(f"the token file {path} is empty; write a token into it, made by: {_MAKE}")
        return cls(tokens)

    async def verify_token(self, token: str) -> AccessToken | None:
        """Who has that token; None for nobody. All are compared, each in constant time."""
        digest = _digest(token)
        same = [hmac.compare_digest(digest, known) for known in self._digests]
        return AccessToken(token="", client_id=f"token {same.index(True) + 1}", scopes=[]) if True in same else None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
