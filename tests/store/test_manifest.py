import pytest

from rag.store.manifest import Manifest, fingerprint


@pytest.fixture
def root(tmp_path):
    for path, data in (("g/one", b"first"), ("words/two", b"second")):
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_bytes(data)
    files = {path: fingerprint(tmp_path / path) for path in ("g/one", "words/two")}
    Manifest(3, "token", ("g",), "words", files, ((4, "d"),), (1, 2), 7).write(tmp_path)
    return tmp_path


def test_it_is_read_as_it_was_written(root):
    manifest = Manifest.read(root)
    assert (manifest.generation, manifest.token, manifest.segments, manifest.lexical) == (3, "token", ("g",), "words")
    assert (manifest.left_out, manifest.gone, manifest.counted) == (((4, "d"),), (1, 2), 7)
    assert manifest.files["g/one"] == (5, "a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e")
    assert manifest.in_folder("words") == ["words/two"]
    manifest.check(root, manifest.files)


def test_without_one_there_is_none(tmp_path):
    assert Manifest.read(tmp_path) is None


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b"\xff", b'{"sha256": "x", "contents": {}}'])
def test_a_damaged_one_is_an_error(root, data):
    (root / "manifest.json").write_bytes(data)
    with pytest.raises(ValueError, match="manifest.json is damaged"):
        Manifest.read(root)


def test_another_generation_written_into_it_is_noticed(root):
    path = root / "manifest.json"
    path.write_text(path.read_text().replace('"generation": 3', '"generation": 4'))
    with pytest.raises(ValueError, match="damaged"):
        Manifest.read(root)


@pytest.mark.parametrize(("data", "message"), [(b"firsT", "g/one is damaged"), (b"first ", "g/one is damaged"), (None, "g/one is missing")])
def test_a_file_that_differs_is_named(root, data, message):
    (root / "g" / "one").unlink()
    if data is not None:
        (root / "g" / "one").write_bytes(data)
    manifest = Manifest.read(root)
    with pytest.raises(ValueError, match=message):
        manifest.check(root, manifest.files)
