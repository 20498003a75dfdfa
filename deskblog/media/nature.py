"""What a file is, by its first bytes, whatever it is called; and whether its name says otherwise.

Only what an office meets, and what does harm, is told apart. A program is whatever a system runs on a double click.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path, PurePosixPath

from msgspec import Struct

HEAD = 64  # bytes that are looked at


class Nature(StrEnum):
    """What the bytes are; OTHER: not known, and nothing is held against it."""

    PICTURE = "picture"
    SOUND = "sound"
    FILM = "film"
    DOCUMENT = "document"
    ARCHIVE = "archive"
    PROGRAM = "program"
    OTHER = "other"


_BEGINNINGS: tuple[tuple[bytes, Nature], ...] = (
    (b"MZ", Nature.PROGRAM),
    (b"\x7fELF", Nature.PROGRAM),
    (b"\xca\xfe\xba\xbe", Nature.PROGRAM),  # Mach-O of several kinds, and Java classes
    (b"\xfe\xed\xfa\xce", Nature.PROGRAM),
    (b"\xfe\xed\xfa\xcf", Nature.PROGRAM),
    (b"\xce\xfa\xed\xfe", Nature.PROGRAM),
    (b"\xcf\xfa\xed\xfe", Nature.PROGRAM),
    (b"#!", Nature.PROGRAM),
    (b"L\0\0\0\x01\x14\x02\0", Nature.PROGRAM),  # a Windows shortcut
    (b"\xff\xd8\xff", Nature.PICTURE),
    (b"\x89PNG\r\n\x1a\n", Nature.PICTURE),
    (b"GIF8", Nature.PICTURE),
    (b"BM", Nature.PICTURE),
    (b"II*\0", Nature.PICTURE),
    (b"MM\0*", Nature.PICTURE),
    (b"%PDF", Nature.DOCUMENT),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        Nature.DOCUMENT,
    ),  # Word, Excel before 2007; also .msi, which its name tells
    (b"{\\rtf", Nature.DOCUMENT),
    (b"PK\x03\x04", Nature.ARCHIVE),
    (b"PK\x05\x06", Nature.ARCHIVE),
    (b"Rar!", Nature.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Nature.ARCHIVE),
    (b"\x1f\x8b", Nature.ARCHIVE),
    (b"BZh", Nature.ARCHIVE),
    (b"\xfd7zXZ", Nature.ARCHIVE),
    (b"OggS", Nature.SOUND),
    (b"ID3", Nature.SOUND),
    (b"fLaC", Nature.SOUND),
    (b"\xff\xfb", Nature.SOUND),
    (b"\xff\xf3", Nature.SOUND),
    (b"\xff\xf2", Nature.SOUND),
    (b"\x1aE\xdf\xa3", Nature.FILM),
)
_RIFF = {b"WEBP": Nature.PICTURE, b"WAVE": Nature.SOUND, b"AVI ": Nature.FILM}
_BRANDS = {b"heic": Nature.PICTURE, b"heix": Nature.PICTURE, b"mif1": Nature.PICTURE, b"avif": Nature.PICTURE,
           b"M4A ": Nature.SOUND}  # fmt: skip
_PICTURES = "jpg jpeg png gif webp bmp tif tiff heic heif avif"
_SOUNDS = "mp3 wav ogg oga opus flac m4a"
_FILMS = "mp4 m4v mov mkv webm avi"
_DOCUMENTS = "pdf doc xls ppt rtf txt csv"
_ARCHIVES = "zip rar 7z gz bz2 xz tgz"
_PROGRAMS = (
    "exe com scr pif bat cmd ps1 psm1 vb vbs vbe js jse ws wsf wsh hta msi msp msix appx cpl dll lnk url scf reg inf"
    " chm jar class py pyw rb pl sh bash csh run bin app command workflow action pkg dmg mpkg deb rpm apk appimage"
    " desktop iso img vhd vhdx docm xlsm xlsb pptm dotm xltm xlam ppam potm one library-ms search-ms"
    " settingcontent-ms"
)
_ZIPS = "zip docx xlsx pptx odt ods odp odg epub dotx xltx potx vsdx kmz 3mf"  # archives by right
_OF_ENDING: dict[str, Nature] = {
    **dict.fromkeys(_PICTURES.split(), Nature.PICTURE),
    **dict.fromkeys(_SOUNDS.split(), Nature.SOUND),
    **dict.fromkeys(_FILMS.split(), Nature.FILM),
    **dict.fromkeys(_DOCUMENTS.split(), Nature.DOCUMENT),
    **dict.fromkeys(_ARCHIVES.split(), Nature.ARCHIVE),
}
_RUNS = frozenset(_PROGRAMS.split())
_ZIPPED = frozenset(_ZIPS.split())


class Verdict(Struct, frozen=True):
    """`nature`: what it is. `runs`: opening it would run it. `disguised`: its name says that it is something else."""

    nature: Nature
    runs: bool
    disguised: bool


def judge(name: str, head: bytes) -> Verdict:
    """`head`: the first HEAD bytes, or fewer of a shorter file; empty if they are not here yet."""
    ending = ending_of(name)
    nature = _by_bytes(head)
    runs = ending in _RUNS or nature is Nature.PROGRAM
    said = _OF_ENDING.get(ending)
    other = nature is not Nature.OTHER and said is not None and not _fits(said, nature) and ending not in _ZIPPED
    disguised = other or _doubled(name, ending)
    if runs:
        return Verdict(Nature.PROGRAM, runs, disguised)
    if nature is Nature.ARCHIVE and ending in _ZIPPED:
        return Verdict(said or Nature.DOCUMENT, runs, disguised)
    if nature is Nature.FILM and said is Nature.SOUND:  # many programs mark an .m4a as they would a film
        return Verdict(said, runs, disguised)
    if nature is Nature.OTHER and (not head or said in (Nature.DOCUMENT, Nature.ARCHIVE)):
        return Verdict(said or nature, runs, disguised)
    return Verdict(nature, runs, disguised)


def look_at(file: Path, name: str) -> Verdict:
    """What the file is that goes by that name; OSError if it cannot be read."""
    with file.open("rb") as opened:
        return judge(name, opened.read(HEAD))


def ending_of(name: str) -> str:
    """What stands behind the last dot, in lower case; Windows passes over dots and blanks at the end."""
    return PurePosixPath(name.rstrip(". ")).suffix[1:].lower()


def _fits(said: Nature, nature: Nature) -> bool:
    """Sounds and films share containers."""
    return said is nature or {said, nature} == {Nature.SOUND, Nature.FILM}


def _doubled(name: str, ending: str) -> bool:
    """`holiday.jpg.exe`, also with blanks before the last dot."""
    before = name.rstrip(". ")[: -len(ending) - 1].rstrip() if ending else ""
    return ending in _RUNS and ending_of(before) in _OF_ENDING


def _by_bytes(head: bytes) -> Nature:
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], Nature.OTHER)
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], Nature.FILM)
    return next((nature for beginning, nature in _BEGINNINGS if head.startswith(beginning)), Nature.OTHER)
