"""What a file is, and whether its name says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog import limits
from deskblog.media.naming import safe_name
from deskblog.media.nature import HEAD, Nature, Verdict, judge

JPEG, ZIP, EXE, PDF, OLE = (
    b"\xff\xd8\xff\xe0",
    b"PK\x03\x04",
    b"MZ\x90",
    b"%PDF-1.7",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
)


@pytest.mark.parametrize(
    ("name", "head", "nature", "runs", "disguised"),
    [
        ("leaf.jpg", JPEG, Nature.PICTURE, False, False),
        ("LEAF.JPEG", JPEG, Nature.PICTURE, False, False),
        ("leaf.jpg", ZIP, Nature.ARCHIVE, False, True),
        ("leaf.jpg", EXE, Nature.PROGRAM, True, True),
        ("leaf.jpg", b"just words", Nature.OTHER, False, False),
        ("leaf.jpg.exe", EXE, Nature.PROGRAM, True, True),
        ("leaf.jpg      .scr", EXE, Nature.PROGRAM, True, True),
        ("leaf.jpg.exe. . ", EXE, Nature.PROGRAM, True, True),
        ("setup.exe", EXE, Nature.PROGRAM, True, False),
        ("setup.exe", b"", Nature.PROGRAM, True, False),
        ("report.docx", ZIP, Nature.DOCUMENT, False, False),
        ("report.docm", ZIP, Nature.PROGRAM, True, False),
        ("report.doc", OLE, Nature.DOCUMENT, False, False),
        ("setup.msi", OLE, Nature.PROGRAM, True, False),
        ("report.pdf", PDF, Nature.DOCUMENT, False, False),
        ("report.pdf", JPEG, Nature.PICTURE, False, True),
        ("run me", b"#!/bin/sh", Nature.PROGRAM, True, False),
        ("notes.txt", b"hello", Nature.DOCUMENT, False, False),
        ("talk.ogg", b"OggS", Nature.SOUND, False, False),
        ("talk.mp4", b"\0\0\0 ftypM4A ", Nature.SOUND, False, False),
        ("clip.mp4", b"\0\0\0 ftypisom", Nature.FILM, False, False),
        ("note.m4a", b"\0\0\0 ftypisom", Nature.SOUND, False, False),
        ("note.mp3", b"\xff\xf3\x40\xc4", Nature.SOUND, False, False),
        ("clip.webm", b"\x1aE\xdf\xa3", Nature.FILM, False, False),
        ("photo.heic", b"\0\0\0 ftypheic", Nature.PICTURE, False, False),
        ("all.zip", ZIP, Nature.ARCHIVE, False, False),
        ("link.url", b"[InternetShortcut]", Nature.PROGRAM, True, False),
        ("readme", b"hello", Nature.OTHER, False, False),
    ],
)
def test_bytes_say_what_it_is_and_the_name_whether_it_runs(
    name: str, head: bytes, nature: Nature, runs: bool, disguised: bool
) -> None:
    assert judge(name, head) == Verdict(nature, runs, disguised)


@given(st.text(max_size=200), st.binary(max_size=HEAD))
def test_any_name_and_any_bytes_have_a_verdict_and_what_runs_is_a_program(name: str, head: bytes) -> None:
    verdict = judge(name, head)
    assert verdict.runs == (verdict.nature is Nature.PROGRAM)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("leaf.jpg", "leaf.jpg"),
        ("../../etc/passwd", "passwd"),
        (r"..\..\x", "x"),
        (r"C:\CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("a:b*c?.txt", "a_b_c_.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("  été 2026 .jpg ", "été 2026 .jpg"),
        ("...", "file"),
        ("", "file"),
        ("a\nb\x00c.txt", "a_bc.txt"),
        ("x" * 5000 + ".jpeg", "x" * (limits.FILE_NAME - 5) + ".jpeg"),
        ("x" * 5000, "x" * limits.FILE_NAME),
    ],
)
def test_a_name_may_stand_on_any_disk(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=300))
def test_no_name_leads_out_of_a_folder(name: str) -> None:
    safe = safe_name(name)
    assert (
        safe and not set(safe) & set('<>:"/\\|?*\0\n') and safe not in (".", "..") and len(safe) <= limits.FILE_NAME
    )
    assert safe_name(safe) == safe
