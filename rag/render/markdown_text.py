"""Markdown that CommonMark, GitHub and pandoc read alike: the markup is the product's, every word of an article is literal."""

import re
import unicodedata
from collections.abc import Sequence
from string import punctuation

from rag.render.links import safe_url
from rag.render.parts import Part, near_parts, nearest, parts, rows
from rag.render.quotation import Quotation
from rag.render.story_parts import StoryPart, briefing_footer, briefing_notes, briefing_title, story_parts
from rag.render.words import GAP, NEAR_MISSES, difference_text, more_near, reason, searched_text, unconfirmed, unread
from rag.types import Answer, Briefing, Difference, Outcome, Quote

# What is markup in CommonMark, on GitHub or for pandoc, and no more. Typography is not: pandoc makes quotation marks and dashes
# typographic unless it is told `-f markdown-smart`, and a quote in which each apostrophe has a backslash is not for reading.
_MARKUP = re.compile(
    r"""(?P<item>^\(?(?:\d+|[A-Za-z]|[IVXLCDMivxlcdm]+)(?=[.)](?:\s|$)))  # 1. (a) iv)
    | [`*~^{|\\]                            # wherever it stands: it may have its pair anywhere
    | (?<![^\W_])_                          # after a letter it begins nothing
    | &(?=\#?\w+;) | <(?=[A-Za-z/!?])       # references, tags
    | \](?=[(:]) | \[(?=!)                  # links, definitions; GitHub's alerts
    | (?<=\S)\$ | ^\$(?!\d) | \$(?=\$)      # where mathematics may end
    | @(?=[\w{])                            # citations, mails
    | :(?=//) | :(?=[\w+-]+:)               # addresses, emoji
    | (?<=[Ww]{3})\.                        # addresses
    | ^(?:[>\#+:]|-(?=[-\s]|$)|=(?==*$))    # quotations, headings, lists, rules, definitions
    | (?<=\s)\#(?=\#*$)                     # what ends a heading""",
    re.VERBOSE,
)
# After a backslash these are mathematics or raw TeX in some dialect, GitHub's among them, or themselves with it.
_AS_REFERENCE = frozenset("&<[$\\")
# in an address this would be read as a character
_REFERENCE = re.compile(r"(&#?\w+);")
_ENCODED = r"\1%3B"
_SPACE = re.compile(r"\s+")


def markdown(answers: Sequence[Answer]) -> str:
    """The answers as one Markdown document, each under its question, with all that `answer_text` shows."""
    return "\n\n".join(_answer(answer) for answer in answers) + "\n"


def briefing_markdown(briefing: Briefing, base: str | None = None) -> str:
    """The stories as a Markdown document, each under its headline; `base` is as for `story_parts`."""
    blocks = [f"# {escaped(briefing_title(briefing))}", *map(escaped, briefing_notes(briefing))]
    blocks += [_story(part) for part in story_parts(briefing, base)]
    return "\n\n".join([*blocks, escaped(briefing_footer(briefing))]) + "\n"


def escaped(text: str) -> str:
    """Text as one line that every dialect shows as the characters that it is; white space is folded."""
    return _literal(" ".join(text.split()))


def _literal(text: str) -> str:
    return _MARKUP.sub(_literal_match, text)


def _literal_match(match: re.Match[str]) -> str:
    return f"{match[0]}\\" if match["item"] else _literal_character(match[0])


def _literal_character(character: str) -> str:
    return _reference(character) if character in _AS_REFERENCE else f"\\{character}"


def _answer(answer: Answer) -> str:
    blocks = [f"# {escaped(answer.question)}"]
    blocks += [escaped(text) for text in (unread(answer.searched.damaged), reason(answer)) if text]
    blocks += [_difference(difference, answer.quotes) for difference in answer.differences]
    blocks += [escaped(unconfirmed(answer.quotes))] if unconfirmed(answer.quotes) else []
    blocks += [_part(shown) for shown in parts(answer)]
    near, rest = nearest(answer)
    blocks += [escaped(NEAR_MISSES)] if near and answer.outcome is not Outcome.WEAK_EVIDENCE else []
    blocks += [_part(shown) for shown in near_parts(answer)]
    blocks += [escaped(f"{more_near(len(rest))}: not shown here.")] if near and rest else []
    blocks.append(escaped(searched_text(answer.searched)))
    return "\n\n".join(blocks)


def _story(part: StoryPart) -> str:
    blocks = [f"## {escaped(part.article.title)}"]
    for sentence in part.sentences:
        blocks += [_block_quote(Quotation(sentence.text)), " · ".join([escaped(sentence.place), *_link(sentence.link)])]
    source = [" · ".join([*map(escaped, part.byline), *_link(part.url)])]
    source += [f"{named[0]}: {'; '.join(map(escaped, named[1:]))}" for named in (part.others, part.copies) if named]
    return "\n\n".join([*blocks, "\\\n".join(source)])


def _difference(difference: Difference, quotes: Sequence[Quote]) -> str:
    table = ["| Published | Value | Quote | Article |", "|---|---|---|---|"]
    table += [f"| {row.day} | {escaped(row.value)} | {row.number} | {escaped(row.article)} |" for row in rows(difference, quotes)]
    return "\n".join([escaped(difference_text(difference, quotes)), "", *table])


def _part(shown: Part) -> str:
    number = [f"**{shown.number}**"] if shown.number else []
    blocks = [" · ".join([*number, *(escaped(piece) for piece in (shown.day, shown.confidence) if piece)])]
    # the gap stands outside: with its lead inside one quotation, a quote would read as if the article had said them together
    blocks.append(f"\n\n{escaped(GAP)}\n\n".join(map(_block_quote, shown.quotations)))
    source = " · ".join([*map(escaped, shown.citation), *_link(shown.url)])
    if shown.speaker is not None:
        source = f"attributed to: {escaped(shown.speaker)} · {shown.speaker_at}\\\n{source}"
    if shown.copies:
        source += f"\\\n{shown.copies[0]}: {'; '.join(map(escaped, shown.copies[1:]))}"
    return "\n\n".join([*blocks, source])


def _block_quote(quotation: Quotation) -> str:
    """The words with their own lines and paragraphs, each behind a quotation's mark."""
    paragraphs: list[list[str]] = [[]]
    for line in quotation.lines():
        if line.text.strip():
            paragraphs[-1].append(_line(line))
        else:
            paragraphs.append([])
    # the backslash keeps a line's end
    return "\n>\n".join("\\\n".join(f"> {line}" for line in lines) for lines in paragraphs if lines)


def _line(line: Quotation) -> str:
    """A line as `escaped` makes it, with the words that answer in bold, but for a character beside them that no reference can name."""
    before, bold, after = _trimmed(line)
    if not bold or not all(_can_be_named(beside) for beside in (before[-1:], after[:1])):
        return escaped(line.text)
    left, right = _literal(before), _literal(after)
    # Next to a word, asterisks beside a mark are no markup but themselves. So the word's letter is named: a reference begins and
    # ends with a mark.
    if not bold[0].isalnum() and not _parts(before[-1:]):
        left = f"{left[:-1]}{_reference(before[-1])}"
    if not bold[-1].isalnum() and not _parts(after[:1]):
        right = f"{_reference(after[0])}{right[1:]}"
    return f"{left}**{_literal(bold)}**{right}"


def _trimmed(line: Quotation) -> tuple[str, str, str]:
    """The pieces of a line with white space folded, and none at the edges of the middle one: asterisks beside it would be themselves."""
    before, bold, after = line.pieces
    begins, ends = len(bold) - len(bold.lstrip()), len(bold.rstrip())
    pieces = (before + bold[:begins], bold[begins:ends], bold[ends:] + after) if begins < ends else (line.text, "", "")
    before, bold, after = (_SPACE.sub(" ", piece) for piece in pieces)
    return before.lstrip(), bold, after.rstrip()


def _parts(character: str) -> bool:
    """Whether every dialect takes the character, or a line's end, for one between words: white space, or punctuation in each version of Unicode."""
    return not character or character == " " or character in punctuation or unicodedata.category(character)[0] == "P"


def _can_be_named(character: str) -> bool:
    # some dialects take a reference to what is no character for a mistake
    return not character or unicodedata.category(character) != "Cn"


def _reference(character: str) -> str:
    return f"&#{ord(character)};"


def _link(url: str | None) -> list[str]:
    """The address as a link to itself, or as text where it should not be one, or nothing."""
    if not url:
        return []
    safe = safe_url(url)
    return [f"<{_REFERENCE.sub(_ENCODED, safe)}>" if safe else escaped(url)]
