"""The manifest of the caches: which generation they are of, what they are made of, and the length and SHA-256 of each of their files.

It is written last, by an atomic rename, and carries a checksum of itself. A
file that differs from it by one bit is not searched.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

FILE = "manifest.json"
# of the caches all together: those of another version of the program are built anew
FORMAT = 5


class Damaged(ValueError):
    """A cache cannot be searched: a file of it cannot be read or is not what was written, or is of another version of the program."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`segments` and `lexical` are the names of folders; `files` maps the path of each file in them to its length in bytes and its SHA-256.

    Of articles, `left_out` are numbers and ids, and `gone` the numbers of those that the segments have and the archive
    has no more; `counted` passages of such the lexical index counts still, or had when its files were not yet merged.
    """

    generation: int
    token: str
    segments: tuple[str, ...]
    lexical: str
    files: Mapping[str, tuple[int, str]]
    left_out: tuple[tuple[int, str], ...] = ()
    gone: tuple[int, ...] = ()
    counted: int = 0

    @classmethod
    def read(cls, root: Path) -> "Manifest | None":
        """The manifest in `root`; None where there is none. Raises Damaged for one that is, cannot be read or is of another format."""
        try:
            data = (root / FILE).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Damaged(_unread(FILE, error)) from None
        try:
            signed = json.loads(data)
            contents = signed["contents"]
            if signed["sha256"] != _digest(contents):
                raise ValueError("checksum")
            is_current = contents.pop("format", None) == FORMAT
            found = _parsed(cls(**contents)) if is_current else None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Damaged(f"{FILE} is damaged") from None
        if found is None:
            raise Damaged(f"{FILE} is of another version of the program")
        return found

    def write(self, root: Path) -> None:
        contents = asdict(self) | {"format": FORMAT}
        temporary = root / f"{FILE}.new"
        try:
            temporary.write_text(json.dumps({"sha256": _digest(contents), "contents": contents}, indent=1))
            temporary.replace(root / FILE)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise

    def in_folder(self, folder: str) -> list[str]:
        """The paths of the files in one of the folders."""
        return [path for path in self.files if path.startswith(f"{folder}/")]

    def check(self, root: Path, paths: Iterable[str]) -> None:
        """Raises Damaged, naming the file, where one is not the manifest's or cannot be read."""
        for path in paths:
            try:
                found = fingerprint(root / path)
            except OSError as error:
                raise Damaged(_unread(path, error)) from None
            if found != self.files[path]:
                raise Damaged(f"{path} is damaged")


def fingerprint(path: Path) -> tuple[int, str]:
    """The length of a file in bytes and its SHA-256."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return file.tell(), digest


def _unread(path: str, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{path} is missing"
    return f"{path} {'may not be read' if isinstance(error, PermissionError) else f'cannot be read: {error.strerror}'}"


def _parsed(read: Manifest) -> Manifest:
    """With tuples where JSON has lists."""
    files = {path: (length, digest) for path, (length, digest) in read.files.items()}
    left_out = tuple((number, id) for number, id in read.left_out)
    return replace(read, segments=tuple(read.segments), files=files, left_out=left_out, gone=tuple(read.gone))


def _digest(contents: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(contents, sort_keys=True).encode()).hexdigest()
