"""What the paragraphs of a text are, as their own words and their neighbours tell: for text without structure, and what structure leaves open.

The rules are about forms, and of news in English. Each is of a whole paragraph; what more than one reading
fits is the article's own. `docs/evaluation.md` says how often they are right on articles that none was made for.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from rag.corpus.dates import possible_days
from rag.types import Kind, Part, Span

_SITES = "facebook|twitter|x|instagram|linkedin|whatsapp|telegram|youtube|reddit|email"
# whole lines in which a site speaks to its visitor, and no sentence that an article could hold
CHROME = re.compile(
    rf"""^(?:
        (?:please\s+)?(?:sign|log)\s(?:in|up|out)(?:\s(?:here|now))?[!.]?$
      | (?:please\s+)?(?:sign|log)\s(?:in|up)\sto\s(?:see|view|read|search|save|post|join|leave|comment|continue|access|receive)\b[^.]{{0,60}}!?$
      | (?:subscribe|sign\sup)\s(?:to|for)\s(?:our|the)\b.{{0,60}}\b(?:newsletters?|updates|alerts|briefing)\b.{{0,60}}$
      | start\syour\s(?:day|morning|week)\swith\sour\b.*\b(?:briefing|newsletter|news)\b.*$
      | get\s(?:our|the\slatest)\b.{{0,80}}\b(?:in\syour\sinbox|newsletters?|app)\b.{{0,30}}$
      | (?:follow|like|join|find)\sus\son\s(?:{_SITES})\b.{{0,40}}$
      | (?:read|see)\s(?:more|also)\s*[:|][^.]{{0,100}}$
      | (?:share|print|email)\s(?:this|via|on)\s(?:article|page|story|post|{_SITES})[!.]?$
      | (?:advertisement|sponsored\scontent|skip\sto\s(?:main\s)?content|related\s(?:stories|articles|topics)|most\s(?:read|popular))[:.]?$
      | (?:we\suse|this\s(?:site|website)\suses)\scookies\b.{{0,120}}$
      | (?:copyright|©)\s.{{0,120}}all\srights\sreserved\.?$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
CHROME_CHARS = 200
BYLINE = re.compile(r"^by\s+(\w[\w.'’-]*(?:[\s,]+(?:and\s+)?\w[\w.'’-]*){0,7})$", re.IGNORECASE)
# quotation marks, brackets, footnote marks
_AFTER_STOP = r"(?:[\"'”’»)\]*†]|\s?\[\w{1,12}\])*$"
ENDS_SENTENCE = re.compile(rf"[.!?…:;。！？।؟]{_AFTER_STOP}")
ENDS_STATEMENT = re.compile(rf"[.…;:。।]{_AFTER_STOP}")
_SENTENCE_INSIDE = re.compile(r"[.?]['\"”’)]*\s+[A-Z\"“]")
# a line longer than this was not wrapped by hand, so lines are paragraphs
_WRAPPED_CHARS = 120

_MAKER = r"(?:ai|a\.i\.|artificial\sintelligence|machine|automatically|chatgpt)"
_MADE = r"(?:generated|assisted|written|made|created|powered|produced)"
_SUMMED = r"(?:summary|overview|highlights|takeaways|key\spoints|digest)"
_BY_MACHINE = rf"(?:(?:an?|the|this)\s)?{_MAKER}[-\s](?:{_MADE}\s)?(?:article\s)?{_SUMMED}"
MACHINE = re.compile(
    rf"(?:{_BY_MACHINE}|(?:(?:an?|the|this)\s)?{_SUMMED}\s(?:was\s|is\s)?{_MADE}\s(?:by|with|using)\s(?:an?\s)?{_MAKER}\b.{{0,40}})\W*",
    re.IGNORECASE,
)
_MACHINE_SAYS = re.compile(rf"{_BY_MACHINE}:?\s(?=(?-i:[A-Z]))", re.IGNORECASE)
# such boxes have so many points, a sentence each
_POINTS = 3

_UPPER = "A-ZÀ-ÖØ-Þ"
_WORD = rf"[{_UPPER}][\w.'’-]*"
_NAME = rf"{_WORD}(?: (?:[a-z]{{2,5}} )?{_WORD}){{1,3}}"
_NAMES = rf"{_NAME}(?:(?:,? and |, ){_NAME}){{0,5}}"
_WIRE = r"(?:AFP|AP|EPA|Reuters|Getty Images)"

# Who gave a picture, where a line or sentence begins or ends.
CREDIT = re.compile(
    rf"""(?i:^(?:file\s)?(?:photo(?:graph)?s?|images?|pictures?|video|illustration|credits?)(?:\s(?:source|credit|illustration))?)(?::|\sby\s[{_UPPER}])
      | (?i:\b(?:photo(?:graph)?s?|images?|pictures?|video|illustration)(?:\s(?:source|credit|illustration))?)(?::|\sby\s[{_UPPER}])[^.:]{{2,60}}\W*$
      | ^(?i:pictured)\b
      | \b(?i:file\sphoto)\b\W*$
      | \bGetty\sImages\b[^.]{{0,20}}$
      | \((?:AFP|AP|EPA|Reuters)(?:\s[Pp]hoto)?(?:/[^()]{{1,60}})?\)\W*$
      | [.!?]['"”’)]*\s(?:AFP|AP|EPA|Reuters)$
      | \b[Cc]ourtesy(?:\sof)?\s[{_UPPER}][^.]{{2,60}}$
      | (?:^|(?<!\bvs)[.!?]['"”’)]*\s)(?:{_WORD}\s){{0,4}}{_WORD}(?:/{_WORD}(?:\s(?:via\s)?{_WORD}){{0,3}}){{1,3}}$
      | [{_UPPER}][\w.]*/{_WIRE}(?:/[\w\s]+)?$
    """,
    re.VERBOSE,
)

_PRESS = r"(?:press|times|post|news|journal|tribune|herald|gazette|register|republic|chronicle|star|today|network|wire|reuters|ap|afp|upi|\w+\.com)"
# whom the writers of an article write for, as the line below their names has it
_OUTLET = re.compile(
    rf"""(?i:special|exclusive)\s(?:to|for)\s\S.*
      | (?i:from)\s.*\b(?i:reports|services?)
      | .*\b(?i:staff(?:\s(?:writers?|reporters?))?|(?:opinion\s)?(?:columnists?|contributors?)|correspondents?)
      | (?:{_WORD}\s){{0,4}}(?:\(.{{3,20}}\)\s)?(?:{_WORD}[\s-])?(?i:{_PRESS})(?:[\s-]{_WORD})?(?:\s\|\s\S+)?""",
    re.VERBOSE,
)
_WRITERS = re.compile(_NAMES)
_WRITERS_OF = re.compile(rf"({_NAMES}), (.+)")
_TRADE = r"(?:reporters?|journalists?|columnists?|correspondents?|(?:staff|features) writers?|editors?|producers?)"
_ADDRESS = rf"(?:\S@\S|\s@\w|\b(?:{_SITES.replace('|x|', '|X|')})\b|\d{{3}}[-.)\s]\s?\d{{3}})"
_HAS_ADDRESS = re.compile(_ADDRESS, re.IGNORECASE)
_REACH = r"(?:^|[.!?;]\s|\band\s|\b[Yy]ou\s(?:can|may)\s)(?i:reach(?:\sout\sto)?|contact|e-?mail|follow|find|tweet)\s"
_REACH_TRADE = re.compile(rf"{_REACH}(?:[\w\"“”'’.]+\s){{0,5}}{_TRADE}\b|{_REACH}the\s(?:author|writer)\b")
_REACH_PERSON = re.compile(rf"{_REACH}(?:(?i:him|her|them|me)\b|{_WORD}\s{_WORD}|@)|\bcan be reached\b")
_BIOGRAPHY = re.compile(
    rf"{_NAME}(?: \".*?\" {_WORD})? (?:is|are|was) (?:an?|the|our|{_WORD}(?: {_WORD}){{0,3}}['’]s?) (?:[^.,]{{0,60}} )?{_TRADE}\b"
    rf"|{_NAME} (?:covers|writes about|reports on) [^.]+ for {_WORD}",
    re.IGNORECASE,
)
_CONTRIBUTED = re.compile(
    rf"""(?:[–—−-]\s?)?(?:contributing:\s\S.*
      | .{{3,200}}\bcontributed\s(?:\w+\s)?(?:reporting|to\s(?:this|the)\s(?:story|report(?:ing)?|article|column))\W*
      | \(?(?:additional\s)?(?:reporting|writing|editing)\sby\s(?-i:[{_UPPER}]).*)""",
    re.IGNORECASE | re.VERBOSE,
)
_SIGNED = re.compile(rf"(?:[–—−]\s?|-){_NAMES}")

_PLACED = re.compile(rf"[{_UPPER}][\w\s,.'’()-]{{1,60}}\s[—–]")
_UPDATED = re.compile(r"(?:last )?(?:updated|published|posted|modified)\b", re.IGNORECASE)
_UPDATE = re.compile(
    r"\(?(?:the headline of )?this (?:story|article|post|report|page|file) (?:has been|was|will be|is being) (?:first |last |originally )?"
    r"(?:updated|published|posted)\b(?!.*\b(?:correct|clarif))[^.]*\W*",
    re.IGNORECASE,
)

_MORE = (
    r"(?:(?:read|see|learn|find out|watch|listen)(?: more| also| now)?|more(?: (?:on|from|about|stories|coverage|news)\b[^.:]{0,40}|)|"
    r"related(?: \w+)?|(?:people|others) (?:are )?(?:also )?read(?:ing)?|recommended|previously|explainer)"
)
_LEADS_AWAY = re.compile(rf"{_MORE}\s?[:|]\s*\S.*", re.IGNORECASE)
_LEADS_LIST = re.compile(
    r"(?:(?:read|see|learn) (?:more|also)|more (?:stories|coverage|news|from)\b[^.:?]{0,40}|related(?: (?:stories|articles|topics|coverage|links))?"
    r"|most (?:read|popular)|recommended(?: for you)?|you (?:may|might) (?:also )?like|(?:people|others) (?:are )?also read(?:ing)?)[:.]?",
    re.IGNORECASE,
)
_MOST_LISTED = 5
# what is left of a link to another article: its label and its headline, with no space between
_GLUED = re.compile(rf"[^:.|]{{2,70}}:(?=[{_UPPER}'‘\"“])\S+(?: \S+){{3,}}")
_LABELLED = re.compile(rf"[{_UPPER}\d][{_UPPER}\d ,'’&?!-]{{2,60}}: [{_UPPER}'‘\"“]\S*(?: \S+){{3,}}")
_LINKS = re.compile(r"[^.:]{2,60}: https?://\S+(?:(?: and)? https?://\S+)*")
_HEADLINE_CHARS = 200

_ASKS = r"(?:Sign[ -][Uu]p|SIGN[ -]UP|Subscribe|SUBSCRIBE)"
_PROMOTES = re.compile(
    rf"""\b{_ASKS}\b.*\b(?i:newsletters?|inbox|alerts?|briefings?|roundup|our|journalism|podcast|texts?)\b
      | (?i:\b(?:newsletters?|inbox|journalism)\b).*\b{_ASKS}\b
      | \b{_ASKS}(?:\s(?:here|now|today))?[.!]?$
      | \b(?i:subscribe)\sto\s[^.!?]{{1,60}}[.!]?$
      | (?i:\b(?:delivered|straight|right)\s(?:directly\s)?to\syour\s(?:inbox|phone)\b)
      | (?i:\bsupport\s(?:local|quality|independent|our)\sjournalism\b | \bbecome\san?\s(?:\w+\s){{0,4}}subscriber\b)
      | (?i:\b(?:may|might|could)\searn\s(?:us\s)?an?\s(?:\w+\s)?(?:commission|fee)\b)
      | (?i:\bneed\sa\s(?:\w+\s)?break\?)
      | \b(?:Play|Check\sout|Try)\s(?:the|our|all)\b[^.!?]*\b(?i:crossword|puzzles?|games|quiz|newsletter)\b
      | \b(?:Follow|Like)\s(?:us|{_WORD}(?:\s{_WORD}){{0,3}})\son\s(?i:{_SITES})\b""",
    re.VERBOSE,
)
_COMMENTS = re.compile(
    r"""(?:leave|post|add|write)\sa\s(?:comment|reply)\b.*
      | (?:\d+|no)\scomments?
      | (?:join|start)\sthe\s(?:conversation|discussion)\b.*
      | (?:[^.?!]{0,80}[.?!]\s)?(?:tell\sus|let\sus\sknow|share\syour\s(?:thoughts|views|opinions?|story|stories))\b.*\b(?:comments?|below|think|e-?mail|us)\b.*
      | [^.?!]*\?\s(?:please\s)?(?:e-?mail|write\sto|contact)\sus\b.*""",
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST = 500


def is_wrapped(text: str) -> bool:
    """Whether lines were ended by hand, so that paragraphs are the blocks between blank lines."""
    return all(len(line) <= _WRAPPED_CHARS for line in text.split("\n"))


def divided(text: str, parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts of a text, those of its body divided where a paragraph in them shows itself to be something else.

    A text without parts is all body. The new parts have the place and the box of that which they are of; where nothing
    shows itself to be other than body, the parts are as they were.
    """
    found = furniture(text)
    if not found:
        return tuple(parts)
    return tuple(piece for part in parts or (Part(Span(0, len(text)), Kind.BODY),) for piece in _pieces(text, part, found))


def furniture(text: str) -> tuple[Part, ...]:
    """The paragraphs of a text that are not its own words, without the blanks around them, each with what it is."""
    spans = list(_paragraphs(text))
    found = zip(spans, kinds([" ".join(span.of(text).split()) for span in spans]), strict=True)
    return tuple(Part(span, kind) for span, kind in found if kind is not Kind.BODY)


def kinds(paragraphs: Sequence[str]) -> list[Kind]:
    """The kind of each paragraph of an article, in their order; BODY where nothing tells another."""
    found = [_alone(paragraph) for paragraph in paragraphs]
    for number in range(len(paragraphs)):
        _beside(number, paragraphs, found)
    _head(paragraphs, found)
    _tail(paragraphs, found)
    return found


def _paragraphs(text: str) -> Iterator[Span]:
    end = r"\n[ \t]*\n" if "\n\n" in text and is_wrapped(text) else r"\n"
    start = 0
    for piece in re.split(f"({end})", text):
        if bare := piece.strip():
            first = start + piece.index(bare[0])
            yield Span(first, first + len(bare))
        start += len(piece)


def _pieces(text: str, part: Part, found: Sequence[Part]) -> Iterator[Part]:
    if part.kind is not Kind.BODY:
        yield part
        return
    at, end = part.span.start, part.span.end
    for other in takewhile(lambda other: other.span.start < end, found[bisect_right(found, at, key=lambda other: other.span.end) :]):
        start, stop = max(other.span.start, at), min(other.span.end, end)
        yield from _body(text, part, at, start)
        yield replace(part, span=Span(start, stop), kind=other.kind)
        at = stop
    yield from _body(text, part, at, end)


def _body(text: str, part: Part, start: int, end: int) -> Iterator[Part]:
    """What is left of a part between two others, without the blanks around it, if anything is."""
    if bare := text[start:end].strip():
        first = text.index(bare[0], start)
        yield replace(part, span=Span(first, first + len(bare)))


def _alone(line: str) -> Kind:
    """What a paragraph is by its own words."""
    bare = line.lstrip("►•▶ ")
    if len(line) > _LONGEST:
        return Kind.BODY
    if MACHINE.fullmatch(bare) or _MACHINE_SAYS.match(bare):
        return Kind.MACHINE_SUMMARY
    if _leads_away(bare):
        return Kind.RELATED
    if CREDIT.search(bare):
        return Kind.CAPTION
    if _CONTRIBUTED.fullmatch(bare) or (_REACH_TRADE.search(bare) and _HAS_ADDRESS.search(bare)):
        return Kind.BYLINE
    if _UPDATE.fullmatch(bare) or (_UPDATED.match(bare) and possible_days(bare)):
        return Kind.DATELINE
    if _COMMENTS.fullmatch(bare):
        return Kind.COMMENT
    if _PROMOTES.search(bare) and not re.search(r"\s@\w", bare):
        return Kind.PROMOTION
    return Kind.PAGE_FURNITURE if len(bare) <= CHROME_CHARS and CHROME.match(bare) else Kind.BODY


def _leads_away(line: str) -> bool:
    """Whether it is a link to another article."""
    if len(line) > _HEADLINE_CHARS:
        return False
    label = line.partition(":")[0]
    ends = ENDS_STATEMENT.search(line)
    if _LEADS_LIST.fullmatch(line) or (_LEADS_AWAY.fullmatch(line) and not (ends and _SENTENCE_INSIDE.search(label))):
        return True
    return bool(_GLUED.fullmatch(line) and (not ends or label.endswith("?") or label.isupper()))


def _beside(number: int, lines: Sequence[str], found: list[Kind]) -> None:
    """What a paragraph is by those beside it."""
    line = lines[number]
    before, after = lines[number - 1] if number else "", lines[number + 1] if number + 1 < len(lines) else ""
    if found[number] is Kind.MACHINE_SUMMARY and (number == 0 or found[number - 1] is not Kind.MACHINE_SUMMARY):
        points = _POINTS if MACHINE.fullmatch(line) else _POINTS - 1
        following = takewhile(lambda at: ENDS_SENTENCE.search(lines[at]) and not _SENTENCE_INSIDE.search(lines[at]), range(number + 1, len(lines)))
        for at in list(following)[:points]:
            found[at] = Kind.MACHINE_SUMMARY
    elif found[number] is Kind.RELATED and _LEADS_LIST.fullmatch(line):
        for at in range(number + 1, min(number + 1 + _MOST_LISTED, len(lines))):
            # below links that show themselves to be such, a line that does not is a heading
            if ENDS_STATEMENT.search(lines[at]) or (_leads_away(lines[at - 1]) and at - 1 > number and not _leads_away(lines[at])):
                break
            found[at] = Kind.RELATED
    elif found[number] is not Kind.BODY:
        return
    elif _SIGNED.fullmatch(line) and _is_prose(before) and not _SIGNED.fullmatch(after):
        found[number] = Kind.BYLINE
    elif len(line) <= _HEADLINE_CHARS and _is_label(line) and not (_is_label(before) or _is_label(after)):
        found[number] = Kind.RELATED


def _is_prose(line: str) -> bool:
    return len(line) > _WRAPPED_CHARS or bool(ENDS_SENTENCE.search(line))


def _is_label(line: str) -> bool:
    """Whether it is a headline after a label in capitals, as links to other articles are; a table of "WHEN:" and "WHERE:" is, too."""
    label, _, headline = line.partition(": ")
    ends = ENDS_STATEMENT.search(line) or headline.endswith("?") or _SENTENCE_INSIDE.search(headline)
    return bool(_LABELLED.fullmatch(line) and label.isupper() and not (ends or headline.isupper()))


def _head(lines: Sequence[str], found: list[Kind]) -> None:
    """Marks the writers, whom they write for, the place and the day, above the first prose."""
    head: list[int] = []
    for number, line in enumerate(lines):
        if found[number] is Kind.BODY:
            if _is_prose(line) and not possible_days(line):
                break
            head.append(number)
    for number in head:
        line = lines[number]
        if possible_days(line) or _PLACED.fullmatch(line):
            found[number] = Kind.DATELINE
        elif BYLINE.match(line) or _OUTLET.fullmatch(line) or ((both := _WRITERS_OF.fullmatch(line)) and _OUTLET.fullmatch(both[2])):
            found[number] = Kind.BYLINE
    for number in reversed(head):
        below = found[number + 1] if number + 1 < len(found) else Kind.BODY
        if found[number] is Kind.BODY and below in (Kind.BYLINE, Kind.DATELINE) and _WRITERS.fullmatch(lines[number]):
            found[number] = Kind.BYLINE


def _tail(lines: Sequence[str], found: list[Kind]) -> None:
    """Marks who wrote it and how to reach them, and where there is more, below the last prose."""
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        if found[number] is not Kind.BODY or not any(map(str.isalnum, line)):
            continue
        if len(line) <= _LONGEST and (_BIOGRAPHY.match(line) or (_REACH_PERSON.search(line) and _HAS_ADDRESS.search(line))):
            found[number] = Kind.BYLINE
        elif _LINKS.fullmatch(line):
            found[number] = Kind.RELATED
        else:
            return
