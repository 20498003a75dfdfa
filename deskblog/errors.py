"""Four kinds of error, four fates.

    DeskblogError
    ├── PeerError          the peer's fault: ends that link or drops that entry, and no more
    │   ├── Malformed      bytes that are not what they should be
    │   ├── Forged         a signature, hash or proof that does not hold
    │   └── TooLarge       past a named ceiling (see limits.py)
    ├── Gap                nobody's fault: what was to hang on an entry that could not be kept; it is asked for anew
    └── UserError          the world's fault: reaches the person, with what was kept and what to do
        ├── Refused        the person asked for something that cannot be (empty post, wrong code …)
        │   └── NotHeard   nobody on the network is it: an address typed by hand may help
        └── Unusable       the data folder, the disk or the network cannot serve
            └── InUse      another deskblog runs on the data folder

Our own faults have no class here: they are never caught, they are mended.
"""

from __future__ import annotations


class DeskblogError(Exception):
    """Anything deskblog raises on purpose."""


class PeerError(DeskblogError):
    """The peer's fault: ends that link, disturbs nothing else."""


class Malformed(PeerError):
    """Foreign bytes that do not decode to exactly one allowed value."""


class Forged(PeerError):
    """A signature, hash or proof that does not hold."""


class TooLarge(PeerError):
    """Past a ceiling of limits.py."""


class Gap(DeskblogError):
    """An entry before these could not be kept (a full disk, a repair): they are asked for anew, nobody is blamed."""


class UserError(DeskblogError):
    """Something a person must know: what happened, what was kept, what to do next (already translated)."""

    def __init__(self, what: str, *, kept: str = "", next_step: str = "") -> None:
        super().__init__(" ".join(part for part in (what, kept, next_step) if part))
        self.what = what
        self.kept = kept
        self.next_step = next_step


class Refused(UserError):
    """The request itself cannot be done; nothing was changed."""


class NotHeard(Refused):
    """Whoever is looked for is not heard on this network; an address may lead there."""


class Unusable(UserError):
    """The data folder, the disk or the network cannot serve."""


class InUse(Unusable):
    """Another deskblog runs on the data folder: what is asked goes through it."""
