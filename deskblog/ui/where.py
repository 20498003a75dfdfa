"""Where one is when it is not the whole timeline: the way back, and what belongs to that place – a tag's people, a
person's card, what the coffee corner keeps."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from deskblog import limits
from deskblog.i18n import _, plural
from deskblog.ui import faces, icons, theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.elided import Elided
from deskblog.ui.person import state_text
from deskblog.ui.question_desk import QuestionDesk
from deskblog.values import GroupRow, PersonRow, View

FACE = 56


class Face(QWidget):
    """A person's picture, large."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(FACE, FACE))
        self.person: PersonRow | None = None

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.person is not None:
            painter = QPainter(self)
            faces.avatar(painter, QRectF(0, 0, FACE, FACE), self.person.name, self.person.id)
            painter.end()


class Where(QFrame):
    """`left`: back to all posts; `edited`: one's own profile is to be changed; `feeds_wanted`: what is followed."""

    left = Signal()
    edited = Signal()
    feeds_wanted = Signal()
    written_to = Signal(str)  # id of a person one wants to write to

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._tag = ""
        self._person = ""
        self.back = QPushButton(_("All posts"))
        self.back.setProperty("kind", "quiet")
        self.back.clicked.connect(self.left)
        self.title = Elided()
        self.title.setFont(theme.font(strong=True))
        self.follow = QPushButton(_("Follow"))
        self.follow.clicked.connect(self._follow)
        self.follow.hide()
        self.feeds = QPushButton(_("Feeds…"))
        self.feeds.clicked.connect(self.feeds_wanted)
        self.feeds.hide()
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.back)
        row.addWidget(self.title, 1)
        row.addWidget(self.feeds)
        row.addWidget(self.follow)
        self.more = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.more.setFont(theme.font(theme.SMALL))
        self.more.setProperty("tone", "soft")
        self.more.setContentsMargins(10, 0, 10, 0)
        self.more.hide()
        self.card = QFrame()
        self.card.setObjectName("card")
        self.card.hide()
        self.desk = QuestionDesk(bridge)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(row)
        box.addWidget(self.more)
        box.addWidget(self.card)
        box.addWidget(self.desk)
        self.hide()

    def _make_card(self) -> None:
        """What is on it, when a person is first looked at."""
        self._face = Face()
        self._name, self._state, self._job, self._phone = (_line() for _n in range(4))
        self._name.setFont(theme.font(theme.LEAD, strong=True))
        self._state.setProperty("tone", "soft")
        self._phone.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.do = QPushButton(_("Write sealed"))
        self.do.clicked.connect(self._do)
        beside = QVBoxLayout()
        beside.setSpacing(1)
        for line in (self._name, self._state, self._job, self._phone):
            beside.addWidget(line)
        row = QHBoxLayout(self.card)
        row.setContentsMargins(14, 12, 14, 12)
        row.setSpacing(14)
        row.addWidget(self._face, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(beside, 1)
        row.addWidget(self.do, 0, Qt.AlignmentFlag.AlignTop)

    def restyle(self) -> None:
        """After a change of theme."""
        icons.dress(self.back, "back", theme.now().soft)

    # --- places -------------------------------------------------------------------------------------------
    def show_place(self, title: str, view: View = View.ALL) -> None:
        """A place of that name; empty: the whole timeline."""
        self._tag = self._person = ""
        self.follow.hide()
        self.feeds.setVisible(view is View.FEEDS)
        self.card.hide()
        self.desk.show_view(view)
        self.title.setText(title)
        self._say(
            plural("Emptied after {n} day.", "Emptied after {n} days.", limits.COFFEE_DAYS)
            if view is View.COFFEE
            else _("Only those named on each card can read it.")
            if view is View.SEALED
            else ""
        )
        self.setVisible(bool(title))

    def _say(self, text: str) -> None:
        self.more.setText(text)
        self.more.setVisible(bool(text))

    def show_tag(self, tag: str) -> None:
        """The page of a tag (without #): who follows it."""
        self.show_place(f"#{tag}")
        self._tag = tag
        self._bridge.ask(self._bridge.engine.groups.of_tag(tag), self._show_group, lambda _fault: None)

    def _show_group(self, group: GroupRow) -> None:
        if group.id != f"#{self._tag}":
            return
        names = ", ".join(one.name for one in group.members)
        self._say(_("Followed by {names}.").format(names=names) if names else _("Nobody follows it yet."))
        self.follow.setText(_("Follow no more") if group.joined else _("Follow"))
        self.follow.setProperty("joined", group.joined)
        self.follow.show()

    def _follow(self) -> None:
        on = not self.follow.property("joined")
        self._bridge.ask(self._bridge.engine.groups.follow(self._tag, on=on), self._show_group)

    # --- a person -----------------------------------------------------------------------------------------
    def show_person(self, person: PersonRow) -> None:
        """A person's page: their card above what they wrote."""
        self.show_place(person.name)
        self._person = person.id
        if self.card.layout() is None:
            self._make_card()
        self._fill(person)
        self.card.show()

    def know(self, people: Sequence[PersonRow]) -> None:
        """Somebody says something else now; perhaps who is shown."""
        shown = next((person for person in people if person.id == self._person), None)
        if shown is not None:
            self._fill(shown)

    def _fill(self, person: PersonRow) -> None:
        said = person.profile
        self._face.person = person
        self._face.update()
        self._name.setText(person.name)
        self._state.setText(" · ".join(part for part in (state_text(person, sites=True), person.status) if part))
        for line, text in (
            (self._job, " · ".join(p for p in (said.job, said.place) if p)),
            (self._phone, said.phone),
        ):
            line.setText(text)
            line.setVisible(bool(text))
        self.do.setText(_("Edit…") if person.me else _("Write sealed"))
        self.do.setVisible(not person.gone)
        self.do.setProperty("me", person.me)

    def _do(self) -> None:
        if self.do.property("me"):
            self.edited.emit()
        else:
            self.written_to.emit(self._person)


def _line() -> QLabel:
    return QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
