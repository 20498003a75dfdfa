"""Colleagues for the pictures, and what they say: real engines that fill a real store in two languages."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

ENGLISH = (
    (-1600, "Karim Haddad", "post", "", "Invoices for October are all out. Two are late, I called both."),
    (-1580, "Anne Martin", "post", "", "Thank you Karim! #accounts"),
    (-1510, "Léa Fontaine", "post", "", "Off to Lyon tomorrow, back on Thursday. My phone is on."),
    (-190, "Paul Bernard", "post", "", "Good morning. The coffee machine on the second floor is alive again ☕"),
    (-160, "Léa Fontaine", "question", "trains", "Which train do you take to Lyon in the evening?"),
    (-152, "Karim Haddad", "answer", "trains", "The 18:04, it is never full."),
    (-150, "Anne Martin", "answer", "trains", "18:04 too. Sit on the left, the sun sets there."),
    (
        -75,
        "Paul Bernard",
        "post",
        "",
        "New price list is on the share: https://intranet.example/prices/2026?v=4 – please use it for every offer "
        "from today on, the old one has a wrong discount on page 3. #sales",
    ),
    (-31, "Karim Haddad", "question", "key", "Who has the key to the archive?"),
    (-12, "Sophie Nguyen-Delacroix", "answer", "key", "On my desk, sorry! Bringing it up."),
    (-4, "Anne Martin", "post", "", "Visiting Mairie de Lille with @Sophie until noon. #planning"),
    (-1, "Léa Fontaine", "post", "", "Lille signed! Cake at four in the kitchen 🎂"),
)
FRENCH = (
    (-1600, "Karim Haddad", "post", "", "Toutes les factures d’octobre sont parties. Deux en retard, j’ai appelé."),
    (-1510, "Léa Fontaine", "post", "", "À Lyon demain, de retour jeudi. Téléphone allumé."),
    (-190, "Paul Bernard", "post", "", "Bonjour ! La machine à café du deuxième est réparée ☕"),
    (-160, "Léa Fontaine", "question", "trains", "Quel train prenez-vous pour Lyon le soir ?"),
    (-152, "Karim Haddad", "answer", "trains", "Celui de 18 h 04, il n’est jamais plein."),
    (
        -75,
        "Paul Bernard",
        "post",
        "",
        "Le nouveau tarif est sur le partage : https://intranet.example/tarifs/2026 – à utiliser pour toutes les "
        "offres dès aujourd’hui, l’ancien a une remise fausse page 3. #ventes",
    ),
    (-31, "Karim Haddad", "question", "key", "Qui a la clé des archives ?"),
    (-12, "Sophie Nguyen-Delacroix", "answer", "key", "Sur mon bureau, désolée ! Je la remonte."),
    (-4, "Anne Martin", "post", "", "À la mairie de Lille avec @Sophie jusqu’à midi. #planning"),
    (-1, "Léa Fontaine", "post", "", "Lille a signé ! Gâteau à quatre heures à la cuisine 🎂"),
)
ME = "Anne Martin"
STATUSES = {
    ME: "Visiting Mairie de Lille until noon",
    "Karim Haddad": "Invoices, then the archive in the cellar with Sophie all afternoon",
    "Léa Fontaine": "On the train to Lyon",
}
FRENCH_STATUSES = {
    ME: "À la mairie de Lille jusqu’à midi",
    "Karim Haddad": "Factures, puis les archives de la cave avec Sophie tout l’après-midi",
    "Léa Fontaine": "Dans le train pour Lyon",
}


class Others:
    """The colleagues, each with an engine, on the loop of the window's own engine."""

    def __init__(self, folder: Path, script: tuple[tuple[int, str, str, str, str], ...]) -> None:
        self._folder = folder
        self._script = script

    async def live(self, mine: object) -> dict[str, object]:
        from deskblog.engine import Engine, Options, vault

        assert isinstance(mine, Engine)
        engines = {ME: mine}
        for name in dict.fromkeys(who for _at, who, _kind, _key, _text in self._script if who != ME):
            options = Options(discovery=False, port=0, state=self._folder / f"{name}-state")
            engine = engines[name] = Engine(self._folder / name, lambda _event: None, options=options)
            await engine.start()
            code = (await mine.invite()).code
            await engine.join(code, name, at=f"127.0.0.1:{mine.port}")
        ids: dict[str, str] = {}
        for minutes, who, kind, key, text in self._script:
            engines[who]._vault.pen._now = lambda past=minutes: vault.now_ms() + past * 60_000  # type: ignore[misc]
            target = ids[key] if kind == "answer" else ""
            await self._until_held(engines[who], target)
            row = await engines[who].post(text, kind="question" if kind == "question" else "post", answer_to=target)
            if kind == "question":
                ids[key] = row.id
            await self._until_held(mine, row.id)
        await self._talk(engines, mine, ids)
        for name, status in (FRENCH_STATUSES if self._script is FRENCH else STATUSES).items():
            await engines[name].say_status(status)
        await engines["Sophie Nguyen-Delacroix"].places.name_site("Lille")
        engines["Karim Haddad"].say_away(away=True)
        await self._until_shown(mine)
        for name in ("Paul Bernard",):
            await engines[name].stop()
        for engine in engines.values():
            engine._vault.pen._now = vault.now_ms  # what they write from now on is of now
        await asyncio.sleep(0.3)
        return {**engines}

    async def _talk(self, engines: dict[str, Any], mine: Any, ids: dict[str, str]) -> None:
        """Signs at the newest posts, an answer taken to the newest question that has one."""
        rows = (await mine.timeline(limit=50)).rows
        cake = rows[0]
        for name, sign in (("Karim Haddad", "🎉"), ("Sophie Nguyen-Delacroix", "🎉"), (ME, "☕")):
            await self._until_held(engines[name], cake.id)
            await engines[name].talk.react(cake.id, sign)
        answer = next(row for row in rows if row.answer_to in ids.values())
        asker = next(row.person for row in rows if row.id == answer.answer_to)
        await engines[asker].talk.solve(answer.answer_to, answer.id)
        price = next(row for row in rows if row.person == "Paul Bernard")
        await engines["Paul Bernard"].talk.correct(price.id, price.text)
        await engines["Léa Fontaine"].talk.react(price.id, "👍")

    @staticmethod
    async def _until_shown(engine: object) -> None:
        from deskblog.engine import Engine

        assert isinstance(engine, Engine)
        for _try in range(500):
            people = await engine.people()
            if sum(bool(p.status) for p in people) == len(STATUSES) and any(p.away for p in people):
                return
            await asyncio.sleep(0.02)
        raise TimeoutError("a status did not come through")

    @staticmethod
    async def _until_held(engine: object, ident: str) -> None:
        from deskblog.engine import Engine

        assert isinstance(engine, Engine)
        for _try in range(500):
            if not ident or ident in {row.id for row in (await engine.timeline(limit=50)).rows}:
                return
            await asyncio.sleep(0.02)
        raise TimeoutError("a post did not come through")
