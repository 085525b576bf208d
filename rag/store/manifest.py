"""The manifest of the caches: which generation they are of, what they leave out, and the length and SHA-256 of each of their files.

It is written last, by an atomic rename, and carries a checksum of itself. A
file that differs from it by one bit is not searched.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

FILE = "manifest.json"
# of the caches all together: those of another version of the program are built anew
FORMAT = 4


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files` maps a path below `folder` to its length in bytes and its SHA-256; `left_out` are numbers and ids of articles."""

    generation: int
    token: str
    folder: str
    files: dict[str, tuple[int, str]]
    left_out: list[tuple[int, str]] = field(default_factory=list)
    format: int = FORMAT

    @classmethod
    def of(cls, root: Path, folder: str, generation: int, token: str, left_out: Iterable[tuple[int, str]] = ()) -> Self:
        paths = sorted(path for path in (root / folder).rglob("*") if path.is_file() and path.suffix != ".lock")
        files = {path.relative_to(root / folder).as_posix(): _fingerprint(path.read_bytes()) for path in paths}
        return cls(generation, token, folder, files, list(left_out))

    @classmethod
    def read(cls, root: Path) -> Self | None:
        """The manifest in `root`; None where there is none. Raises ValueError for a damaged one, and for one of another format."""
        try:
            data = (root / FILE).read_bytes()
        except FileNotFoundError:
            return None
        try:
            signed = json.loads(data)
            contents = signed["contents"]
            if signed["sha256"] != _digest(contents):
                raise ValueError("checksum")
            is_current = contents.get("format") == FORMAT
            files = {path: (length, digest) for path, (length, digest) in contents["files"].items()}
            left_out = [(number, id) for number, id in contents["left_out"]] if is_current else []
            found = cls(contents["generation"], contents["token"], contents["folder"], files, left_out)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ValueError(f"{FILE} is damaged") from None
        if not is_current:
            raise ValueError(f"{FILE} is of another version of the program")
        return found

    def write(self, root: Path) -> None:
        contents = asdict(self)
        temporary = root / f"{FILE}.new"
        try:
            temporary.write_text(json.dumps({"sha256": _digest(contents), "contents": contents}, indent=1))
            temporary.replace(root / FILE)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise

    def verified(self, root: Path, path: str) -> bytes:
        """The bytes of one file. Raises ValueError, naming the file, where they are not the manifest's."""
        try:
            data = (root / self.folder / path).read_bytes()
        except FileNotFoundError:
            raise ValueError(f"{path} is missing") from None
        if _fingerprint(data) != self.files.get(path):
            raise ValueError(f"{path} is damaged")
        return data


def _fingerprint(data: bytes) -> tuple[int, str]:
    return len(data), hashlib.sha256(data).hexdigest()


def _digest(contents: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(contents, sort_keys=True).encode()).hexdigest()
