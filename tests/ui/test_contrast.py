"""Which colours really meet in the windows, and that words can be read where they do.

Each colour of the palette is given a mark that no other has; then one only has to look where in a picture the mark of
words stands beside the mark of a ground, painted cards and buttons alike.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget

from deskblog import events
from deskblog.records import replace
from deskblog.ui import theme as look
from deskblog.ui.sheet import sheet
from deskblog.ui.theme import Theme
from deskblog.values import Audience, Row
from tests.ui.desk import PATIENCE, Colleague, Desk
from tests.ui.scenes import Stage, opened, scenes, set_up
from tests.ui.test_theme import contrast

ROLES = [name for name, kind in look.Colours.__annotations__.items() if kind == "str"]
STEPS = (1, 128, 254)
MARKS = {
    name: QColor(STEPS[n % 3], STEPS[n // 3 % 3], STEPS[n // 9 % 3]).name() for n, name in enumerate(sorted(ROLES))
}
KNOWN = {QColor(mark).rgb(): name for name, mark in MARKS.items()}
WORDS = {"text", "soft", "accent", "on_accent", "on_accent_soft", "on_sealed", "here", "warn", "error", "on_banner"}
EDGES = {"line", "field_line", "scroll"}  # beside them stand borders, and no words
NEAR = 2  # pixels between a stroke of a letter and the ground, over what is blended of both
OFTEN = 6  # times; fewer are corners that meet


LEAST = {look.LIGHT: 4.5, look.DARK: 4.5, look.CONTRAST_LIGHT: 7.0, look.CONTRAST_DARK: 7.0}  # WCAG AA, and AAA


def mark(qapp: QApplication, *, high: bool) -> None:
    """The palette of marks is on; `high`: with the rules of high contrast."""
    colours = replace(look.LIGHT, contrast=high, **MARKS)  # type: ignore[arg-type]
    look._use(colours)
    qapp.setPalette(look.palette(colours))
    qapp.setStyleSheet(sheet(colours))


def met(widget: QWidget) -> Counter[tuple[str, str]]:
    """Which words stand on which ground, and how often."""
    image = widget.grab().toImage()
    found: Counter[tuple[str, str]] = Counter()
    for y in range(image.height()):
        line = [KNOWN.get(image.pixel(x, y)) for x in range(image.width())]
        for x, one in enumerate(line):
            if one is None:
                continue
            for other in line[x + 1 : x + 1 + NEAR]:
                if other is not None and other != one:
                    found.update(pair for pair in ((one, other), (other, one)) if pair[0] in WORDS)
    ring = "text", "accent"  # round a button with the focus: it is told from what is outside
    grounds = set(ROLES) - WORDS | {"accent"}
    return Counter({pair: n for pair, n in found.items() if pair[1] in grounds and pair != ring})


def unreadable(found: Counter[tuple[str, str]], *, high: bool) -> dict[str, float]:
    """Of what met, the pairs that stand out too little in one of the palettes."""
    wrong = {}
    for colours, least in LEAST.items():
        for (words, ground), n in found.items():
            measured = contrast(getattr(colours, words), getattr(colours, ground))
            if n >= OFTEN and ground not in EDGES and colours.contrast is high and measured < least:
                wrong[f"{words} on {ground}, {'dark' if colours.dark else 'light'}"] = round(measured, 2)
    return wrong


def everything(stage: Stage, paul: Colleague, folder: Path) -> None:
    """One post of each kind in the timeline."""
    desk, engine = stage.desk, stage.desk.bridge.engine
    (colleague,) = [one for one in stage.window.people if not one.me]
    desk.ask(engine.post("Only for you", to=Audience(people=(colleague.id,))))
    (folder / "prices.txt").write_text("desk 120\n", encoding="utf-8")
    attached, _notice = desk.ask(engine.attaching.choose_file(folder / "prices.txt"))
    desk.ask(engine.post("The prices", attached=(attached,)))
    paul.do(paul.engine.polls.begin("Lunch where?", ["Canteen", "Pizza"], closes=0, many=False))
    desk.until_held("Lunch where?")
    rows = {row.text: row for row in desk.ask(engine.timeline(limit=50)).rows}
    asked = rows["Who has the key to the archive?"]
    answer = desk.post("On my desk", kind="answer", answer_to=asked.id)
    paul_held(paul, desk, "On my desk")
    paul.do(paul.engine.talk.solve(asked.id, answer.id))
    desk.ask(engine.talk.react(rows["Good morning"].id, "👍"))
    desk.until(lambda: any(row.solved for row in desk.ask(engine.timeline(limit=50)).rows))
    with desk.qtbot.waitSignal(stage.window.rows.began, timeout=PATIENCE):
        stage.window.rows.reload()
    stage.window.rows.add([item(rows["Good morning"], number) for number in range(2)])


def item(row: Row, number: int) -> Row:
    """An item of a feed, as the store makes it."""
    return replace(
        row, id=f"{number:064x}", kind="feed", person="The Brew", person_id="feed-1", text="How to roast\nSlowly.",
        title="How to roast", author="Ann", link="https://brew.example/roast", mine=False, unread=True,
    )  # fmt: skip


def paul_held(paul: Colleague, desk: Desk, text: str) -> None:
    desk.until(lambda: any(row.text == text for row in paul.do(paul.engine.timeline(limit=50)).rows))


@pytest.mark.parametrize("high", [False, True], ids=["usual", "high contrast"])
def test_words_can_be_read_wherever_they_stand(
    anne: Desk, paul: Colleague, theme: Theme, tmp_path: Path, qapp: QApplication, high: bool
) -> None:
    mark(qapp, high=high)
    stage = set_up(anne, paul, theme)
    everything(stage, paul, tmp_path)
    window = stage.window
    window.resize(940, 2400)
    window.restyle()
    window.banner.say(events.Trouble("store", "The disk is full.", "Your draft is kept.", "Free some space."))
    found: Counter[tuple[str, str]] = Counter()
    for n in range(window.rows.rowCount()):
        window.timeline.setCurrentIndex(window.rows.index(n))
        window.timeline.setFocus()
    qapp.processEvents()
    found += met(window)
    for text in ("Too much. " * 40, "Far too much. " * 60):
        window.composer.field.setPlainText(text)
        window.composer.send()
        qapp.processEvents()
        found += met(window.composer)
    window.composer.field.clear()
    for opens in scenes(stage).values():
        opened(anne, opens, lambda shown: found.update(met(shown)))
    window.search.setText("morning")
    anne.until(lambda: window.rows.query.words == "morning" and window.rows.rowCount() > 0)
    qapp.processEvents()
    found += met(window)
    assert {("text", "sealed"), ("on_sealed", "sealed"), ("text", "feed"), ("text", "found"), ("on_banner", "banner"),
            ("error", "surface"), ("on_accent_soft", "accent_soft")} <= set(found)  # fmt: skip
    theme.choose("light")
    assert unreadable(found, high=high) == {}


# Where the mouse is over them, on what is disabled or over: a picture of a window at rest does not show these.
PAINTED = (
    ("surface", "here"), ("text", "accent_soft"), ("soft", "accent_soft"), ("accent", "accent_soft"),
    ("soft", "line"),
    ("text", "hover"), ("soft", "hover"), ("warn", "hover"), ("here", "hover"), ("error", "hover"),
    ("warn", "surface"), ("warn", "window"), ("warn", "mine"), ("here", "surface"), ("here", "mine"),
    ("on_accent", "accent_hover"), ("on_banner", "hover"),
)  # fmt: skip


@pytest.mark.parametrize("colours", LEAST)
def test_so_can_those_that_no_picture_shows(colours: look.Colours) -> None:
    pairs = set(PAINTED) - ({("soft", "line")} if colours.contrast else set())  # disabled: there on the surface
    measured = {pair: contrast(getattr(colours, pair[0]), getattr(colours, pair[1])) for pair in pairs}
    assert {pair: ratio for pair, ratio in measured.items() if ratio < LEAST[colours]} == {}
