"""A text's words as they are compared: two ways of writing one number or unit are one word, two numbers or units never are.

By them near-copies are told: one agency's story in several articles, with small edits or cut short.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property

from rag.english.words import SCALES
from rag.values.numbers import GLUED
from rag.values.tokens import NUMERAL, SIGN, plain
from rag.values.units import CODES, DOLLARS, MONEY_WORDS, SIGNS, UNITS

# scripts written without spaces between words: each character is taken as a word
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_MONEY = rf"(?:(?<!\w)(?:{'|'.join(DOLLARS)})\$|[{''.join(SIGNS)}]|(?<!\w)(?-i:{'|'.join(CODES)})\s?(?=\d))"
_SCALE = rf"(?:{'|'.join(GLUED)}|\s?(?:{'|'.join(SCALES)}))(?!\w)"
# Most words begin with no sign and end at a letter: they are looked for first. What stands between two words begins none, and is passed over
# a few characters at a time, so that a long run of it takes no long time.
_BETWEEN = rf"[^\w%°–−\-{''.join(SIGNS)}]{{0,3}}"
_PLAIN = rf"(?!minus\s|per\s?cent\b|degrees?\b|(?-i:{'|'.join(CODES)})\s?\d)(?-i:[A-Za-z]+)(?![\w$])"
_WORD = re.compile(
    rf"{_BETWEEN}(?:(?P<plain>{_PLAIN})"
    rf"|(?P<minus>{SIGN})?(?:(?P<money>{_MONEY})(?P<inner>[–−-])?)?(?P<number>{NUMERAL})(?P<scale>{_SCALE})?"
    rf"|(?P<sign>{_MONEY})|(?P<share>%|per\s?cent\b)|(?P<degree>°|degrees?\b)(?:\s?(?P<of>[cf])(?:elsius|ahrenheit)?\b)?"
    rf"|(?P<other>[{_UNSPACED}]|[^\W{_UNSPACED}]+))",
    re.IGNORECASE,
)
_CURRENCIES = SIGNS | {f"{country}$": code for country, code in DOLLARS.items()}
_SCALES = {value: name for name, value in SCALES.items()}
_ALIKE = {name: f"{factor:g} {unit}" for name, (unit, factor) in UNITS.items()}
_ALIKE |= {name: code.lower() for name, code in MONEY_WORDS.items()} | {"pound": "gbp", "pounds": "gbp"}
# Broder, "On the resemblance and containment of documents" (1997): the share of the shorter text's runs of four words
# that the longer one has. A copy with every tenth word changed still shares about two thirds of them; two reports of
# one event, each in its own words, share few beyond names and titles.
SHARED = 0.6
_RUN = 4
# Below this many runs a shared phrase weighs too much: short texts are copies only when they have the same words.
_FEWEST = 20
# A form that is filled in anew (a quarter's results, a forecast) shares its words and not its numbers: of so many
# different ones, this share has to stand in both texts. A copy that was brought up to date has changed a few of them.
_FEWEST_NUMBERS = 5
SHARED_NUMBERS = 0.5


def near_copies(a: str, b: str) -> bool:
    """Whether the shorter of two texts is, but for small edits, (a part of) the longer one; case and punctuation do not count, signs and units do.

    A form that was filled in with other numbers is no copy.
    """
    return Wording(a).copies(Wording(b))


class Wording:
    """A text's words, to compare it with several others."""

    def __init__(self, text: str) -> None:
        self.words = [word for word, _ in wording(text)]

    def copies(self, other: "Wording") -> bool:
        """Whether the two texts are near-copies, as `near_copies` has it."""
        if self.words == other.words:
            return True
        if self.is_short or other.is_short:
            return False
        fewest = min(len(self.runs), len(other.runs))
        return len(self.runs & other.runs) >= SHARED * fewest and self._has_numbers_of(other)

    @property
    def is_short(self) -> bool:
        """Whether it is a copy only of what has the same words."""
        return len(self.runs) < _FEWEST

    def _has_numbers_of(self, other: "Wording") -> bool:
        fewest = min(len(self.numbers), len(other.numbers))
        return fewest < _FEWEST_NUMBERS or len(self.numbers & other.numbers) >= SHARED_NUMBERS * fewest

    @cached_property
    def runs(self) -> set[tuple[str, ...]]:
        return set(zip(*(self.words[start:] for start in range(_RUN)), strict=False))

    @cached_property
    def numbers(self) -> set[str]:
        return {word for word in self.words if word.lstrip("-")[:1].isdecimal()}


def wording(text: str) -> Iterator[tuple[str, int]]:
    """Each word, casefolded in NFKC, and where it ends in the text (a code point); a currency comes after its number, wherever it stood."""
    for match in _WORD.finditer(text):
        if match["plain"]:
            word = match["plain"].lower()
            yield _ALIKE.get(word, word), match.end()
        elif match["number"]:
            yield from _figure(match)
        elif match["sign"]:
            yield _currency(match["sign"]), match.end()
        elif match["share"]:
            yield "%", match.end()
        elif match["degree"]:
            yield "degree", match.end("degree")
            if match["of"]:
                yield match["of"].lower(), match.end()
        else:
            word = _folded(match["other"])
            yield _ALIKE.get(word, word), match.end()


def _figure(match: re.Match[str]) -> Iterator[tuple[str, int]]:
    minus = "-" if match["minus"] or match["inner"] else ""
    yield minus + _folded(plain(match["number"]) or match["number"]), match.end("number")
    if match["scale"]:
        scale = _folded(match["scale"].strip())
        # "5m" may be metres where it is no money
        yield _SCALES[GLUED[scale]] if scale in GLUED and (match["money"] or scale != "m") else scale, match.end()
    if match["money"]:
        yield _currency(match["money"]), match.end()


def _currency(sign: str) -> str:
    sign = sign.strip().lower()
    return _CURRENCIES.get(sign, sign).lower()


def _folded(word: str) -> str:
    return word.lower() if word.isascii() else unicodedata.normalize("NFKC", word).casefold()
