"""Quotation marks in pairs, and which words stand for people, bodies and documents: what `rag.speakers` and `rag.context` both read."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from rag.types import Span

_MARK = re.compile("[\"“”„«»‘’']|\\n[^\\S\\n]*\\n")
_CLOSERS = {"“": '”"', "„": "“”", "«": "»", '"': '"', "‘": "’'", "'": "'’"}
_SINGLE = "‘'"
_ELISIONS = ("em ", "tis ", "twas ", "til ", "cause ", "bout ", "n ", "n' ", "n’ ")
_TOKEN = re.compile(
    r"\x01+|\n+|(?:[A-Z]\.){2,}|(?:Mr|Mrs|Ms|Dr|Gen|Sen|Gov|Rep|Lt|Col|Sgt|Capt|St|Jr|Sr|Prof|Rev|[A-Z])\.|[\w\u0300-\u036f$€£%]+(?:[-’'&./][\w\u0300-\u036f$€£%]+)*(?:(?<=s)['’](?=\s))?|[^\w\s]"
)
MASK = "\x01"

WOMEN = frozenset(
    "wife sister daughter mrs ms miss spokeswoman chairwoman congresswoman councilwoman policewoman mother actress queen princess duchess".split()
)
MEN = frozenset("husband brother son mr sir spokesman chairman congressman councilman policeman fisherman father actor king prince duke".split())
_ROLES = (
    "adviser advisor agent aide ambassador analyst architect artist athlete attorney author banker biologist bishop boss broker captain "
    "cardinal ceo cfo chair chairman chairperson chairwoman chancellor chief clerk coach columnist commander commentator commissioner "
    "comptroller congressman congresswoman consultant coordinator coroner correspondent councillor councilman councilwoman counselor creator critic "
    "curator "
    "cyclist dean defendant delegate democrat deputy designer detective developer diplomat director doctor driver economist editor employee "
    "engineer envoy "
    "epidemiologist executive expert farmer father filmmaker firefighter fisherman founder co-founder friend general governor head "
    "historian host investigator investor journalist judge justice king lawmaker lawyer leader lecturer legislator lieutenant librarian lobbyist "
    "manager master mayor meteorologist minister monk mother musician negotiator neighbor neighbour nurse officer official operator opponent "
    "organizer "
    "organiser owner pastor patient photographer physician pilot player plaintiff policeman policewoman politician pope premier president priest "
    "prince princess principal producer professor prosecutor protester psychologist publicist queen recruiter regulator reporter representative "
    "republican "
    "researcher resident scholar scientist secretary senator sergeant sheriff shopper skipper soldier source speaker specialist spokesman "
    "spokesperson spokeswoman strategist student supporter surgeon survivor suspect teacher technician trader treasurer veteran "
    "victim vice-president warden winner witness woman man worker writer publisher actor actress activist advocate campaigner "
    "captain mp congressperson superintendent trainer buyer seller customer tourist traveler passenger parent sister brother daughter son wife "
    "husband widow"
).split()
PERSONS = frozenset(_ROLES) - {"general", "justice", "deputy", "executive", "chief", "head"} | {
    "chief",
    "head",
    "general",
    "executive",
    "deputy",
    "justice",
}
_IRREGULAR = (
    "police people men women authorities officials children families clergy staff congressmen policemen fishermen spokesmen mps secretaries attorneys"
).split()
MANY = (
    frozenset(f"{role}s" for role in _ROLES) | frozenset(_IRREGULAR) | frozenset("forecasters pollsters prosecutors others militants rebels".split())
)
BODIES = frozenset(
    "academy administration agency airline airlines airport alliance archive army association assembly authority bank board brand broadcaster "
    "bureau cabinet campaign "
    "carmaker center centre chain charity church city club coalition coastguard college commission committee company congress consortium "
    "corporation council country county court defence defense department desk district division embassy factory federation firm force foundation "
    "fund "
    "government group guard hospital house inc industry institute institution jury laboratory lab league legislature manufacturer maker magazine "
    "ministry mission movement museum nation navy network newspaper ngo office operator opposition park organisation organization outlet "
    "paper parliament party platform programme project prosecution publication regime region regulator restaurant retailer school senate service "
    "services society startup state station store studio supplier syndicate team think-tank tank treasury tribunal union university venture "
    "watchdog website zoo corp ltd llc plc times post news journal herald tribune press union magazine media radio tv pentagon kremlin "
    "police society nato reuters bloomberg un eu us u.s. uk".split()
)
DOCUMENTS = frozenset(
    "account advisory affidavit analysis announcement article audit bill biography book briefing bulletin charge charges claim column complaint "
    "conclusion "
    "data dispatch document documents estimate estimates figures filing filings findings forecast guidance guidelines headline indictment "
    "information "
    "interview invitation investigation judgment lawsuit leaflet letter list manual memo memorandum message monitor note notice obituary ombudsman "
    "paper papers page poll poster "
    "prospectus readout record records release report reports research review rule rules ruling sign statement statistics story studies study "
    "summary suit survey surveys tally testimony text timeline transcript transcripts tweet update verdict version website email e-mail post".split()
)
COUNTRIES = frozenset(
    "afghanistan argentina australia austria bangladesh beijing belarus belgium berlin brazil britain brussels bulgaria cambodia canada chile china "
    "colombia "
    "croatia cuba cyprus czechia denmark egypt england estonia ethiopia europe finland france gaza germany ghana greece hungary iceland india "
    "indonesia "
    "iran iraq ireland israel italy jamaica japan jordan kenya kosovo kuwait kyiv laos latvia lebanon libya lithuania london luxembourg madrid "
    "malaysia malta "
    "mexico moldova mongolia morocco moscow myanmar nepal netherlands nigeria norway oman pakistan palestine panama paris peru philippines poland "
    "portugal qatar romania russia rwanda scotland serbia singapore slovakia slovenia somalia spain sudan sweden switzerland syria taiwan tanzania "
    "tehran thailand tokyo tunisia turkey uganda ukraine uruguay venezuela vietnam wales washington yemen zambia zimbabwe america africa asia "
    "alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois indiana iowa kansas kentucky "
    "louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon pennsylvania "
    "tennessee texas utah vermont virginia wisconsin wyoming chicago boston".split()
)
_PLACE_STARTS = frozenset("north south east west new united saint san los las st. el hong sri saudi costa puerto".split())
TIMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november "
    "december jan. feb. aug. sept sept. oct oct. nov nov. dec dec. today yesterday tomorrow tonight morning afternoon evening night week month year "
    "weekend earlier later recently now "
    "then ago spring summer autumn winter noon".split()
)
DETERMINERS = frozenset(
    "the a an its his her their our my this that these those some many several both one two three four five six most another all".split()
)
PREPOSITIONS = frozenset(
    "of for at with from in on by to into about against over under near between among after before during through within across inside outside "
    "per via since until without towards toward than like including".split()
)
STOPS = frozenset(
    "and or but nor so yet if when while because although though whereas as unless whether where who whom whose which what how why that there here "
    "is are was were be been being am has have had do does did will would can could shall should may might must not never "
    "he she they it we i you him them us me himself herself themselves itself who's it's that's there's "
    "however meanwhile also too still just even only again instead later then once very more most much up down out off back away".split()
)

# any of these stands for someone who can act, none of those can be a name
SOMEONE = PERSONS | MANY | BODIES
NAMELESS = STOPS | DETERMINERS | PREPOSITIONS


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a mark, or a masked quotation, with its place in the article."""

    word: str
    span: Span

    @property
    def lower(self) -> str:
        return self.word.lower().replace("’", "'")

    @property
    def capital(self) -> bool:
        return self.word[0].isupper() or (len(self.word) > 1 and self.word[1].isupper())

    @property
    def letters(self) -> bool:
        return self.word[0].isalnum()


class Kind(Enum):
    """What a phrase names, as far as its words tell."""

    PERSON = "person"
    MANY = "many"
    BODY = "body"
    DOCUMENT = "document"
    UNKNOWN = "unknown"


def quotations(text: str, window: Span) -> list[Span]:
    """The outermost quotations in `window`, marks included, in order.

    A quotation left open at a paragraph's end goes on where the next paragraph
    opens with the same mark, as newspapers set it; else it ends with its paragraph.
    """
    found: list[Span] = []
    marks: list[re.Match[str]] = []
    carried: int | None = None
    for mark in _MARK.finditer(text, window.start, window.end):
        if mark.group()[0] == "\n":
            carried = _paragraph(text, marks, carried, mark.span(), found)
            marks = []
        else:
            marks.append(mark)
    _paragraph(text, marks, carried, (window.end, window.end), found)
    return found


def tokens(text: str, window: Span, quoted: Sequence[Span]) -> list[Token]:
    """The words and marks of `window`, each of the `quoted` spans as one token of MASK."""
    return [
        Token(match.group(), Span(window.start + match.start(), window.start + match.end()))
        for match in _TOKEN.finditer(masked(text, window, quoted))
    ]


def masked(text: str, window: Span, quoted: Sequence[Span]) -> str:
    """The characters of `window`, with MASK for every character that is quoted."""
    pieces, at = [], window.start
    # those before the window are many where the text is
    for span in quoted[bisect_right(quoted, window.start, key=lambda span: span.end) :]:
        if span.start >= window.end:
            break
        start, end = max(span.start, at), min(span.end, window.end)
        if start < end:
            pieces += [text[at:start], MASK * (end - start)]
            at = end
    return "".join([*pieces, text[at : window.end]])


def kind(words: Sequence[Token]) -> Kind:
    """What the noun phrase `words` names."""
    head = list(_head(words))
    if not head:
        return Kind.UNKNOWN
    last = head[-1].lower
    for of_that_kind, known in ((Kind.PERSON, PERSONS), (Kind.MANY, MANY), (Kind.DOCUMENT, DOCUMENTS), (Kind.BODY, BODIES)):
        if last in known and not (of_that_kind is Kind.DOCUMENT and head[-1].capital and last in BODIES):
            return of_that_kind
    return _named(head)


def gender(words: Sequence[Token]) -> str:
    """`she`, `he` or nothing, where a title or role says it."""
    lowers = {token.lower.rstrip(".") for token in words}
    return "she" if lowers & WOMEN else "he" if lowers & MEN else ""


def capital_inside(text: str, window: Span, word: str) -> bool:
    """Whether `word`, as it is written, stands after another in `window` too: then its capital is not only that of a sentence."""
    return any(text.find(f"{before} {word}", window.start, window.end) >= 0 for before in "abcdefghijklmnopqrstuvwxyz,")


def _head(words: Sequence[Token]) -> Iterator[Token]:
    """The words before the first preposition, without the determiner."""
    for position, token in enumerate(words):
        if token.lower in PREPOSITIONS and position:
            return
        if token.letters and not (position == 0 and token.lower in DETERMINERS):
            yield token


def _named(head: Sequence[Token]) -> Kind:
    capitals = [token for token in head if token.capital]
    lowers = [token.lower for token in capitals]
    if not capitals or not head[-1].capital:
        return Kind.UNKNOWN
    if any(token.lower in PERSONS for token in head[:-1]):
        return Kind.PERSON
    if any(word in BODIES or word in COUNTRIES for word in lowers) or lowers[0] in _PLACE_STARTS or capitals[-1].word.isupper():
        return Kind.BODY
    if any(not token.word.replace("-", "").replace("’", "").replace("'", "").replace(".", "").isalpha() for token in capitals):
        return Kind.BODY
    return Kind.PERSON if 2 <= len(capitals) <= 4 else Kind.UNKNOWN


def _paragraph(text: str, marks: Sequence[re.Match[str]], carried: int | None, gap: tuple[int, int], found: list[Span]) -> int | None:
    """Adds the paragraph's quotations to `found`; gives where one began that goes on after the `gap`."""
    spans, opened = _pair(text, marks, carried, singles=True)
    if opened is not None and text[opened] in _SINGLE:
        # what looked like an opening mark was an apostrophe
        spans, opened = _pair(text, marks, carried, singles=False)
    found += spans
    if opened is None:
        return None
    follows = text[gap[1] : gap[1] + 40].lstrip()[:1]
    if follows == text[opened]:
        return opened
    if text[opened] in "“„«" and gap[0] > opened:
        found.append(Span(opened, gap[0]))
    return None


def _pair(text: str, marks: Sequence[re.Match[str]], carried: int | None, *, singles: bool) -> tuple[list[Span], int | None]:
    """The paragraph's outermost quotations, and where one began that does not close."""
    found: list[Span] = []
    start, tentative = carried, None
    for number, mark in enumerate(marks):
        at, sign = mark.start(), mark.group()
        if start is None:
            if _opens(text, at, singles):
                start, tentative = at, None
            continue
        if number == 0 and carried is not None and sign == text[carried]:
            continue
        if sign not in _CLOSERS[text[start]] or not _closes(text, at):
            continue
        if _possessive(text, at):
            tentative = at if tentative is None else tentative
            continue
        found.append(Span(start, at + 1))
        start = None
    if start is not None and tentative is not None:
        found.append(Span(start, tentative + 1))
        start = None
    return found, start


def _opens(text: str, at: int, singles: bool) -> bool:
    sign, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if sign in "“„«":
        return True
    if sign == '"':
        return not after.isspace() and after != "" and not before.isalnum() and before not in tuple(".,!?")
    if not singles or sign not in _SINGLE or before.isalnum() or (before in tuple('.,!?;”"') and before):
        return False
    return (after.isalpha() or after in tuple('“"[…$£€')) and not text.startswith(_ELISIONS, at + 1)


def _closes(text: str, at: int) -> bool:
    sign, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if sign in "'’":
        return not (after.isalnum() or before.isspace())
    return sign != '"' or not before.isspace() or not after.isalnum()


def _possessive(text: str, at: int) -> bool:
    """Whether a single mark may be the apostrophe of a plural: the boats’ owners."""
    return text[at] in "'’" and text[at - 1 : at] in ("s", "z") and text[at + 1 : at + 2] == " " and text[at + 2 : at + 3].islower()
