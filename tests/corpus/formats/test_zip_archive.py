import gzip
import io
import stat
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from rag.corpus.draft import Member
from rag.corpus.formats import gzip_file, packed, zip_archive
from rag.errors import InputError


def archive(*files, compression=ZIP_DEFLATED):
    data = io.BytesIO()
    with ZipFile(data, "w", compression) as file:
        for name, content in files:
            file.writestr(name, content)
    return data.getvalue()


def read(data):
    return [(item.name, item.data) if isinstance(item, Member) else (item.origin, item.reason) for item in zip_archive.read(data, "x.zip")]


def entry(name, kind):
    file = ZipInfo(name)
    file.external_attr = (kind | 0o644) << 16
    return file


def test_files_come_in_the_order_of_their_names():
    inner = archive(("deep.txt", "Deep."))
    data = archive(("b.txt", "B."), ("a/c.html", "<p>C."), ("a/b.zip", inner), ("桥.txt", "桥。"), ("empty", ""), ("folder/", ""))
    assert read(data) == [("a/b.zip", inner), ("a/c.html", b"<p>C."), ("b.txt", b"B."), ("empty", b""), ("桥.txt", "桥。".encode())]


def test_hidden_files_and_what_a_mac_adds_are_passed_over():
    assert read(
        archive(("a.txt", "A."), (".hidden", ""), (".git/config", ""), ("x/.y/z.txt", ""), ("__MACOSX/._a.txt", ""), ("x/.DS_Store", ""))
    ) == [("a.txt", b"A.")]


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (entry("link", stat.S_IFLNK), "it is a link"),
        (entry("device", stat.S_IFBLK), "it is no regular file"),
        (entry("pipe", stat.S_IFIFO), "it is no regular file"),
        ("../up.txt", "its name leads out of the archive"),
        ("a/../../up.txt", "its name leads out of the archive"),
        ("..", "its name leads out of the archive"),
        ("/etc/passwd", "its name leads out of the archive"),
        ("C:\\up.txt", "its name leads out of the archive"),
        ("..\\up.txt", "its name leads out of the archive"),
    ],
)
def test_what_may_not_be_read_is_refused_by_name_and_the_others_are_read(file, reason):
    name = file if isinstance(file, str) else file.filename
    items = read(archive((file, "x"), ("a.txt", "A.")))
    assert sorted(items) == sorted([(name.replace("\\", "/"), reason), ("a.txt", b"A.")])


def test_names_that_only_look_like_it_are_read():
    names = ["a..b.txt", "c/d...txt", "e.txt.."]
    assert [name for name, _ in read(archive(*((name, "x") for name in names)))] == names


def test_a_second_file_of_a_name_is_refused():
    with pytest.warns(UserWarning, match="Duplicate"):
        data = archive(("a.txt", "One."), ("a.txt", "Two."))
    (name, first), (again, reason) = read(data)
    assert (name, first, again) == ("a.txt", b"One.", "a.txt")
    assert "the same name" in reason


def test_an_encrypted_file_is_refused():
    data = bytearray(archive(("a.txt", "One.")))
    # the flag stands in the file's own header and in the list at the end
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert read(bytes(data)) == [("a.txt", "it is encrypted; unpack it with its password, and add what is in it")]


def test_a_file_packed_in_an_unusual_way_is_refused():
    ((_, reason),) = read(archive(("a.txt", "One."), compression=ZIP_BZIP2))
    assert "unusual way" in reason


def test_a_damaged_file_is_refused_and_the_others_are_read():
    data = archive(("a.txt", "One " * 100), ("b.txt", "Two."), compression=0)
    items = read(data.replace(b"One One", b"One 0ne", 1))
    assert items[0][1].startswith("it is damaged, and cannot be unpacked (Bad CRC-32")
    assert items[1] == ("b.txt", b"Two.")


def test_a_bomb_is_refused_and_the_others_are_read():
    bomb = archive(("a.txt", b"\0" * 60_000_000), ("b.txt", "Two."))
    assert len(bomb) < 100_000
    (_, reason), other = read(bomb)
    assert "it unpacks to more than" in reason
    assert other == ("b.txt", b"Two.")


def test_a_bomb_that_says_it_is_small_is_refused():
    data = bytearray(archive(("a.txt", b"\0" * 60_000_000)))
    for header, at in ((data.index(b"PK\x03\x04"), 22), (data.index(b"PK\x01\x02"), 24)):
        data[header + at : header + at + 4] = (10).to_bytes(4, "little")
    ((_, reason),) = read(bytes(data))
    assert "it is damaged" in reason


def test_files_are_read_until_they_are_too_much_together(monkeypatch):
    monkeypatch.setattr(zip_archive, "MOST_BYTES_TOGETHER", 10)
    items = read(archive(("a.txt", "12345678"), ("b.txt", "123"), ("c.txt", "12")))
    assert [name for name, content in items if isinstance(content, bytes)] == ["a.txt", "c.txt"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04 and no more", "the ZIP file is damaged"),
        (archive(), "there are no files in it"),
        (archive((".hidden", "x")), "there are no files in it"),
        (archive(*((f"{n}.txt", "") for n in range(10_001))), "there are 10,001 files in it"),
    ],
)
def test_an_archive_that_cannot_be_read_says_why(data, reason):
    with pytest.raises(InputError, match=reason):
        read(data)


def test_a_gzipped_file_is_the_file_in_it():
    (member,) = gzip_file.read(gzip.compress(b"One.", mtime=0) + gzip.compress(b" Two."), "page.html.gz")
    assert (member.name, member.data) == ("page.html", b"One. Two.")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (gzip.compress(bytes(packed.MOST_BYTES + 1)), "it unpacks to more than"),
        (gzip.compress(b"One.", mtime=0)[:-4], "it is damaged"),
        (gzip.compress(b"One.", mtime=0)[:-8] + b"\0" * 8, "it is damaged"),
        (b"\x1f\x8bno gzip", "it is damaged"),
    ],
)
def test_a_gzipped_file_that_cannot_be_read_says_why(data, reason):
    with pytest.raises(InputError, match=reason):
        list(gzip_file.read(data, "page.html.gz"))
