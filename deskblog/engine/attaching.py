"""What is to go with a post: kept from the moment it is chosen, sent with it, collected when no post names it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from deskblog import limits
from deskblog.engine.vault import Vault
from deskblog.errors import Refused, Unusable
from deskblog.i18n import _
from deskblog.log.attachment import Attachment, BlobName
from deskblog.media.enclosing import Enclosure, enclose, too_large
from deskblog.media.naming import safe_name
from deskblog.media.photo import MEGAPIXELS_JPEG
from deskblog.values import Attached, Blob, BlobState, Sort, Waiting

KEY = "unposted"
SOURCE = 2 * MEGAPIXELS_JPEG * limits.MIB // 10  # bytes of a photo before it is made smaller: 50 MB


class Attaching:
    """`chosen`: what the person chose and has neither posted nor thrown away; it outlives a restart, as the draft."""

    def __init__(self, vault: Vault, waiting: Callable[[], Iterable[Waiting]]) -> None:
        """`waiting`: posts that have not left, or were taken back just now; what goes with them is kept."""
        self._vault = vault
        self._waiting = waiting
        self.chosen: tuple[Attached, ...] = ()
        self._collecting: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Takes up what was chosen before the restart."""
        kept = await self._vault.call(self._vault.store.get, KEY)
        self.chosen = msgspec.json.decode(kept or "[]", type=tuple[Attached, ...])

    async def stop(self) -> None:
        if self._collecting is not None:
            await self._collecting

    # --- choosing -----------------------------------------------------------------------------------------
    async def choose(self, name: str, data: bytes, still: bytes = b"") -> tuple[Attached, str]:
        """Makes it ready and keeps it: (what will go with the next post, what its author should know of it).

        `still`: a picture out of a film, for its preview. Refused if it cannot be sent, or if there are too many.
        """
        self._check_room()
        made = await asyncio.to_thread(enclose, name, data, still)
        async with self._vault.blobs.naming:
            self._check_room()
            one = await self._keep(made)
            await self._set((*self.chosen, one))
        return one, made.notice

    async def choose_file(self, path: Path) -> tuple[Attached, str]:
        """As `choose`; Refused if it cannot be read."""
        return await self.choose(path.name, await asyncio.to_thread(read_photo, path))

    async def choose_made(self, name: str, sort: Sort, data: bytes, preview: bytes) -> Attached:
        """As `choose`, for what is ready already."""
        async with self._vault.blobs.naming:
            self._check_room()
            one = await self._keep(Enclosure(safe_name(name, _("file")), sort, data, preview=preview))
            await self._set((*self.chosen, one))
        return one

    def _check_room(self) -> None:
        if len(self.chosen) >= limits.ATTACHMENTS:
            raise Refused(
                _("A post carries {n} photos and files at most.").format(n=limits.ATTACHMENTS),
                kept=_("Those chosen before stay."),
                next_step=_("Put the others into a second post."),
            )

    async def _keep(self, made: Enclosure) -> Attached:
        preview = await self._put(made.preview) if made.preview else None
        blob = await self._put(made.data)
        return Attached(made.name, made.sort, blob, made.width, made.height, made.seconds, preview)

    async def _put(self, data: bytes) -> Blob:
        name = await self._vault.blobs.put(data)
        return Blob(name.hash.hex(), name.size, BlobState.HERE)

    async def drop(self, one: Attached) -> None:
        """The person does not want it with the post."""
        async with self._vault.blobs.naming:
            left = list(self.chosen)
            if one in left:
                left.remove(one)
            await self._set(tuple(left))
        await self.collect()

    async def take(self, attached: Sequence[Attached]) -> None:
        """These have gone into a post, or one that waits."""
        if not attached:
            return
        async with self._vault.blobs.naming:
            left = list(self.chosen)
            for one in attached:
                if one in left:
                    left.remove(one)
            await self._set(tuple(left))

    async def give_back(self, attached: Sequence[Attached]) -> None:
        """A post that waited was taken back: what went with it is chosen again."""
        async with self._vault.blobs.naming:
            await self._set((*self.chosen, *attached)[: limits.ATTACHMENTS])

    async def _set(self, chosen: tuple[Attached, ...]) -> None:
        await self._vault.call(self._vault.store.put, KEY, msgspec.json.encode(chosen).decode())
        self.chosen = chosen

    # --- letting go ---------------------------------------------------------------------------------------
    def collect_soon(self) -> None:
        """Bodies went: what they named goes once all of them have."""
        if self._collecting is None or self._collecting.done():
            self._collecting = asyncio.get_running_loop().create_task(self.collect())

    async def collect(self) -> None:
        """Lets go of what no post names, is not chosen and waits with no post."""
        async with self._vault.blobs.naming:
            waiting = [one for post in self._waiting() for one in post.attached]
            keep = {name for one in (*self.chosen, *waiting) for name in _blobs(one)}
            await self._vault.blobs.collect(keep)

    # --- others' -------------------------------------------------------------------------------------------
    async def fetch(self, blob: Blob) -> BlobState | None:
        """The person wants to see it; what is known of it now."""
        return await self._vault.blobs.look_at(blob_name(blob))

    async def give_up(self, blob: Blob) -> None:
        await self._vault.blobs.give_up(blob_name(blob))

    async def bring(self, blob: Blob, seconds: float) -> Path:
        """Fetches it if need be, and says where it lies; Refused if nobody who is here has it in that time."""
        found = await self._vault.blobs.bring(blob_name(blob), seconds)
        if found is None:
            raise Refused(
                _("Nobody who is here has this file yet."),
                kept=_("It is fetched as soon as somebody who has it is here."),
                next_step=_("Try again later."),
            )
        return found

    def place(self, blob: Blob) -> Path:
        """Where it lies once it is here; asks nobody, and may be called on any thread."""
        return self._vault.store.blobs.folder.path(blob_name(blob))

    async def path(self, blob: Blob) -> Path | None:
        """Where it lies, if it is here. The file is the store's: to be read, and copied."""
        return await self._vault.blobs.path(blob_name(blob))


def blob_name(blob: Blob) -> BlobName:
    return BlobName(bytes.fromhex(blob.hash), blob.size)


def attachments(attached: Sequence[Attached]) -> tuple[Attachment, ...]:
    """As a post names them."""
    return tuple(
        Attachment(
            one.name,
            int(one.sort),
            blob_name(one.blob),
            min(one.width, 65_535),
            min(one.height, 65_535),
            one.seconds,
            blob_name(one.preview) if one.preview else None,
        )
        for one in attached
    )


def _blobs(one: Attached) -> list[BlobName]:
    return [blob_name(blob) for blob in (one.blob, one.preview) if blob is not None]


def read_photo(path: Path) -> bytes:
    """Refused if it is no file that can be read, or larger than any photo."""
    try:
        if not path.is_file():
            raise Refused(_("“{name}” is no file.").format(name=path.name), next_step=_("Choose a file."))
        if (size := path.stat().st_size) > SOURCE:
            raise too_large(path.name, size)
        return path.read_bytes()
    except OSError as fault:
        raise Unusable(
            _("“{name}” cannot be read: {why}.").format(name=path.name, why=fault.strerror or fault),
            kept=_("Your text is kept."),
        ) from None
