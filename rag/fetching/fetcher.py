"""Fetches a page: asks the site's robots.txt, follows redirects, each of which is checked as the first address was, and says what it got."""

import re
from http import HTTPStatus
from typing import overload

import httpx
from cachetools import LRUCache

from rag.errors import InputError
from rag.fetching.clock import Clock, Deadline
from rag.fetching.limits import Limits
from rag.fetching.names import Lookup, Names, system_lookup
from rag.fetching.pace import Pace
from rag.fetching.page import Page
from rag.fetching.policy import Policy
from rag.fetching.robots import PATH, Robots, read_robots
from rag.fetching.session import Response, Session
from rag.fetching.web_address import WebAddress, read_address, redirected
from rag.types import NotModified, Validators

# what is kept of sites' rules, some hundred megabytes; a site can have a thirteenth of it
_MOST_RULES = 1_000_000
_REDIRECTS = (301, 302, 303, 307, 308)
# what of a validator can be sent back
_VALIDATOR = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,999}")


class Fetcher:
    """Fetches pages, one after the other, for one run: what sites allow is asked once, and each host a second apart. Not for several threads."""

    def __init__(
        self, policy: Policy | None = None, limits: Limits | None = None, lookup: Lookup = system_lookup, clock: Clock | None = None
    ) -> None:
        self._policy = policy or Policy()
        self._limits = limits or Limits()
        self._lookup = lookup
        self._clock = clock or Clock()
        self._pace = Pace(self._clock)
        self._tls = httpx.create_ssl_context(verify=str(self._policy.authorities) if self._policy.authorities else True, trust_env=False)
        # by origin; or why nothing may be fetched there
        self._robots: LRUCache[str, Robots | InputError] = LRUCache(_MOST_RULES, getsizeof=_rules)

    @overload
    def fetch(self, url: str) -> Page: ...

    @overload
    def fetch(self, url: str, known: Validators | None) -> Page | NotModified: ...

    def fetch(self, url: str, known: Validators | None = None) -> Page | NotModified:
        """The page at an address of http or https; NotModified where it is as `known` says.

        Raises InputError, with the address, the reason and what to do, for
        whatever keeps the page from being fetched.
        """
        address = read_address(url, self._policy.ports)
        session = Session(Names(self._lookup, self._policy.allows), Deadline(self._clock, self._limits.seconds), self._limits, self._tls)
        final, response = self._followed(session, address, self._limits.size, known, asks=True)
        if response.status == HTTPStatus.NOT_MODIFIED and _conditions(final, known):
            return NotModified(str(address), str(final))
        if not response.has_page:
            raise InputError(f"{final} answers {_named(response.status)} instead of a page; check the address, or save the page and add the file")
        if not response.whole:
            raise InputError(f"{final} has more than {self._limits.size:,} bytes, which is the most; save the part that you need and add the file")
        return Page(
            str(address),
            str(final),
            response.body,
            response.field("content-type"),
            _sendable(response.field("etag")),
            _sendable(response.field("last-modified")),
        )

    def _followed(self, session: Session, address: WebAddress, most: int, known: Validators | None, *, asks: bool) -> tuple[WebAddress, Response]:
        """The first answer that is no redirect, and whose it is. With `asks` each address is fetched only as its robots.txt allows."""
        for _ in range(self._limits.redirects + 1):
            session.look_up(address)
            if asks:
                self._ask_robots(session, address)
            self._pace.wait(address.host)
            response = session.get(address, _conditions(address, known), most)
            location = response.field("location")
            if response.status not in _REDIRECTS or not location:
                return address, response
            # a header's bytes are in UTF-8 where they are not in ASCII, as browsers take them
            address = redirected(address, location.encode("latin-1").decode("utf-8", "replace"), self._policy.ports)
        raise InputError(f"{address}: more than {self._limits.redirects} redirects on the way here; add the address that a browser ends at")

    def _ask_robots(self, session: Session, address: WebAddress) -> None:
        """Raises InputError where the site does not allow the address, or where what it allows cannot be known (RFC 9309, 2.3.1.4)."""
        robots = self._robots.get(address.origin)
        if robots is None:
            robots = self._robots[address.origin] = self._fetch_robots(session, address)
        if isinstance(robots, InputError):
            raise InputError(f"{address} is not fetched, since what its site allows to programs is not known: {robots}")
        if not robots.allows(address.target):
            raise InputError(f"{address} is not fetched: its site's robots.txt does not allow it to programs; save the page and add the file")

    def _fetch_robots(self, session: Session, address: WebAddress) -> Robots | InputError:
        try:
            place = read_address(address.origin + PATH, self._policy.ports)
            final, response = self._followed(session, place, self._limits.robots_size, None, asks=False)
        except InputError as error:
            return error
        if response.has_page:
            return read_robots(response.body, whole=response.whole)
        if 400 <= response.status < 500:
            return Robots()
        return InputError(f"{final} answers {_named(response.status)}; try again later, or save the page and add the file")


def _conditions(address: WebAddress, known: Validators | None) -> dict[str, str]:
    """Only for the very address that gave them: to another server they say something else."""
    if known is None or known.final_url != str(address):
        return {}
    fields = {"If-None-Match": _sendable(known.etag), "If-Modified-Since": _sendable(known.last_modified)}
    return {name: value for name, value in fields.items() if value}


def _rules(robots: Robots | InputError) -> int:
    return 1 + len(robots.rules) if isinstance(robots, Robots) else 1


def _sendable(validator: str | None) -> str | None:
    return validator if validator and _VALIDATOR.fullmatch(validator) else None


def _named(status: int) -> str:
    """With its name where it has one; the server's own words for it are not shown."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
