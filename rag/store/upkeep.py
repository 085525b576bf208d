"""An archive's folder looked through, copied, and put back from a copy."""

import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from rag.errors import ArchiveDamaged, InputError
from rag.store.database import FILE, Access, check_writable
from rag.store.locking import only_writer
from rag.store.replacing import made_if_absent, permit, renamed, replace, workshop
from rag.store.salvage import Salvage
from rag.store.truth import Truth


def flaws(folder: Path, progress: Callable[[], object]) -> list[str]:
    """All that is not what was stored, after reading everything; `progress` is called for each article. Searching rebuilds the caches by itself."""
    try:
        with closing(Truth(folder)) as truth:
            if not truth.is_there:
                return []
    except ArchiveDamaged as error:
        found = [str(error)]
    else:
        found = []
    try:
        with closing(Salvage(folder)) as salvage:
            return found + [flaw for flaw in salvage.flaws(progress) if flaw not in found]
    except ArchiveDamaged as error:
        return found or [str(error)]


def backup(folder: Path, path: Path, progress: Callable[[], object]) -> None:
    """Copies an archive's file, checked, to `path`, also while somebody writes.

    Raises InputError where `path` is taken or cannot be written or there is no
    archive, ArchiveDamaged where the archive is not what was stored.
    """
    if _is_taken(path):
        raise InputError(f"{path} is there already; choose another name")
    with closing(Truth(folder)) as truth, workshop(path.parent) as made:
        if not truth.is_there:
            raise InputError(f"{folder} holds no archive that could be copied")
        truth.copy_to(made)
        _check(made, progress)
        permit(made / FILE, folder / FILE)
        renamed(made / FILE, path)


def restore(folder: Path, path: Path, progress: Callable[[], object]) -> Path | None:
    """Puts a copy in the place of the archive's file; gives the folder in which that is kept, None where there was none.

    Raises InputError where there is no such copy, ReadOnly where this user may not
    write to the archive, ArchiveDamaged, and leaves all as it was, where the copy is
    not what was stored.
    """
    check_writable(folder)
    try:
        copy = path.open("rb")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; name a file that `pullquote backup` made") from None
    with copy, only_writer(made_if_absent(folder)), workshop(folder) as made:
        with (made / FILE).open("wb") as file:
            shutil.copyfileobj(copy, file)
        try:
            with closing(Truth(made)) as truth:
                if not truth.is_there:
                    raise InputError(f"{path} is empty; name a file that `pullquote backup` made")
            # an older copy is brought to this version
            with closing(Truth(made, Access.WRITE)) as truth:
                truth.settle()
            _check(made, progress)
        except ArchiveDamaged as error:
            # it is read in the workshop, which is gone when somebody reads this
            raise ArchiveDamaged(str(error).replace(str(made / FILE), str(path))) from None
        # what is put aside should be whole without its log, if it is whole at all
        with suppress(ArchiveDamaged), closing(Salvage(folder)) as old:
            old.settle()
        return replace(folder, made / FILE, "replaced")


def _is_taken(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:
        raise InputError(f"{path} cannot be written: permission denied; choose another folder") from None


def _check(folder: Path, progress: Callable[[], object]) -> None:
    found = flaws(folder, progress)
    if found:
        raise ArchiveDamaged(f"{len(found)} things are not what was stored, of which the first: {found[0]}")
