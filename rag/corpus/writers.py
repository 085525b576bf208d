"""Lines that say who wrote an article, for whom, and how to reach them."""

import re

SITES = "facebook|twitter|x|instagram|linkedin|whatsapp|telegram|youtube|reddit|email"
BYLINE = re.compile(r"^by\s+(\w[\w.'’-]*(?:[\s,]+(?:and\s+)?\w[\w.'’-]*){0,7})$", re.IGNORECASE)

UPPER = "A-ZÀ-ÖØ-Þ"
WORD = rf"[{UPPER}][\w.'’-]*"
_NAME = rf"{WORD}(?: (?:[a-z]{{2,5}} )?{WORD}){{1,3}}"
_NAMES = rf"{_NAME}(?:(?:,? and |, ){_NAME}){{0,5}}"

_TRADE = r"(?:reporters?|journalists?|columnists?|correspondents?|(?:staff|features) writers?|editors?)"
_ADDRESS = re.compile(rf"\S@\S|\s@\w|\b(?:{SITES})\b|\d{{3}}[-.)\s]\s?\d{{3}}", re.IGNORECASE)
_REACH = r"(?:^|[.!?;]\s|\band\s|\b[Yy]ou\s(?:can|may)\s)(?i:reach(?:\sout\sto)?|contact|e-?mail|follow|find|tweet)\s"
_REACH_TRADE = re.compile(rf"{_REACH}(?:[\w\"“”'’.]+\s){{0,5}}{_TRADE}\b|{_REACH}the\s(?:author|writer)\b")
_WORK = r"(?:reporting|writing|editing)"
_CONTRIBUTED = re.compile(
    rf"""(?:[–—−-]\s?)?(?:contributing:\s\S.*
      | .{{3,200}}\bcontributed\s(?:\w+\s)?(?:reporting|to\s(?:this|the)\s(?:story|report(?:ing)?|article|column))\W*
      | \((?:additional\s)?{_WORK}\sby\s[^()]*\)
      | (?:additional\s)?{_WORK}\sby\s[^.;]*;\s?(?:additional\s)?{_WORK}\sby\s.*)""",
    re.IGNORECASE | re.VERBOSE,
)
_SIGNED = re.compile(rf"(?:[–—−]\s?|-){_NAMES}")
_WRITERS = re.compile(_NAMES)
_WRITERS_OF = re.compile(rf"{_NAMES}, (?P<outlet>.+)")
_PRESS = r"(?:press|times|post|news|journal|tribune|herald|gazette|register|republic|chronicle|star|today|network|wire)"
# whom the writers write for, as the line below their names has it
_OUTLET = re.compile(
    rf"""(?i:special|exclusive)\s(?:to|for)\s\S.*
      | (?i:from)\s.*\b(?i:reports|services?)
      | .*\b(?i:staff(?:\s(?:writers?|reporters?))?|(?:opinion\s)?(?:columnists?|contributors?)|correspondents?)
      | (?i:reuters|ap|afp|upi) | \w+\.com
      | (?:{WORD}\s){{0,4}}(?:\(.{{3,20}}\)\s)?{WORD}[\s-](?i:{_PRESS})(?:[\s-]{WORD})?(?:\s\|\s\S+)?""",
    re.VERBOSE,
)
_BIOGRAPHY = re.compile(
    rf"{_NAME}(?: \".*?\" {WORD})? (?:is|are|was) (?:an?|the|our|{WORD}(?: {WORD}){{0,3}}['’]s?) (?:[^.,]{{0,60}} )?(?i:{_TRADE})\b"
    rf"|{_NAME} (?:covers|writes about|reports on) [^.]+ for {WORD}"
)
_REACH_PERSON = re.compile(rf"{_REACH}(?:(?i:him|her|them|me)\b|{WORD}\s{WORD}|@)|\bcan be reached\b")
HANDLE = re.compile(r"\s@\w")


def is_signature(line: str) -> bool:
    """Whether it is the names that a piece is signed with, after a dash."""
    return _SIGNED.fullmatch(line) is not None


def is_names(line: str) -> bool:
    """Whether it is nothing but names, as of persons."""
    return _WRITERS.fullmatch(line) is not None


def is_byline(line: str) -> bool:
    """Whether a line above an article names who wrote it, or for whom, "Special to the Post"."""
    by, writers = BYLINE.match(line), _WRITERS_OF.fullmatch(line)
    return bool(_OUTLET.fullmatch(line) or (by and _WRITERS.match(by[1])) or (writers and _OUTLET.fullmatch(writers["outlet"])))


def is_credit(line: str) -> bool:
    """Whether a paragraph says who worked on an article, or how to reach its reporter."""
    return bool(_CONTRIBUTED.fullmatch(line) or (_REACH_TRADE.search(line) and _ADDRESS.search(line)))


def is_biography(line: str) -> bool:
    """Whether a paragraph says for whom somebody reports; of a journalist, an article can say that too."""
    return _BIOGRAPHY.match(line) is not None


def is_contact(line: str) -> bool:
    """Whether a paragraph says how to reach somebody, whoever that is."""
    return bool(_REACH_PERSON.search(line) and _ADDRESS.search(line))
