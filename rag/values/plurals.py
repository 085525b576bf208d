"""Plurals of English nouns, by their endings and a list of the irregular ones."""

_ENDINGS = (
    ("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("zes", "ze"), ("ouses", "ouse"), ("auses", "ause"),
    ("uses", "us"), ("oes", "o"), ("ss", "ss"), ("us", "us"), ("is", "is"), ("s", ""),
)  # fmt: skip
_IRREGULAR = {
    "people": "person", "persons": "person", "children": "child", "men": "man", "women": "woman", "lives": "life", "wolves": "wolf",
    "knives": "knife", "wives": "wife", "shelves": "shelf", "thieves": "thief", "mice": "mouse", "geese": "goose", "teeth": "tooth",
    "feet": "foot", "shoes": "shoe", "series": "series", "species": "species", "aircraft": "aircraft", "spacecraft": "spacecraft",
    "fish": "fish", "sheep": "sheep", "police": "police", "crises": "crisis", "buses": "bus", "gases": "gas", "movies": "movie",
    "ties": "tie", "viruses": "virus", "data": "data", "media": "media", "personnel": "personnel", "staff": "staff", "news": "news",
}  # fmt: skip
_PLURALS = frozenset(_IRREGULAR) - {"data", "media", "news", "personnel", "staff"}
_NO_PLURALS = frozenset(
    "news overseas always perhaps towards afterwards sometimes besides regardless nowadays plus minus sales whereas alias".split()
)


def singular(word: str) -> str:
    """The singular, in lower case, of a regular or common irregular English plural."""
    word = word.lower().replace("’", "'").removesuffix("'s")
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("men") and len(word) > 4:
        return f"{word[:-2]}an"
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending):
            return word.removesuffix(ending) + instead
    return word


def plural(word: str) -> bool:
    """Whether a word in lower case is likely a plural."""
    if word in _PLURALS:
        return True
    if not word.endswith(("s", "men")) or "'" in word or "’" in word or len(word) < 4:
        return False
    return word.endswith("men") or (not word.endswith(("ss", "us", "is")) and word not in _NO_PLURALS)
