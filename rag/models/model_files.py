"""What a model in a folder is made of, as sentence-transformers saves it."""

import json
import mmap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from rag.errors import EncoderError
from rag.models.pinned_model import WEIGHTS, file_sha256, weights_sha256

# settings, vocabularies and weights; what else lies there, such as the same model for other libraries, is not read
_SUFFIXES = frozenset((".json", ".txt", ".model", ".safetensors"))
_MODULES = "modules.json"
# what a module beside the transformer may have its weights in
_OLD_WEIGHTS = "pytorch_model.bin"


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """`sha256s` has every file that decides what the model's vectors are, by its path below `folder`."""

    folder: Path
    sha256s: Mapping[str, str]

    @classmethod
    def of(cls, folder: Path) -> Self:
        """Reads all of them. Raises EncoderError where one cannot be read."""
        sha256s = {WEIGHTS: weights_sha256(folder)}
        try:
            sha256s |= {name: file_sha256(folder / name) for name in sorted(_names(folder)) if name != WEIGHTS}
        except OSError as error:
            raise EncoderError(f"{error.filename}: a file of the model cannot be read: {error.strerror}") from None
        return cls(folder, sha256s)

    @property
    def weights_sha256(self) -> str:
        return self.sha256s[WEIGHTS]

    def weights(self) -> dict[str, mmap.mmap]:
        """The files with weights, mapped into memory."""
        return {name: _mapped(self.folder / name) for name in self.sha256s if name.endswith(".safetensors")}


def _names(folder: Path) -> Iterator[str]:
    for path in folder.iterdir():
        if path.suffix in _SUFFIXES and path.is_file():
            yield path.name
    for module in _module_folders(folder):
        for path in (folder / module).iterdir():
            if (path.suffix in _SUFFIXES or path.name == _OLD_WEIGHTS) and path.is_file():
                yield f"{module}/{path.name}"


def _module_folders(folder: Path) -> set[str]:
    """Those of the modules that do not lie in `folder` itself."""
    try:
        modules = [module["path"] for module in json.loads((folder / _MODULES).read_bytes())]
    except (OSError, ValueError, KeyError, TypeError):
        # sentence-transformers does without it, or says what is wrong with it
        return set()
    return {module for module in modules if module and (folder / module).is_dir()}


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
