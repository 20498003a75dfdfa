"""What a person drops onto a post, and what is sent of it."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from deskblog import limits
from deskblog.errors import Refused
from deskblog.media.enclosing import enclose
from deskblog.values import Sort
from tests.media.test_photo import picture


def archive() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("a.txt", "hello")
    return file.getvalue()


def test_a_photo_is_made_anew_and_its_name_follows() -> None:
    made = enclose("C:\\Users\\Anne\\leaf.bmp", picture("BMP"))
    assert (made.name, made.sort, made.width, made.height, made.notice) == ("leaf.png", Sort.PHOTO, 60, 40, "")
    assert made.preview.startswith(b"\xff\xd8\xff")
    assert enclose("leaf.JPEG", picture("JPEG")).name == "leaf.JPEG"


def test_an_archive_called_a_photo_is_sent_as_a_file_and_its_author_told() -> None:
    made = enclose("leaf.jpg", archive())
    assert (made.sort, made.data) == (Sort.FILE, archive())
    assert made.notice == "“leaf.jpg” is not what its name says: an archive of files. It is sent as that."


def test_a_program_is_sent_and_called_one() -> None:
    assert "is a program" in enclose("leaf.jpg.exe", b"MZ").notice
    assert enclose("leaf.jpg.exe", b"MZ").sort is Sort.FILE


def test_a_picture_that_cannot_be_made_anew_is_sent_as_it_is_and_its_author_told() -> None:
    made = enclose("leaf.heic", b"\0\0\0 ftypheic")
    assert made.sort is Sort.FILE and "where and when" in made.notice


def test_sounds_and_films_are_known_by_their_bytes() -> None:
    assert enclose("talk.ogg", b"OggS").sort is Sort.VOICE
    assert enclose("clip.mp4", b"\0\0\0 ftypisom").sort is Sort.FILM


def test_what_is_empty_or_too_large_is_refused_in_words() -> None:
    with pytest.raises(Refused, match=r"“notes\.txt” is empty"):
        enclose("notes.txt", b"")
    with pytest.raises(Refused, match="has 26 MB; 25 MB is the most"):
        enclose("film.mkv", b"\x1aE\xdf\xa3" + bytes(limits.BLOB))
    assert len(enclose("notes.txt", bytes(limits.BLOB)).data) == limits.BLOB
