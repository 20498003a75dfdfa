"""Scenes with photos and files, for `look.py`: on cards, being chosen, large."""

from __future__ import annotations

import asyncio
import math
from io import BytesIO
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskblog.values import Row
    from tests.ui.look import Look


def landscape(size: tuple[int, int], hue: int) -> bytes:
    """Hills under a sky: something that looks like a photo and is nobody's."""
    wide, high = size
    image = Image.new("RGB", size)
    draw = ImageDraw.Draw(image)
    for y in range(high):
        part = y / high
        draw.line([(0, y), (wide, y)], fill=(int(120 + 100 * part), int(160 + 60 * part), int(220 - hue * part)))
    for n, shade in enumerate((110, 85, 60)):
        top = [
            high * (0.5 + 0.14 * n) + high * 0.08 * math.sin(x / wide * (5 + n * 2) + n + hue) for x in range(wide)
        ]
        points = [(0, high), *((x, top[x]) for x in range(wide)), (wide, high)]
        draw.polygon(points, fill=(shade - hue // 4, shade + 40, shade // 2))
    draw.ellipse([wide * 0.7, high * 0.12, wide * 0.7 + high * 0.14, high * 0.26], fill=(255, 240, 190))
    file = BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.2)).save(file, "JPEG", quality=88)
    return file.getvalue()


def usual_day(look: Look, window: Any, others: dict[str, Any]) -> None:
    """Three photos in a row, with a sign: what an office looks like on a usual day."""
    from deskblog.engine.vault import now_ms

    text = "La salle du salon est prête" if look.french else "Our stand at the fair is ready"
    karim, engine = others["Karim Haddad"], window._bridge.engine

    async def talk() -> None:
        karim._vault.pen._now = now_ms
        photos = [(f"{n}.jpg", landscape((1200, 900), n * 55 + 15)) for n in range(3)]
        row = await karim.post(text, attached=[(await karim.attaching.choose(*photo))[0] for photo in photos])
        await until(engine, lambda one: one.id == row.id)
        await engine.talk.react(row.id, "👍")

    look.ask(window, talk(), 30)
    look.until(lambda: window.rows.row_at(0).text == text)
    look.wait(1.5)


def files(look: Look, window: Any, others: dict[str, Any]) -> None:
    """Photos and files of others, one's own being chosen, one large."""
    from deskblog.engine.vault import now_ms

    engine = window._bridge.engine
    french = look.french
    texts = (
        ("Laquelle pour la couverture du catalogue ?", "Le plan de l’étage est à jour.", "Les trois du salon de Lyon")
        if french
        else (
            "Which one for the cover of the catalogue?",
            "The plan of the floor is up to date.",
            "Three of the fair",
        )
    )

    async def post(who: str, text: str, kind: str, *named: tuple[str, bytes]) -> None:
        others[who]._vault.pen._now = now_ms
        attaching = others[who].attaching
        chosen = [(await attaching.choose(name, data))[0] for name, data in named]
        await others[who].post(text, kind=kind, attached=chosen)

    async def talk() -> None:
        three = [(f"{n}.jpg", landscape((1200, 900), n * 60)) for n in range(3)]
        await post("Karim Haddad", texts[2], "post", *three)
        pdf = ("Étage 2 – plan.pdf" if french else "Second floor – plan.pdf", b"%PDF-1.7" + bytes(1_840_000))
        program = ("facture.pdf.exe" if french else "invoice.pdf.exe", b"MZ" + bytes(90_000))
        large = ("lyon.mp4", b"\0\0\0 ftypisom" + bytes(11_000_000))
        await post("Léa Fontaine", texts[1], "post", pdf, program, large)
        await post("Sophie Nguyen-Delacroix", texts[0], "question", ("cover.jpg", landscape((2400, 1600), 90)))

    look.ask(window, talk(), 30)
    look.until(lambda: window.rows.rowCount() > 2 and window.rows.row_at(0).text == texts[0])
    look.wait(1.5)
    look.shoot(window, "photos")
    window.timeline.verticalScrollBar().setValue(360)
    look.wait(0.8)
    look.shoot(window, "files")
    window.timeline.verticalScrollBar().setValue(0)
    look.ask(window, engine.attaching.choose("whiteboard.jpg", landscape((1600, 1000), 40)))
    look.ask(window, engine.attaching.choose("minutes.docx", b"PK\x03\x04" + bytes(48_000)))
    window.composer._chosen.changed.emit()
    window.composer._note(
        "« leaf.jpg » n’est pas ce que dit son nom."
        if french
        else "“leaf.jpg” is not what its name says: an archive."
    )
    window.composer.field.setPlainText("Le tableau de ce matin" if french else "The whiteboard of this morning")
    look.wait(0.5)
    look.shoot(window, "choosing")
    for one in list(engine.attaching.chosen):
        window.composer._chosen.drop(one)
    window.composer.field.clear()
    look.wait(0.4)
    window.timeline.setFocus()
    photos = next(window.rows.row_at(n) for n in range(8) if window.rows.row_at(n).text == texts[2])
    window.files.viewer.open(photos, photos.attached[1])
    look.wait(0.8)
    look.shoot(window.files.viewer, "viewer")
    window.files.viewer.close()


async def until(engine: Any, true: Callable[[Row], bool], **view: Any) -> None:
    """Waits until something is true of one of the newest rows."""
    for _try in range(200):
        if any(map(true, (await engine.timeline(limit=20, **view)).rows)):
            return
        await asyncio.sleep(0.05)
    raise TimeoutError("a post did not come")


def polls(look: Look, window: Any, others: dict[str, Any]) -> None:
    """One being written, one with votes."""
    from PySide6.QtWidgets import QApplication

    from deskblog.engine.vault import now_ms
    from deskblog.ui.new_poll import NewPoll

    french = look.french
    text = "Quel jour pour le repas de Noël ?" if french else "Which day for the Christmas lunch?"
    days = ["jeudi 17", "vendredi 18", "lundi 21"] if french else ["Thursday 17", "Friday 18", "Monday 21"]

    async def talk() -> None:
        others["Léa Fontaine"]._vault.pen._now = now_ms
        asked = await others["Léa Fontaine"].polls.begin(text, days, closes=now_ms() + 86_400_000)
        for name, place in (("Karim Haddad", 1), ("Sophie Nguyen-Delacroix", 1), ("Léa Fontaine", 0)):
            others[name]._vault.pen._now = now_ms
            await until(others[name], lambda row: row.id == asked.id)
            await others[name].polls.vote(asked.id, [place])
        await until(window._bridge.engine, lambda row: row.poll is not None and row.poll.voters == 3)
        await window._bridge.engine.polls.vote(asked.id, [1])

    look.ask(window, talk(), 30)
    look.wait(0.6)
    look.shoot(window, "poll")
    window.composer.field.setPlainText(text)
    window.composer.attach.ask_all()
    look.wait(0.4)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, NewPoll)
    for line, day in zip(dialog.options, days, strict=False):
        line.setText(day)
    look.shoot(dialog, "new-poll")
    dialog.reject()
    window.composer.field.clear()


def keeping(look: Look, window: Any) -> None:
    """The menu of what to look at, and the words to watch being written."""
    from functools import partial

    from PySide6.QtCore import QPoint

    keepsakes = window._bridge.engine.keepsakes
    look.ask(window, keepsakes.keep_search("Lille", "Lille"))
    look.ask(window, keepsakes.keep(window.rows.row_at(1).id))
    look.ask(window, keepsakes.watch(["Lille", "#planning"]))
    look.wait(0.3)
    menu = window.views.menu_now()
    menu.popup(window.views.mapToGlobal(QPoint(0, window.views.height())))
    look.wait(0.4)
    look.shoot_together(window, menu, "views")
    menu.close()
    look.shoot_box("watch", partial(window.views.watch))
