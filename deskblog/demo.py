"""An office of one with three lively colleagues on this PC: real engines, real links on loopback, gone afterwards.

It is there so that a newcomer sees within a minute what deskblog is for.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from deskblog import commands, events
from deskblog.cli_text import event_text
from deskblog.engine import Engine, Options
from deskblog.i18n import _
from deskblog.values import Row

ANNE, PAUL, KARIM = "Anne", "Paul", "Karim"


class _Ear:
    """Hears one engine, so that its next news can be waited for."""

    def __init__(self) -> None:
        self._news = asyncio.Event()

    def __call__(self, event: events.Event) -> None:
        self._news.set()

    async def until(self, true: Callable[[], Awaitable[bool]]) -> None:
        """Waits until something is true; it is asked again at each event."""
        while not await true():
            self._news.clear()
            await self._news.wait()


class Colleagues:
    """Anne, Paul and Karim, each with an engine and a data folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._engines: dict[str, Engine] = {}
        self._ears: dict[str, _Ear] = {}

    async def start(self) -> None:
        """Anne founds the office, Paul and Karim join by a code, as anybody does."""
        anne = await self._engine(ANNE)
        await anne.found(_("The demo office"), ANNE)
        for name in (PAUL, KARIM):
            engine = await self._engine(name)
            await engine.join((await anne.invite()).code, name, at=self._address(anne))
        self._engines[PAUL].reach(self._address(self._engines[KARIM]))

    async def _engine(self, name: str) -> Engine:
        folder = self._folder / name
        options = Options(discovery=False, port=0, state=self._folder / f"{name}-state")
        ear = self._ears[name] = _Ear()
        engine = self._engines[name] = Engine(folder, ear, options=options)
        await engine.start()
        return engine

    @staticmethod
    def _address(engine: Engine) -> str:
        return f"127.0.0.1:{engine.port}"

    async def welcome(self, visitor: Engine, name: str) -> None:
        """The visitor joins with a code of Anne's, and is linked with everybody."""
        await visitor.join((await self._engines[ANNE].invite()).code, name, at=self._address(self._engines[ANNE]))
        for colleague in (PAUL, KARIM):
            visitor.reach(self._address(self._engines[colleague]))

    async def say(self, name: str, text: str, *, kind: str = "post", answer_to: str = "") -> Row:
        return await self._engines[name].post(text, kind=kind, answer_to=answer_to)

    async def answer(self, question: Row) -> None:
        """Anne and Karim answer the visitor."""
        for name, text in ((KARIM, _("Second drawer, under the stapler.")), (ANNE, _("I have put it back!"))):
            await asyncio.sleep(0.8)
            await self._once_here(name, question.id)
            await self.say(name, text, answer_to=question.id)

    async def cheer(self, row: Row) -> None:
        """Karim is glad of what the visitor said."""
        await self._once_here(KARIM, row.id)
        await self._engines[KARIM].talk.react(row.id, "☕")

    async def announce(self) -> None:
        """Anne tells everybody."""
        await self._engines[ANNE].announcing.announce(_("Fire drill at four: down the north stairs, please."))

    async def _once_here(self, name: str, ident: str) -> None:
        """Waits until that colleague holds the post."""

        async def held() -> bool:
            return ident in {row.id for row in (await self._engines[name].timeline(limit=20)).rows}

        await self._ears[name].until(held)

    async def morning(self) -> None:
        """What was said before the visitor came."""
        await self.say(ANNE, _("Good morning! Fresh coffee in the kitchen."))
        asked = await self.say(PAUL, _("Which form do we use for travel expenses this year?"), kind="question")
        await self._once_here(ANNE, asked.id)
        await self.say(ANNE, _("The blue one, it is on the share under Forms."), answer_to=asked.id)
        await self.say(KARIM, _("At the customer’s in Lille until noon. #planning"))

    async def chat(self, pause: float) -> None:
        """What is said while the visitor looks on."""
        for name, text in (
            (PAUL, _("The printer on the second floor works again.")),
            (KARIM, _("Lille signed! Cake at four. 🎂")),
            (ANNE, _("@Karim Congratulations! #cake")),
            (PAUL, _("What are you doing? Me: writing the minutes of this morning’s meeting.")),
        ):
            await asyncio.sleep(pause)
            await self.say(name, text)

    async def stop(self) -> None:
        for engine in self._engines.values():
            await engine.stop()


class Demo:
    """The colleagues in a folder of their own, which goes when they go."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="deskblog-demo-"))
        self.colleagues = Colleagues(self.folder)

    def visitor_options(self) -> tuple[Path, Options]:
        """Data folder and options of the visitor's own engine."""
        return self.folder / "visitor", Options(discovery=False, port=0, state=self.folder / "visitor-state")

    async def open(self) -> None:
        await self.colleagues.start()
        await self.colleagues.morning()

    async def open_to(self, visitor: Engine) -> None:
        """With somebody who looks on."""
        await self.open()
        await self.colleagues.welcome(visitor, _("You"))

    async def close(self) -> None:
        await self.colleagues.stop()
        await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)


def run_headless(*, as_json: bool) -> int:
    """Prints the demo as lines, and ends by itself."""

    def say(event: events.Event) -> None:
        for line in commands.event_lines(event):
            if as_json or line["event"] in ("post", "linked", "trouble"):
                sys.stdout.write((json.dumps(line, ensure_ascii=False) if as_json else event_text(line)) + "\n")
                sys.stdout.flush()

    return asyncio.run(_headless(say))


async def _headless(say: Callable[[events.Event], None]) -> int:
    demo = Demo()
    folder, options = demo.visitor_options()
    ear = _Ear()

    def hear(event: events.Event) -> None:
        say(event)
        ear(event)

    visitor = Engine(folder, hear, options=options)
    try:
        await demo.open()
        await visitor.start()
        await demo.colleagues.welcome(visitor, _("You"))
        await demo.colleagues.chat(0.6)
        question = await visitor.post(_("Where is the key to the archive?"), kind="question")
        await demo.colleagues.answer(question)

        async def answered() -> bool:
            return len((await visitor.show(question.id)).answers) == 2

        await ear.until(answered)
    finally:
        await visitor.stop()
        await demo.close()
    return 0
