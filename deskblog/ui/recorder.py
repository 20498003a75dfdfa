"""Records a voice note, or a film of the camera or of the screen, into a file that is gone when it was read.

What was recorded until a device went away, or a limit was met, is kept. Only a recording in which there is nothing is
a failure.
"""

from __future__ import annotations

import tempfile
from array import array
from io import BytesIO
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCameraPermission,
    QCoreApplication,
    QElapsedTimer,
    QIODevice,
    QMicrophonePermission,
    QObject,
    QPermission,
    QSize,
    Qt,
    QTimer,
    QUrl,
    Signal,
)
from PySide6.QtGui import QImage, QScreen
from PySide6.QtMultimedia import (
    QAudioDevice,
    QAudioFormat,
    QAudioInput,
    QAudioSource,
    QCamera,
    QCameraFormat,
    QMediaCaptureSession,
    QMediaDevices,
    QMediaFormat,
    QMediaRecorder,
    QScreenCapture,
    QVideoFrame,
    QVideoSink,
)

from deskblog import limits
from deskblog.errors import Unusable
from deskblog.i18n import _
from deskblog.media.length import seconds_of
from deskblog.ui.multimedia import Source

PATIENCE = 8000  # ms within which a device must give something …
STALL = 3000  # … and go on: not every system says that one was pulled out
SHOWN_MS = 100  # of what is filmed a picture so often, for who films
SIDE = QSize(1280, 720)
FILM_BITS = 1_800_000  # a second: fifteen are less than limits.BLOB_AT_ONCE, which colleagues fetch unasked
VOICE_BITS = 64_000
LARGEST = limits.BLOB * 3 // 4  # bytes, some more are still on their way: a wild picture takes what it wants
SILENCE = 0.004  # of the loudest there can be: a microphone that is on hears more of an empty room

_File = QMediaFormat.FileFormat
_Sound = QMediaFormat.AudioCodec
_Film = QMediaFormat.VideoCodec
_Permission = QMicrophonePermission | QCameraPermission
_State = QMediaRecorder.RecorderState
# What all systems play stands first; which of them can be written here is only known here.
_VOICES = (
    (_File.Mpeg4Audio, _Sound.AAC, "m4a"),
    (_File.Ogg, _Sound.Opus, "ogg"),
    (_File.MP3, _Sound.MP3, "mp3"),
    (_File.FLAC, _Sound.FLAC, "flac"),
    (_File.Wave, _Sound.Wave, "wav"),
)
_FILMS = (
    (_File.MPEG4, _Film.H264, _Sound.AAC, "mp4"),
    (_File.WebM, _Film.VP9, _Sound.Opus, "webm"),
    (_File.WebM, _Film.VP8, _Sound.Opus, "webm"),
    (_File.MPEG4, _Film.MPEG4, _Sound.AAC, "mp4"),
)


class Recording(Struct, frozen=True):
    """What was recorded: its bytes, the ending of a name for it, a JPEG out of a film, and a word for its author."""

    data: bytes
    ending: str
    still: bytes = b""
    notice: str = ""


class Recorder(QObject):
    """One recording. `moved`: ms so far; `heard`: how loud it is, 0 … 1; `seen`: what is filmed, QImage; at the end
    one of `ended`: Recording, and `failed`: UserError. After `cancel` nothing is told any more."""

    moved = Signal(int)
    heard = Signal(float)
    seen = Signal(object)
    ended = Signal(object)
    failed = Signal(object)

    def __init__(self, source: Source, screen: QScreen, parent: QObject) -> None:
        super().__init__(parent)
        self.source = source
        self.limit = limits.VOICE_SECONDS if source is Source.VOICE else limits.FILM_SECONDS
        self._screen = screen
        self._folder = tempfile.TemporaryDirectory(prefix="deskblog-", ignore_cleanup_errors=True)
        self.destroyed.connect(self._folder.cleanup)
        self._session = QMediaCaptureSession(self)
        self._recorder = QMediaRecorder(self)
        self._devices = QMediaDevices(self)
        self._microphone = QMediaDevices.defaultAudioInput()
        self._running: list[QAudioSource | QScreenCapture | QCamera] = []
        self._loudest = 0.0
        self._last: QImage | None = None
        self._shown = QElapsedTimer()
        self._fault = ""
        self._over = self._stopping = False
        self._patience = QTimer(self, singleShot=True)
        self._patience.timeout.connect(self._nothing_came)

    @property
    def sounds(self) -> bool:
        """Whether it hears."""
        return not self._microphone.isNull()

    # --- beginning ----------------------------------------------------------------------------------------
    def begin(self) -> None:
        """Asks the system for leave first, which on some asks the person."""
        wanted: list[_Permission] = [QMicrophonePermission()] if self.sounds else []
        if self.source is Source.CAMERA:
            wanted.append(QCameraPermission())
        self._ask(wanted)

    def _ask(self, wanted: list[_Permission]) -> None:
        if self._over:
            return
        if not wanted:
            self._start()
            return
        first, *rest = wanted
        app = QCoreApplication.instance()
        assert app is not None
        app.requestPermission(first, self, lambda answer: self._answered(answer, rest))

    def _answered(self, answer: QPermission, rest: list[_Permission]) -> None:
        if answer.status() == Qt.PermissionStatus.Denied:
            self._fail(
                _("The system does not let deskblog record."),
                _("Allow it in the settings of the system, under privacy; then try again."),
            )
        else:
            self._ask(rest)

    def _start(self) -> None:
        form = self._form()
        if form is None:
            self._fail(_("There is no way to record this on this PC."), _("Record it elsewhere, and add the file."))
            return
        made, self._ending = form
        self._connect_devices()
        recorder = self._recorder
        self._session.setRecorder(recorder)
        recorder.setMediaFormat(made)
        recorder.setEncodingMode(QMediaRecorder.EncodingMode.AverageBitRateEncoding)
        recorder.setAudioBitRate(VOICE_BITS)
        recorder.setAudioChannelCount(1)
        recorder.setOutputLocation(QUrl.fromLocalFile(str(self._file)))
        recorder.durationChanged.connect(self._moved)
        recorder.recorderStateChanged.connect(self._turned)
        recorder.errorOccurred.connect(self._went_wrong)
        self._patience.start(PATIENCE)
        recorder.record()

    @property
    def _file(self) -> Path:
        return Path(self._folder.name) / f"recording.{self._ending}"

    def _form(self) -> tuple[QMediaFormat, str] | None:
        voices = [(self._made(file, sound), ending) for file, sound, ending in _VOICES]
        films = [(self._made(file, sound, film), ending) for file, film, sound, ending in _FILMS]
        wanted = voices if self.source is Source.VOICE else films
        way = QMediaFormat.ConversionMode.Encode
        return next(((form, ending) for form, ending in wanted if form.isSupported(way)), None)

    @staticmethod
    def _made(file: _File, sound: _Sound, film: _Film = _Film.Unspecified) -> QMediaFormat:
        form = QMediaFormat(file)
        form.setAudioCodec(sound)
        form.setVideoCodec(film)
        return form

    # --- devices ------------------------------------------------------------------------------------------
    def _connect_devices(self) -> None:
        if self.sounds:
            self._input = QAudioInput(self._microphone, self)
            self._session.setAudioInput(self._input)
            self._listen(self._microphone)
            self._devices.audioInputsChanged.connect(self._look_for_microphone)
        if self.source is Source.SCREEN:
            capture = QScreenCapture(self)
            capture.setScreen(self._screen)
            capture.errorOccurred.connect(self._screen_refused)
            self._session.setScreenCapture(capture)
            self._film(self._screen.size() * self._screen.devicePixelRatio())
            self._running.append(capture)
            capture.start()
        elif self.source is Source.CAMERA:
            camera = QCamera(QMediaDevices.defaultVideoInput(), self)
            form = _large_enough(camera.cameraDevice().videoFormats())
            camera.setCameraFormat(form)
            camera.errorOccurred.connect(self._went_wrong)
            self._session.setCamera(camera)
            self._film(SIDE if form.isNull() else form.resolution())
            self._running.append(camera)
            camera.start()

    def _film(self, size: QSize) -> None:
        """In the form of what is filmed, of at most SIDE; sides are even, as encoders ask for."""
        fit = size.scaled(SIDE, Qt.AspectRatioMode.KeepAspectRatio) if size != size.boundedTo(SIDE) else size
        self._recorder.setVideoResolution(QSize(fit.width() // 2 * 2, fit.height() // 2 * 2))
        self._recorder.setVideoBitRate(FILM_BITS)
        self._sink = QVideoSink(self)
        self._sink.videoFrameChanged.connect(self._frame)
        self._session.setVideoSink(self._sink)

    def _listen(self, device: QAudioDevice) -> None:
        """A second ear beside the recording one, for how loud it is: the recorder does not say."""
        form = device.preferredFormat()
        form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        ear = QAudioSource(device, form, self)
        self._running.append(ear)
        sound = ear.start()
        if sound is not None:
            sound.readyRead.connect(lambda: self._hear(bytes(sound.readAll().data())))

    def _hear(self, raw: bytes) -> None:
        samples = array("h", raw[: len(raw) // 2 * 2])
        if samples and not self._over:
            loud = max(max(samples), -min(samples)) / 32_768
            self._loudest = max(self._loudest, loud)
            self.heard.emit(loud)

    def _frame(self, frame: QVideoFrame) -> None:
        if self._over:
            return
        self._came(Source.CAMERA, Source.SCREEN)
        if self._shown.isValid() and self._shown.elapsed() < SHOWN_MS:
            return
        image = frame.toImage()
        if not image.isNull():
            self._shown.start()
            self._last = image
            self.seen.emit(image)

    # --- what happens -------------------------------------------------------------------------------------
    def _moved(self, ms: int) -> None:
        if not self._over:
            self._came(Source.VOICE)
            self.moved.emit(min(ms, self.limit * 1000))
            if ms >= self.limit * 1000:
                self.stop()
            elif self._file.exists() and self._file.stat().st_size > LARGEST:
                self._fault = _("It is as large as can be sent. What was recorded until then is kept.")
                self.stop()

    def _came(self, *of: Source) -> None:
        """Something did, of what it is all about: a film without a picture is none."""
        if self.source in of and not self._stopping:
            self._patience.start(STALL)

    def _nothing_came(self) -> None:
        self._fault = _("No more sound or picture came. What was recorded until then is kept.")
        self.stop()

    def _look_for_microphone(self) -> None:
        if self._microphone not in QMediaDevices.audioInputs() and not self._fault:
            self._fault = _("The microphone went away. What was recorded until then is kept.")
            self.stop()

    def _went_wrong(self, _error: object, said: str) -> None:
        self._fault = _("Recording stopped: {why}. What was recorded until then is kept.").format(
            why=said.rstrip(".")
        )
        if self._recorder.recorderState() == _State.StoppedState:
            QTimer.singleShot(0, self._finish)
        else:
            self.stop()

    def _screen_refused(self, *_why: object) -> None:
        self._fail(
            _("This desktop does not let the screen be filmed."),
            _("Film it with the desktop's own tool, and add the file."),
        )

    # --- ending -------------------------------------------------------------------------------------------
    def stop(self) -> None:
        """Keeps what was recorded."""
        self._patience.stop()
        if not self._over and not self._stopping:
            self._stopping = True
            self._recorder.stop()

    def cancel(self) -> None:
        """Keeps nothing."""
        self._over = True
        self._let_go()

    def _turned(self, state: _State) -> None:
        """Once it has stopped, the file is whole."""
        if state == _State.StoppedState and self._over:
            self.deleteLater()
        elif state == _State.StoppedState:
            self._finish()

    def _finish(self) -> None:
        if self._over:
            return
        if self.source is Source.SCREEN and self._last is None:
            self._screen_refused()
            return
        data = self._file.read_bytes() if self._file.exists() else b""
        if not seconds_of(BytesIO(data)):
            self._fail(
                _("Nothing was recorded."),
                _("Look whether another program uses the microphone or the camera, and try again."),
            )
            return
        self._over = True
        self._let_go()
        silent = self.source is Source.VOICE and self._loudest < SILENCE
        quiet = _("Nothing is to be heard in it. Is the microphone switched off?") if silent else ""
        self.ended.emit(Recording(data, self._ending, _jpeg(self._last), self._fault or quiet))

    def _fail(self, what: str, next_step: str) -> None:
        if self._over:
            return
        self._over = True
        self._let_go()
        self.failed.emit(Unusable(what, kept=_("Your text is kept."), next_step=next_step))

    def _let_go(self) -> None:
        """Devices are free at once, not when this object is swept up."""
        self._patience.stop()
        for device in self._running:
            device.stop()
        if self._recorder.recorderState() == _State.StoppedState:
            self.deleteLater()
        else:
            self._recorder.stop()


def _large_enough(forms: list[QCameraFormat]) -> QCameraFormat:
    """The largest picture within SIDE at a steady rate; a form that says nothing where there is none."""
    fits = [form for form in forms if form.resolution() == form.resolution().boundedTo(SIDE)]
    return max(
        fits,
        key=lambda form: (min(form.maxFrameRate(), 24), form.resolution().width() * form.resolution().height()),
        default=QCameraFormat(),
    )


def _jpeg(image: QImage | None) -> bytes:
    if image is None:
        return b""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", 85)  # type: ignore[call-overload]
    return bytes(data.data())
