"""A peer that says what it is told to: real TLS, the real handshake with real keys, then any bytes at all."""

from __future__ import annotations

import asyncio
import secrets
import ssl
from types import TracebackType

from deskblog.log.keys import DeviceKeys
from deskblog.net import messages as m
from deskblog.net.certificate import device_of, make_certificate
from deskblog.net.frames import FrameReader, frame
from deskblog.net.handshake import ClientHandshake
from deskblog.net.link import make_contexts
from deskblog.values import OfficeId

PATIENCE = 10.0


class RawLink:
    """A TLS link to an engine."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._frames = FrameReader(1 << 20)

    @classmethod
    async def dial(
        cls, port: int, keys: DeviceKeys, *, context: ssl.SSLContext | None = None, host: str = "127.0.0.1"
    ) -> RawLink:
        made = make_certificate(keys.seed)
        context = context or make_contexts(made.key_pem, made.pem)[1]
        return cls(*await asyncio.open_connection(host, port, ssl=context, server_hostname=""))

    @classmethod
    async def member(
        cls, port: int, keys: DeviceKeys, office: OfficeId, *, host: str = "127.0.0.1", run: bytes = b""
    ) -> RawLink:
        """A link as a colleague, up to `ready`; of another run each time unless `run` names one."""
        link = await cls.dial(port, keys, host=host)
        der = link._writer.get_extra_info("ssl_object").getpeercert(True)
        handshake = ClientHandshake(keys, device_of(der), der, office)
        hello = m.decode(await link.payload(), m.ServerHello)
        link.send(handshake.receive(hello, secrets.token_bytes(32), run or secrets.token_bytes(8)))
        assert isinstance(m.decode(await link.payload(), m.Judging), m.ServerReady)
        return link

    async def payload(self) -> bytes:
        """The next frame's payload; EOFError once the other side has closed."""
        async with asyncio.timeout(PATIENCE):
            while (found := self._frames.next()) is None:
                data = await self._reader.read(65536)
                if not data:
                    raise EOFError
                self._frames.feed(data)
        return found

    async def message(self) -> m.Message:
        found = m.decode_linked(await self.payload())
        assert found is not None
        return found

    def send(self, message: m.Message) -> None:
        self.send_payload(m.encode(message))

    def send_payload(self, payload: bytes) -> None:
        self.send_bytes(frame(payload))

    def send_bytes(self, data: bytes) -> None:
        self._writer.write(data)

    async def drained(self) -> None:
        """What was sent has left; ConnectionError once the other side has ended the link."""
        await asyncio.sleep(0)  # while there is room, drain does not let the loop see that the link has ended
        await self._writer.drain()

    async def level(self, office_tips: tuple[bytes, ...]) -> None:
        """Goes through acts and heads as a good colleague, having nothing."""
        self.send(m.ActsAsked(office_tips))
        acts_done = heads_done = False
        while not (acts_done and heads_done):
            match await self.message():
                case m.ActsAsked():
                    self.send(m.Acts((), more=False))
                case m.Acts() as acts:
                    acts_done = not acts.more
                case m.HeadsAsked():
                    self.send(m.Heads((), more=False))
                    heads_done = True
                case _:
                    pass

    async def ended(self) -> bool:
        """True once the other side closes; whatever it says before is passed over."""
        try:
            while True:
                await self.payload()
        except (EOFError, ConnectionError, ssl.SSLError):
            return True

    async def close(self) -> None:
        self._writer.close()
        try:
            await self._writer.wait_closed()
        except (ConnectionError, ssl.SSLError):
            return

    async def __aenter__(self) -> RawLink:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, fault: object, at: TracebackType | None) -> None:
        await self.close()
