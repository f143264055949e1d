"""Where bytes are kept: a folder, or any store that speaks S3. Objects are at most one chunk large and never change."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from exekra.hub.core.errors import NotFound, Unavailable
from exekra.hub.core.settings import Settings
from exekra.kit.settings import shown
from exekra.sdk.errors import SettingsError

if TYPE_CHECKING:
    from obstore.store import ObjectStore, S3Config

logger = logging.getLogger(__name__)
CHECK_SECONDS = 20.0
"""How long the storage may take to respond to a check."""
CHECKED = "checks/of-the-storage"
"""The object by which a check finds out whether a storage that had refused something works again."""


_RESTORE = "Restore the file storage from a backup that is as recent as the database."


class StorageFull(Unavailable):
    """There is no space for more files."""

    code = "storage-full"


class ObjectMissing(NotFound):
    """The storage lost or changed an object that the database refers to."""

    code = "content-missing"


class Objects:
    """Objects by name. Made by `open_objects`.

    Attributes:
        place: Where they are stored, for people: a folder, or an address without a secret.
        folder: The folder, unless they are in a bucket.
        problem: Why the storage cannot be used, or None while all is well; kept up to date by `check`.
    """

    def __init__(self, store: ObjectStore, place: str, folder: Path | None = None) -> None:
        self.place = place
        self.folder = folder
        self.problem: Unavailable | None = None
        self._store = store

    async def check(self, *, room: int) -> None:
        """Find out whether the storage can be used, for `problem`.

        Args:
            room: How many bytes must be free on the disk of a folder.
        """
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                if self.folder is not None:
                    await asyncio.to_thread(self._check_folder, self.folder, room)
                if self.problem is None:
                    await self.names(CHECKED)
                else:
                    await self.put(CHECKED, b"x")
                    await self.remove([CHECKED])
                    self.problem = None
        except TimeoutError:
            self.problem = self._away()
        except Unavailable as error:
            self.problem = error

    def _check_folder(self, folder: Path, room: int) -> None:
        try:
            free = shutil.disk_usage(folder).free
        except OSError as error:
            raise self._refusal(error) from error
        if free < room:
            raise self._full()

    async def put(self, name: str, data: bytes | bytearray) -> None:
        """Store an object; one of the same name is replaced.

        Raises:
            StorageFull: The disk is full.
            Unavailable: The storage does not respond or refuses.
        """
        import obstore  # noqa: PLC0415 - a Hub that keeps no file loads none of it

        try:
            await obstore.put_async(self._store, name, memoryview(data), use_multipart=False)
        except Exception as error:
            raise self._refusal(error) from error

    async def get(self, name: str, start: int, end: int) -> bytes:
        """The bytes of an object from `start` up to `end`.

        Raises:
            ObjectMissing: There is no such object, or it has lost its end.
            Unavailable: The storage does not respond or refuses.
        """
        import obstore  # noqa: PLC0415 - as above

        try:
            data = bytes(await obstore.get_range_async(self._store, name, start=start, end=end))
        except FileNotFoundError as error:
            raise self._missing(name) from error
        except Exception as error:
            if await self._is_shorter(name, end):
                raise self._missing(name) from error
            raise self._refusal(error) from error
        if len(data) < end - start:
            raise self._missing(name)
        return data

    async def remove(self, names: Sequence[str]) -> None:
        """Remove objects; those that do not exist are ignored.

        Raises:
            Unavailable: The storage does not respond or refuses.
        """
        import obstore  # noqa: PLC0415 - as above

        for name in names:
            try:
                await obstore.delete_async(self._store, name)
            except FileNotFoundError:
                continue
            except Exception as error:
                raise self._refusal(error) from error

    async def names(self, prefix: str) -> list[str]:
        """The names of all objects that begin with the folder `prefix`.

        Raises:
            Unavailable: The storage does not respond or refuses.
        """
        import obstore  # noqa: PLC0415 - as above

        try:
            return [found["path"] async for page in obstore.list(self._store, prefix) for found in page]
        except Exception as error:
            raise self._refusal(error) from error

    async def _is_shorter(self, name: str, size: int) -> bool:
        import obstore  # noqa: PLC0415 - as above

        try:
            return (await obstore.head_async(self._store, name))["size"] < size
        except Exception:
            return False

    def _missing(self, name: str) -> ObjectMissing:
        logger.error("%s is missing or incomplete in %s", name, self.place)
        return ObjectMissing("The content of the file is missing in the Hub's storage.", hint=_RESTORE)

    def _refusal(self, error: Exception) -> Unavailable:
        # Any exception counts, because a panic of obstore has no public class.
        text = str(error)
        if "No space left" in text or "os error 28" in text or "os error 112" in text:
            self.problem = self._full()
        else:
            logger.warning("The file storage %s refused: %s", self.place, text)
            self.problem = self._away()
        return self.problem

    def _full(self) -> StorageFull:
        return StorageFull(
            f"The Hub's file storage is full ({self.place}).",
            hint="Free some space there, or keep files for a shorter time.",
        )

    def _away(self) -> Unavailable:
        return Unavailable(
            f"The Hub's file storage cannot be used ({self.place}).",
            code="storage-away",
            hint="The Hub's log says why. Check the settings that begin with EXEKRA_FILE_STORE.",
        )


def part_missing(number: int, count: int) -> ObjectMissing:
    """The error for a content of which the storage lost a part, counted from 1."""
    what = "The content" if count == 1 else f"Part {number:,} of {count:,}"
    return ObjectMissing(f"{what} of the file is missing in the Hub's storage.", hint=_RESTORE)


def damaged(name: str, place: str) -> ObjectMissing:
    """The error for an object, or one of the same content, that is not what was stored."""
    logger.error("The content of which %s is the last part was changed in %s", name, place)
    return ObjectMissing("The content of the file is damaged in the Hub's storage.", hint=_RESTORE)


def open_objects(settings: Settings) -> Objects:
    """The storage that the settings name.

    Raises:
        SettingsError: It cannot be opened; the message says which setting is wrong.
    """
    from obstore.store import LocalStore, S3Store  # noqa: PLC0415 - loaded once, when the Hub starts

    address = settings.file_store
    if address.startswith("s3://"):
        parts = urlsplit(address)
        given: S3Config = {"region": settings.file_store_region or "us-east-1"}
        if settings.file_store_endpoint:
            given["endpoint"] = settings.file_store_endpoint
        if settings.file_store_key:
            given["access_key_id"] = settings.file_store_key
            given["secret_access_key"] = settings.file_store_secret
        insecure = settings.file_store_endpoint.startswith("http://")
        store = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            config=given,
            client_options={"allow_http": insecure},
        )
        return Objects(store, address)
    folder = Path(address).expanduser().absolute() if address else settings.home / "files"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(
            f"The folder for files {shown(str(folder))} cannot be created: {error.strerror} (EXEKRA_FILE_STORE)."
        ) from None
    return Objects(LocalStore(folder), str(folder), folder)
