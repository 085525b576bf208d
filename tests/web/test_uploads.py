import re
import zipfile

from rag.web.uploads import MOST_FILES, added


def lines(html):
    return [" ".join(re.sub(r"<[^>]+>", "", line).split()) for line in re.findall(r"<li.*?</li>", html)]


def test_a_file_is_known_by_its_name_wherever_it_passes_through(archive, tmp_path):
    for folder, text in (("one", "The bridge opened in 1932."), ("two", "The bridge opened in 1932."), ("three", "The bridge opened in 1933.")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "bridge.txt").write_text(text)
    fates = [lines(list(added(archive, [str(tmp_path / folder / "bridge.txt")]))[-1]) for folder in ("one", "two", "three")]
    assert fates == [["added bridge.txt"], ["unchanged bridge.txt"], ["replaced bridge.txt"]]
    (article,) = archive.articles()
    assert (article.id, article.origin, article.text) == ("uploads/bridge.txt", "", "The bridge opened in 1933.")


def test_the_documents_in_a_file_are_known_by_its_name_too(archive, tmp_path):
    for folder, text in (("one", "The bridge opened."), ("two", "The bridge closed.")):
        (tmp_path / folder).mkdir()
        with zipfile.ZipFile(tmp_path / folder / "news.zip", "w") as packed:
            packed.writestr("bridge.txt", text)
            packed.writestr("ferry.txt", "The ferry sank.")
    fates = [sorted(lines(list(added(archive, [str(tmp_path / folder / "news.zip")]))[-1])) for folder in ("one", "two")]
    assert fates == [["added news.zip#bridge.txt", "added news.zip#ferry.txt"], ["replaced news.zip#bridge.txt", "unchanged news.zip#ferry.txt"]]
    assert [article.id for article in archive.articles()] == ["uploads/news.zip#bridge.txt", "uploads/news.zip#ferry.txt"]


def test_every_item_has_its_line_and_the_list_grows_as_they_are_done(archive, tmp_path):
    (tmp_path / "rows.jsonl").write_text('{"id": "r1", "title": "A", "text": "One."}\n{"title": "no text"}\n')
    (tmp_path / "<b>.png").write_bytes(b"\x89PNG")
    (tmp_path / "folder").mkdir()
    steps = list(added(archive, [str(tmp_path / "rows.jsonl"), str(tmp_path / "<b>.png"), str(tmp_path / "folder")]))
    counts = [len(lines(step)) for step in steps]
    assert counts == sorted(counts)
    assert counts[-1] == 4
    assert "refused folder: this is not a file, or no longer there; add it again" in lines(steps[-1])
    assert "<b>.png" not in steps[-1]
    assert any(line.startswith("refused &lt;b&gt;.png: there is no reader") for line in lines(steps[-1]))


def test_which_file_is_read_of_how_many_and_how_fast_is_told(archive, tmp_path, monkeypatch):
    monkeypatch.setattr("rag.web.uploads._EVERY", 0)
    for n in range(3):
        (tmp_path / f"{n}.txt").write_text(f"The bridge number {n} opened in 1932. " * 40)
    *steps, last = added(archive, [str(tmp_path / f"{n}.txt") for n in range(3)])
    going = [found[1] for step in steps if (found := re.search(r'<p class="going">([^<]*)</p>', step))]
    assert going[0] == "File 1 of 3"
    assert re.fullmatch(r"File 3 of 3 · about \d+ s left", next(told for told in going if told.startswith("File 3")))
    assert any(re.fullmatch(r"File 3 of 3 · [\d,]+ passages a second · about \d+ s left", told) for told in going)
    assert "Making what was added searchable." in going
    assert "going" not in last
    assert lines(last) == [f"added {n}.txt" for n in range(3)]


def test_too_many_files_are_refused_at_once(archive):
    (only,) = added(archive, ["x.txt"] * (MOST_FILES + 1))
    assert lines(only) == [f"refused {MOST_FILES + 1} files: add at most {MOST_FILES} at a time"]
    assert archive.status().articles == 0


def test_an_archive_that_somebody_else_writes_to_says_so(archive, tmp_path):
    (tmp_path / "a.txt").write_text("The bridge opened.")
    with archive._store.writing():
        *_, last = added(archive, [str(tmp_path / "a.txt")])
    assert any("is being written to" in line for line in lines(last))
