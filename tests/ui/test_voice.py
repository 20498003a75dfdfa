"""Voice notes and films: recorded from a real sound daemon and a real screen, played, and what goes wrong with it."""

from __future__ import annotations

import io
import math
import os
import struct
import subprocess
import sys
import threading
import wave
from array import array
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QCloseEvent
from PySide6.QtMultimedia import QAudioBuffer, QAudioDecoder, QAudioFormat, QMediaPlayer, QScreenCapture
from pytestqt.qtbot import QtBot

from deskblog.media.container import container_of
from deskblog.media.length import seconds_of
from deskblog.ui import enclosed, multimedia, recorder, sound_line
from deskblog.ui.film import FilmViewer
from deskblog.ui.multimedia import Source
from deskblog.ui.recorder_bar import RecorderBar
from deskblog.ui.sure import Box
from deskblog.ui.timeline import TimelineView
from deskblog.ui.window import Window
from deskblog.values import Attached, BlobState, Row, Sort
from tests.ui.desk import Colleague, Desk
from tests.ui.sound_card import SoundCard
from tests.ui.test_files import press, send, shown

LOUD = 0.02  # of what there can be
pytestmark = pytest.mark.usefixtures("card")


def tone(seconds: float) -> bytes:
    """A WAV of 440 Hz."""
    samples = array("h", (round(12_000 * math.sin(n * 440 * math.tau / 8000)) for n in range(round(8000 * seconds))))
    file = io.BytesIO()
    with wave.open(file, "wb") as made:
        made.setparams((1, 2, 8000, 0, "NONE", ""))
        made.writeframes(samples.tobytes())
    return file.getvalue()


def heard_in(file: Path, qtbot: QtBot) -> float:
    """How loud the loudest of a sound is, 0 … 1."""
    decoder = QAudioDecoder()
    form = QAudioFormat()
    form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    form.setSampleRate(8000)
    form.setChannelCount(1)
    decoder.setAudioFormat(form)
    decoder.setSource(QUrl.fromLocalFile(str(file)))
    loud = [0]

    def take() -> None:
        buffer: QAudioBuffer = decoder.read()
        samples = array("h", bytes(buffer.constData())[: buffer.byteCount()])
        loud.append(max(map(abs, samples), default=0))

    decoder.bufferReady.connect(take)
    with qtbot.waitSignal(decoder.finished, timeout=10_000):
        decoder.start()
    return max(loud) / 32_768


def record(window: Window, anne: Desk, ms: int = 1000) -> RecorderBar:
    """Begun from the menu of the paper clip, and on until so much is recorded."""
    actions = {action.text(): action for action in window.composer.attach.menu_here().actions()}
    bar = window.composer.recorder
    actions["Voice note…"].trigger()
    assert bar.isVisible() and bar._recorder is not None
    made = bar._recorder
    anne.until(lambda: made._recorder.duration() >= ms)
    return bar


def come(anne: Desk, view: TimelineView, text: str) -> Row:
    """The post, once all that goes with it is here."""

    def here() -> bool:
        row = shown(view, text)
        return row is not None and all(one.blob.state is BlobState.HERE for one in row.attached)

    anne.until(here)
    row = shown(view, text)
    assert row is not None
    return row


def playing(view: TimelineView) -> sound_line.Playing | None:
    return view.file_actions.folder.playing


# --- recording --------------------------------------------------------------------------------------------
def test_a_voice_note_is_recorded_and_goes_with_the_post(anne: Desk, qtbot: QtBot) -> None:
    window = anne.window()
    bar = record(window, anne)
    assert "Recording 0:0" in bar.says.text() and bar.left.text().endswith(" left")
    assert "left" in bar.strip.accessibleName() and bar.stop_button.hasFocus()
    anne.until(lambda: any(loud > 0.1 for loud in bar.strip._loud.values()))
    bar.stop_button.click()
    anne.until(lambda: len(window.composer.chosen_bar.tiles) == 1)
    assert not bar.isVisible() and not window.composer.notice.isVisible() and window.composer.field.hasFocus()
    (one,) = anne.bridge.engine.attaching.chosen
    assert one.sort is Sort.VOICE and one.name.startswith("voice note ") and one.seconds in (1, 2)
    file = anne.bridge.engine.attaching.place(one.blob)
    assert heard_in(file, qtbot) > LOUD
    with qtbot.waitSignal(window.composer.posted) as posted:
        window.composer.send(at_once=True)
    assert posted.args[0].attached[0].seconds == one.seconds


def test_a_recording_that_is_cancelled_leaves_nothing(anne: Desk, qtbot: QtBot) -> None:
    window = anne.window()
    bar = record(window, anne, 200)
    made = bar._recorder
    assert made is not None
    folder = Path(made._folder.name)
    with qtbot.waitSignal(made.destroyed):
        qtbot.keyClick(bar.stop_button, Qt.Key.Key_Escape)
    assert not bar.isVisible() and not bar.runs and not folder.exists()
    assert not anne.bridge.engine.attaching.chosen and not window.composer._chosen.busy


def test_it_stops_by_itself_when_the_time_is_over(anne: Desk) -> None:
    window = anne.window()
    bar = record(window, anne, 100)
    assert bar._recorder is not None and bar._recorder.limit == 60
    bar._recorder.limit = 1
    anne.until(lambda: len(window.composer.chosen_bar.tiles) == 1)
    assert anne.bridge.engine.attaching.chosen[0].seconds in (1, 2)


def test_a_post_that_is_sent_while_one_speaks_ends_the_recording_first(anne: Desk) -> None:
    window = anne.window()
    record(window, anne, 300)
    window.composer.field.setPlainText("Listen")
    window.composer.send()
    assert window.composer.field.toPlainText() == "Listen"
    anne.until(lambda: len(window.composer.chosen_bar.tiles) == 1)


def test_a_microphone_that_is_off_is_said(anne: Desk, card: SoundCard) -> None:
    window = anne.window()
    card.mute(muted=True)
    try:
        record(window, anne, 500).stop()
        anne.until(window.composer.notice.isVisible)
    finally:
        card.mute(muted=False)
    assert "Is the microphone switched off?" in window.composer.notice.text()
    assert len(anne.bridge.engine.attaching.chosen) == 1


def test_what_was_said_before_the_microphone_failed_is_kept(
    anne: Desk, card: SoundCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = anne.window()
    monkeypatch.setattr(recorder, "STALL", 400)
    record(window, anne, 700)
    card.stall(stalled=True)
    try:
        anne.until(window.composer.notice.isVisible)
    finally:
        card.stall(stalled=False)
    assert "What was recorded until then is kept." in window.composer.notice.text()
    assert anne.bridge.engine.attaching.chosen[0].seconds


def test_what_grows_past_what_can_be_sent_ends_before_it_does(anne: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    window = anne.window()
    record(window, anne, 500)
    monkeypatch.setattr(recorder, "LARGEST", 10)
    anne.until(window.composer.notice.isVisible)
    assert window.composer.notice.text().startswith("It is as large as can be sent.")
    assert anne.bridge.engine.attaching.chosen[0].seconds


def test_a_microphone_that_never_gives_anything_is_said(
    anne: Desk, card: SoundCard, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = anne.window()
    monkeypatch.setattr(recorder, "PATIENCE", 400)
    card.stall(stalled=True)
    try:
        window.composer.recorder.begin(Source.VOICE)
        anne.until(window.composer.problem.isVisible)
    finally:
        card.stall(stalled=False)
    assert window.composer.problem.text().startswith("Nothing was recorded.")
    assert not window.composer.recorder.isVisible() and not anne.bridge.engine.attaching.chosen


def test_without_a_microphone_no_voice_note_is_offered(card: SoundCard) -> None:
    """In a process of its own: Qt remembers a microphone for a while."""
    asked = (
        "from PySide6.QtWidgets import QApplication; from deskblog.ui.multimedia import sources;"
        "app = QApplication([]); print(*sources())"
    )

    def offered() -> str:
        return subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True).stdout

    assert offered() == "voice\n"
    card.unplug()
    try:
        assert offered() == "\n"
    finally:
        card.plug()


def test_a_screen_that_may_not_be_filmed_is_said(anne: Desk) -> None:
    """No desktop here refuses it: what Qt tells where one does is told by hand."""
    window = anne.window()
    bar = window.composer.recorder
    bar.begin(Source.SCREEN)
    made = bar._recorder
    assert made is not None
    anne.until(lambda: bool(made._running))
    capture = next(device for device in made._running if isinstance(device, QScreenCapture))
    capture.errorOccurred.emit(QScreenCapture.Error.CapturingNotSupported, "no")
    anne.until(window.composer.problem.isVisible)
    assert "does not let the screen be filmed" in window.composer.problem.text()
    assert not window.composer.recorder.isVisible()


# --- a sound on its card ----------------------------------------------------------------------------------
def test_a_sound_is_played_in_its_line_paused_and_ends(anne: Desk, paul: Colleague, qtbot: QtBot) -> None:
    view = anne.timeline()
    send(paul, "Listen", ("note.wav", tone(1.2)))
    come(anne, view, "Listen")
    press(view, qtbot, "Listen")
    anne.until(lambda: (now := playing(view)) is not None and now.runs and now.at > 100)
    press(view, qtbot, "Listen")
    anne.until(lambda: (now := playing(view)) is not None and not now.runs)
    press(view, qtbot, "Listen")
    anne.until(lambda: playing(view) is None)


def test_one_sound_at_a_time_and_a_press_on_its_way_goes_there(anne: Desk, paul: Colleague, qtbot: QtBot) -> None:
    view = anne.timeline()
    send(paul, "Two", ("a.wav", tone(8)), ("b.wav", tone(9)))
    row = come(anne, view, "Two")
    press(view, qtbot, "Two", 0)
    anne.until(lambda: (now := playing(view)) is not None and now.at > 0)
    press(view, qtbot, "Two", 1)
    anne.until(lambda: (now := playing(view)) is not None and now.hash == row.attached[1].blob.hash and now.runs)
    place = view._delegate.card(view.rows.index(0)).enclosed.places[1]
    way = sound_line.track(place)
    at = view.visualRect(view.rows.index(0)).topLeft() + QPoint(round(way.center().x()), round(way.center().y()))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    anne.until(lambda: (now := playing(view)) is not None and now.at >= 4400)
    view.grab()
    view.file_actions.stage.stop()
    assert playing(view) is None


def test_keys_and_menu_play_it_and_a_reader_hears_that_it_is_there(anne: Desk, paul: Colleague, qtbot: QtBot) -> None:
    view = anne.timeline()
    send(paul, "Listen", ("note.wav", tone(5)))
    come(anne, view, "Listen")
    index = view.rows.index(0)
    view.setCurrentIndex(index)
    assert "note.wav, 0:05" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    row = shown(view, "Listen")
    assert row is not None
    menu = view._menu(index, "")
    assert "note.wav" in [action.text() for action in menu.actions()]
    entries = {action.text(): action for action in view.file_actions.menu(row, row.attached[0]).actions()}
    assert list(entries) == ["Play", "Open", "Save as…"]
    entries["Play"].trigger()
    anne.until(lambda: (now := playing(view)) is not None and now.runs)
    assert view.file_actions.stage.word(row.attached[0]) == "Pause"
    qtbot.keyClick(view, Qt.Key.Key_O)
    anne.until(lambda: (now := playing(view)) is not None and not now.runs)


def test_what_is_played_stops_when_it_is_withdrawn_and_when_the_window_closes(anne: Desk, paul: Colleague) -> None:
    window = anne.window()
    window.closes.choice = "keep"
    row = send(paul, "Listen", ("note.wav", tone(20)))
    view = window.timeline
    come(anne, view, "Listen")
    actions = window.files

    def play(text: str) -> None:
        held = shown(view, text)
        assert held is not None
        actions.stage.play(held, held.attached[0])
        anne.until(lambda: (now := actions.folder.playing) is not None and now.at > 0)

    play("Listen")
    paul.do(paul.engine.talk.withdraw(row.id))
    anne.until(lambda: actions.folder.playing is None)
    send(paul, "Again", ("again.wav", tone(21)))
    come(anne, view, "Again")
    play("Again")
    window.closeEvent(QCloseEvent())
    assert actions.folder.playing is None


@pytest.mark.qt_log_ignore("Could not open media", "Invalid data found")
def test_a_broken_one_is_said_and_can_be_opened_outside(
    anne: Desk, paul: Colleague, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = anne.timeline()
    send(paul, "Listen", ("note.ogg", b"OggS" + bytes(4000)))
    come(anne, view, "Listen")
    opened: list[Attached] = []
    said: list[str] = []

    def ask(box: Box) -> str:
        said.append(box.said)
        return box.buttons[-1].text()

    monkeypatch.setattr(Box, "ask", ask)
    monkeypatch.setattr(view.file_actions.stage, "_open", opened.append)
    press(view, qtbot, "Listen")
    anne.until(lambda: bool(opened))
    assert "“note.ogg” cannot be played here." in said[0] and playing(view) is None


# --- what is foreign --------------------------------------------------------------------------------------
@pytest.fixture
def site() -> Iterator[tuple[str, list[str]]]:
    """A site on loopback: its address, and the paths it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.qt_log_ignore("Could not open media", "Invalid data found")
def test_a_list_of_addresses_is_no_sound_and_even_the_player_asks_nobody(
    anne: Desk, paul: Colleague, site: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, asked = site
    listed = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9.0,\n{address}/a.ts\n#EXT-X-ENDLIST\n".encode()
    tagged = b"ID3\x04\0\0\0\0\0\x14" + bytes(20) + listed
    view = anne.timeline()
    send(paul, "Listen", ("a.mp3", tagged), ("b.mp3", listed), ("c.m3u8", listed))
    row = come(anne, view, "Listen")
    assert [enclosed.plays(one, view.file_actions.folder) for one in row.attached] == [None] * 3
    for name, data in (("a.mp3", tagged), ("c.m3u8", listed)):
        (tmp_path / name).write_bytes(data)
        player = multimedia.make_player(view)
        with anne.qtbot.waitSignal(player.broken, timeout=10_000):
            player.play("ab", tmp_path / name, 0)
    assert asked == []


def test_only_what_it_is_by_its_bytes_and_its_name_is_played(anne: Desk, paul: Colleague) -> None:
    view = anne.timeline()
    send(paul, "Mixed", ("leaf.jpg", tone(1)), ("note.wav.exe", tone(1)), ("note", tone(1)))
    row = come(anne, view, "Mixed")
    plays = [enclosed.plays(one, view.file_actions.folder) for one in row.attached]
    assert plays[:2] == [None, None] and plays[2] is not None


# --- films ------------------------------------------------------------------------------------------------
FILM_IT = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication, QWidget
from deskblog.ui.multimedia import Source, make_recorder, sources
app = QApplication([])
window = QWidget()
window.show()
assert Source.SCREEN in sources(), sources()
recorder = make_recorder(Source.SCREEN, app.primaryScreen(), window)
recorder.limit = 1
def ended(made):
    Path(sys.argv[1], f"film.{made.ending}").write_bytes(made.data)
    Path(sys.argv[1], "still.jpg").write_bytes(made.still)
    app.quit()
recorder.ended.connect(ended)
recorder.failed.connect(lambda fault: (print(fault), app.exit(3)))
recorder.begin()
sys.exit(app.exec())
"""


@pytest.fixture(scope="module")
def film(card: SoundCard, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of a real screen, filmed by the recorder in a process that has one; beside it its still."""
    folder = tmp_path_factory.mktemp("film")
    words = ["xvfb-run", "-a", "-s", "-screen 0 1500x1000x24", sys.executable, "-c", FILM_IT, str(folder)]
    done = subprocess.run(
        words, env=os.environ | {"QT_QPA_PLATFORM": "xcb"}, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("film.*"))


def test_the_screen_is_filmed_with_its_sound_and_has_a_picture(film: Path, qtbot: QtBot) -> None:
    with film.open("rb") as file:
        assert container_of(file) is not None and seconds_of(file) in (1, 2)
    assert heard_in(film, qtbot) > LOUD
    still = film.with_name("still.jpg").read_bytes()
    assert still.startswith(b"\xff\xd8\xff")
    assert film.stat().st_size < 1_000_000


def open_film(anne: Desk, paul: Colleague, film: Path, view: TimelineView) -> tuple[Row, FilmViewer]:
    still = film.with_name("still.jpg").read_bytes()
    one = paul.do(paul.engine.attaching.choose(film.name, film.read_bytes(), still))[0]
    paul.do(paul.engine.post("Watch", attached=[one]))
    row = come(anne, view, "Watch")
    press(view, anne.qtbot, "Watch")
    viewer = view.file_actions.stage.films
    assert viewer is not None
    return row, viewer


def test_a_film_has_its_picture_on_the_card_and_a_window_of_its_own(
    anne: Desk, paul: Colleague, film: Path, qtbot: QtBot
) -> None:
    view = anne.timeline()
    row, viewer = open_film(anne, paul, film, view)
    one = row.attached[0]
    assert one.sort is Sort.FILM and one.preview is not None and one.seconds and (one.width, one.height) != (0, 0)
    place = view._delegate.card(view.rows.index(0)).enclosed.places[0]
    assert place.height() > 150
    view.grab()
    assert viewer.isVisible() and viewer.windowTitle() == f"{film.name} – Paul Bernard"
    anne.until(lambda: viewer.picture.image is not None)
    assert viewer.picture.image is not None
    assert (viewer.picture.image.width(), viewer.picture.image.height()) == (1080, 720)
    qtbot.keyClick(viewer, Qt.Key.Key_Space)
    anne.until(lambda: viewer.engine.playbackState() == QMediaPlayer.PlaybackState.PausedState)
    assert viewer.play_button.accessibleName() == "Play"
    qtbot.keyClick(viewer, Qt.Key.Key_Left)
    anne.until(lambda: viewer.slider.value() == 0)
    viewer.grab()
    qtbot.keyClick(viewer, Qt.Key.Key_Space)
    anne.until(lambda: viewer.engine.mediaStatus() == QMediaPlayer.MediaStatus.EndOfMedia)
    qtbot.keyClick(viewer, Qt.Key.Key_Escape)
    assert not viewer.isVisible() and viewer.engine.source().isEmpty()


# --- where there is none ----------------------------------------------------------------------------------
def test_without_the_library_files_are_files(anne: Desk, paul: Colleague, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    window = anne.window()
    view = window.timeline
    send(paul, "Listen", ("note.wav", tone(1)))
    row = come(anne, view, "Listen")
    assert row.attached[0].seconds == 1
    assert [action.text() for action in view.file_actions.menu(row, row.attached[0]).actions()] == [
        "Open",
        "Save as…",
    ]
    offered = [action.text() for action in window.composer.attach.menu_here().actions() if action.text()]
    assert offered == ["Photo or file…", "Part of the screen…", "Poll…", "Announcement…"]
    view.grab()


def test_the_window_begins_without_it() -> None:
    asked = "import sys, deskblog.app, deskblog.ui.window; sys.exit('PySide6.QtMultimedia' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_a_length_that_nobody_could_speak_is_none() -> None:
    endless = tone(1).replace(struct.pack("<I", 16_000), struct.pack("<I", 1), 1)
    assert seconds_of(io.BytesIO(endless)) == 0
