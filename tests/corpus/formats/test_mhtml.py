import random
from contextlib import suppress
from email.message import EmailMessage

import pytest

from rag.corpus.canonical_text import canonical
from rag.corpus.formats import html
from rag.corpus.formats.mhtml import read
from rag.errors import InputError
from rag.types import Fact, Provenance
from tests.corpus.formats.pages import ALL, SAID, page

ADDRESS = "https://example.org/bridge"


def saved(data, address=ADDRESS, frames=(), cte="quoted-printable", **parameters):
    """A page saved as one file, with its frames before it where the file names its root."""
    message = EmailMessage()
    message["From"] = "<Saved by a browser>"
    message["Subject"] = "Die Brücke – saved"
    message["Date"] = "Thu, 26 Nov 2026 15:32:52 +0000"
    message["MIME-Version"] = "1.0"
    message.add_header("Content-Type", "multipart/related", type="text/html", **parameters)
    for content, location, id in [*((frame, "https://example.org/frame", "<frame@x>") for frame in frames), (data, address, "<root@x>")]:
        part = EmailMessage()
        part.set_content(content, maintype="text", subtype="html", cte=cte)
        part["Content-Location"], part["Content-ID"] = location, id
        message.attach(part)
    return message.as_bytes()


def read_one(data):
    (draft,) = read(data, "page.mhtml")
    return draft


@pytest.mark.parametrize("cte", ["quoted-printable", "base64", "8bit"])
def test_the_page_is_read_and_the_file_tells_what_it_does_not(cte):
    draft = read_one(saved(page(f"<article>{ALL}<p>Ein Café – „dort“.</p></article>", head=""), cte=cte))
    assert draft.text.split("\n") == [*SAID, "Ein Café – „dort“."]
    assert (draft.facts.url, draft.facts.title) == (Fact(ADDRESS, Provenance.MAIL), Fact("Die Brücke – saved", Provenance.MAIL))
    assert (draft.facts.published, draft.facts.source) == (None, Fact("example.org", Provenance.GUESSED))
    assert draft.parts[0].place == "/html/body/article/p[1]"


def test_the_page_itself_goes_before_the_file():
    draft = read_one(saved(page(ALL, '<title>A bridge</title><link rel="canonical" href="https://example.org/canonical">')))
    assert (draft.facts.title.value, draft.facts.url.value) == ("A bridge", "https://example.org/canonical")


def test_the_root_is_the_page_and_frames_are_left_out():
    draft = read_one(saved(page(ALL), frames=[page("<p>What stands in a frame.</p>")], start="<root@x>"))
    assert draft.text.split("\n") == list(SAID)


def test_the_encoding_that_the_file_tells_goes_before_the_pages():
    data = saved(page(ALL.replace("Orrin", "Łódź"), '<meta charset="iso-8859-1">', encoding="cp1250"))
    told = data.replace(b"Content-Type: text/html", b'Content-Type: text/html; charset="windows-1250"')
    assert "Łódź" in read_one(told).text


@pytest.mark.parametrize(
    "data",
    [
        b"MIME-Version: 1.0\nContent-Type: multipart/related\n\nnothing\n",
        b"",
        b'Content-Type: multipart/related; boundary="a"\n\n--a\nContent-Type: image/png\n\nx\n--a--\n',
    ],
)
def test_a_file_without_a_page_is_refused(data):
    with pytest.raises(InputError, match="no web page in it"):
        read_one(data)


def test_a_file_of_parts_within_parts_is_refused():
    data = b"".join(b'Content-Type: multipart/related; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(5_000))
    with pytest.raises(InputError, match="nested too deeply|no web page"):
        read_one(data)


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_file_is_read_or_refused(seed):
    chance = random.Random(seed)
    whole = bytearray(saved(page(ALL)))
    cut = whole[: chance.randrange(len(whole))]
    for _ in range(20):
        whole[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
    for data in (bytes(cut), bytes(whole)):
        with suppress(InputError):
            assert (text := read_one(data).text) == canonical(text) != ""


@pytest.mark.parametrize("name", ["article", "list", "letters", "frame", "quotation"])
def test_what_chromium_saves(browser, name, tmp_path):
    bodies = {
        "article": f"<article><h1>A bridge</h1>{ALL}</article>",
        "list": f"<article>{ALL}<ul><li>The first arch</li><li>The second = last arch</li></ul></article>",
        "letters": f"<article>{ALL}<p>“Café” – 橋が開通した 🌉 {'x' * 100}=3D</p></article>",
        "frame": f"<article>{ALL}</article><iframe srcdoc='<p>What stands in a frame.</p>'></iframe>",
        "quotation": f"<article>{ALL}<blockquote>It will open.</blockquote></article>",
    }
    path = tmp_path / "page.html"
    path.write_bytes(data := page(bodies[name], '<meta charset="utf-8"><title>A bridge</title>'))
    tab = browser.new_page()
    tab.goto(path.as_uri())
    snapshot = tab.context.new_cdp_session(tab).send("Page.captureSnapshot", {"format": "mhtml"})["data"]
    tab.close()
    (before,) = html.read(data, "page.html")
    draft = read_one(snapshot.encode())
    assert (draft.text, draft.facts.title) == (before.text, before.facts.title)
    assert draft.facts.url is None
