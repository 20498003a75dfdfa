"""Scenes with voice notes and films, for `look.py`: being recorded, chosen, on cards, played."""

from __future__ import annotations

import math
import random
import wave
from array import array
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.ui.look import Look

RATE = 16_000


def speech(seconds: int) -> bytes:
    """A WAV of something that is as loud and as quiet as somebody who speaks."""
    dice = random.Random(seconds)
    samples = array("h")
    while len(samples) < seconds * RATE:
        loud, length = dice.choice((0.0, 0.2, 0.5, 0.9)) * 20_000, dice.randrange(1000, 4000)
        samples.extend(
            round(loud * math.sin(n / RATE * 1400) * math.sin(n / length * math.pi)) for n in range(length)
        )
    file = BytesIO()
    with wave.open(file, "wb") as made:
        made.setparams((1, 2, RATE, 0, "NONE", ""))
        made.writeframes(samples[: seconds * RATE].tobytes())
    return file.getvalue()


def recordings(look: Look, window: Any, others: dict[str, Any]) -> None:
    """One's own voice and screen being recorded, those of others on cards, one played, a film in its window."""
    from deskblog.engine.vault import now_ms
    from deskblog.ui.multimedia import Source
    from deskblog.values import BlobState

    french = look.french
    texts = (
        ("Deux mots sur l’offre de Lille", "Où se trouve le nouveau filtre ?")
        if french
        else ("Two words on the offer for Lille", "Where the new filter is")
    )
    bar, tiles = window.composer.recorder, window.composer.chosen_bar
    for source, scene, most in ((Source.VOICE, "recording", 9.0), (Source.SCREEN, "filming", 2.5)):
        bar.begin(source)
        look.wait(most)
        look.shoot(window, scene)
        bar.stop()
        look.until(lambda: not bar.runs and not window.composer._chosen.busy)
    look.until(lambda: len(tiles.tiles) == 2)
    look.wait(0.3)
    look.shoot(window, "recorded")
    film = window._bridge.engine.attaching.chosen[1]

    async def talk() -> None:
        for name in ("Léa Fontaine", "Karim Haddad"):
            others[name]._vault.pen._now = now_ms
        place, attaching = window._bridge.engine.attaching.place, others["Karim Haddad"].attaching
        seen = place(film.preview).read_bytes()
        made = await attaching.choose(film.name, place(film.blob).read_bytes(), seen)
        await others["Karim Haddad"].post(texts[1], attached=[made[0]])
        name = "note vocale 10.05.wav" if french else "voice note 10.05.wav"
        voices = [
            (await others["Léa Fontaine"].attaching.choose(called, speech(seconds)))[0]
            for called, seconds in ((name, 42), (name.replace("05", "07"), 17))
        ]
        await others["Léa Fontaine"].post(texts[0], attached=voices)

    look.ask(window, talk(), 30)
    for one in list(window._bridge.engine.attaching.chosen):
        window.composer._chosen.drop(one)
    look.until(lambda: window.rows.row_at(0).text == texts[0] and not tiles.tiles)
    look.until(
        lambda: all(one.blob.state is BlobState.HERE for n in range(2) for one in window.rows.row_at(n).attached)
    )
    row, filmed = window.rows.row_at(0), window.rows.row_at(1)
    window.files.stage.play(row, row.attached[0])
    look.until(lambda: (now := window.files.folder.playing) is not None and now.length > 0)
    window.files.stage.player.seek(0.4)
    look.wait(1.2)
    window.timeline.setFocus()
    look.shoot(window, "voice")
    window.files.stage.play(filmed, filmed.attached[0])
    look.wait(0.9)
    viewer = window.files.stage.films
    viewer.toggle()
    look.wait(0.3)
    look.shoot(viewer, "film")
    viewer.close()
