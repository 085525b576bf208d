import pytest

from rag.store.manifest import Manifest


@pytest.fixture
def root(tmp_path):
    (tmp_path / "g" / "deep").mkdir(parents=True)
    (tmp_path / "g" / "one").write_bytes(b"first")
    (tmp_path / "g" / "deep" / "two").write_bytes(b"second")
    (tmp_path / "g" / "writer.lock").write_bytes(b"")
    Manifest.of(tmp_path, "g", 3, "token").write(tmp_path)
    return tmp_path


def test_it_names_every_file_but_locks(root):
    manifest = Manifest.read(root)
    assert (manifest.generation, manifest.folder, sorted(manifest.files)) == (3, "g", ["deep/two", "one"])
    assert manifest.verified(root, "deep/two") == b"second"


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


@pytest.mark.parametrize(("data", "message"), [(b"firsT", "one is damaged"), (b"first ", "one is damaged"), (None, "one is missing")])
def test_a_file_that_differs_is_named(root, data, message):
    (root / "g" / "one").unlink()
    if data is not None:
        (root / "g" / "one").write_bytes(data)
    with pytest.raises(ValueError, match=message):
        Manifest.read(root).verified(root, "one")
