"""Damaged documents: each copy of a real one that lost its end, or has wrong bits, is read, or refused with a reason."""

import io
import random
import zipfile
from importlib import import_module
from pathlib import Path

import pytest

from rag.corpus.draft import Draft
from rag.errors import InputError

REAL = Path("../shared/data/formats")
FILES = {"docx": "word_tables.docx", "odt": "text_document_03.odt", "epub": "w3c_scr-support_scrolled-doc.epub", "rtf": "test.rtf"}


def copies(data):
    """20 copies without their ends, and 20 with one to 20 bits changed."""
    chance = random.Random(16)
    for _ in range(20):
        yield data[: chance.randrange(len(data))]
    for _ in range(20):
        changed = bytearray(data)
        for _ in range(chance.randint(1, 20)):
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        yield bytes(changed)


def outcome(kind, data):
    """ "read", or the reason of the refusal."""
    try:
        drafts = list(import_module(f"rag.corpus.formats.{kind}").read(data, FILES[kind]))
    except InputError as error:
        return str(error)
    return "read" if drafts and all(isinstance(draft, Draft) and draft.text for draft in drafts) else ""


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared files are not here")
@pytest.mark.parametrize("kind", FILES)
def test_a_damaged_copy_is_read_or_refused_with_a_reason(kind):
    assert all(outcome(kind, data) for data in copies((REAL / kind / FILES[kind]).read_bytes()))


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared files are not here")
@pytest.mark.parametrize(
    ("kind", "part"), [("docx", "word/document.xml"), ("docx", "word/styles.xml"), ("odt", "content.xml"), ("epub", "EPUB/package.opf")]
)
def test_a_damaged_part_is_read_or_refused_with_a_reason(kind, part):
    """A ZIP file's sums find nearly every change, so here a part is changed before it is packed."""
    with zipfile.ZipFile(REAL / kind / FILES[kind]) as package:
        parts = {name: package.read(name) for name in package.namelist() if not name.endswith("/")}
    for changed in copies(parts[part]):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as package:
            for name, data in {**parts, part: changed}.items():
                package.writestr(name, data)
        assert outcome(kind, made.getvalue())
