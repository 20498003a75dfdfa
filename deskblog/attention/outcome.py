"""What became of a message that was to leave the office, whether to try again and when, and how a person is told."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from deskblog.i18n import _

MINUTE = 60_000  # ms
FIRST = MINUTE
LONGEST = 60 * MINUTE


class Happened(StrEnum):
    """One word each, as it travels between carriers; a later version's word may mean that it was sent."""

    TAKEN = "taken"
    PERHAPS = "perhaps"  # it may have been taken: no answer came
    REFUSED = "refused"  # the credential
    TOO_MANY = "too many"
    DECLINED = "declined"  # this message, or the number it goes to
    DOWN = "down"
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    INSIDE = "inside"  # it leads into the PC that sends
    UNUSABLE = "unusable"  # no address of a gateway that is used here
    NOT_INSTALLED = "not installed"
    CAPPED = "capped"
    STOOD_BACK = "stood back"  # another carrier sends, or the person's own PC is on

    @classmethod
    def _missing_(cls, value: object) -> Happened:
        return cls.PERHAPS


# Tried again, by whoever's turn it is: nothing was taken, and it is nothing that lasts.
PASSING = frozenset({Happened.DOWN, Happened.UNREACHABLE, Happened.CERTIFICATE, Happened.NOT_INSTALLED})
# Nothing more goes out by this rule until it is set up anew: a provider locks out who knocks wrongly again and again.
BROKEN = frozenset({Happened.REFUSED, Happened.UNUSABLE, Happened.INSIDE})
# Counted against the month: what was paid for, or may have been.
SPENT = frozenset({Happened.TAKEN, Happened.PERHAPS})


class Outcome(Struct, frozen=True):
    """`status`: the gateway's number (HTTP or SMTP), 0 if it said none."""

    happened: Happened
    status: int = 0

    @property
    def ok(self) -> bool:
        return self.happened is Happened.TAKEN

    @property
    def retry(self) -> bool:
        """Whether it is tried again. What may have been taken is not: rather one too few than a double."""
        return self.happened in PASSING


def read_status(status: int) -> Outcome:
    """What an HTTP status says that is no success."""
    match status:
        case 401 | 403:
            happened = Happened.REFUSED
        case 429:
            happened = Happened.TOO_MANY
        case 504:  # somebody before the gateway gave up waiting for it
            happened = Happened.PERHAPS
        case _:
            happened = Happened.DOWN if 500 <= status < 600 else Happened.DECLINED
    return Outcome(happened, status)


def back_off(tries: int, jitter: float) -> int:
    """Milliseconds before the next try, after so many (from 1): 1, 4, 16 minutes, an hour at most.

    `jitter` (0 to 1) spreads it from half to one and a half of that, so that all carriers do not come at once.
    """
    wait = min(FIRST * 4 ** min(tries - 1, 8), LONGEST)
    return int(wait * (0.5 + jitter))


def said(outcome: Outcome) -> str:
    """What happened and what comes next, for the person whose message it is."""
    words = {
        Happened.TAKEN: _("Sent: the gateway took it."),
        Happened.PERHAPS: _("Perhaps sent: the gateway gave no answer. It is not sent again, lest it come twice."),
        Happened.REFUSED: _(
            "Not sent: the gateway refuses the credential{status}. Nothing more is sent until it is set up again."
        ),
        Happened.TOO_MANY: _("Not sent: the gateway says these are too many in a short time{status}."),
        Happened.DECLINED: _("Not sent: the gateway declines it{status}. Check the number and the address."),
        Happened.DOWN: _("Not sent: the gateway is out of order{status}. It is tried again later."),
        Happened.UNREACHABLE: _("Not sent: the gateway cannot be reached from that PC. Another one tries."),
        Happened.CERTIFICATE: _("Not sent: the certificate of the gateway does not hold. Another PC tries."),
        Happened.INSIDE: _("Not sent: this address leads into the PC that sends, and is not followed."),
        Happened.UNUSABLE: _("Not sent: this is no address of a gateway that deskblog uses."),
        Happened.NOT_INSTALLED: _("Not sent: Apprise is missing on that PC. Install deskblog[travel] there."),
        Happened.CAPPED: _("Not sent: as many as allowed have gone out this month."),
        Happened.STOOD_BACK: _("Not sent by that PC: another one sends it, or your own is on."),
    }[outcome.happened]
    return words.format(status=f" ({outcome.status})" if outcome.status else "")
