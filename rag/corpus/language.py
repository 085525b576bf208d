"""The language of a text, by py3langid, where nothing says it."""

import re

_FEWEST_LETTERS = 40
# So much of a text shows its language; the rest would only take time.
_LOOKED_AT = 4_000
# "en", "en-GB", "pt_BR", "zh-Hant"; also "eng", which is no code of two letters and is left out
_CODE = re.compile(r"([a-z]{2})(?:[-_].*)?", re.IGNORECASE | re.ASCII)


def language_of(text: str) -> str | None:
    """The code of two letters of the language that the text is likeliest in; None where it has under 40 letters."""
    if sum(map(str.isalpha, text[:_LOOKED_AT])) < _FEWEST_LETTERS:
        return None
    # its model takes a second to load, and a question needs none
    import py3langid  # noqa: PLC0415

    code, _ = py3langid.classify(text[:_LOOKED_AT])
    return str(code)


def language_code(declared: str) -> str | None:
    """The code of two letters of what a document declares, such as "en" of "en-GB"; None where it is none."""
    match = _CODE.fullmatch(declared.strip())
    return match[1].lower() if match else None
