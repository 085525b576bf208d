import os

import pytest

from rag import Settings, read_articles
from rag.errors import InputError
from rag.types import Article, Fact, Provenance, Refusal
from tests.corpus import bad_documents
from tests.corpus.samples import MAIL, PAGE, TABLE, zipped


def read(*places, **settings):
    return list(read_articles(*places, settings=Settings(**settings)))


def test_a_missing_path_is_an_error_at_once_that_names_it(tmp_path):
    with pytest.raises(InputError, match=r"nothing\.txt: no such file or folder"):
        read_articles(tmp_path, tmp_path / "nothing.txt")


def test_a_folder_gives_its_articles_in_order_and_reasons_for_the_rest(tmp_path):
    (tmp_path / "b.txt").write_text("title: B\n\nText of b.")
    (tmp_path / "a.md").write_text("# A\n\nText of a.")
    (tmp_path / "c.jsonl").write_text('{"id": "c", "title": "C", "text": "Text of c."}')
    (tmp_path / "d.xyz").write_text("Text of d.")
    (tmp_path / "e.txt").write_text("")
    (tmp_path / "f.txt").write_bytes(b"\0\1\2")
    (tmp_path / "g.txt").write_text("x" * 2_000)
    (tmp_path / "gold.jsonl").write_text('{"question": "Why?"}')
    (tmp_path / ".hidden").write_text("hidden")
    items = read(tmp_path, max_article_bytes=1_000)
    assert [item.title for item in items if isinstance(item, Article)] == ["A", "B", "C"]
    refusals = {os.path.basename(item.origin): item.reason for item in items if isinstance(item, Refusal)}  # noqa: PTH119
    assert refusals.keys() == {"d.xyz", "e.txt", "f.txt", "g.txt"}
    assert "no reader for .xyz" in refusals["d.xyz"]
    assert "empty" in refusals["e.txt"]
    assert "binary" in refusals["f.txt"]
    assert refusals["g.txt"] == "the file has 2,000 bytes; the most is 1,000"


def test_a_file_has_the_same_id_however_it_is_named(tmp_path, monkeypatch):
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("Some text.")
    monkeypatch.chdir(folder)
    assert {item.id for place in (tmp_path, folder, folder / "a.txt", ".", "a.txt") for item in read(place)} == {"news/a.txt"}


def test_the_header_goes_before_what_the_page_says(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("id: own\npublished: 2001-02-03\n\nA headline\n4 May 2005\n\nThe text. It goes on.")
    (made,) = read(path)
    assert (made.id, made.title, str(made.published), made.text) == ("own", "A headline", "2001-02-03", "The text. It goes on.")


def test_a_file_without_a_title_has_its_name(tmp_path):
    (tmp_path / "notes.txt").write_text("One sentence only.")
    assert [item.title for item in read(tmp_path)] == ["notes"]


def test_a_web_address_is_refused_with_the_way_out():
    (refusal,) = read("https://example.org/article")
    assert refusal.origin == "https://example.org/article"
    assert "--fetch" in refusal.reason
    assert "save the page" in refusal.reason


def test_who_writes_an_address_over_a_text_does_not_make_it_an_id(tmp_path):
    (tmp_path / "a.txt").write_text("title: A lock\nurl: https://news.example/live\n\nThe lock opened.")
    (made,) = read(tmp_path)
    assert (made.id, made.url) == (f"{tmp_path.name}/a.txt", "https://news.example/live")


def test_a_day_that_is_only_guessed_is_told_and_dates_nothing(tmp_path):
    seen = "<p class='date'>5 April 2021</p>"
    (tmp_path / "a.html").write_bytes(PAGE.replace(b"<p>", f"{seen}<p>".encode()))
    (made,) = read(tmp_path)
    assert made.facts.published == Fact("2021-04-05", Provenance.GUESSED)
    assert made.published is None


@pytest.mark.parametrize(("name", "data"), [("a.html", PAGE), ("a.csv", TABLE), ("a.txt", b"The lock opened."), ("a.pdf", b"%PDF-1.7\n")])
def test_a_file_of_a_gigabyte_is_refused(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    os.truncate(tmp_path / name, 1_000_000_000)
    (refused,) = read(tmp_path)
    assert refused.reason == "the file has more than 100,000,000 bytes, the most that is read; split it"


def test_an_article_that_a_document_unpacks_to_is_no_larger_than_others(tmp_path):
    (tmp_path / "a.zip").write_bytes(zipped(a_eml=MAIL, b_eml=MAIL.replace(b"<1@", b"<2@").replace(b"opened", b"opened" * 1_000)))
    small, large = read(tmp_path, max_article_bytes=2_000)
    assert isinstance(small, Article)
    assert large == Refusal(f"{tmp_path}/a.zip:b.eml", "the article has 6,110 bytes; the most is 2,000")


@pytest.mark.skipif(os.name == "nt", reason="named pipes are a thing of Unix")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (refusal,) = read(tmp_path)
    assert "not a regular file" in refusal.reason


def test_links_that_go_in_circles_are_not_followed(tmp_path):
    (tmp_path / "a.txt").write_text("Some text.")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert len(read(tmp_path)) == 1


@pytest.mark.parametrize(
    ("address", "known_by"), [("https://news.example/lock", "https://news.example/lock"), ("lock", "a/page.html"), ("mailto:x", "a/page.html")]
)
def test_a_page_is_known_by_its_address_if_that_is_one(tmp_path, address, known_by):
    words = "The lock at the river's mouth opened in April, and boats have gone through it since then, said the harbour's office. "
    (tmp_path / "a").mkdir()
    page = f'<html><head><title>A lock</title><link rel="canonical" href="{address}"></head><body><article><p>{words * 3}</p></article></body></html>'
    (tmp_path / "a" / "page.html").write_text(page)
    (article,) = read(tmp_path)
    assert article.id == known_by


def test_two_pages_that_give_one_address_are_two_articles(archive, tmp_path):
    words = "The lock at the river's mouth opened in April, and boats have gone through it since then, said the harbour's office. "
    for n in (1, 2):
        (tmp_path / f"0{n}").mkdir()
        head = '<link rel="canonical" href="https://news.example/">'
        page = f"<html><head><title>Lock {n}</title>{head}</head><body><article><p>{words * 3} {n}</p></article></body></html>"
        (tmp_path / f"0{n}" / "index.html").write_text(page)
    assert archive.add(read_articles(tmp_path)).added == ("https://news.example/", "02/index.html")
    assert len(archive.add(read_articles(tmp_path)).unchanged) == 2


def test_two_books_of_one_id_are_two_articles_and_another_edition_in_its_place_is_the_same(archive, tmp_path):
    identifier = "<dc:identifier xmlns:dc='http://purl.org/dc/elements/1.1/' id='i'>template-1</dc:identifier>"

    def book(name, text):
        (tmp_path / name).write_bytes(bad_documents.epub(f"<p>{text}</p>", identifier, "unique-identifier='i'"))

    book("one.epub", "The lock opened.")
    book("two.epub", "The ferry sank.")
    both = ("template-1", f"{tmp_path.name}/two.epub")
    assert archive.add(read_articles(tmp_path)).added == both
    assert set(archive.add(read_articles(tmp_path / "two.epub", tmp_path / "one.epub")).unchanged) == set(both)
    book("one.epub", "The lock opened again.")
    assert archive.add(read_articles(tmp_path / "one.epub")).replaced == both[:1]
