"""The floor of a post that two programs built as ours are pass on: no office, no session, nothing judged or shown.

One loop with the TLS of asyncio, and at each end a thread with the store, so that nobody who waits for a disk keeps a
loop from its links. Signed and on the disk for good at one end, sent, its signature checked, and in the same tables
and words at the other.
"""

from __future__ import annotations

import asyncio
import secrets
import struct
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.measure import answer
from bench.peers.core import secured
from bench.peers.tables import keep, rows
from deskblog.log import kinds
from deskblog.log.entry import Entry, decode_entry, write_entry
from deskblog.log.keys import SIGN_ENTRY, DeviceKeys, verify
from deskblog.store.database import Database
from deskblog.store.entries import Held
from deskblog.values import OfficeId, Point

SIZES = struct.Struct(">HHH")


class End(asyncio.Protocol):
    """One of the two: its store on a thread of its own, and its end of the line."""

    def __init__(self, path: Path, *, durable: bool) -> None:
        self._durable = durable
        self._thread = ThreadPoolExecutor(1)
        self._database = self._thread.submit(Database, path).result()
        self._keys = DeviceKeys(secrets.token_bytes(32), secrets.token_bytes(32))
        self._office = OfficeId(bytes(32))
        self._after: Point | None = None
        self._held = bytearray()
        self._line: asyncio.Transport | None = None
        self.come = asyncio.Event()

    # --- writing ------------------------------------------------------------------------------------------
    async def post(self, text: str) -> None:
        held = await asyncio.get_running_loop().run_in_executor(self._thread, self._write, text)
        assert self._line is not None and held.body is not None and held.signature is not None
        parts = held.entry.raw, held.signature, held.body
        self._line.write(SIZES.pack(*map(len, parts)) + b"".join(parts))

    def _write(self, text: str) -> Held:
        body = kinds.encode_body(kinds.Post(text), secrets.token_bytes(kinds.SALT))
        when = time.time_ns() // 1_000_000
        entry, signature = write_entry(self._keys, self._office, bytes(8), self._after, when, "post", body)
        self._after = entry.point
        held = Held(entry, signature, body)
        self._keep(held)
        return held

    def _keep(self, held: Held) -> None:
        with self._database.transaction(durable=self._durable):
            keep(self._database, *rows(1, [held]))

    # --- reading ------------------------------------------------------------------------------------------
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._line = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        while len(self._held) >= SIZES.size:
            head, sign, body = SIZES.unpack_from(self._held)
            if len(self._held) < SIZES.size + head + sign + body:
                return
            raw = bytes(self._held[SIZES.size : SIZES.size + head + sign + body])
            del self._held[: SIZES.size + len(raw)]
            self._take(decode_entry(raw[:head]), raw[head : head + sign], raw[head + sign :])

    def _take(self, entry: Entry, signature: bytes, body: bytes) -> None:
        verify(entry.log.device, SIGN_ENTRY, entry.id, signature)
        kept = asyncio.get_running_loop().run_in_executor(self._thread, self._keep, Held(entry, signature, body))
        kept.add_done_callback(self._kept)

    def _kept(self, done: asyncio.Future[None]) -> None:
        done.result()
        self.come.set()


async def main() -> None:
    loop = asyncio.get_running_loop()
    with tempfile.TemporaryDirectory() as folder:
        a, b = End(Path(folder) / "a.db", durable=True), End(Path(folder) / "b.db", durable=False)
        door = await loop.create_server(lambda: b, "127.0.0.1", 0, ssl=secured(True))
        await loop.create_connection(lambda: a, *door.sockets[0].getsockname(), ssl=secured(False))
        answer({"ready": True})
        count = 0
        while asked := await asyncio.to_thread(sys.stdin.readline):
            ms, used = [], time.process_time()
            for _n in range(int(asked)):
                count += 1
                b.come.clear()
                began = time.perf_counter()
                await a.post(f"post {count} the lift is out of order, whoever has the key may ask")
                await b.come.wait()
                ms.append((time.perf_counter() - began) * 1000)
            answer({"ms": ms, "cpu": (time.process_time() - used) / len(ms) * 1000})
        door.close()


if __name__ == "__main__":
    asyncio.run(main())
