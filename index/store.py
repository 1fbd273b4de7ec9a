"""The store: a folder of generations, the name of the one that serves, and the writer's lock.

Replacing ``CURRENT`` is the only change a reader can ever see, and it is one rename. Knows nothing
of what is inside a generation.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import BelegError, StoreBusy, StoreError, StoreMissing, first_line
from index.generation import MANIFEST, Generation, Manifest, is_in_use, sync_to_disk

_CURRENT = "CURRENT"
_KEPT = 2  # the one that serves and the one before, which a reader may still be using


class Store:
    """The store at ``folder``, which need not exist yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def generations(self) -> Path:
        """The folder that holds the generations."""
        return self.folder / "generations"

    def current(self) -> str | None:
        """Return the name of the generation that serves, or ``None``."""
        try:
            return (self.folder / _CURRENT).read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise StoreError(f"store {str(self.folder)!r} cannot be read: {error}") from error

    def manifest(self) -> Manifest:
        """Return the manifest of the generation that serves.

        Raises:
            StoreMissing: nothing is published here.
            StoreError: the manifest is broken or of another format.
        """
        return Manifest.read(self._current_folder())

    def open(self) -> Generation:
        """Open the generation that serves; raises as ``manifest`` does."""
        folder = self._current_folder()
        try:
            return Generation(folder)
        except StoreError:
            raise
        except Exception as error:  # a damaged file shows as whatever its library raises
            raise StoreError(
                f"generation {folder.name} in store {str(self.folder)!r} cannot be opened "
                f"({first_line(error)}): run 'beleg index PATH... --store {self.folder} --rebuild'"
            ) from error

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's lock.

        Raises:
            StoreBusy: another process holds it.
            StoreError: the folder cannot be written.
        """
        try:
            self.generations.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / "lock").open("w")
        except OSError as error:
            raise StoreError(f"store {str(self.folder)!r} cannot be written: {error}") from error
        with lock:  # closing it, or the end of the process, frees the lock
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StoreBusy(
                    f"store {str(self.folder)!r} is being written by another process: "
                    "wait until it has finished, or name another --store"
                ) from None
            yield

    @contextmanager
    def next_generation(self) -> Iterator[Path]:
        """Make the folder of the next generation; if filling it fails, remove it again.

        Raises:
            StoreError: whatever went wrong in a library, such as a full disk.
        """
        folder = self.generations / f"{self._last_number() + 1:06}"
        self._sweep()
        folder.mkdir()
        try:
            yield folder
        except BaseException as error:
            if self.current() != folder.name:  # interrupted just after it was published
                shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, BelegError) or not isinstance(error, Exception):
                raise
            raise StoreError(
                f"store {str(self.folder)!r} could not be written, it stays as it was: "
                f"{first_line(error)}"
            ) from error

    def publish(self, folder: Path) -> None:
        """Make the finished generation at ``folder`` the one that serves."""
        for path in [*folder.rglob("*"), folder, self.generations]:
            sync_to_disk(path)
        new = self.folder / f"{_CURRENT}.new"
        new.write_text(folder.name + "\n", encoding="ascii")
        sync_to_disk(new)
        new.replace(self.folder / _CURRENT)
        sync_to_disk(self.folder)

    def prune(self) -> None:
        """Remove what earlier runs left behind, and the older generations nobody reads."""
        current = self.current()
        folders = [self.generations / name for name in self._names()]
        finished = [folder for folder in folders if (folder / MANIFEST).exists()]
        served = [folder for folder in finished if current is not None and folder.name <= current]
        for folder in folders:
            if folder not in served or (folder not in served[-_KEPT:] and not is_in_use(folder)):
                shutil.rmtree(folder, ignore_errors=True)

    def _sweep(self) -> None:
        """Remove what killed runs left: before anything else, for it may be what fills the disk."""
        try:
            current = self.current()
        except StoreError:  # without knowing what serves, nothing is safe to remove
            return
        for name in self._names():
            unfinished = not (self.generations / name / MANIFEST).exists()
            if unfinished or (current is not None and name > current):
                shutil.rmtree(self.generations / name, ignore_errors=True)

    def _current_folder(self) -> Path:
        name = self.current()
        if name is None:
            raise StoreMissing(
                f"there is no store at {str(self.folder)!r}: run 'beleg index PATH...' first, "
                "or name another with --store"
            )
        return self.generations / name

    def _names(self) -> list[str]:
        return sorted(path.name for path in self.generations.iterdir() if path.name.isdigit())

    def _last_number(self) -> int:
        return max(map(int, self._names()), default=0)
