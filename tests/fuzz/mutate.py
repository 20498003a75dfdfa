"""Changes valid bytes as a clever enemy would: by bits, by pieces, and by what MessagePack lets one say twice.

All from one number, so that whatever was found is found again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

Mutation = Callable[[bytes, Random, Sequence[bytes]], bytes]


@dataclass(frozen=True, slots=True)
class Token:
    """The head of one MessagePack value: where it stands, and of what family and count (or value) it is."""

    start: int
    end: int
    family: str
    count: int


_SIZED = {
    0xC4: ("bin", 1), 0xC5: ("bin", 2), 0xC6: ("bin", 4), 0xD9: ("str", 1), 0xDA: ("str", 2), 0xDB: ("str", 4),
    0xDC: ("array", 2), 0xDD: ("array", 4), 0xDE: ("map", 2), 0xDF: ("map", 4),
    0xCC: ("int", 1), 0xCD: ("int", 2), 0xCE: ("int", 4), 0xCF: ("int", 8),
}  # fmt: skip
_LONGER = {
    "bin": ((0xC4, 1), (0xC5, 2), (0xC6, 4)),
    "str": ((0xD9, 1), (0xDA, 2), (0xDB, 4)),
    "array": ((0xDC, 2), (0xDD, 4)),
    "map": ((0xDE, 2), (0xDF, 4)),
    "int": ((0xCC, 1), (0xCD, 2), (0xCE, 4), (0xCF, 8), (0xD3, 8)),
}


def tokens(raw: bytes) -> list[Token]:
    """The heads of the values of `raw` in their order, as far as it is MessagePack of the kinds used here."""
    found: list[Token] = []
    at = 0
    while at < len(raw):
        token = _token(raw, at)
        if token is None:
            break
        found.append(token)
        at = _end(token)
    return found


def _token(raw: bytes, at: int) -> Token | None:
    head = raw[at]
    if head in _SIZED:
        family, size = _SIZED[head]
        end = at + 1 + size
        return Token(at, end, family, int.from_bytes(raw[at + 1 : end], "big"))
    for low, high, family, mask in (
        (0x00, 0x7F, "int", 0x7F), (0x80, 0x8F, "map", 0x0F), (0x90, 0x9F, "array", 0x0F), (0xA0, 0xBF, "str", 0x1F),
        (0xC0, 0xC3, "word", 0), (0xE0, 0xFF, "int", 0x1F),
    ):  # fmt: skip
        if low <= head <= high:
            return Token(at, at + 1, family, head & mask)
    return None


# --- by bytes ---------------------------------------------------------------------------------------------
def _flip(raw: bytes, dice: Random, _others: Sequence[bytes]) -> bytes:
    if not raw:
        return raw
    at = dice.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ (1 << dice.randrange(8))]) + raw[at + 1 :]


def _insert(raw: bytes, dice: Random, _others: Sequence[bytes]) -> bytes:
    at = dice.randint(0, len(raw))
    return raw[:at] + dice.randbytes(dice.choice((1, 1, 2, 4, 32))) + raw[at:]


def _cut(raw: bytes, dice: Random, _others: Sequence[bytes]) -> bytes:
    at, size = dice.randint(0, len(raw)), dice.choice((1, 2, 8, 32, len(raw)))
    return raw[:at] + raw[at + size :]


def _double(raw: bytes, dice: Random, _others: Sequence[bytes]) -> bytes:
    at, size = dice.randint(0, len(raw)), dice.randint(0, 64)
    return raw[: at + size] + raw[at:]


def _splice(raw: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    other = dice.choice(others) if others else raw
    return raw[: dice.randint(0, len(raw))] + other[dice.randint(0, len(other)) :]


# --- by values --------------------------------------------------------------------------------------------
def _longer(raw: bytes, dice: Random, _others: Sequence[bytes]) -> bytes:
    """One value in a longer encoding than it needs."""
    heads = [token for token in tokens(raw) if token.family in _LONGER]
    if not heads:
        return raw
    token = dice.choice(heads)
    code, size = dice.choice(_LONGER[token.family])
    if token.count >= 1 << 8 * size:
        return raw
    return raw[: token.start] + bytes([code]) + token.count.to_bytes(size, "big") + raw[token.end :]


def _huge(raw: bytes, dice: Random, _others: Sequence[bytes]) -> bytes:
    """One value that says it is far larger than what follows."""
    heads = [token for token in tokens(raw) if token.family in _LONGER]
    if not heads:
        return raw
    token = dice.choice(heads)
    code, size = dice.choice(_LONGER[token.family])
    count = dice.choice((1 << 8 * size - 1, (1 << 8 * size) - 1, token.count + 1))
    return raw[: token.start] + bytes([code]) + (count % (1 << 8 * size)).to_bytes(size, "big") + raw[token.end :]


def _nested(raw: bytes, dice: Random, _others: Sequence[bytes]) -> bytes:
    """One value inside many arrays or maps."""
    heads = tokens(raw)
    at = dice.choice(heads).start if heads else 0
    return raw[:at] + dice.choice((b"\x91", b"\x81", b"\x81\xc0")) * dice.choice((1, 3, 200, 5000)) + raw[at:]


def _other_value(raw: bytes, dice: Random, _others: Sequence[bytes]) -> bytes:
    """One value replaced by another, of another family perhaps."""
    heads = tokens(raw)
    if not heads:
        return raw
    token = dice.choice(heads)
    return raw[: token.start] + dice.choice(VALUES) + raw[_end(token) :]


def _inside(raw: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    """What stands in one byte string, changed in its turn: headers in a run, acts and messages in a list."""
    held = [token for token in tokens(raw) if token.family == "bin" and 8 <= token.count <= len(raw) - token.end]
    if not held:
        return raw
    token = dice.choice(held)
    end = token.end + token.count
    new = dice.choice(MUTATIONS)(raw[token.end : end], dice, others)
    code, size = (0xC4, 1) if len(new) < 256 else (0xC5, 2) if len(new) < 65536 else (0xC6, 4)
    return raw[: token.start] + bytes([code]) + len(new).to_bytes(size, "big") + new + raw[end:]


def _rearrange(raw: bytes, dice: Random, _others: Sequence[bytes]) -> bytes:
    """One item of an array taken out, doubled, or put where another one was."""
    lists = [(head, items) for head, items in arrays(raw) if items]
    if not lists:
        return raw
    head, items = dice.choice(lists)
    order = list(range(len(items)))
    one, other = dice.randrange(len(order)), dice.randrange(len(order))
    match dice.randrange(3):
        case 0:
            del order[one]
        case 1:
            order.insert(other, order[one])
        case _:
            order[one], order[other] = order[other], order[one]
    count = bytes([0x90 | len(order)]) if len(order) < 16 else b"\xdc" + len(order).to_bytes(2, "big")
    end = items[-1][1]
    return raw[: head.start] + count + b"".join(raw[slice(*items[n])] for n in order) + raw[end:]


def arrays(raw: bytes) -> list[tuple[Token, list[tuple[int, int]]]]:
    """Each array that is whole, with where its items begin and end."""
    found = tokens(raw)
    after = [0] * len(found)  # the token behind the value that begins here
    starts = [token.start for token in found] + [_end(found[-1])] if found else []
    out: list[tuple[Token, list[tuple[int, int]]]] = []
    for n in range(len(found) - 1, -1, -1):
        children = {"array": 1, "map": 2}.get(found[n].family, 0) * found[n].count
        at, items = n + 1, []
        while children and at < len(found):
            items.append((starts[at], starts[after[at]]))
            at, children = after[at], children - 1
        after[n] = at
        if found[n].family == "array" and not children:
            out.append((found[n], items))
    return out


def _end(token: Token) -> int:
    return token.end + (token.count if token.family in ("bin", "str") else 0)


VALUES = (
    b"\xc0", b"\xc2", b"\xc3", b"\x00", b"\x7f", b"\xff", b"\xe0", b"\xcf" + b"\xff" * 8, b"\xd3\x80" + bytes(7),
    b"\xcf\x00\x20" + bytes(6), b"\xca\x7f\xc0\x00\x00", b"\xcb\x7f\xf8" + bytes(6), b"\xa0", b"\xa1\xff",
    b"\xa3\xed\xa0\x80", b"\xa1\x00", b"\xc4\x00", b"\xc4\x20" + bytes(32), b"\xc4\x20" + b"\xff" * 32,
    b"\xc4\x20\x01" + bytes(31), b"\xc4\x08" + bytes(8), b"\x90", b"\x80", b"\x82\xa1a\x01\xa1a\x02",
    b"\xd4\xff\x00", b"\xd6\xff" + bytes(4), b"\xc7\x0c\xff" + bytes(12), b"\xc1",
)  # fmt: skip

MUTATIONS: tuple[Mutation, ...] = (
    _flip, _insert, _cut, _double, _splice, _longer, _huge, _nested, _other_value, _inside,
    _inside, _rearrange
)  # fmt: skip


def mutated(raw: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    """`raw` after one to four changes."""
    for _n in range(dice.choice((1, 1, 1, 2, 4))):
        raw = dice.choice(MUTATIONS)(raw, dice, others)
    return raw
