"""The folder of this machine for what stands beside an archive: conversations, sessions, exported models.

Of an archive in a folder it is that folder. One that many machines share has none, and
each machine has a folder of its own for it, named after its address.
"""

import hashlib
import os
from pathlib import Path

from rag.errors import InputError
from rag.store.shared.address import Address, check_folder, is_address

_STATE = "PULLQUOTE_STATE"
_OTHERWISE = f"name another folder with --state or {_STATE}"


def folder_beside(place: str | os.PathLike[str], chosen: str = "") -> Path:
    """Where it is, be it there or not: of a shared archive below `chosen`, else below PULLQUOTE_STATE, else below the user's own folder for such.

    Raises InputError for an address that is none, for a folder that is `chosen` where the archive has its own, and where this user has no home.
    """
    if not is_address(place):
        check_folder(str(place))
        if chosen:
            raise InputError("--state is for the address of a shared archive; what stands beside an archive in a folder lies in that folder")
        return Path(place)
    address = Address.parse(str(place))
    name = f"{address.collection}-{hashlib.sha256(address.shown.encode()).hexdigest()[:12]}"
    return Path(chosen or os.environ.get(_STATE, "") or _of_this_user()) / name


def made_beside(place: str | os.PathLike[str], chosen: str = "") -> Path:
    """The same, for its owner alone; of a shared archive it is made, of another only when something is first written.

    Raises InputError as `folder_beside` does, and where it cannot be made or written to.
    """
    folder = folder_beside(place, chosen)
    if is_address(place):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"{folder}, for what stands beside the archive, cannot be made: {error.strerror}; {_OTHERWISE}") from None
        if not os.access(folder, os.W_OK):
            raise InputError(f"{folder}, for what stands beside the archive, may not be written to by this user; {_OTHERWISE}")
    return folder


def _of_this_user() -> Path:
    # XDG Base Directory: a path that is not absolute counts for nothing
    named = Path(os.environ.get("XDG_STATE_HOME", ""))
    try:
        root = named if named.is_absolute() else Path.home() / ".local" / "state"
    except RuntimeError:
        raise InputError(f"this user has no home for what stands beside a shared archive; {_OTHERWISE}") from None
    return root / "pullquote"
