"""What travels beside a post: a photo, a file, a voice note or a film, by name and by hash."""

from __future__ import annotations

from typing import Annotated

import msgspec

from deskblog import limits
from deskblog.log import codec
from deskblog.values import Sort

Pixels = Annotated[int, msgspec.Meta(ge=0, le=65_535)]


class BlobName(msgspec.Struct, array_like=True, frozen=True, order=True):
    """Names bytes: BLAKE2b-256 of them (RFC 7693), and how many they are."""

    hash: codec.Bytes32
    size: Annotated[int, msgspec.Meta(ge=1, le=limits.BLOB)]


class Attachment(msgspec.Struct, array_like=True, frozen=True):
    """One of a post's. What its author says of it binds nobody: what the bytes are is judged by the bytes."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=limits.FILE_NAME)]
    kind: Annotated[int, msgspec.Meta(ge=0, le=255)]
    blob: BlobName
    width: Pixels = 0
    height: Pixels = 0
    seconds: Annotated[int, msgspec.Meta(ge=0, le=3600)] = 0
    preview: BlobName | None = None

    @property
    def sort(self) -> Sort:
        return Sort(self.kind) if self.kind in tuple(Sort) else Sort.FILE
