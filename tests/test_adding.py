import os
from dataclasses import replace
from pathlib import Path

import pytest

from rag import Refusal, read_articles
from rag.adding import Fate
from rag.types import Fact, Facts, Kind, Part, Provenance, Span


def test_unchanged_articles_cost_nothing_and_changed_ones_replace_theirs(archive, hashing, make):
    first = archive.add([make("a", "The bridge opened."), make("b", "A ferry sank.")])
    assert (first.added, first.unchanged, first.replaced, first.refused) == (("a", "b"), (), (), ())
    generation, hashing.encoded = archive.status().generation, 0
    again = archive.add([make("a", "The bridge opened."), make("b", "A ferry sank.")])
    assert (again.added, again.unchanged, again.replaced) == ((), ("a", "b"), ())
    assert (hashing.encoded, archive.status().generation) == (0, generation)
    changed = archive.add([make("a", "The bridge closed."), make("b", "A ferry sank.")])
    assert (changed.replaced, changed.unchanged) == (("a",), ("b",))
    assert archive.article("a").text == "The bridge closed."


@pytest.mark.parametrize("facts", [{"title": "Other"}, {"source": "S"}, {"url": "https://e.org/"}])
def test_a_corrected_title_or_source_replaces_too(archive, make, facts):
    archive.add([make("a", "The bridge opened.")])
    assert archive.add([make("a", "The bridge opened.", **facts)]).replaced == ("a",)


def test_an_article_whose_furniture_is_known_now_replaces_that_of_before(archive, make):
    made = make("a", "By a desk.\nThe bridge opened.")
    marked = replace(made, parts=(Part(Span(0, 10), Kind.BYLINE), Part(Span(11, 29), Kind.BODY)))
    archive.add([made])
    assert archive.add([marked]).replaced == ("a",)
    assert archive.article("a").parts == marked.parts
    told = replace(marked, facts=Facts(language=Fact("en", Provenance.GUESSED)), language="en")
    assert archive.add([told]).unchanged == ("a",)


def test_a_refusal_is_reported_and_the_rest_goes_on(archive, make):
    report = archive.add([Refusal("x.pdf", "no reader"), make("a", "The bridge opened.")])
    assert report.added == ("a",)
    assert report.refused == (Refusal("x.pdf", "no reader"),)


def test_one_id_for_two_texts_is_refused_and_names_both(archive, make):
    report = archive.add(
        [make("a", "The bridge opened.", origin="one.jsonl"), make("a", "Another text.", origin="two.jsonl"), make("a", "The bridge opened.")]
    )
    assert report.added == ("a",)
    (refusal,) = report.refused
    assert refusal.origin == "two.jsonl"
    assert "from one.jsonl" in refusal.reason


def test_an_article_whose_text_was_tampered_with_is_refused(archive, make):
    good = make("a", "The bridge opened.")
    report = archive.add([replace(good, text="The bridge  closed."), replace(good, text="decomposed e\u0301")])
    assert report.added == ()
    assert all("make articles with rag.article()" in refusal.reason for refusal in report.refused)


def folder(tmp_path, name, **files):
    path = tmp_path / name / "news"
    path.mkdir(parents=True, exist_ok=True)
    for stem, text in files.items():
        (path / f"{stem}.txt").write_text(text)
    return path


def test_two_files_of_one_name_do_not_replace_each_other(archive, tmp_path):
    one, two = folder(tmp_path, "one", report="The first report."), folder(tmp_path, "two", report="The second report.")
    archive.add(read_articles(one))
    assert archive.add(read_articles(two)).added == ("two/news/report.txt",)
    assert archive.article("news/report.txt").text == "The first report."
    assert archive.add(read_articles(two, one)).unchanged == ("two/news/report.txt", "news/report.txt")


def test_a_folder_that_moved_replaces_its_articles(archive, tmp_path):
    old = folder(tmp_path, "old", report="The first report.")
    archive.add(read_articles(old))
    (old / "report.txt").unlink()
    assert archive.add(read_articles(folder(tmp_path, "new", report="The corrected report."))).replaced == ("news/report.txt",)


def test_pruning_removes_what_left_the_folder_and_nothing_else(archive, make, tmp_path):
    path = folder(tmp_path, "f", a="Text of a.", b="Text of b.", c="Text of c.")
    archive.add(read_articles(path))
    archive.add([make("program", "Made in a program."), make("elsewhere", "Of another folder.", origin=str(tmp_path / "other" / "x.txt"))])
    (path / "a.txt").unlink()
    (path / "b.txt").write_bytes(b"\0 now unreadable")
    assert archive.add(read_articles(path)).removed == ()
    report = archive.add(read_articles(path), prune=[path])
    assert report.removed == ("news/a.txt",)
    assert [article.id for article in archive.articles()] == ["elsewhere", "news/b.txt", "news/c.txt", "program"]


def test_pruning_removes_earlier_texts_and_counts_them(archive, tmp_path):
    path = folder(tmp_path, "f", a="Text of a.", b="Text of b.")
    for text in ("Corrected.", "Corrected again."):
        archive.add(read_articles(path))
        (path / "a.txt").write_text(text)
        (path / "b.txt").write_text(text)
    archive.add(read_articles(path))
    (path / "a.txt").unlink()
    report = archive.add(read_articles(path), prune=[path])
    assert (report.removed, report.editions_removed) == (("news/a.txt",), 2)
    assert [edition.article.text for edition in archive.editions()] == ["Corrected.", "Text of b."]


def test_an_unreadable_folder_is_refused_and_its_articles_are_not_pruned(archive, tmp_path, monkeypatch):
    path = folder(tmp_path, "f", a="Text of a.")
    archive.add(read_articles(path.parent))
    real = os.scandir

    def scandir(place):
        if str(place).endswith("news"):
            raise PermissionError(13, "Permission denied", str(place))
        return real(place)

    monkeypatch.setattr(os, "scandir", scandir)
    report = archive.add(read_articles(path.parent), prune=[path.parent])
    assert report.removed == ()
    assert [refusal.reason for refusal in report.refused] == ["the folder cannot be read: Permission denied"]


def test_an_unchanged_article_belongs_to_where_it_was_last_read(archive, tmp_path):
    old, new = (folder(tmp_path, name, a="Text of a.", b="Text of b.") for name in ("old", "new"))
    archive.add(read_articles(old))
    assert archive.add(read_articles(new)).unchanged == ("news/a.txt", "news/b.txt")
    (old / "a.txt").unlink()
    assert archive.add(read_articles(old), prune=[old]).removed == ()
    (new / "a.txt").unlink()
    assert archive.add(read_articles(new), prune=[new]).removed == ("news/a.txt",)


def test_progress_speaks_of_an_article_once_it_is_on_disk(archive, make):
    seen = []

    def progress(fate, id):
        seen.append((fate, id))
        assert fate is not Fate.ADDED or archive.article(id) is not None

    archive.add([make("a", "The bridge opened. " * 3_000), Refusal("x", "no"), make("b", "A ferry.")], progress=progress)
    assert sorted(seen) == [(Fate.ADDED, "a"), (Fate.ADDED, "b"), (Fate.REFUSED, "x")]


def test_what_was_committed_before_a_failure_stays_and_nothing_of_the_rest_is_there(archive, make):
    seen = []

    def items():
        yield make("a", "The bridge opened. " * 20_000)
        # enough to be encoded at once, when what is before it is done
        yield make("b", "The ferry sank. " * 20_000)
        yield make("c", "The lock closed.")
        raise OSError("the disk went away")

    with pytest.raises(OSError, match="went away"):
        archive.add(items(), progress=lambda fate, id: seen.append(id))
    assert [article.id for article in archive.articles()] == seen
    assert "a" in seen
    assert "c" not in seen
    assert [hit.passage.article.id for hit in archive.search("bridge", 1)] == ["a"]


def test_an_origin_is_kept_as_a_whole_path(archive, tmp_path):
    archive.add(read_articles(folder(tmp_path, "f", a="Text of a.")))
    assert Path(archive.article("news/a.txt").origin).is_absolute()
