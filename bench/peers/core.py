"""The ceiling: what Python, TLS, Ed25519 and SQLite with FTS5 cost by themselves, with no office around them.

One log, no fork, no removal, no session, no other thread's loop. Each entry is signed, sent under TLS, checked, and
committed with its words at both ends; a history comes in runs of 256 for which one signature vouches.
"""

from __future__ import annotations

import hashlib
import os
import socket
import sqlite3
import ssl
import struct
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from nacl import bindings

from bench.measure import answer, babble

RUN = 256
Entry = tuple[bytes, bytes]  # header, body
SCHEMA = """
PRAGMA journal_mode = WAL; PRAGMA cache_size = -8000;
CREATE TABLE entry (n INTEGER PRIMARY KEY, id BLOB UNIQUE, header BLOB, body BLOB, signature BLOB, time INTEGER);
CREATE INDEX entry_time ON entry (time);
CREATE VIRTUAL TABLE words USING fts5(text, content='', columnsize=0, detail=none, prefix='2 3');
"""


class Core:
    """One store."""

    def __init__(self, path: Path | str, *, durable: bool = False) -> None:
        self.database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.database.executescript(SCHEMA)
        self.database.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        self.count = 0

    def keep(self, entries: Sequence[Entry], signature: bytes) -> None:
        self.database.execute("BEGIN IMMEDIATE")
        for header, body in entries:
            self.count += 1
            ident = hashlib.blake2b(header, digest_size=32).digest()
            row = (self.count, ident, header, body, signature, self.count)
            self.database.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", row)
            self.database.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (self.count, body.decode()))
        self.database.execute("COMMIT")

    def search(self, words: str, limit: int = 50) -> list[str]:
        asked = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?"
        found = [row[0] for row in self.database.execute(asked, (words, limit))]
        return [self.database.execute("SELECT body FROM entry WHERE n = ?", (n,)).fetchone()[0] for n in found]

    def page(self, limit: int = 50) -> list[bytes]:
        asked = "SELECT n, body FROM entry ORDER BY time DESC LIMIT ?"
        return [row[1] for row in self.database.execute(asked, (limit,))]


class Writer:
    def __init__(self) -> None:
        self.public, self._secret = bindings.crypto_sign_keypair()
        self._before = bytes(32)
        self._count = 0

    def entry(self, text: str) -> Entry:
        self._count += 1
        body = text.encode()
        place = struct.pack(">QQ", self._count, time.time_ns())
        header = self.public + self._before + place + hashlib.blake2b(body, digest_size=32).digest()
        self._before = hashlib.blake2b(header, digest_size=32).digest()
        return header, body

    def sign(self) -> bytes:
        return bindings.crypto_sign(self._before, self._secret)[:64]


def check(public: bytes, entries: Sequence[Entry], signature: bytes) -> None:
    """The chain, the bodies, and the one signature over the last."""
    before = entries[0][0][32:64]
    for header, body in entries:
        assert header[32:64] == before and hashlib.blake2b(body, digest_size=32).digest() == header[80:112]
        before = hashlib.blake2b(header, digest_size=32).digest()
    bindings.crypto_sign_open(signature + before, public)


def filled(path: Path, count: int) -> tuple[Core, float]:
    """(a store of so many posts, the seconds of checking and keeping them)."""
    core, writer, seconds = Core(path), Writer(), 0.0
    for run, signature in runs(writer, count):
        began = time.perf_counter()
        check(writer.public, run, signature)
        core.keep(run, signature)
        seconds += time.perf_counter() - began
    return core, seconds


def runs(writer: Writer, count: int) -> Iterator[tuple[list[Entry], bytes]]:
    held: list[Entry] = []
    for text in babble(count):
        held.append(writer.entry(text))
        if len(held) == RUN:
            yield held, writer.sign()
            held = []
    if held:
        yield held, writer.sign()


# --- over a line ------------------------------------------------------------------------------------------
def packed(entries: Sequence[Entry], signature: bytes) -> bytes:
    parts = [struct.pack(">I", len(entries)), signature]
    for header, body in entries:
        parts += [header, struct.pack(">H", len(body)), body]
    whole = b"".join(parts)
    return struct.pack(">I", len(whole)) + whole


def unpacked(raw: bytes) -> tuple[list[Entry], bytes]:
    count, signature, at = struct.unpack(">I", raw[:4])[0], raw[4:68], 68
    entries = []
    for _n in range(count):
        header = raw[at : at + 112]
        size = struct.unpack(">H", raw[at + 112 : at + 114])[0]
        entries.append((header, raw[at + 114 : at + 114 + size]))
        at += 114 + size
    return entries, signature


def exactly(line: ssl.SSLSocket, size: int) -> bytes:
    held = bytearray()
    while len(held) < size:
        part = line.recv(size - len(held))
        if not part:
            raise EOFError
        held += part
    return bytes(held)


def frames(line: ssl.SSLSocket) -> Iterator[bytes]:
    try:
        while True:
            yield exactly(line, struct.unpack(">I", exactly(line, 4))[0])
    except EOFError:
        return


def secured(server: bool) -> ssl.SSLContext:
    from deskblog.net.certificate import make_certificate

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if server:
        made = make_certificate(os.urandom(32))
        with tempfile.NamedTemporaryFile(suffix=".pem") as file:
            file.write(made.key_pem + made.pem)
            file.flush()
            context.load_cert_chain(file.name)
    return context


def accepted(door: socket.socket) -> ssl.SSLSocket:
    line, _from = door.accept()
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return secured(True).wrap_socket(line, server_side=True)


def called(port: int) -> ssl.SSLSocket:
    line = socket.create_connection(("127.0.0.1", port))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return secured(False).wrap_socket(line)


def live() -> None:
    """Both ends in one process, as with the others."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as door:
        a, b = Core(f"{folder}/a.db", durable=True), Core(f"{folder}/b.db")
        writer, come = Writer(), threading.Semaphore(0)

        def hear() -> None:
            for raw in frames(accepted(door)):
                entries, signature = unpacked(raw)
                check(writer.public, entries, signature)
                b.keep(entries, signature)
                come.release()

        threading.Thread(target=hear, daemon=True).start()
        line = called(door.getsockname()[1])
        answer({"ready": True})
        for asked in sys.stdin:
            ms = []
            for n in range(int(asked)):
                began = time.perf_counter()
                entries = [writer.entry(f"post {n} the lift is out of order again and whoever has the key may ask")]
                signature = writer.sign()
                a.keep(entries, signature)
                line.sendall(packed(entries, signature))
                come.acquire()
                ms.append((time.perf_counter() - began) * 1000)
            answer({"ms": ms})


def serve(count: int) -> None:
    writer = Writer()
    history = [packed(run, signature) for run, signature in runs(writer, count)]
    with socket.create_server(("127.0.0.1", 0)) as door:
        answer({"address": str(door.getsockname()[1]), "id": writer.public.hex()})
        threading.Thread(target=give, args=(door, history), daemon=True).start()
        sys.stdin.read()


def give(door: socket.socket, history: Sequence[bytes]) -> None:
    """All of it to whoever calls."""
    while True:
        line = accepted(door)
        with suppress(OSError):  # whoever has it all hangs up
            for frame in history:
                line.sendall(frame)
            line.unwrap()


def fetch(count: int, port: str, public: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        core = Core(f"{folder}/b.db")
        began, used = time.perf_counter(), time.process_time()
        line = called(int(port))
        for raw in frames(line):
            entries, signature = unpacked(raw)
            check(bytes.fromhex(public), entries, signature)
            core.keep(entries, signature)
            if core.count == count:
                break
        answer({"seconds": time.perf_counter() - began, "cpu": time.process_time() - used})


if __name__ == "__main__":
    what, *words = sys.argv[1:]
    if what == "live":
        live()
    elif what == "serve":
        serve(int(words[0]))
    else:
        fetch(int(words[0]), *words[1:])
