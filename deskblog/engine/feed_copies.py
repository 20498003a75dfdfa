"""Copies of feeds between the disk, the child that reads them, and what is signed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from hashlib import blake2b

import msgspec

from deskblog.errors import PeerError, Unusable
from deskblog.feeds import cache
from deskblog.feeds.fetching import Fetched, Handed, Outcome, Request, fetch
from deskblog.feeds.privacy import is_secret, may_lead_inside
from deskblog.i18n import _, alphabetical
from deskblog.log.keys import DeviceKeys
from deskblog.net.feedcopy import STILL, WHOLE, Copy, Signed, read_copy, write_statement
from deskblog.records import replace
from deskblog.store.items import Source
from deskblog.values import DeviceKey, OfficeId

NO_ONES = ("inside", "address", "status 401", "status 403", "status 407", "status 429", "status 503")
# faults after which colleagues are not asked for a feed never read here: it may be of the own network, or want a word


class Kept(msgspec.Struct, array_like=True, frozen=True):
    """What the store keeps of a shared feed: the copy's statements, and whose word is not taken for it."""

    signed: tuple[Signed, ...] = ()
    refused: tuple[bytes, ...] = ()

    @property
    def copy(self) -> Copy | None:
        return read_copy(self.signed) if self.signed else None


class Rescue(msgspec.Struct, frozen=True):
    """What a colleague holds of a feed that cannot be read here."""

    fetched: Fetched
    copy: Copy
    body: bytes
    source: Source


def read_kept(raw: bytes) -> Kept:
    try:
        kept = msgspec.msgpack.decode(raw, type=Kept) if raw else Kept()
        return kept if kept.copy is not None else replace_signed(kept, ())
    except (msgspec.MsgspecError, PeerError):
        return Kept()


def replace_signed(kept: Kept, signed: tuple[Signed, ...]) -> Kept:
    return msgspec.structs.replace(kept, signed=signed)


def refusing(kept: Kept, device: DeviceKey) -> Kept:
    return msgspec.structs.replace(kept, refused=tuple(sorted({*kept.refused, device})))


def packed(kept: Kept) -> bytes:
    return msgspec.msgpack.encode(kept)


def for_everybody(url: str) -> bool:
    """Whether an address tells nothing by which it would be somebody's own."""
    return not is_secret(url) and not may_lead_inside(url)


def is_private(fetched: Fetched) -> bool:
    """Whether what was answered is nobody else's business."""
    return fetched.private or fetched.inside or is_secret(fetched.url)


# --- what was answered here -------------------------------------------------------------------------------
def signed_answer(
    keys: DeviceKeys, office: OfficeId, tag: bytes, fetched: Fetched, at: int, held: Copy | None
) -> Copy | None:
    """What can be handed on of an answer; None: nothing."""
    if fetched.outcome is Outcome.READ and fetched.body and not fetched.said:
        named = len(fetched.body), blake2b(fetched.body, digest_size=32).digest()
        return read_copy((write_statement(keys, office, tag, at, WHOLE, fetched.headers, named),))
    if fetched.outcome is Outcome.UNCHANGED and held is not None and at > held.first.time:
        named = held.first.size, held.first.hash
        return read_copy((held.signed[0], write_statement(keys, office, tag, at, STILL, fetched.headers, named)))
    return None


# --- what came from a colleague ---------------------------------------------------------------------------
async def read_body(url: str, copy: Copy, body: bytes) -> Fetched:
    """As if it had been fetched here, by a child of one's own; nobody is asked."""
    fetched = await fetch(Request(url, handed=Handed(body, copy.headers)))
    return _as_asked(fetched, copy)


def unchanged(url: str, copy: Copy) -> Fetched:
    """The bytes are those that are here."""
    return _as_asked(Fetched(Outcome.UNCHANGED, status=STILL, url=url), copy)


def _as_asked(fetched: Fetched, copy: Copy) -> Fetched:
    at = when(copy.time)
    etag, modified = cache.validators(copy.headers, at)
    return replace(fetched, etag=etag, modified=modified, fresh=cache.fresh(copy.headers, at))


def same_validators(copy: Copy, fetched: Fetched) -> bool:
    """Whether the site says that it is the very answer the copy claims to be."""
    theirs = copy.headers
    pairs = (theirs.get("etag", ""), fetched.etag), (theirs.get("last-modified", ""), fetched.modified)
    told = [(one, other) for one, other in pairs if one and other]
    return bool(told) and all(one == other for one, other in told)


def when(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def blamed(copy: Copy, *, changed: bool, left_out: bool) -> frozenset[DeviceKey]:
    """Whose word a difference is: of the bytes, whose they are; of what is not in them, who asked last."""
    first = {DeviceKey(copy.first.device)} if changed else set()
    return frozenset(first | ({copy.asker} if left_out else set()))


def cannot_keep(fault: OSError) -> Unusable:
    return Unusable(
        _("What a feed’s site answered cannot be kept on this PC: {why}.").format(why=fault.strerror or fault),
        kept=_("The items are kept."),
        next_step=_("Make room on the disk; until then this PC hands on nothing of it."),
    )


def question() -> str:
    """Before any feed is shared."""
    return _(
        "Shall feeds be fetched once for all who follow them at the office? Their PCs then learn that this"
        " one follows the same feeds, hand you what a site answered them, and are handed what it answered you."
        " Feeds with a password or a secret address, and those of your own network, are never shared."
    )


def doubt(names: Collection[str]) -> tuple[str, str]:
    """(what is wrong with what PCs of these handed on, what is done); empty if there are none."""
    if not names:
        return "", ""
    named = ", ".join(sorted(names, key=alphabetical))
    said = _("What {name}’s PC handed on was not what the site says.").format(name=named)
    return said, _("This PC takes that feed from others and from the site alone.")
