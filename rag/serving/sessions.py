"""Who is logged in: cookies that itsdangerous signs, and which of them were ended by logging out.

A cookie says who its holder is and since when, and is believed for two weeks, as long as the person has the
password with which they logged in. That somebody logged out is known here: an old cookie
that somebody kept is refused.
"""

import hashlib
import json
import logging
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from itsdangerous import BadData, URLSafeTimedSerializer

from rag.errors import InputError
from rag.serving.people import People, Person
from rag.serving.secret_files import SecretFile

LIFETIME = 14 * 86_400
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Session:
    """One login of a person, from a time (in seconds of the Unix clock) on."""

    person: Person
    id: str
    since: float


@dataclass(frozen=True, slots=True)
class _Kept:
    """What cookies are signed with, and the sessions that were ended, each with the time from which its cookie would not be believed any more."""

    secret: str = ""
    ended: Mapping[str, float] = field(default_factory=dict)

    def sealed(self) -> "_Kept":
        """The same, with a secret."""
        return self if self.secret else _Kept(secrets.token_hex(32))

    def without(self, session: Session, now: float) -> "_Kept":
        """The same, with one more session that was ended; those that are over anyway are forgotten."""
        # a cookie's age counts in whole seconds
        over = session.since + LIFETIME + 1
        return _Kept(self.secret, {**{id: until for id, until in self.ended.items() if until > now}, session.id: over})


class Sessions:
    """The sessions of a server's people.

    `path` is the file that keeps what a restart is not to forget, made where it is
    not there; who removes it logs everybody out. Without one nothing is kept.
    Raises InputError where the file can be neither read nor made.
    """

    def __init__(self, people: People, path: Path | None = None) -> None:
        self._people = people
        self._file = SecretFile(path, "sessions", _read, _Kept()) if path else None
        self._lock = threading.Lock()
        self._own = _Kept().sealed()
        self._kept()

    def cookie_name(self, *, is_https: bool) -> str:
        """What its cookie is called, which is a name of the archive's: a browser gives a host's cookies to each of its ports.

        The prefix has browsers take it from this host alone and over https alone (RFC 6265bis, 4.1.3.2).
        """
        name = f"pullquote-{hashlib.sha256(self._kept().secret.encode()).hexdigest()[:8]}"
        return f"__Host-{name}" if is_https else name

    def begin(self, person: Person) -> str:
        """Somebody logs in: the new session's cookie."""
        return _signer(self._kept()).dumps({"name": person.name, "seal": person.seal, "id": secrets.token_urlsafe(16)})

    def session(self, cookie: str) -> Session | None:
        """Whose cookie this is; None where it is nobody's, or nobody's any more."""
        kept = self._kept()
        try:
            said, since = _signer(kept).loads(cookie, max_age=LIFETIME, return_timestamp=True)
        except BadData:
            return None
        person = self._people.named(said["name"])
        if person is None or person.seal != said["seal"] or said["id"] in kept.ended or said["id"] in self._own.ended:
            return None
        return Session(person, said["id"], since.timestamp())

    def end(self, session: Session) -> None:
        """Somebody logs out; where that cannot be kept, the log says so, and it holds until the server ends."""
        now = time.time()
        with self._lock:
            self._own = self._own.without(session, now)
        if self._file:
            try:
                self._file.change(lambda kept: kept.sealed().without(session, now), _written)
            except InputError as error:
                _log.error("that %s logged out is known until the server ends, and not kept: %s", session.person.name, error)

    def _kept(self) -> _Kept:
        if not self._file:
            return self._own
        kept = self._file.content()
        return kept if kept.secret else self._file.change(_Kept.sealed, _written)


def _signer(kept: _Kept) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(kept.secret, salt="pullquote session", signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256})


def _read(content: bytes) -> _Kept:
    try:
        row = json.loads(content)
        kept = _Kept(row["secret"], {str(id): float(until) for id, until in row["ended"].items()})
        if not (isinstance(kept.secret, str) and len(kept.secret) >= 64):
            raise ValueError("no secret")
    except (ValueError, TypeError, KeyError, AttributeError):
        raise InputError("the file of the archive's sessions, sessions.json, is damaged; remove it, and everybody logs in again") from None
    return kept


def _written(kept: _Kept) -> bytes:
    return json.dumps({"secret": kept.secret, "ended": dict(kept.ended)}).encode()
