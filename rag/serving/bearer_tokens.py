"""Bearer tokens (RFC 6750) from a file: several, one a line."""

import hashlib
import hmac
import os
import re
from collections.abc import Sequence
from typing import Self

from rag.errors import InputError
from rag.serving.secret_files import read_secret

# what a header can carry as a token, and long enough not to be guessed
_FORM = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_LEAST = 16
_MAKE = "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"


class BearerTokens:
    """The tokens that are let in. Only their SHA-256 is kept."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self._digests = [_digest(token.encode()) for token in tokens]

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Self:
        """The file's tokens; blank lines are left out.

        Raises InputError where the file cannot be read, can be read or written by
        others on the machine, is empty, or has a line that is no token of at least
        16 characters.
        """
        try:
            lines = [line.strip() for line in read_secret(path, "token").decode("ascii").splitlines()]
        except UnicodeDecodeError:
            raise InputError(f"the token file {path} is not ASCII text; a token a line, made by: {_MAKE}") from None
        for number, line in enumerate(lines, start=1):
            if line and not (len(line) >= _LEAST and _FORM.fullmatch(line)):
                raise InputError(f"line {number} of the token file {path} is no token of at least {_LEAST} characters; make one by: {_MAKE}")
        tokens = [line for line in lines if line]
        if not tokens:
            raise InputError(f"the token file {path} is empty; write a token into it, made by: {_MAKE}")
        return cls(tokens)

    def number(self, authorization: bytes) -> int | None:
        """Which of the tokens an Authorization header carries; None if none."""
        scheme, _, given = authorization.partition(b" ")
        return self.place(given.strip()) if scheme.lower() == b"bearer" else None

    def place(self, token: bytes) -> int | None:
        """Which of the tokens this is; None if none. All are compared, each in constant time."""
        digest = _digest(token)
        same = [hmac.compare_digest(digest, known) for known in self._digests]
        return same.index(True) if True in same else None


def _digest(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()
