"""The people who may log in, each with a name and the argon2 hash of a password, from a file that others on the machine may not read.

The file has a line a person, `name:hash`, as web servers have had it for long: whoever
looks after it sees who is in it, and may put somebody out by removing a line.
"""

import hashlib
import logging
import os
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

from rag.errors import InputError
from rag.given import composed, nfc
from rag.serving.secret_files import SecretFile

LEAST_PASSWORD, MOST_PASSWORD = 10, 1_000
MOST_NAME = 64
# the library's own parameters, RFC 9106's second recommended option: 64 MiB, three passes, four lanes
_HASHER = PasswordHasher()
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Person:
    """A line of the file."""

    name: str
    hash: str

    @property
    def seal(self) -> str:
        """What a login stands on: another one for each person and each password."""
        return hashlib.sha256(f"{self.name}:{self.hash}".encode()).hexdigest()[:32]


class People:
    """The file's people, as it is now: who is taken out of it is out at once."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._file = _users_file(path)
        # verified where there is no such name, so that the time an answer takes does not tell
        self._decoy = _HASHER.hash(secrets.token_hex())

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Self:
        """Raises InputError where the file cannot be read, others on the machine can read or write it, it is none of people, or nobody is in it."""
        people = cls(path)
        if not people._file.content():
            raise InputError(f"nobody is in the users file {path}; run: pullquote user add NAME --users {path}")
        return people

    def named(self, name: str) -> Person | None:
        """Who has this name now, however its letters are written; nobody while the file cannot be read, and then the log says why."""
        try:
            return self._file.content().get(key(name))
        except InputError as error:
            _log.error("nobody can log in: %s", error)
            return None

    def verified(self, name: str, password: str) -> Person | None:
        """Who has this name and this password. Takes as long where there is no such name, and holds 64 MiB meanwhile."""
        person = self.named(name)
        given = nfc(password[: MOST_PASSWORD + 1])
        try:
            _HASHER.verify(person.hash if person else self._decoy, given.encode(errors="surrogatepass"))
        except (VerificationError, InvalidHashError):
            return None
        return self._kept_well(person, given) if person else None

    def _kept_well(self, person: Person, password: str) -> Person:
        """The person, whose hash is made anew if the library has other parameters since."""
        if not _HASHER.check_needs_rehash(person.hash):
            return person
        anew = Person(person.name, _HASHER.hash(password))
        try:
            self._file.change(lambda people: {**people, key(person.name): anew} if people.get(key(person.name)) == person else people, _written)
        except InputError as error:
            # where the server may not write the file, the old hash is as good as it was
            _log.warning("%s", error)
        return self.named(person.name) or person


def add_person(path: str | os.PathLike[str], name: str, password: str) -> tuple[str, bool]:
    """Puts a person into the file, which is made where it is not there, or gives the one in it a new password; the name there, and whether it is new.

    Raises InputError for a name or a password that cannot be taken, and where the file cannot be read or written.
    """
    anew = Person(_named(name), _HASHER.hash(_password(password)))
    earlier: Person | None = None

    def added(people: Mapping[str, Person]) -> Mapping[str, Person]:
        nonlocal earlier
        earlier = people.get(key(name))
        # a person keeps the name under which their work is kept
        return {**people, key(name): Person(earlier.name, anew.hash) if earlier else anew}

    people = _users_file(path).change(added, _written)
    return people[key(name)].name, earlier is None


def remove_person(path: str | os.PathLike[str], name: str) -> str:
    """Takes a person out of the file; gives the name as it was there. Raises InputError where nobody has it, or the file cannot be written."""
    file = _users_file(path)
    removed = ""

    def without(people: Mapping[str, Person]) -> Mapping[str, Person]:
        nonlocal removed
        if key(name) not in people:
            raise InputError(f"nobody in the users file {path} has the name {name!r}; `pullquote user list --users {path}` shows who is in it")
        removed = people[key(name)].name
        return {which: person for which, person in people.items() if which != key(name)}

    file.change(without, _written)
    return removed


def list_people(path: str | os.PathLike[str]) -> list[str]:
    """The names in the file, in its order. Raises InputError where it cannot be read."""
    if not Path(path).exists():
        raise InputError(f"there is no users file {path}; make one by: pullquote user add NAME --users {path}")
    return [person.name for person in _users_file(path).content().values()]


def key(name: str) -> str:
    """What two ways of writing one name have in common."""
    # of what is no name, as much as tells it from one
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name[: MOST_NAME + 1]).casefold())


def _users_file(path: str | os.PathLike[str]) -> SecretFile[Mapping[str, Person]]:
    return SecretFile(path, "users", lambda content: _read(content, path), {})


def _named(name: str) -> str:
    name = composed("name", name)
    if not 0 < len(name) <= MOST_NAME or ":" in name or not name.isprintable() or name != name.strip():
        raise InputError(
            f"{name[:MOST_NAME]!r} is no name to log in under; take 1 to {MOST_NAME} printable characters, no colon, no space at the ends"
        )
    return name


def _password(password: str) -> bytes:
    # an error shows nothing of it
    try:
        password.encode()
    except UnicodeEncodeError:
        raise InputError("the password is not valid Unicode; type it anew") from None
    password = nfc(password)
    if len(password) < LEAST_PASSWORD:
        raise InputError(
            f"the password is too short: with fewer than {LEAST_PASSWORD} characters it can be guessed; take a few words that say nothing together"
        )
    if len(password) > MOST_PASSWORD:
        raise InputError(f"the password is too long: it may have {MOST_PASSWORD:,} characters")
    return password.encode()


def _read(content: bytes, path: str | os.PathLike[str]) -> Mapping[str, Person]:
    """The people of a file with these bytes, each by the key of the name."""
    make = f"pullquote user add NAME --users {path}"
    try:
        lines = content.decode().splitlines()
    except UnicodeDecodeError:
        raise InputError(f"the users file {path} is not UTF-8 text; a person a line, made by: {make}") from None
    people: dict[str, Person] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        name, _, hash = line.partition(":")
        try:
            extract_parameters(hash)
            person = Person(_named(name), hash)
        except (InvalidHashError, InputError):
            raise InputError(f"line {number} of the users file {path} is not name:hash with a hash of argon2; remove it, and run: {make}") from None
        if key(name) in people:
            raise InputError(f"line {number} of the users file {path} has the name {name!r}, which an earlier line has too; remove one of them")
        people[key(name)] = person
    return people


def _written(people: Mapping[str, Person]) -> bytes:
    return "".join(f"{person.name}:{person.hash}\n" for person in people.values()).encode()
