"""How much a fetch may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes are in bytes once decoded. `seconds` is for all of a fetch, with robots.txt, redirects and what is waited for."""

    size: int = 20_000_000
    # what RFC 9309 asks to be read at least; what comes after it is left out
    robots_size: int = 512_000
    redirects: int = 5
    connect_seconds: float = 10
    # between two pieces of an answer
    read_seconds: float = 20
    seconds: float = 60
