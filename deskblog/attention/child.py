"""The process that sends: one address and one message from its input, what became of them on its output.

It says a word of outcome.py and a number, never anything a gateway or a library said: that may repeat the credential.
Apprise answers with yes or no alone, so what happened is seen beside it: statuses where requests come back, faults
where Apprise reports that it caught one.
"""

from __future__ import annotations

import ipaddress
import logging
import smtplib
import socket
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any

import msgspec
import truststore

from deskblog.attention.gateway import GATEWAYS, Way, permits, schema_of
from deskblog.attention.outcome import Happened, Outcome, read_status
from deskblog.attention.wire import Answer, Request

INTERNET = (socket.AF_INET, socket.AF_INET6)


def main() -> int:
    request = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Request)
    truststore.inject_into_ssl()
    if not request.local:
        sys.addaudithook(_stay_outside)
    outcome = send(request)
    sys.stdout.buffer.write(msgspec.msgpack.encode(Answer(outcome.happened.value, outcome.status)))
    return 0


class Inside(PermissionError):
    """A connection into this PC itself."""


def _stay_outside(event: str, given: tuple[Any, ...]) -> None:
    """Whatever an address, a name or a redirect leads to: no colleague's rule reaches what listens here alone."""
    if event == "socket.connect" and given[0].family in INTERNET and leads_inside(given[1][0]):
        raise Inside


def leads_inside(host: str) -> bool:
    """Whether an IP address is of this machine or of its wire alone; a name is not known yet, and False."""
    try:
        address = ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped if mapped is not None else address
    return address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast


def send(request: Request) -> Outcome:
    """Sends once; whatever came of it is an outcome."""
    try:
        import apprise
        import requests
        from apprise.plugins import url_to_dict
    except ImportError:
        return Outcome(Happened.NOT_INSTALLED)
    schema = schema_of(request.url)
    parsed = url_to_dict(request.url) if schema else None  # type: ignore[no-untyped-call]
    if not parsed or parsed["schema"] != schema or not permits(schema, parsed["qsd"]):
        return Outcome(Happened.UNUSABLE)
    asset = apprise.AppriseAsset(
        app_id="deskblog", app_desc="deskblog", app_url="", image_url_mask="", image_url_logo="",
        storage_mode="memory", secure_logging=True, http_redirects=False, async_mode=False, allow_templates=False,
    )  # fmt: skip
    service = apprise.Apprise.instantiate(parsed, asset=asset)
    if service is None or len(service) != 1:  # several addresses would be several messages, and half of them may fail
        return Outcome(Happened.UNUSABLE)
    service.socket_connect_timeout = service.socket_read_timeout = request.seconds
    gateway = GATEWAYS[schema]
    title, body = ("", request.short) if gateway.way is Way.SMS else (request.title, request.body)
    with _witness(requests) as seen:
        taken = service.notify(
            body=body, title=title, notify_type=apprise.NotifyType.INFO, body_format=apprise.NotifyFormat.TEXT
        )
    return Outcome(Happened.TAKEN) if taken else _judge(schema, seen)


class _Seen(logging.Handler):
    """The statuses of what was asked, and the faults that Apprise was handling whenever it had something to log."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.statuses: list[int] = []
        self.faults: list[BaseException] = []

    def emit(self, record: logging.LogRecord) -> None:
        fault = sys.exception()
        if fault is not None:
            self.faults.append(fault)


@contextmanager
def _witness(requests: Any) -> Iterator[_Seen]:
    seen = _Seen()
    usual = requests.sessions.HTTPAdapter

    class Witness(usual):  # type: ignore[misc, valid-type]
        def send(self, *args: Any, **kwargs: Any) -> Any:
            response = super().send(*args, **kwargs)
            seen.statuses.append(response.status_code)
            return response

    logger = logging.getLogger("apprise")
    level, propagate = logger.level, logger.propagate
    logger.setLevel(1)
    logger.propagate = False
    logger.addHandler(seen)
    requests.sessions.HTTPAdapter = Witness
    try:
        yield seen
    finally:
        requests.sessions.HTTPAdapter = usual
        logger.removeHandler(seen)
        logger.setLevel(level)
        logger.propagate = propagate


def _judge(schema: str, seen: _Seen) -> Outcome:
    """Why it was not taken. A gateway that says 200 and yet no declines it."""
    if seen.statuses:
        status = seen.statuses[-1]
        if schema == "freemobile" and status == 402:  # elsewhere it asks for money
            return Outcome(Happened.TOO_MANY, status)
        return read_status(status)
    chain = [cause for fault in seen.faults for cause in _causes(fault)]
    if any(isinstance(fault, Inside) for fault in chain):
        return Outcome(Happened.INSIDE)
    for fault in chain:
        if isinstance(fault, ssl.SSLCertVerificationError):
            return Outcome(Happened.CERTIFICATE)
        if isinstance(fault, smtplib.SMTPResponseException):
            return _mail_said(fault)
        if isinstance(fault, smtplib.SMTPRecipientsRefused):
            return Outcome(Happened.DECLINED)
    if not chain:
        return Outcome(Happened.DECLINED)
    if all(_before_a_word(fault) for fault in seen.faults):
        return Outcome(Happened.UNREACHABLE)
    return Outcome(Happened.PERHAPS)


def _mail_said(fault: smtplib.SMTPResponseException) -> Outcome:
    status = fault.smtp_code
    if isinstance(fault, smtplib.SMTPAuthenticationError):
        return Outcome(Happened.REFUSED, status)
    return Outcome(Happened.DOWN if 400 <= status < 500 else Happened.DECLINED, status)


def _causes(fault: BaseException | None) -> Iterator[BaseException]:
    """A fault and what it came from, also where a library put it into its words."""
    for _depth in range(8):
        if fault is None:
            return
        yield fault
        reason = getattr(fault, "reason", None)
        inner = next((one for one in (reason, *fault.args) if isinstance(one, BaseException)), None)
        fault = fault.__cause__ or inner or fault.__context__


def _before_a_word(fault: BaseException) -> bool:
    """Whether it was met before the message was handed over, so that nothing can have been taken."""
    frames = [frame for cause in _causes(fault) for frame in _frames(cause.__traceback__)]
    if any(frame.f_globals.get("__name__") == "smtplib" for frame in frames):
        return not any(frame.f_code is smtplib.SMTP.data.__code__ for frame in frames)
    return any(frame.f_code.co_name in ("create_connection", "do_handshake") for frame in frames)


def _frames(trace: TracebackType | None) -> Iterator[FrameType]:
    while trace is not None:
        yield trace.tb_frame
        trace = trace.tb_next


if __name__ == "__main__":
    sys.exit(main())
