"""What one says of oneself: job, place, telephone, a picture. Everybody in the office sees it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from deskblog import limits
from deskblog.errors import UserError
from deskblog.i18n import _
from deskblog.ui import faces, folders, theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.dialog import Dialog
from deskblog.ui.problem import Problem
from deskblog.ui.sheets import foot, form_row
from deskblog.values import PersonRow, Profile

WIDE = 440
FACE = 72


class ProfileDialog(Dialog):
    """What is written stays until it is kept. A picture is kept at once."""

    def __init__(self, bridge: Bridge, parent: QWidget, me: PersonRow) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._me = me
        said = me.profile
        self.setWindowTitle(_("Your profile"))
        self.job = self._line(said.job, limits.PROFILE, _("What you do here"))
        self.place = self._line(said.place, limits.PROFILE, _("Site, floor, room"))
        self.phone = self._line(said.phone, limits.PHONE, _("How you are reached"))
        self.face = QLabel()
        self.face.setFixedSize(FACE, FACE)
        self.face.setAccessibleName(_("Your picture"))
        self.choose = QPushButton(_("Choose a picture…"))
        self.choose.setAutoDefault(False)
        self.choose.clicked.connect(self._choose)
        self.none = QPushButton(_("No picture"))
        self.none.setProperty("kind", "quiet")
        self.none.setAutoDefault(False)
        self.none.clicked.connect(lambda: self.show_picture(None))
        self.problem = Problem()
        self._lay_out()
        self._show(said)

    def _line(self, text: str, most: int, invite: str) -> QLineEdit:
        line = QLineEdit(text)
        line.setMaxLength(most)
        line.setPlaceholderText(invite)
        return line

    def _lay_out(self) -> None:
        title = QLabel(self._me.name, textFormat=Qt.TextFormat.PlainText)
        title.setFont(theme.font(theme.TITLE, strong=True))
        more = QLabel(_("Everybody in the office sees this."))
        more.setProperty("tone", "soft")
        beside = QVBoxLayout()
        beside.setSpacing(2)
        beside.addWidget(title)
        beside.addWidget(more)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.choose)
        buttons.addWidget(self.none)
        buttons.addStretch(1)
        beside.addSpacing(4)
        beside.addLayout(buttons)
        head = QHBoxLayout()
        head.setSpacing(theme.PAD)
        head.addWidget(self.face, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(beside, 1)
        form = QFormLayout()
        form.setSpacing(10)
        form_row(form, _("Job"), self.job, self.job)
        form_row(form, _("Place"), self.place, self.place)
        form_row(form, _("Telephone"), self.phone, self.phone)
        leave = QPushButton(_("Cancel"))
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        keep = QPushButton(_("Keep"))
        keep.setProperty("kind", "primary")
        keep.setDefault(True)
        keep.clicked.connect(self.keep)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 22, 24, 20)
        box.setSpacing(theme.PAD)
        box.addLayout(head)
        box.addLayout(form)
        box.addWidget(self.problem)
        box.addLayout(foot(leave, keep))
        self.setMinimumWidth(theme.scaled(WIDE))
        self.job.setFocus()

    # --- the picture --------------------------------------------------------------------------------------
    def _choose(self) -> None:
        what = _("Photos") + " (*.jpg *.jpeg *.png *.webp *.bmp)"
        name, _kind = QFileDialog.getOpenFileName(self, _("Choose a picture"), folders.pictures(), what)
        if name:
            self.show_picture(Path(name))

    def show_picture(self, photo: Path | None) -> None:
        self._bridge.ask(self._bridge.engine.profiles.show_picture(photo), self._show, self._refuse)

    def _show(self, said: Profile) -> None:
        self.problem.hide()
        self.none.setVisible(said.picture is not None)
        ratio = self.devicePixelRatioF()
        made = QPixmap(QSize(FACE, FACE) * ratio)
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        faces.avatar(painter, QRectF(0, 0, FACE, FACE), self._me.name, self._me.id)
        painter.end()
        self.face.setPixmap(made)

    def look_again(self) -> None:
        """Somebody's picture came; perhaps one's own."""
        self._show(self._bridge.engine.profiles.mine)

    # --- keeping ------------------------------------------------------------------------------------------
    def keep(self) -> None:
        profiles = self._bridge.engine.profiles
        work = profiles.say(job=self.job.text(), place=self.place.text(), phone=self.phone.text())
        self._bridge.ask(work, lambda _said: self.accept(), self._refuse)

    def _refuse(self, fault: UserError) -> None:
        self.problem.tell(str(fault))
