"""The makers’ word for a package, written by the real minisign: read, and refused when anything of it is another."""

from __future__ import annotations

from base64 import b64decode, b64encode
from hashlib import blake2b
from pathlib import Path

import pytest

from deskblog import limits
from deskblog.errors import Forged, Malformed, PeerError, TooLarge
from deskblog.net.release import Key, read_key, read_word
from tests.makers import Makers, beside

KIND = "py3-none-any.whl"


@pytest.fixture(scope="module")
def makers(tmp_path_factory: pytest.TempPathFactory) -> Makers:
    return Makers(tmp_path_factory.mktemp("makers"))


@pytest.fixture(scope="module")
def package(makers: Makers) -> Path:
    return makers.package("9.1.0", KIND)


@pytest.fixture(scope="module")
def keys(makers: Makers) -> tuple[Key, ...]:
    return (read_key(makers.public),)


def test_what_minisign_wrote_says_what_was_signed(package: Path, keys: tuple[Key, ...]) -> None:
    release = read_word(beside(package).read_bytes(), keys)
    data = package.read_bytes()
    assert (release.version, release.kind, release.name.size) == ("9.1.0", KIND, len(data))
    assert release.name.hash == blake2b(data, digest_size=32).digest()
    assert (release.number, release.file) == ((9, 1, 0), f"deskblog-9.1.0-{KIND}")
    release.check(blake2b(data).digest())
    with pytest.raises(Forged):
        release.check(blake2b(data + b"x").digest())


def test_of_several_pinned_keys_the_one_that_signed_counts(
    package: Path, keys: tuple[Key, ...], tmp_path: Path
) -> None:
    other = read_key(Makers(tmp_path).public)
    assert read_word(beside(package).read_bytes(), (other, *keys)).version == "9.1.0"
    with pytest.raises(Forged):
        read_word(beside(package).read_bytes(), (other,))
    with pytest.raises(Forged):
        read_word(beside(package).read_bytes(), ())
    with pytest.raises(Forged):  # its number is copied easily
        read_word(beside(package).read_bytes(), (Key(keys[0].number, other.public),))


def test_no_bit_of_it_can_be_another(package: Path, keys: tuple[Key, ...]) -> None:
    lines = beside(package).read_text().splitlines()
    for n in (1, 3):
        raw = b64decode(lines[n])
        for at in range(len(raw)):
            turned = bytearray(raw)
            turned[at] ^= 1
            word = "\n".join([*lines[:n], b64encode(bytes(turned)).decode(), *lines[n + 1 :]]).encode()
            if n == 1 and at >= 10:  # the signature of the bytes: the second one covers it
                with pytest.raises(Forged):
                    read_word(word, keys)
            else:
                with pytest.raises(PeerError):
                    read_word(word, keys)
    with pytest.raises(Forged):
        read_word("\n".join(lines).replace(" 9.1.0 ", " 9.2.0 ").encode(), keys)


@pytest.mark.parametrize(
    "comment",
    [
        "deskblog 9.1.0 ../../etc/cron.d/x.whl {size} {hash}",
        "deskblog 9.1.0 .whl {size} {hash}",
        "deskblog 9.1.0 a/b.whl {size} {hash}",
        "deskblog 9.1.0 py3-none-any.whl.a.b {size} {hash}",
        "deskblog 9.1.0 PY3.whl {size} {hash}",
        "deskblog 9..1 py3.whl {size} {hash}",
        "deskblog 09.1 py3.whl {size} {hash}",
        "deskblog 9.1.0rc1 py3.whl {size} {hash}",
        "deskblog 1.2.3.4.5 py3.whl {size} {hash}",
        "deskblog 9.1.0 py3.whl 0 {hash}",
        "deskblog 9.1.0 py3.whl -1 {hash}",
        "deskblog 9.1.0 py3.whl {size} {hash}0",
        "deskblog 9.1.0 py3.whl {size} {hash} and more",
        "deskblog ٩.1 py3.whl {size} {hash}",
        "timestamp:1795000000\tfile:x\thashed",
        "",
    ],
)
def test_what_even_the_makers_cannot_say(makers: Makers, keys: tuple[Key, ...], tmp_path: Path, comment: str) -> None:
    path = tmp_path / "package"
    path.write_bytes(b"bytes")
    hashed = blake2b(b"bytes", digest_size=32).hexdigest()
    with pytest.raises(Malformed):
        read_word(makers.word(path, comment.format(size=5, hash=hashed)), keys)


def test_what_is_too_large_or_no_word_at_all(
    makers: Makers, package: Path, keys: tuple[Key, ...], tmp_path: Path
) -> None:
    path = tmp_path / "package"
    path.write_bytes(b"bytes")
    said = f"deskblog 9.1.0 {KIND} {limits.PROGRAM_PACKAGE + 1} {'0' * 64}"
    with pytest.raises(TooLarge):
        read_word(makers.word(path, said), keys)
    usual = said.replace(str(limits.PROGRAM_PACKAGE + 1), str(limits.PROGRAM_PACKAGE))
    assert read_word(makers.word(path, usual), keys).name.size == limits.PROGRAM_PACKAGE
    with pytest.raises(Malformed):  # signed as it was before minisign hashed first
        read_word(makers.word(path, usual, "-l"), keys)
    word = beside(package).read_bytes()
    with pytest.raises(TooLarge):
        read_word(word + b"\n" * limits.PROGRAM_WORD, keys)
    for wrong in (
        b"",
        b"\xff" * 200,
        word + b"one more\n",
        word.replace(b"trusted comment: d", b"comment: d"),
        b"\n\n\n",
    ):
        with pytest.raises(Malformed):
            read_word(wrong, keys)


@pytest.mark.parametrize("line", ["", "RWQ", "untrusted comment: minisign public key", "A" * 56, "é" * 56])
def test_what_is_no_key(line: str) -> None:
    with pytest.raises(Malformed):
        read_key(line)
