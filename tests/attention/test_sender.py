"""What becomes of a message at gateways good and bad: real processes, a real server, Apprise as it is."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import apprise
import pytest
from apprise.plugins.freemobile import NotifyFreeMobile

from deskblog.attention import sender
from deskblog.attention.child import leads_inside
from deskblog.attention.child import send as send_here
from deskblog.attention.gateway import GATEWAYS, URL, Way, checked, entrusted, permits, schema_of, shown
from deskblog.attention.message import Message
from deskblog.attention.outcome import BROKEN, PASSING, SPENT, Happened, Outcome, read_status, said
from deskblog.attention.sender import send, send_by_first, try_out
from deskblog.attention.travel import LEASE, SETTLE, START
from deskblog.attention.wire import Request
from deskblog.child import ask
from deskblog.errors import Refused
from tests.attention.gateways import Gateway, gateway, mail

SECRET = "s3cr3tk3y"
MESSAGE = Message("Anne: Grève demain, là où c'est prévu", "Anne (Dupont)", "Grève demain, en entier.")


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """Apprise loads its services when first asked; one of them imports what Python 3.11 calls deprecated."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        apprise.Apprise().details()


@pytest.fixture
def there() -> Iterator[Gateway]:
    with gateway() as made:
        yield made


def here(url: str, seconds: float = 5.0, *, local: bool = True) -> Outcome:
    """In this process."""
    return send_here(Request(url, MESSAGE.short, MESSAGE.title, MESSAGE.body, seconds, local))


async def test_a_gateway_takes_one_short_text(there: Gateway) -> None:
    url = f"json://anne:{SECRET}@{there.address}/in?+X-Token=abc&:number=33612345678"
    assert await send(url, MESSAGE, local=True) == Outcome(Happened.TAKEN)
    [(path, headers, body)] = there.taken
    assert path.startswith("/in") and headers["X-Token"] == "abc" and headers["User-Agent"] == "deskblog"
    assert headers["Authorization"].startswith("Basic ")
    assert body["message"] == MESSAGE.short and body["title"] == "" and body["number"] == "33612345678"


@pytest.mark.parametrize(
    ("mood", "outcome"),
    [
        ("200", Outcome(Happened.TAKEN)),
        ("400", Outcome(Happened.DECLINED, 400)),
        ("401", Outcome(Happened.REFUSED, 401)),
        ("402", Outcome(Happened.DECLINED, 402)),
        ("403", Outcome(Happened.REFUSED, 403)),
        ("404", Outcome(Happened.DECLINED, 404)),
        ("429", Outcome(Happened.TOO_MANY, 429)),
        ("500", Outcome(Happened.DOWN, 500)),
        ("503", Outcome(Happened.DOWN, 503)),
        ("504", Outcome(Happened.PERHAPS, 504)),
        ("away", Outcome(Happened.DECLINED, 302)),
        ("never", Outcome(Happened.PERHAPS)),
        ("cut", Outcome(Happened.PERHAPS)),
        ("twice", Outcome(Happened.TAKEN)),
    ],
)
def test_each_answer_is_asked_for_once_and_told(there: Gateway, mood: str, outcome: Outcome) -> None:
    assert here(f"json://{there.address}/{mood}", seconds=0.5 if mood == "never" else 5.0) == outcome
    assert len(there.taken) == 1, "neither Apprise nor what is below it asks a second time"


async def test_a_wrong_credential_is_told_and_not_tried_again(there: Gateway) -> None:
    outcome = await send(f"json://anne:{SECRET}@{there.address}/401", MESSAGE, local=True)
    assert outcome == Outcome(Happened.REFUSED, 401) and not outcome.retry and outcome.happened in BROKEN
    assert said(outcome) == (
        "Not sent: the gateway refuses the credential (401). Nothing more is sent until it is set up again."
    )


async def test_what_takes_and_never_says_so_is_not_asked_again(
    there: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gateway that takes a message and does not answer would take it twice."""
    monkeypatch.setattr(sender, "STEP_SECONDS", 0.5)
    urls = (f"json://{there.address}/never", f"json://{there.address}/200")
    assert await send_by_first(urls, MESSAGE, local=True) == Outcome(Happened.PERHAPS)
    assert [path for path, _headers, _body in there.taken] == ["/never"], "not by the next address either"


async def test_a_byte_a_moment_ends_with_the_process(there: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "SECONDS", 2.0)
    assert await send(f"json://{there.address}/drip", MESSAGE, local=True) == Outcome(Happened.PERHAPS)
    assert len(there.taken) == 1


async def test_the_first_address_that_takes_it_is_enough(there: Gateway) -> None:
    nobody = "json://127.0.0.1:1/"
    urls = (nobody, f"json://{there.address}/403", f"json://{there.address}/a", f"json://{there.address}/b")
    assert await send_by_first(urls[:3], MESSAGE, local=True) == Outcome(Happened.TAKEN)
    assert [path for path, _headers, _body in there.taken] == ["/403", "/a"]
    assert await send_by_first(urls[:2], MESSAGE, local=True) == Outcome(Happened.UNREACHABLE), "what passes is tried"
    assert await send_by_first(urls[1:2], MESSAGE, local=True) == Outcome(Happened.REFUSED, 403)
    assert await send_by_first((), MESSAGE, local=True) == Outcome(Happened.UNUSABLE)


def test_nobody_there_is_told_from_no_answer(there: Gateway) -> None:
    assert here("json://127.0.0.1:1/") == Outcome(Happened.UNREACHABLE)
    assert here("json://nowhere.invalid/") == Outcome(Happened.UNREACHABLE)
    assert here(f"jsons://{there.address}/") == Outcome(Happened.UNREACHABLE), "no TLS there"


async def test_a_certificate_nobody_vouches_for_is_not_trusted(tmp_path: Path) -> None:
    with gateway(tmp_path) as there:
        url = f"jsons://anne:{SECRET}@{there.address}/"
        assert await send(url, MESSAGE, local=True) == Outcome(Happened.CERTIFICATE)
        assert there.taken == []


# What Free says of it: POST or GET to /sendmsg with user, pass and msg; 200, 400, 402 too many, 403, 500.
def free(there: Gateway, monkeypatch: pytest.MonkeyPatch, mood: str) -> Outcome:
    assert NotifyFreeMobile.notify_url == "https://smsapi.free-mobile.fr/sendmsg"
    with monkeypatch.context() as there_instead:
        there_instead.setattr(NotifyFreeMobile, "notify_url", f"http://{there.address}/{mood}")
        return here(f"freemobile://12345678@{SECRET}")


def test_free_mobile_is_asked_as_free_says(there: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    assert free(there, monkeypatch, "sendmsg") == Outcome(Happened.TAKEN)
    assert [body for _path, _headers, body in there.taken] == [
        {"user": "12345678", "pass": SECRET, "msg": MESSAGE.short}
    ]
    answers = [free(there, monkeypatch, mood) for mood in ("400", "402", "403", "500")]
    assert answers == [
        Outcome(Happened.DECLINED, 400), Outcome(Happened.TOO_MANY, 402), Outcome(Happened.REFUSED, 403),
        Outcome(Happened.DOWN, 500),
    ]  # fmt: skip


def test_a_push_has_a_title_and_all_of_the_text(there: Gateway) -> None:
    assert here(f"ntfy://{there.address}/topic?priority=high") == Outcome(Happened.TAKEN)
    [(_path, headers, body)] = there.taken
    assert body["title"] == MESSAGE.title and body["message"] == MESSAGE.body and body["topic"] == "topic"
    assert "apprise" not in str(headers).lower() + str(body).lower(), "the phone is sent to fetch nothing"


@pytest.mark.parametrize(
    ("says", "outcome"),
    [
        ({}, Outcome(Happened.TAKEN)),
        ({"AUTH": "535 no"}, Outcome(Happened.REFUSED, 535)),
        ({"MAIL": "451 later"}, Outcome(Happened.DOWN, 451)),
        ({"RCPT": "550 nobody"}, Outcome(Happened.DECLINED)),
        ({"LETTER": "554 no"}, Outcome(Happened.DECLINED, 554)),
        ({"LETTER": ""}, Outcome(Happened.PERHAPS)),
        ({"RCPT": ""}, Outcome(Happened.UNREACHABLE)),
    ],
)
def test_a_mail_is_sent_or_it_is_said_why_not(says: dict[str, str], outcome: Outcome) -> None:
    with mail(says) as server:
        url = f"mailto://anne:{SECRET}@example.org:{server.port}?smtp=127.0.0.1&mode=insecure&to=anne@example.net"
        assert here(url, seconds=0.5 if "" in says.values() else 5.0) == outcome
    assert len(server.letters) == (1 if outcome.happened in SPENT or "LETTER" in says else 0)


@pytest.mark.parametrize(
    "url",
    [
        "", "json://", "file:///etc/passwd", "syslog://", "dbus://", "macosx://", "https://example.org/",
        "JSON://127.0.0.1/", "gnome://", "growl://127.0.0.1/", "rsyslog://127.0.0.1/", "json:///",
        f"json://{'x' * URL}/", "json://a\nb/", "signal://127.0.0.1/123", "freemobile://", "mailto://",
        # options that read files, weaken, wait or repeat
        "ntfy://127.0.0.1/topic?attach=file:///etc/passwd",
        "mailto://a:b@example.org?smtp=127.0.0.1&pgp=sign&pgpprv=/etc/passwd",
        "json://127.0.0.1/?verify=no", "json://127.0.0.1/?redirect=yes", "json://127.0.0.1/?retry=5",
        "json://127.0.0.1/?RETRY=5", "freemobile://1@2?store=yes", "freemobile://1@2?overflow=split",
        # several at once
        "mailto://a:b@example.org?to=c@example.org,d@example.org", "ntfy://127.0.0.1/one/two",
    ],
)  # fmt: skip
def test_what_is_no_gateway_of_the_list_is_not_asked(url: str) -> None:
    assert here(url) == Outcome(Happened.UNUSABLE)


def test_no_rule_of_a_colleague_reaches_what_listens_on_this_pc_alone() -> None:
    for host in (
        "127.0.0.1",
        "127.9.9.9",
        "::1",
        "0.0.0.0",
        "::",
        "::ffff:127.0.0.1",
        "fe80::1%lo",
        "169.254.169.254",
    ):
        assert leads_inside(host), host
    for host in ("192.168.1.20", "10.0.0.1", "93.184.216.34", "2001:db8::1", "a-name"):
        assert not leads_inside(host), host


async def test_that_is_so_in_the_process_that_sends(there: Gateway) -> None:
    for host in ("127.0.0.1", "localhost", "0.0.0.0", "2130706433"):
        outcome = await send(f"json://{host}:{there.port}/", MESSAGE)
        assert outcome.happened in (Happened.INSIDE, Happened.UNREACHABLE, Happened.UNUSABLE), host
    assert await send(f"json://{there.address}/", MESSAGE) == Outcome(Happened.INSIDE)
    with mail({}) as server:
        url = f"mailto://a:b@example.org:{server.port}?smtp=127.0.0.1&mode=insecure"
        assert await send(url, MESSAGE) == Outcome(Happened.INSIDE)
    assert there.taken == [] and server.letters == []


async def test_a_credential_is_seen_by_the_gateway_alone(
    there: Gateway, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not in the command line while it runs, a log, what is printed, a value's repr, or an error."""
    url = f"json://anne:{SECRET}@{there.address}/never"
    caplog.set_level(logging.DEBUG)
    running = asyncio.create_task(send(url, MESSAGE, local=True))
    await asyncio.to_thread(there.asked.wait)
    lines = command_lines()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert any("deskblog.attention.child" in line for line in lines) or not lines, "the process was looked at"
    refused = await asyncio.to_thread(here, f"json://anne:{SECRET}@{there.address}/403")
    assert refused == Outcome(Happened.REFUSED, 403)
    nobody = await asyncio.to_thread(here, f"json://anne:{SECRET}@127.0.0.1:1/")
    assert nobody == Outcome(Happened.UNREACHABLE)
    with pytest.raises(Refused) as fault:
        checked(f"file://anne:{SECRET}@host")
    printed = capfd.readouterr()
    told = [
        *lines, caplog.text, printed.out, printed.err, str(fault.value), shown(url),
        repr(Request(url, "", "", "", 1.0, True)),
    ]  # fmt: skip
    assert not any(SECRET in one for one in told)
    assert shown(url) == "json://…" and shown(SECRET) == "…"


def command_lines() -> list[str]:
    """Of all processes, where the system lists them as files."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return found


def test_it_is_said_what_carriers_could_do() -> None:
    """Of each gateway, in words of its own where it can do less or more than send to any number."""
    words = {schema: entrusted(f"{schema}://{SECRET}") for schema in GATEWAYS}
    assert all(one.endswith("a new credential at the gateway does.") and SECRET not in one for one in words.values())
    assert "no other" in words["freemobile"] and "mailbox" in words["mailtos"] and words["ntfy"] == words["ntfys"]
    assert {schema for schema, one in words.items() if "any number" in one} == {
        "httpsms", "octopush", "seven", "sfr", "sinch", "smseagle", "smseagles", "twilio", "vonage",
    }  # fmt: skip


async def test_a_stopped_send_leaves_no_process(there: Gateway) -> None:
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    before = children.read_text().split() if children.exists() else []  # what other tests share
    running = asyncio.create_task(send(f"json://{there.address}/never", MESSAGE, local=True))
    await asyncio.to_thread(there.asked.wait)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not children.exists() or set(children.read_text().split()) <= set(before)


async def test_a_process_that_dies_may_have_sent() -> None:
    assert await ask("deskblog.attention.nothing", b"", 20.0) == b""
    assert await ask("deskblog.attention.child", b"no request", 20.0) == b""


async def test_what_dies_or_says_nonsense_is_told_as_perhaps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for script in ("#!/bin/sh\nexit 1\n", "#!/bin/sh\ncat >/dev/null; printf nonsense\n"):
        python = tmp_path / "python"
        python.write_text(script)
        python.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(python))
        assert await send("json://127.0.0.1:1/", MESSAGE) == Outcome(Happened.PERHAPS)


def test_without_apprise_it_is_said_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    outcome = here("json://127.0.0.1:1/")
    assert outcome == Outcome(Happened.NOT_INSTALLED) and outcome.retry
    assert "deskblog[travel]" in said(outcome)


async def test_trying_out_sends_to_oneself(there: Gateway) -> None:
    assert await try_out(f" json://{there.address}/ ") == Outcome(Happened.TAKEN)
    assert there.taken[0][2]["message"] == "deskblog reaches you here."
    with pytest.raises(Refused, match="no address of a gateway") as fault:
        await try_out("file:///etc/passwd")
    assert "freemobile://" in fault.value.next_step


def test_each_outcome_has_a_fate_and_words() -> None:
    for happened in Happened:
        outcome = Outcome(happened, 499)
        assert said(outcome).endswith(".") and "{" not in said(outcome)
        assert outcome.retry == (happened in PASSING) and outcome.ok == (happened is Happened.TAKEN)
    assert not PASSING & BROKEN and not PASSING & SPENT and not BROKEN & SPENT
    assert "(" not in said(Outcome(Happened.DOWN))
    assert Happened("a word of next year") is Happened.PERHAPS


def test_no_answer_of_four_hundred_is_tried_again() -> None:
    assert not any(read_status(status).retry for status in range(300, 500))
    assert all(read_status(status).retry for status in range(500, 600) if status != 504)


def test_apprise_knows_each_gateway_of_the_list() -> None:
    known = {schema for service in apprise.Apprise().details()["schemas"]
             for schema in (*(service["protocols"] or ()), *(service["secure_protocols"] or ()))}  # fmt: skip
    assert set(GATEWAYS) <= known
    assert all(schema_of(f"{schema}://x") == schema for schema in GATEWAYS)
    assert permits("json", ["method", "+token", ":field", "-q"]) and not permits("json", ["attach"])
    assert not permits("ntfy", ["+token"]) and not permits("ntfy", [""]) and not permits("file", [])
    assert GATEWAYS["freemobile"].way is Way.SMS


def test_a_claim_outlasts_what_is_sent_by_it() -> None:
    assert SETTLE < START and START + sender.SECONDS * 1000 * sender.ADDRESSES < LEASE
