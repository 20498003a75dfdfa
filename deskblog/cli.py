"""The command line: the same engine without a screen, for a NAS, for scripts, for tests.

Exit 0: done; 1: an explained failure, in one sentence on stderr; 2: wrong usage.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

from deskblog import about, cli_office, commands, events, i18n, paths
from deskblog.cli_announcing import add_announce, add_announcing, announce_args
from deskblog.cli_attention import add_attention
from deskblog.cli_bundle import add_bundle
from deskblog.cli_care import add_care
from deskblog.cli_circles import add_audience, add_circles
from deskblog.cli_feeds import add_feeds
from deskblog.cli_forward import add_forward
from deskblog.cli_keeping import add_keeping
from deskblog.cli_places import add_places
from deskblog.cli_programs import add_programs
from deskblog.cli_publishing import add_publishing
from deskblog.cli_sharing import add_sharing
from deskblog.cli_talk import add_keepsakes, add_outbox, add_polls, add_talk
from deskblog.cli_text import event_text, line_text
from deskblog.commands import Json
from deskblog.control import Bell, ControlClient, ControlServer
from deskblog.engine import Engine, Options
from deskblog.engine.options import PORT
from deskblog.errors import InUse, Refused, UserError
from deskblog.i18n import _
from deskblog.unswept import load
from deskblog.values import View

DONE, FAILED, USAGE = 0, 1, 2
STARTING_SECONDS, STARTING_STEP = 8.0, 0.1


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; with none, opens the app."""
    i18n.use()
    args = make_parser().parse_args(argv)
    try:
        return about.tell(args.data, verbose=args.verbose) if args.tell_version else int(args.run(args))
    except UserError as fault:
        _say_error(fault, as_json=args.json)
        return FAILED
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our lines had enough, as `head` does
        sys.stderr.close()
        return FAILED


def _say_error(fault: UserError, *, as_json: bool) -> None:
    if as_json:
        error = {"error": fault.what, "kept": fault.kept, "next": fault.next_step}
        sys.stderr.write(json.dumps(error, ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(f"{fault}\n")


def _say(text: str) -> None:
    """One line, at once: whoever reads it may be a program that waits."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


# --- words ------------------------------------------------------------------------------------------------
def make_parser() -> argparse.ArgumentParser:
    common = _common_words()
    parser = argparse.ArgumentParser(
        prog="deskblog",
        parents=[_common_words()],  # its own: set_defaults below would reach into the others'
        description=_("Short posts between colleagues, with no server. Without a command, the app opens."),
    )
    parser.set_defaults(run=_app, data=None, json=False)
    about.add_version(parser)
    parser.add_argument("--compose", action="store_true", help=_("open the quick post"))
    parser.add_argument("--hidden", action="store_true", help=_("start in the tray"))
    words = parser.add_subparsers(metavar=_("COMMAND"))

    def word(name: str, run: Callable[[argparse.Namespace], int], help_text: str) -> argparse.ArgumentParser:
        made = words.add_parser(name, parents=[common], help=help_text, description=help_text)
        made.set_defaults(run=run)
        return made

    _add_node(word)
    office = words.add_parser("office", help=_("found, join and look after the office"))
    office_word = cli_office.add_words(office.add_subparsers(metavar=_("COMMAND"), required=True), common, _command)
    add_care(office_word)
    add_places(office_word, word, _command)
    _add_posts(word)
    add_talk(word, _command)
    add_polls(word, _command)
    add_circles(word, _command)
    add_announcing(word, _command)
    add_attention(word, _command)
    add_keepsakes(word, _command)
    add_outbox(word, _command)
    add_keeping(word, _command)
    add_publishing(word, _command)
    bundle = words.add_parser("bundle", help=_("carry posts to a site that no line reaches"))
    add_bundle(bundle.add_subparsers(metavar=_("COMMAND"), required=True), common, _command)
    forward = words.add_parser("forward", help=_("word to your phone while your PC is off"))
    add_forward(forward.add_subparsers(metavar=_("COMMAND"), required=True), common, _command)
    feed = words.add_parser("feed", help=_("outside blogs and news beside colleagues' posts"))
    feed_words = feed.add_subparsers(metavar=_("COMMAND"), required=True)
    add_feeds(feed_words, common, _command)
    add_sharing(feed_words, common, _command)
    program = words.add_parser("program", help=_("newer versions of deskblog, from colleagues"))
    add_programs(program.add_subparsers(metavar=_("COMMAND"), required=True), common, _command)
    demo = word("demo", _demo, _("an office of one with three lively colleagues on this PC"))
    demo.add_argument("--headless", action="store_true", help=_("print it as lines, and end"))
    return parser


def _common_words() -> argparse.ArgumentParser:
    """--data and --json, before or behind any command."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS, help=_("the data folder"))
    common.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=_("one JSON object a line"))
    return common


Word = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def _add_node(word: Word) -> None:
    node = word("node", _node, _("run without a screen"))
    node.add_argument("--port", type=_port, default=PORT, help=_("TCP port to listen on (next free one if taken)"))
    node.add_argument("--peer", type=_address, action="append", default=[], metavar="HOST:PORT")
    node.add_argument("--no-discovery", action="store_true", help=_("neither announce nor look for colleagues"))


def _add_posts(word: Word) -> None:
    post = word("post", _post, _("write a post; “-”: each line of the input is one"))
    post.add_argument("text", metavar="TEXT|-")
    post.add_argument("--answer", metavar="ID")
    post.add_argument("--question", action="store_true")
    post.add_argument(
        "--attach", metavar="FILE", action="append", default=[], help=_("a photo or file; may come again")
    )
    post.add_argument("--undoable", action="store_true", help=_("it waits a few seconds first; see “waiting”"))
    add_audience(post)
    add_announce(post)
    timeline = word("timeline", _command("timeline", _timeline_args), _("the newest posts"))
    timeline.add_argument("--limit", type=_count, default=50)
    timeline.add_argument("--before", metavar="ID")
    timeline.add_argument("--view", choices=[view.value for view in View], default=View.ALL.value)
    search = word("search", _command("search", _search_args), _("posts with these words"))
    search.add_argument("words", nargs="+", metavar="WORDS")
    search.add_argument("--from", dest="from_person", metavar="PERSON")
    search.add_argument("--limit", type=_count, default=50)
    show = word("show", _command("show", lambda a: {"id": a.id}), _("one post and its answers"))
    show.add_argument("id", metavar="ID")
    withdraw = word("withdraw", _command("withdraw", lambda a: {"id": a.id}), _("take a post back everywhere"))
    withdraw.add_argument("id", metavar="ID")
    saying = _command("status", lambda a: {"text": a.text or "", "history": a.history})
    status = word("status", saying, _("say what you are doing"))
    status.add_argument(
        "text", nargs="?", metavar="TEXT", help=_("one line of at most 140 characters; “”: nothing any more")
    )
    whose = _("what somebody was doing, or oneself")
    status.add_argument("--history", nargs="?", const="", metavar="PERSON", help=whose)
    word("safe", _command("safe", lambda a: {}), _("may this PC be closed: are your posts elsewhere too?"))


def _timeline_args(args: argparse.Namespace) -> Json:
    return {"limit": args.limit, "before": args.before, "view": args.view}


def _search_args(args: argparse.Namespace) -> Json:
    return {"words": " ".join(args.words), "from": args.from_person, "limit": args.limit}


def _port(text: str) -> int:
    if not text.isdigit() or not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(_("a port is a number from 0 to 65535"))
    return int(text)


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(_("a count is a number from 1 to 1000000"))
    return int(text)


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not host:
        raise argparse.ArgumentTypeError(_("an address is HOST:PORT"))
    return host.strip("[]"), _port(port)


# --- running ----------------------------------------------------------------------------------------------
def _command(do: str, given: Callable[[argparse.Namespace], Json]) -> Callable[[argparse.Namespace], int]:
    """A command that runs in the engine of this folder, be it running already or started for this one thing."""

    def run(args: argparse.Namespace) -> int:
        asyncio.run(_run_all(args, do, [given(args)]))
        return DONE

    return run


def _post(args: argparse.Namespace) -> int:
    base = {
        "answer": args.answer,
        "question": args.question,
        "attach": [str(Path(f).absolute()) for f in args.attach],
        "to": args.to,
        "group": args.group,
        "coffee": args.coffee,
        "card": args.card,
        "undoable": args.undoable,
    }
    if args.announce:
        asyncio.run(_run_all(args, "announce", [announce_args(args)]))
        return DONE
    if args.text != "-":
        asyncio.run(_run_all(args, "post", [{**base, "text": args.text}]))
        return DONE
    texts = (line.rstrip("\n") for line in sys.stdin)
    asyncio.run(_run_all(args, "post", ({**base, "text": text} for text in texts if text.strip())))
    return DONE


async def _run_all(args: argparse.Namespace, do: str, calls: Any) -> None:
    folder = paths.data_folder(args.data)
    bell = Bell()
    client, engine = await _reach(folder, bell, network=do in commands.NEED_NETWORK)
    try:
        for given in calls:
            lines = client.run(do, given) if client else commands.COMMANDS[do](engine, given, bell.hear)
            await _print_lines(args, do, lines)
    finally:
        await (client.close() if client else engine.stop())


async def _reach(folder: Path, bell: Bell, *, network: bool) -> tuple[ControlClient | None, Engine]:
    """The engine running on the folder, or one of our own; one that is just starting is given a moment."""
    patience = STARTING_SECONDS
    while True:
        engine = Engine(folder, bell.ring, options=Options(network=network))
        client = await ControlClient.connect(folder)
        if client is not None:
            return client, engine
        try:
            await engine.start()
        except InUse:
            if patience <= 0:
                raise
            patience -= STARTING_STEP
            await asyncio.sleep(STARTING_STEP)
        else:
            return None, engine


async def _print_lines(args: argparse.Namespace, do: str, lines: AsyncGenerator[Json]) -> None:
    async with aclosing(lines):
        async for line in lines:
            _say(json.dumps(line, ensure_ascii=False) if args.json else line_text(do, line))


def _node(args: argparse.Namespace) -> int:
    return asyncio.run(_run_node(args))


async def _run_node(args: argparse.Namespace) -> int:
    folder = paths.data_folder(args.data)
    bell = Bell()
    bell.hear(lambda event: _print_event(event, as_json=args.json))
    patience = await _patience(folder)
    options = Options(discovery=not args.no_discovery, port=args.port, peers=tuple(args.peer), patience=patience)
    engine = Engine(folder, bell.ring, options=options)
    ended = asyncio.Event()
    _end_on_signals(ended)
    await engine.start()
    control = ControlServer(engine, bell, folder)
    try:
        await control.start()
        await ended.wait()
    finally:
        await control.stop()
        await engine.stop()
    return DONE


async def _patience(folder: Path) -> float:
    """Seconds to wait for a folder: a command ends in a moment; what answers at the door goes on."""
    client = await ControlClient.connect(folder)
    if client is None:
        return STARTING_SECONDS
    await client.close()
    return 0.0


def _end_on_signals(ended: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    if sys.platform == "win32":
        signal.signal(signal.SIGINT, lambda *_a: loop.call_soon_threadsafe(ended.set))
        return
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, ended.set)


def _print_event(event: events.Event, *, as_json: bool) -> None:
    for line in commands.event_lines(event):
        _say(json.dumps(line, ensure_ascii=False) if as_json else event_text(line))


def _demo(args: argparse.Namespace) -> int:
    if args.headless:
        from deskblog.demo import run_headless

        return run_headless(as_json=args.json)
    return _open_app([*_app_words(args), "--demo"])


def _app(args: argparse.Namespace) -> int:
    return _open_app(_app_words(args))


def _app_words(args: argparse.Namespace) -> list[str]:
    out = ["--data", str(Path(args.data))] if args.data else []
    out += [f"--{flag}" for flag in ("compose", "hidden") if getattr(args, flag, False)]
    return out


def _open_app(words: list[str]) -> int:
    """The window is another program to us: no Qt is loaded for a command that shows none."""
    if sys.platform.startswith("linux") and not _has_screen():
        raise Refused(
            _("There is no screen here."),
            next_step=_("Use “deskblog node” to run without one, or “deskblog demo --headless” to see what it does."),
        )
    return int(load("deskblog.app").main(words))


def _has_screen() -> bool:
    import os

    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
