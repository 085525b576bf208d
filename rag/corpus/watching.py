"""Folders followed as they change: what was written is told once it is quiet, many changes together."""

import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from watchfiles import Change, watch

from rag.corpus.walk import page_folder, why_not
from rag.errors import InputError

# A file is taken when nothing was written to it for so many seconds, with all others; but no file holds the others up for longer.
_QUIET, _LONGEST = 2.0, 20.0
# how often it is looked whether something is quiet, and on a network drive whether something changed
_LOOK_MS, _POLL_MS = 200, 1_000
_MOUNTS = Path("/proc/self/mounts")
# file systems that others write to: what these do, the system does not tell
_REMOTE = frozenset(("9p", "afs", "ceph", "cifs", "fuse.sshfs", "glusterfs", "lustre", "nfs", "nfs4", "smb3", "smbfs", "vboxsf", "virtiofs"))

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Changes:
    """Paths at which what is to be read may be something else now; `is_whole` says that they are all folders that are followed."""

    paths: tuple[Path, ...]
    is_whole: bool = False

    @property
    def there(self) -> tuple[Path, ...]:
        """Those at which there is something to be read now."""
        return tuple(path for path in self.paths if path.exists() and (self.is_whole or not why_not(path)))

    @property
    def pruned(self) -> tuple[Path, ...]:
        """Those of which all is known: a whole folder that is not there now is away, and has lost nothing."""
        return self.there if self.is_whole else self.paths


def changes(folders: Sequence[Path], apart: Path | None = None, stop: Event | None = None) -> Iterator[Changes]:
    """What changes in folders, whole paths, until Ctrl-C or `stop`: first all of them, then what changed since the last.

    What a walk passes over, such as the folder `apart`, is passed over. A folder that goes away is no change; when it is back, all of
    it is told anew. Raises InputError where the system cannot follow a folder.
    """
    stop = stop or Event()
    # the drive that each lay on when it was last there
    drives: dict[Path, int] = {}
    away: dict[Path, int | None] = {}
    try:
        while not stop.is_set():
            there = {folder: identity for folder in folders if (identity := _identity(folder, drives.get(folder)))}
            for folder in folders:
                if folder not in there and folder not in away:
                    _log.warning("%s is not there; its articles are kept until it is back", folder)
            drives |= {folder: drive for folder, (drive, _) in there.items()}
            away = {folder: drives.get(folder) for folder in folders if folder not in there}
            if there:
                yield from _followed(there, away, apart, stop)
            else:
                stop.wait(_LOOK_MS / 1_000)
    except KeyboardInterrupt:
        return


def _followed(there: Mapping[Path, tuple[int, int]], away: Mapping[Path, int | None], apart: Path | None, stop: Event) -> Iterator[Changes]:
    """What changes until one of the folders goes, or one that was `away` is back."""
    written: dict[Path, float] = {}
    since: float | None = None
    begun = False
    for found in _found(list(there), stop):
        if any((Change.deleted, str(folder)) in found or _identity(folder) != there[folder] for folder in there):
            return
        if any(_identity(folder, drive) for folder, drive in away.items()):
            return
        if not begun:
            begun = True
            yield Changes(tuple(there), is_whole=True)
        now = time.monotonic()
        for change, path in ((change, Path(name)) for change, name in found):
            # what changed in a folder is told by itself
            is_folder = change is Change.modified and path.is_dir()
            if not is_folder and any(_is_followed(path, folder, apart) for folder in there):
                written[path] = now
                since = since or now
        quiet = [path for path, at in written.items() if now - at >= _QUIET]
        if quiet and since and (len(quiet) == len(written) or now - since >= _LONGEST):
            for path in quiet:
                del written[path]
            since = now if written else None
            yield _changes(quiet)


def _found(folders: Sequence[Path], stop: Event) -> Iterator[set[tuple[Change, str]]]:
    """What the system tells, and an empty set where for a while it tells nothing."""
    is_remote = any(_is_remote(folder) for folder in folders)
    try:
        yield from watch(
            *folders,
            watch_filter=None,
            debounce=_LOOK_MS,
            rust_timeout=_LOOK_MS,
            yield_on_timeout=True,
            stop_event=stop,
            # unset, the environment may ask for it (WATCHFILES_FORCE_POLLING)
            force_polling=is_remote or None,
            poll_delay_ms=_POLL_MS,
            ignore_permission_denied=True,
        )
    except FileNotFoundError:
        # it went just now, which is looked for next
        return
    except OSError as error:
        names = ", ".join(map(str, folders))
        raise InputError(
            f"{names} cannot be followed: {error}; allow more (sysctl fs.inotify.max_user_watches), set WATCHFILES_FORCE_POLLING=1, "
            "or leave out --watch and run --sync from time to time"
        ) from None


def _is_followed(path: Path, folder: Path, apart: Path | None) -> bool:
    """Whether a walk of the folder would come to the path, or would have come to it."""
    if not path.is_relative_to(folder):
        return False
    between = [above for above in path.parents if above != folder and above.is_relative_to(folder)]
    return not path.name.startswith(".") and path != apart and not any(why_not(above, apart) for above in between)


def _changes(quiet: Iterable[Path]) -> Changes:
    # whether the folder of a saved page is one hangs on the page
    beside = [folder for path in quiet if (folder := page_folder(path)) and folder.exists()]
    return Changes(tuple(sorted({*quiet, *beside})))


def _identity(folder: Path, drive: int | None = None) -> tuple[int, int] | None:
    """Its drive, and which folder of that it is; None where there is none, or an empty one in place of that on the `drive`, which is not mounted."""
    try:
        if not folder.is_dir():
            return None
        found = folder.stat()
        is_empty = drive not in (None, found.st_dev) and not any(folder.iterdir())
    except OSError:
        return None
    return None if is_empty else (found.st_dev, found.st_ino)


def _is_remote(folder: Path, mounts: Path = _MOUNTS) -> bool:
    """Whether a folder lies on a network drive, as far as this system lists its drives."""
    try:
        lines = [line.split() for line in mounts.read_text(errors="replace").splitlines()]
    except OSError:
        return False
    above = [(len(place), kind) for place, kind in ((line[1].replace("\\040", " "), line[2]) for line in lines) if folder.is_relative_to(place)]
    return bool(above) and max(above, key=lambda one: one[0])[1] in _REMOTE
