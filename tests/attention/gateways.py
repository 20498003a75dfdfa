"""A real gateway on loopback, in all its moods, and a mail server that speaks just enough."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


class Gateway:
    """`taken`: what it was asked, in order, as (path, headers, JSON). The path says how it answers, or else the first
    of `moods`."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.address = f"127.0.0.1:{port}"
        self.taken: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.moods: list[str] = []
        self.asked = threading.Event()
        self.stop = threading.Event()

    def answer(self, one: BaseHTTPRequestHandler) -> None:
        mood = self.moods.pop(0) if self.moods else one.path.strip("/").split("?")[0]
        if mood == "never":
            self.stop.wait()
        elif mood == "drip":
            one.send_response(200)
            one.send_header("X-Long", "x")
            while not self.stop.wait(0.2):
                one.wfile.write(b"X-More: y\r\n")
                one.flush_headers()
                one.wfile.flush()
        elif mood == "cut":
            one.connection.shutdown(socket.SHUT_RDWR)
        elif mood == "away":
            one.send_response(302)
            one.send_header("Location", "/elsewhere")
            one.send_header("Content-Length", "0")
            one.end_headers()
        elif mood == "twice":
            for status in (b"200 OK", b"500 Oh no"):
                one.wfile.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")
        else:
            one.send_response(int(mood) if mood.isdigit() else 200)
            one.send_header("Content-Length", "0")
            one.end_headers()


@contextmanager
def gateway(papers: Path | None = None) -> Iterator[Gateway]:
    """Serves until it is left; `papers`: over TLS, with a certificate nobody vouches for, made in this folder."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            said = json.loads(body) if body.startswith(b"{") else {"": body.decode()}
            made.taken.append((self.path, dict(self.headers), said))
            made.asked.set()
            with suppress(OSError):  # whoever asked has gone
                made.answer(self)

        do_PUT = do_POST
        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if papers is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(own_certificate(papers))
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    made = Gateway(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield made
    finally:
        made.stop.set()
        server.shutdown()
        server.server_close()
        thread.join()


def own_certificate(folder: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "nobody")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "own.pem"
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(plain + made.public_bytes(Encoding.PEM))
    return path


class Mail:
    """Answers each command with what `says` has for its first word; "" hangs. `letters`: what it took."""

    def __init__(self, says: dict[str, str]) -> None:
        self.says = says
        self.letters: list[str] = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.stop = threading.Event()

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _address = self.listening.accept()
                with connection, suppress(OSError):
                    self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        lines = connection.makefile("r", newline="\r\n", encoding="utf-8")
        self._say(connection, "220 here")
        for line in lines:
            word = line.split()[0].upper() if line.split() else ""
            usual = {"EHLO": "250-here\r\n250 AUTH PLAIN", "AUTH": "235 well", "DATA": "354 go on", "QUIT": "221 bye"}
            said = self.says.get(word, usual.get(word, "250 well"))
            self._say(connection, said)
            if word == "DATA" and said.startswith("354"):
                letter = "".join(iter(lambda: next(lines), ".\r\n"))
                self.letters.append(letter)
                self._say(connection, self.says.get("LETTER", "250 taken"))
            if word == "QUIT":
                return

    def _say(self, connection: socket.socket, said: str) -> None:
        if said:
            connection.sendall(f"{said}\r\n".encode())
        else:
            self.stop.wait()


@contextmanager
def mail(says: dict[str, str]) -> Iterator[Mail]:
    """Serves one after the other until it is left."""
    made = Mail(says)
    thread = threading.Thread(target=made.serve)
    thread.start()
    try:
        yield made
    finally:
        made.stop.set()
        with suppress(OSError):
            made.listening.shutdown(socket.SHUT_RDWR)
        made.listening.close()
        thread.join()
