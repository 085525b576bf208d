"""What a site allows programs to fetch, as its robots.txt says (RFC 9309).

Ours, since what there is does other things: Python's own parser has neither
wildcards nor the longest match, and Protego takes time and space with the
square of the file's length, and takes a group for "p" for ours.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

# what we are called in groups of rules
PRODUCT = "pullquote"
PATH = "/robots.txt"
_LINE = re.compile(r"\s*([A-Za-z-]+)\s*:\s*([^#]*)")
_PRODUCT = re.compile(r"[a-z_-]+|\*$")
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_RESERVED = ":/?#[]@!$&'()*+,;="
# ends a target, and a path that has to reach its end; no address has one
_END = " "


@dataclass(frozen=True, slots=True)
class Rule:
    """A path, in which `*` stands for anything."""

    allows: bool
    path: str

    def matches(self, target: str) -> bool:
        """Whether the target begins with the path. Each part between stars is taken where it comes first, so nothing is tried twice."""
        first, *others = self.path.split("*")
        if not target.startswith(first):
            return False
        end = len(first)
        for part in others:
            start = target.find(part, end)
            if start < 0:
                return False
            end = start + len(part)
        return True


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules that are for us."""

    rules: tuple[Rule, ...] = ()

    def allows(self, target: str) -> bool:
        """Whether path and query of an address may be fetched: the longest rule that matches decides, of two alike the one that allows."""
        normal = _normal(target).replace("*", "%2A").replace("$", "%24")
        matching = [(len(rule.path), rule.allows) for rule in self.rules if rule.matches(normal + _END)]
        return normal == PATH or max(matching, default=(0, True))[1]


def read_robots(data: bytes, *, whole: bool = True) -> Robots:
    """The rules for us, of every group that names us, else of those for everybody. Of a file that is not whole its last line is left out."""
    lines = re.split(r"\r\n|\r|\n", data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape"))
    groups: dict[str, list[Rule]] = {}
    for product, rule in _lines(lines if whole else lines[:-1]):
        rules = groups.setdefault(product, [])
        if rule:
            rules.append(rule)
    return Robots(tuple(groups.get(PRODUCT, groups.get("*", ()))))


def _lines(lines: list[str]) -> Iterator[tuple[str, Rule | None]]:
    """Each rule under each name that is ours; without a rule where its group begins, which may have none."""
    named: set[str] = set()
    begun = False
    for line in lines:
        match = _LINE.match(line)
        if not match:
            continue
        key, value = match[1].lower(), match[2].strip()
        if key == "user-agent":
            named = set() if begun else named
            begun = False
            product = _PRODUCT.match(value.lower())
            if product and product[0] in (PRODUCT, "*"):
                named.add(product[0])
                yield product[0], None
        elif key in ("allow", "disallow"):
            begun = True
            rule = Rule(key == "allow", _pattern(value))
            yield from ((product, rule) for product in named if value)


def _pattern(value: str) -> str:
    """A rule's path as targets are written; a `$` is its end where it is the last character."""
    path = _normal(value.removesuffix("$")).replace("$", "%24")
    return path + _END if value.endswith("$") else path


def _normal(text: str) -> str:
    """In ASCII, and with escapes only where a character would be something else, so that two ways of writing a path are one."""
    return _ESCAPED.sub(_unescaped, quote(text, safe=_UNRESERVED + _RESERVED + "%", errors="surrogateescape"))


def _unescaped(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else f"%{match[1].upper()}"
