"""How many words and patterns the rules about English list: they may only grow with a gain on the labelled sets.

Whoever adds words or patterns says in the commit what that gained there, in precision and recall, and raises the ceiling by
what was added; who takes some away lowers it.
"""

import ast
from pathlib import Path

import pytest

import rag

PACKAGE = Path(rag.__file__).parent
# the words listed, the patterns compiled, and the alternatives ("|") in these and in the pieces that they are made of
CEILINGS = {
    "english": (1742, 18, 35),
    "values": (616, 5, 61),
    "differences": (83, 7, 126),
    "question.py": (99, 2, 5),
    "web/followup.py": (153, 2, 1),
}


def listed(source):
    """Words, patterns and alternatives of a module.

    Words are those of every string that is split, that is an element of a tuple, list, set or dict, or that has a name and no alternatives.
    """
    words = patterns = alternatives = 0
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
                words += sum(map(_words, elements))
            case ast.Dict(keys=keys, values=values):
                words += sum(map(_words, [*keys, *values]))
            case ast.Call(func=ast.Attribute(attr="split", value=text)):
                words += _words(text)
            case ast.Call(func=ast.Attribute(value=ast.Name("re"), attr="compile")):
                patterns += 1
            case ast.Assign(value=ast.Constant(value=str(text)) as named) if " " in text and "|" not in text:
                words += _words(named)
            case ast.Constant(value=str(text)):
                alternatives += text.count("|")
            case _:
                pass
    return words, patterns, alternatives


def _words(element):
    return len(element.value.split()) if isinstance(element, ast.Constant) and isinstance(element.value, str) else 0


def counts(room):
    files = sorted(room.rglob("*.py")) if room.is_dir() else [room]
    return tuple(map(sum, zip(*(listed(path.read_text(encoding="utf-8")) for path in files), strict=True)))


@pytest.mark.parametrize("room", CEILINGS)
def test_no_room_of_rules_lists_more_than_its_ceiling(room):
    found = counts(PACKAGE / room)
    assert all(n <= most for n, most in zip(found, CEILINGS[room], strict=True)), f"{found}: say what it gained on the labelled sets"


def test_words_are_counted_however_they_are_listed():
    source = 'A = frozenset("a an the".split())\nB = {"of": 1, "by": 2} | {"to"}\nC = "one two"\nD = re.compile("x|y")\nE = re.compile(rf"{D}|z")'
    # three, three and two; a pattern each, with an alternative each
    assert listed(source) == (8, 2, 2)
