"""What a paragraph is by its own words: the forms that furniture has in English news, and an article's sentences have not.

What more than one reading fits is the article's own. `rag.corpus.line_kinds` adds what the paragraphs beside one tell.
"""

import re

from rag.corpus.dates import possible_days
from rag.corpus.writers import HANDLE, SITES, UPPER, WORD, is_credit
from rag.types import Kind

# more than that is no line of a page's furniture, and no headline
LONGEST, _HEADLINE_CHARS = 500, 200
# whole lines in which a site speaks to its visitor, and no sentence that an article could hold
CHROME = re.compile(
    rf"""^(?:
        (?:please\s+)?(?:sign|log)\s(?:in|up|out)(?:\s(?:here|now))?[!.]?$
      | (?:please\s+)?(?:sign|log)\s(?:in|up)\sto\s(?:see|view|read|search|save|post|join|leave|comment|continue|access|receive)\b[^.]{{0,60}}!?$
      | (?:subscribe|sign\sup)\s(?:to|for)\s(?:our|the)\b.{{0,60}}\b(?:newsletters?|updates|alerts|briefing)\b.{{0,60}}$
      | start\syour\s(?:day|morning|week)\swith\sour\b.*\b(?:briefing|newsletter|news)\b.*$
      | get\s(?:our|the\slatest)\b.{{0,80}}\b(?:in\syour\sinbox|newsletters?|app)\b.{{0,30}}$
      | (?:follow|like|join|find)\sus\son\s(?:{SITES})\b.{{0,40}}$
      | (?:read|see)\s(?:more|also)\s*[:|][^.]{{0,100}}$
      | (?:share|print|email)\s(?:this|via|on)\s(?:article|page|story|post|{SITES})[!.]?$
      | (?:advertisement|sponsored\scontent|skip\sto\s(?:main\s)?content|related\s(?:stories|articles|topics)|most\s(?:read|popular))[:.]?$
      | (?:we\suse|this\s(?:site|website)\suses)\scookies\b.{{0,120}}$
      | (?:copyright|©)\s.{{0,120}}all\srights\sreserved\.?$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
CHROME_CHARS = 200
# quotation marks, brackets, footnote marks
_AFTER_STOP = r"(?:[\"'”’»)\]*†]|\s?\[\w{1,12}\])*$"
ENDS_SENTENCE = re.compile(rf"[.!?…:;。！？।؟]{_AFTER_STOP}")
ENDS_STATEMENT = re.compile(rf"[.…;:。।]{_AFTER_STOP}")
# a full stop or question mark before another sentence
_GOES_ON = re.compile(r"[.?]['\"”’)]*\s+[A-Z\"“]")
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

_AGENCY = r"(?:AFP|AP|EPA|Reuters|Getty\sImages)"
_PICTURE = r"(?i:(?:file\s)?(?:photo(?:graph)?s?|images?|pictures?|video|illustration)(?:\s(?:source|credit|illustration))?)"
_OF = rf"(?::|\s(?i:by)\s[{UPPER}])"
# who gave a picture, where a line or sentence begins or ends
CREDIT = re.compile(
    rf"""^(?:{_PICTURE}|(?i:credits?)){_OF}[^.!?\d]*$
      | [.!?|(\[]['"”’)]*\s?{_PICTURE}{_OF}[^.:\d]{{2,60}}\W*$
      | ^(?i:pictured)\b
      | \b(?i:file\sphoto)\b\W*$
      | (?:/|\bvia\s|[.:]\s)Getty\sImages\b[^.]{{0,20}}$ | ^Getty\sImages$
      | \({_AGENCY}(?:\s[Pp]hoto)?(?:/[^()]{{1,60}})?\)\W*$
      | [.!?]['"”’)]*\s{_AGENCY}$
      | \b[Cc]ourtesy(?:\sof)?\s[{UPPER}][^.]{{2,60}}$
      | (?<!\bvs)[.!?]['"”’)]*\s(?:{WORD}\s){{0,4}}{WORD}(?:/{WORD}(?:\s(?:via\s)?{WORD}){{0,3}}){{1,3}}(?<!\.)$
      | [{UPPER}][\w.]*/{_AGENCY}(?:/[\w\s]+)?$""",
    re.VERBOSE,
)

_UPDATED = re.compile(r"(?:last )?(?:updated|published|posted|modified)\b", re.IGNORECASE)
_UPDATE = re.compile(
    r"\(?(?:the headline of )?this (?:story|article|post|report|page|file) (?:has been|was|will be|is being) "
    r"(?:(?:last )?updated|(?:first|originally) (?:published|posted)(?! (?:in \d|by )))\b(?!.*\b(?:correct|clarif))[^.]*\W*",
    re.IGNORECASE,
)

# a note that the text was wrong or was changed; what only tells of such a thing is the article's own
_PIECE = r"(?:article|blog|column|entry|feature|interview|page|piece|post|report|review|story)"
_THIS = rf"\bthis\s(?:[\w.’'-]+\s){{0,3}}{_PIECE}\b"
_BEFORE = rf"(?:earlier|previous|prior|original|initial)\sversion\sof\sthis\s(?:[\w’'-]+\s){{0,2}}{_PIECE}\b"
_WRONG = r"\b(?:mis\w{3,}ed|misspelt|incorrect(?:ly)?|inaccura\w+|erroneous(?:ly)?|wrong(?:ly)?|errors?|mistak\w+|correct(?:s|ed|ly)?|clarif\w+)\b"
# "Correction, March 3:", "Update (10.05 am):", "Corrections & clarifications —"
_LABELS = r"(?:\sappended)?(?:[,.]?\s\(?(?=[^:]{0,30}\d)[^—–]{0,40}?\)?)?(?:\s?[:—–]|\s-)\s"
_CORRECTION = re.compile(rf"(?:a\scorrection\swas\smade|corrections?(?:\s(?:and|&)\sclarifications?)?|clarifications?){_LABELS}", re.IGNORECASE)
_NOTE = re.compile(rf"(?:editor(?:['’]?s|s['’])?\snote|for\sthe\srecord|note|updated?){_LABELS}", re.IGNORECASE)
_WAS_WRONG = re.compile(rf"{_THIS}|{_BEFORE}|{_WRONG}", re.IGNORECASE)
_WAS_CHANGED = re.compile(
    rf"""(?:(?:because\sof|due\sto|owing\sto)\san?\s(?:\w+\s)?error,\s)?(?:(?:an?|the)\s(?:[\w’'-]+\s){{1,3}}(?:in|on|to|of)\s)?(?:an?\s|the\s)?{_BEFORE}
        (?:\s(?:\w+ly\s)?(?!appeared|published|posted|aired)(?:\w+ed|said|gave|had|did|put|left)\b|.*{_WRONG})
      | {_THIS}\s(?:corrects\s(?:an?|paragraph|that|the)\b
        |(?:has\sbeen|was)\s(?:since\s)?(?:(?:corrected|clarified)(?!\s(?:by|in)\b)|amended\son\s(?:\w+\s)?\d
          |(?:amended|changed|edited|refiled|revised|updated)\b.*{_WRONG}))""",
    re.IGNORECASE | re.VERBOSE,
)
_UPDATED_TO = re.compile(rf"{_THIS}\s(?:has\sbeen|was)\supdated\sto\b", re.IGNORECASE)

_LEADS_AWAY = re.compile(
    r"(?:(?:read|watch|listen|see|learn|find out) (?:more|also|now)"
    r"|more(?: (?:on|from|about|stories|coverage|news)\b[^.:]{0,40})?|related(?: \w+)?"
    r"|(?:people|others) (?:are )?(?:also )?read(?:ing)?)\s?[:|]\s*(?-i:[^a-z\s])\S*(?: \S+){2,}",
    re.IGNORECASE,
)
_OVER_LINKS = re.compile(
    r"(?:(?:read|see|learn) (?:more|also)|more (?:stories|coverage|news|from)\b[^.:?]{0,40}|related(?: (?:stories|articles|topics|coverage|links))?"
    r"|most (?:read|popular)|recommended for you|you (?:may|might) (?:also )?like|(?:people|others) (?:are )?also read(?:ing)?)[:.]?",
    re.IGNORECASE,
)
# what is left of a link to another article: its label and its headline, with no space between
_GLUED = re.compile(rf"[^:.|]{{2,70}}:(?=[{UPPER}'‘\"“])\S+(?: \S+){{3,}}")
_LABELLED = re.compile(rf"[{UPPER}\d][{UPPER}\d ,'’&?!-]{{2,60}}: [{UPPER}'‘\"“]\S*(?: \S+){{3,}}")

_ASKS = r"(?:Sign[ -][Uu]p|SIGN[ -]UP|Subscribe|SUBSCRIBE)"
_PROMOTES = re.compile(
    rf"""\b{_ASKS}\b.*\b(?i:newsletters?|inbox|briefings?|roundup|our|journalism|podcast)\b
      | (?i:\b(?:newsletters?|inbox|journalism)\b).*\b{_ASKS}\b
      | [.!?:]['"”’)]*\s{_ASKS}(?:\s(?:here|now|today))?[.!]?\)?$
      | \bSubscribe\sto\s[^.!?]{{1,60}}[.!]?$
      | (?i:\b(?:delivered|straight|right)\s(?:directly\s)?to\syour\s(?:inbox|phone)\b)
      | \b(?:Support|SUPPORT)\s(?i:(?:local|quality|independent|our)\sjournalism)\b
      | (?i:\bbecome\san?\s(?:\w+\s){{0,4}}subscriber\s(?:today|now|to\sget)\b)
      | (?i:\b(?:links?|we)\b.*\b(?:may|might|could)\searn\s(?:us\s)?an?\s(?:\w+\s)?(?:commission|fee)\b)
      | \b(?:Play|Check\sout|Try)\s(?:the|our|all)\b[^.!?]*\b(?i:crossword|puzzles|quiz|newsletter)\b
      | \b(?:Follow|Like)\s(?:us|{WORD}(?:\s{WORD}){{0,3}})\son\s(?i:{SITES})\b""",
    re.VERBOSE,
)
_COMMENTS = re.compile(
    r"""(?:leave|post|add|write)\sa\s(?:comment|reply)\b.*
      | (?:\d+|no)\scomments?
      | (?:join|start)\sthe\s(?:conversation|discussion)\b.*
      | (?:[^.?!]{0,80}[.?!]\s)?(?:tell\sus|let\sus\sknow|share\syour\s(?:thoughts|views|opinions?|story))\b.*\b(?:comments?|below|think|e-?mail)\b.*
      | [^.?!]*\?\s(?:please\s)?(?:e-?mail|write\sto|contact)\sus\b.*""",
    re.IGNORECASE | re.VERBOSE,
)


# A site speaks to its visitor, as it is now; these tell of others, or of what is past: "…, the band told its fans."
_TELLS = re.compile(r"\b(?:said|says|told|wrote|was|were|had|did)\b|,\s(?:[\w’'-]+\s){1,6}\w{2,}ed\b")


def is_wrapped(text: str) -> bool:
    """Whether lines were ended by hand, so that paragraphs are the blocks between blank lines."""
    return all(len(line) <= _WRAPPED_CHARS for line in text.split("\n"))


def is_prose(line: str) -> bool:
    """Whether it is a sentence, or too long for a heading."""
    return len(line) > _WRAPPED_CHARS or bool(ENDS_SENTENCE.search(line))


def is_one_sentence(line: str) -> bool:
    return bool(len(line) <= LONGEST and ENDS_SENTENCE.search(line) and not _GOES_ON.search(line))


def is_over_links(line: str) -> bool:
    """Whether it heads links to other articles: "Related:", "More from this paper"."""
    return bool(_OVER_LINKS.fullmatch(line))


def is_link(line: str) -> bool:
    """Whether it is a link to another article: a headline after its label, "Read more: …"."""
    if len(line) > _HEADLINE_CHARS:
        return False
    label = line.partition(":")[0]
    is_glued = _GLUED.fullmatch(line) and (label.endswith("?") or label.isupper() or not ENDS_STATEMENT.search(line))
    return bool(is_glued or _LEADS_AWAY.fullmatch(line))


def is_label(line: str) -> bool:
    """Whether it is a headline after a label in capitals, as links to other articles are; so is each line of "WHEN: …", "WHERE: …"."""
    if len(line) > _HEADLINE_CHARS or not _LABELLED.fullmatch(line):
        return False
    label, _, headline = line.partition(": ")
    whole = not (ENDS_STATEMENT.search(line) or headline.endswith("?") or _GOES_ON.search(headline))
    return whole and label.isupper() and not headline.isupper()


def form(line: str) -> Kind:
    """What a paragraph, without line ends, is by its own words; BODY where they do not tell."""
    bare = line.lstrip("►•▶ ")
    if len(bare) > LONGEST:
        return Kind.BODY
    found = next((kind for kind, is_such in _FORMS if is_such(bare)), Kind.BODY)
    return Kind.BODY if found in _SPEAKS and _TELLS.search(bare) and not _GOES_ON.search(bare) else found


def _is_machines(line: str) -> bool:
    return bool(MACHINE.fullmatch(line) or _MACHINE_SAYS.match(line))


def _is_update(line: str) -> bool:
    return bool(_UPDATE.fullmatch(line) or (_UPDATED.match(line) and possible_days(line)))


def _is_correction(line: str) -> bool:
    bare = line.lstrip("*†‡•–—([ ")
    if labelled := _CORRECTION.match(bare):
        return bool(_WAS_WRONG.search(bare, labelled.end()))
    note = _NOTE.match(bare)
    said = bare[note.end() :] if note else bare
    return bool(_WAS_CHANGED.match(said) or (note and _UPDATED_TO.match(said)))


def _is_promotion(line: str) -> bool:
    return bool(_PROMOTES.search(line) and not (HANDLE.search(line) or line.startswith(("“", '"'))))


def _is_chrome(line: str) -> bool:
    return len(line) <= CHROME_CHARS and bool(CHROME.match(line))


# in which a site speaks to its visitor
_SPEAKS = (Kind.COMMENT, Kind.PROMOTION, Kind.PAGE_FURNITURE)
# in the order in which they are asked
_FORMS = (
    (Kind.MACHINE_SUMMARY, _is_machines),
    (Kind.RELATED, lambda line: is_link(line) or is_over_links(line)),
    (Kind.CAPTION, CREDIT.search),
    (Kind.BYLINE, is_credit),
    (Kind.CORRECTION, _is_correction),
    (Kind.DATELINE, _is_update),
    (Kind.COMMENT, _COMMENTS.fullmatch),
    (Kind.PROMOTION, _is_promotion),
    (Kind.PAGE_FURNITURE, _is_chrome),
)
