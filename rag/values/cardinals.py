"""The words that numbers are written in."""

from rag.values.tokens import DASHES, Tokens

_ONE_TO_NINETEEN = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
CARDINALS = {word: value for value, word in enumerate(_ONE_TO_NINETEEN.split(), 1)}
TENS = {word: value for value, word in zip(range(20, 100, 10), "twenty thirty forty fifty sixty seventy eighty ninety".split(), strict=True)}
SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0}


def below_hundred(tokens: Tokens, at: int) -> tuple[int, int]:
    """One to ninety-nine in words, and the token after it; 0 where there is none."""
    word = tokens.words[at]
    if word in CARDINALS:
        return CARDINALS[word], at + 1
    if word not in TENS:
        return 0, at
    unit = at + 2 if tokens.words[at + 1] in DASHES and tokens.glued(at + 1) else at + 1
    one = CARDINALS.get(tokens.words[unit], 10)
    return (TENS[word] + one, unit + 1) if one < 10 else (TENS[word], at + 1)
