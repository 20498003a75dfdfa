"""Photos and files in the window: chosen, sent, shown, fetched, opened only as what they are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from deskblog import limits
from deskblog.ui import enclosed, file_actions, viewer
from deskblog.ui.pictures import PIXELS, read_image
from deskblog.ui.timeline import TimelineView
from deskblog.values import Attached, Blob, BlobState, Row, Sort
from tests.media.test_photo import picture, png_of
from tests.ui.desk import Colleague, Desk

ROOT = Path(__file__).parents[2]
LARGE = bytes(limits.BLOB_AT_ONCE + 1)


def send(colleague: Colleague, text: str, *files: tuple[str, bytes]) -> Row:
    chosen = [colleague.do(colleague.engine.attaching.choose(name, data))[0] for name, data in files]
    return colleague.do(colleague.engine.post(text, attached=chosen))


def shown(view: TimelineView, text: str) -> Row | None:
    rows = (view.rows.row_at(n) for n in range(view.rows.rowCount()))
    return next((row for row in rows if row.text == text), None)


def state(view: TimelineView, text: str) -> BlobState | None:
    row = shown(view, text)
    return row.attached[0].blob.state if row is not None and row.attached else None


def press(view: TimelineView, qtbot: QtBot, text: str, place: int = 0) -> None:
    n = next(n for n in range(view.rows.rowCount()) if view.rows.row_at(n).text == text)
    index = view.rows.index(n)
    view.scrollTo(index)
    rect = view._delegate.card(index).enclosed.places[place]
    at = view.visualRect(index).topLeft() + rect.center().toPoint()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def attached(name: str = "leaf.jpg", sort: Sort = Sort.PHOTO, width: int = 0, height: int = 0) -> Attached:
    return Attached(name, sort, Blob("ab" * 32, 5000, BlobState.NAMED), width, height)


# --- choosing ---------------------------------------------------------------------------------------------
def test_a_dropped_file_goes_with_the_post(anne: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    window = anne.window()
    file = tmp_path / "leaf.png"
    file.write_bytes(picture("PNG", (90, 60)))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    assert window.composer.field.canInsertFromMimeData(data)
    window.composer.field.insertFromMimeData(data)
    anne.until(lambda: len(window.composer.chosen_bar.tiles) == 1)
    assert window.composer.button.isEnabled() and not window.composer.field.toPlainText()
    with qtbot.waitSignal(window.composer.posted):
        window.composer.send(at_once=True)
    anne.until(lambda: state(window.timeline, "") is BlobState.HERE)
    assert not window.composer.chosen_bar.tiles and not window.composer.chosen_bar.isVisible()


def test_a_pasted_picture_is_a_photo_and_pasted_markup_is_words(anne: Desk) -> None:
    window = anne.window()
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    data = QMimeData()
    data.setImageData(image)
    window.composer.field.insertFromMimeData(data)
    anne.until(lambda: len(window.composer.chosen_bar.tiles) == 1)
    (one,) = anne.bridge.engine.attaching.chosen
    assert (one.name, one.sort, one.width, one.height) == ("picture.png", Sort.PHOTO, 40, 30)
    table = QMimeData()  # a spreadsheet puts words, markup and a picture of them on the clipboard
    table.setHtml("<b>a</b><script>x</script>")
    table.setText("a\tb")
    table.setImageData(image)
    window.composer.field.insertFromMimeData(table)
    assert window.composer.field.toPlainText() == "a\tb"
    assert len(anne.bridge.engine.attaching.chosen) == 1


def test_what_is_left_out_does_not_go(anne: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    window = anne.window()
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    window.composer._chosen.add_files([tmp_path / "a.txt", tmp_path / "b.txt"])
    anne.until(lambda: len(window.composer.chosen_bar.tiles) == 2)
    window.composer.chosen_bar.tiles[0].cross.click()
    anne.until(lambda: len(window.composer.chosen_bar.tiles) == 1)
    window.composer.field.setPlainText("one of two")
    with qtbot.waitSignal(window.composer.posted) as posted:
        window.composer.send(at_once=True)
    assert len(posted.args[0].attached) == 1


def test_what_cannot_go_is_said_and_the_text_stays(anne: Desk, tmp_path: Path) -> None:
    window = anne.window()
    window.composer.field.setPlainText("Look at this film")
    film = tmp_path / "film.mkv"
    with film.open("wb") as file:
        file.truncate(2_000_000_000)
    window.composer._chosen.add_files([film])
    anne.until(window.composer.problem.isVisible)
    assert "25 MB is the most" in window.composer.problem.text()
    assert window.composer.field.toPlainText() == "Look at this film"


def test_a_name_that_lies_is_said_to_its_author(anne: Desk, tmp_path: Path) -> None:
    window = anne.window()
    (tmp_path / "leaf.jpg").write_bytes(b"PK\x03\x04" + bytes(100))
    window.composer._chosen.add_files([tmp_path / "leaf.jpg"])
    anne.until(window.composer.notice.isVisible)
    assert "an archive of files" in window.composer.notice.text()


def test_a_photo_chosen_before_a_restart_is_there_after_it(anne: Desk, tmp_path: Path) -> None:
    anne.ask(anne.bridge.engine.attaching.choose("a.txt", b"words"))
    anne.close()
    anne.open()
    window = anne.window()
    anne.until(lambda: len(window.composer.chosen_bar.tiles) == 1)


def test_a_post_taken_back_gives_its_photo_back(anne: Desk, qtbot: QtBot) -> None:
    window = anne.window()
    anne.ask(anne.bridge.engine.outbox.wait(30))
    anne.ask(anne.bridge.engine.attaching.choose("a.txt", b"words"))
    window.composer._chosen.changed.emit()
    window.composer.send()
    anne.until(lambda: bool(window.waiting.lines))
    anne.until(lambda: not window.composer.chosen_bar.tiles)
    assert window.waiting.lines[0].text.text() == "a.txt"
    window.waiting.lines[0].undo.click()
    anne.until(lambda: len(window.composer.chosen_bar.tiles) == 1)


def test_what_is_thrown_away_does_not_go_along(anne: Desk) -> None:
    window = anne.window()
    one, _notice = anne.ask(anne.bridge.engine.attaching.choose("a.txt", b"words"))
    window.composer.field.setPlainText("Without it")
    with anne.slow_disk():
        window.composer._chosen.drop(one)
        window.composer.send(at_once=True)
    anne.until(lambda: not window.composer._chosen.busy)
    assert window.composer.field.toPlainText() == "Without it"
    window.composer.send(at_once=True)
    anne.until(lambda: window.rows.rowCount() == 1)
    assert not window.rows.row_at(0).attached


# --- on a card --------------------------------------------------------------------------------------------
def test_a_photo_has_its_place_before_it_is_here(anne: Desk, paul: Colleague, qtbot: QtBot) -> None:
    view = anne.timeline()
    send(paul, "Which plant?", ("leaf.png", picture("PNG", (600, 300))))
    anne.until(lambda: state(view, "Which plant?") is BlobState.HERE)
    index = view.rows.index(0)
    (place,) = view._delegate.card(index).enclosed.places
    assert (place.width(), place.height()) == (420, 210)
    view.grab()
    row = shown(view, "Which plant?")
    assert row is not None
    pictures = view.file_actions.folder.pictures
    anne.until(lambda: any(found is not None for found in pictures._kept.values()))
    press(view, qtbot, "Which plant?")
    viewer = view.file_actions.viewer
    assert viewer.isVisible() and viewer.save_button.isEnabled()
    assert viewer.windowTitle() == "leaf.png – Paul Bernard"
    qtbot.keyClick(viewer, Qt.Key.Key_Escape)
    assert not viewer.isVisible()


def test_a_large_file_is_fetched_by_a_press_and_shows_how_far_it_is(
    anne: Desk, paul: Colleague, qtbot: QtBot
) -> None:
    view = anne.timeline()
    send(paul, "The plans", ("plans.bin", LARGE))
    anne.until(lambda: state(view, "The plans") is BlobState.NAMED)
    row = shown(view, "The plans")
    assert row is not None
    assert enclosed.state_text(row.attached[0].blob, {}) == "press to fetch it"
    press(view, qtbot, "The plans")
    anne.until(lambda: state(view, "The plans") is BlobState.HERE)
    blob = row.attached[0].blob
    waiting = Blob(blob.hash, blob.size, BlobState.WANTED)
    assert enclosed.state_text(waiting, {blob.hash: 0.256}) == "fetched: 26 %"
    assert enclosed.state_text(waiting, {}) == "on its way"


def test_a_program_is_called_one_and_can_only_be_saved_by_who_is_sure(
    anne: Desk, paul: Colleague, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = anne.timeline()
    send(paul, "The invoice", ("invoice.pdf.exe", b"MZ" + bytes(500)))
    anne.until(lambda: state(view, "The invoice") is BlobState.HERE)
    row = shown(view, "The invoice")
    assert row is not None
    one, actions = row.attached[0], view.file_actions
    said = enclosed.verdict(one, actions.folder)
    assert enclosed.what_text(one, said) == "a program, not what its name says · 1 kB"
    assert [action.text() for action in actions.menu(row, one).actions()] == ["Save as…"]
    asked: list[str] = []

    def answer(_parent: object, what: str, more: str, _doing: str) -> bool:
        asked.append(f"{what} {more}")
        return len(asked) > 1

    monkeypatch.setattr(file_actions, "sure", answer)
    monkeypatch.setattr(viewer, "ask_folder", lambda _parent: tmp_path / "out")
    actions.ask_where(row, one)
    assert not (tmp_path / "out").exists() and "Paul Bernard" in asked[0]
    actions.ask_where(row, one)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["invoice.pdf.exe"]


def test_a_file_opens_as_a_copy_that_cannot_be_written(
    anne: Desk, paul: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = anne.timeline()
    send(paul, "The menu", ("menu.txt", b"soup"))
    anne.until(lambda: state(view, "The menu") is BlobState.HERE)
    row = shown(view, "The menu")
    assert row is not None
    opened: list[Path] = []

    def open_url(url: QUrl) -> bool:
        opened.append(Path(url.toLocalFile()))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    view.file_actions.open(row.attached[0])
    view.file_actions.open(row.attached[0])
    assert [path.name for path in opened] == ["menu.txt", "menu (2).txt"]
    assert opened[0].read_bytes() == b"soup" and opened[0].stat().st_mode & 0o777 == 0o400


def test_keys_reach_photos_too(anne: Desk, paul: Colleague, qtbot: QtBot) -> None:
    view = anne.timeline()
    send(paul, "Two", ("a.png", picture("PNG")), ("b.png", picture("PNG")))
    anne.until(lambda: state(view, "Two") is BlobState.HERE)
    view.setCurrentIndex(view.rows.index(0))
    qtbot.keyClick(view, Qt.Key.Key_O)
    viewer = view.file_actions.viewer
    assert viewer.isVisible() and viewer.title.text().startswith("1/2 · a.png")
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.title.text().startswith("2/2 · b.png")
    qtbot.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.title.text().startswith("2/2")
    viewer.close()
    menu = view._menu(view.rows.index(0), "")
    assert [action.text() for action in menu.actions() if action.menu()][-2:] == ["a.png", "b.png"]


@pytest.mark.parametrize(
    ("said", "wide", "high"),
    [
        ((600, 300), 420, 210),
        ((300, 600), 140, 280),
        ((0, 0), 373, 280),
        ((65_535, 1), 420, 48),
        ((1, 65_535), 48, 280),
    ],
)
def test_whatever_size_is_said_the_place_of_a_photo_is_one(
    said: tuple[int, int], wide: int, high: int, theme: object
) -> None:
    one = enclosed.Enclosed((attached(width=said[0], height=said[1]),), 0, 0, 600)
    assert (round(one.places[0].width()), round(one.places[0].height())) == (wide, high)


def test_several_photos_stand_in_rows_and_files_beneath_them(theme: object) -> None:
    mixed = (attached(), attached("a.pdf", Sort.FILE), *[attached()] * 4)
    one = enclosed.Enclosed(mixed, 10, 0, 600)
    tops = [place.top() for place in one.places]
    assert tops[0] == tops[2] == tops[3] == tops[4] < tops[5] < tops[1]
    assert one.height == one.places[1].bottom()


# --- what is no picture -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", png_of(60_000, 60_000)],
    ids=["nothing", "archive", "drawing", "other", "too many pixels"],
)
def test_what_is_no_picture_that_is_shown_is_none(data: bytes, tmp_path: Path, theme: object) -> None:
    (tmp_path / "x.jpg").write_bytes(data)
    assert read_image(tmp_path / "x.jpg", QApplication.primaryScreen().size()) is None
    assert PIXELS < 60_000 * 60_000


DECODED = """
import sys
from pathlib import Path
from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from deskblog.ui.pictures import read_image
app = QGuiApplication([])
read = [read_image(Path(file), QSize(40, 40)) for file in sys.argv[1:]]
print([None if one is None else (one.width(), one.height()) for one in read])
print(sorted({line.split("/")[-1].strip() for line in open("/proc/self/maps") if "imageformats" in line}))
"""


def test_a_strangers_bytes_meet_no_decoder_but_that_of_their_kind(tmp_path: Path) -> None:
    """Those of PDF, SVG and TIFF are asked about nothing, whatever a file is."""
    forms = {"a.jpg": "JPEG", "b.png": "PNG", "c.tif": "TIFF"}
    found = {name: picture(form, (80, 60)) for name, form in forms.items()} | {
        "d.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "e.pdf": b"%PDF-1.7",
    }
    for name, data in found.items():
        (tmp_path / name).write_bytes(data)
    files = [str(tmp_path / name) for name in found]
    said = subprocess.run(
        [sys.executable, "-c", DECODED, *files], capture_output=True, text=True, check=True, timeout=60, cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    read, plugins = said.stdout.splitlines()
    assert read == "[(40, 30), (40, 30), None, None, None]"
    assert plugins == "['libqjpeg.so']"


def test_a_card_of_a_photo_that_cannot_be_shown_is_painted_all_the_same(anne: Desk, paul: Colleague) -> None:
    view = anne.timeline()
    row = send(paul, "x", ("leaf.png", picture("PNG")))
    anne.until(lambda: state(view, "x") is BlobState.HERE)
    view.file_actions.folder.place(row.attached[0].blob).write_bytes(b"rotten")
    pictures = view.file_actions.folder.pictures

    def painted_without() -> bool:
        if None in pictures._kept.values():
            return True
        pictures._kept.clear()  # a reading that had begun before the file rotted may come in late
        return view.grab().isNull()

    anne.until(painted_without)
