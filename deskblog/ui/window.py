"""The window: office and search above, what everybody is doing in the middle, who is here at the side."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from deskblog import events
from deskblog.engine.bundle_words import ANSWER
from deskblog.i18n import _, plural
from deskblog.ui import icons, theme
from deskblog.ui.asked_before import AskedBefore
from deskblog.ui.banner import Banner
from deskblog.ui.bridge import Bridge
from deskblog.ui.compose import Composer
from deskblog.ui.draft import Draft
from deskblog.ui.elided import Elided
from deskblog.ui.file_actions import FileActions
from deskblog.ui.header import Header
from deskblog.ui.invite import InviteDialog
from deskblog.ui.members import Members
from deskblog.ui.notes import Notes
from deskblog.ui.office_menu import OfficeMenu
from deskblog.ui.open_questions import OpenQuestions
from deskblog.ui.people import PeoplePanel
from deskblog.ui.post_actions import PostActions
from deskblog.ui.rows import Query, TimelineModel
from deskblog.ui.status import StatusLine
from deskblog.ui.sure import Box
from deskblog.ui.timeline import TimelineView
from deskblog.ui.views import ViewsButton, view_names
from deskblog.ui.waiting import WaitingPosts
from deskblog.values import PersonRow, View

NARROW = 760  # below, the people give their room to the posts
SEARCH_AFTER = 120  # ms without a key


def _restored(event: events.Restored) -> events.Trouble:
    """A receipt is no trouble, but it stands in the same place."""
    posts = plural("{n} post of yours came back.", "{n} posts of yours came back.", event.count)
    said = _("From {people}: nothing is lost.").format(people=_(" and ").join(event.people))
    return events.Trouble("restored", posts, said)


class Window(QMainWindow):
    """`seen`: the person looks at it now. `closing(str)`: "keep" in the background or "quit"."""

    seen = Signal()
    closing = Signal(str)

    def __init__(self, bridge: Bridge, draft: Draft, *, on_close: str = "") -> None:
        super().__init__()
        self._bridge = bridge
        self._draft = draft
        self._on_close = on_close
        self._invite: InviteDialog | None = None
        self._clearing = False
        self.people: tuple[PersonRow, ...] = ()
        self.setWindowTitle("deskblog")
        self.setWindowIcon(icons.cup_icon())
        self.setMinimumSize(420, 440)
        self.resize(940, 720)
        self._header = header = Header()
        self.title, self.search, self.here, self.invite_button = (
            header.title,
            header.search,
            header.here,
            header.invite,
        )
        self.views = ViewsButton(bridge, self.show_view, self.search.setText, lambda: self.rows.query.words)
        header.row.insertWidget(header.row.indexOf(self.search), self.views)
        self.rows = TimelineModel(bridge, self)
        self.timeline = TimelineView(self.rows)
        self.composer = Composer(bridge, draft)
        self.timeline.post_actions = PostActions(
            bridge, self, answer=self.composer.answer, correct=self.composer.correct, unfold=self.show_thread
        )
        self.files = FileActions(bridge, self)
        self.timeline.use_files(self.files)
        self.composer.field.completion.tags = self.rows.tags
        self.asked_before = AskedBefore(bridge)
        self.composer.asking.connect(self.asked_before.written)
        self.asked_before.unfolded.connect(self.show_thread)
        self.waiting = WaitingPosts(bridge)
        self.waiting.taken_back.connect(self.composer.take_back)
        self.questions = OpenQuestions(bridge)
        self.banner = Banner()
        self.members = Members(bridge, self)
        self.side = PeoplePanel(self.members.can, StatusLine(bridge))
        self.office_menu = OfficeMenu(bridge, self.members, self)
        self.banner.offer("office", _("I have a code…"), self.office_menu.come_back)
        self.banner.offer(ANSWER, _("Write it…"), self.office_menu.write_bundle)
        self.office_menu.bundled.connect(lambda: self.banner.forget(ANSWER))
        self.notes = Notes(bridge, self.members, self.side, self)
        self.office_menu.examined.connect(self.notes.missing.examine)
        self._lay_out()
        self._connect()
        self.restyle()

    # --- building -----------------------------------------------------------------------------------------
    def _lay_out(self) -> None:
        middle = QVBoxLayout()
        middle.setContentsMargins(0, theme.PAD, 0, 0)
        middle.setSpacing(theme.GAP)
        self._column = QWidget()
        self._column.setMaximumWidth(theme.COLUMN)
        above = QVBoxLayout(self._column)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(theme.GAP)
        above.addWidget(self.composer)
        above.addWidget(self.asked_before)
        above.addWidget(self.waiting)
        above.addWidget(self._make_where())
        above.addWidget(self.questions)
        row = QHBoxLayout()
        row.setContentsMargins(theme.PAD, 0, theme.PAD + theme.SCROLL, 0)
        row.addWidget(self._column)
        middle.addLayout(row)
        middle.addWidget(self.timeline, 1)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addLayout(middle, 1)
        body.addWidget(self.side)
        page = QWidget()
        page.setObjectName("page")
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._header)
        box.addWidget(self.banner)
        box.addLayout(body, 1)
        self.setCentralWidget(page)

    def _make_where(self) -> QWidget:
        """Where one is when it is not the whole timeline, and the way back."""
        self.where = QFrame()
        self.back = QPushButton(_("All posts"))
        self.back.setProperty("kind", "quiet")
        self.back.clicked.connect(self.show_all)
        self._what = Elided()
        self._what.setFont(theme.font(strong=True))
        row = QHBoxLayout(self.where)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.back)
        row.addWidget(self._what, 1)
        self.where.hide()
        return self.where

    def _connect(self) -> None:
        self._typing = QTimer(self, interval=SEARCH_AFTER, singleShot=True)
        self._typing.timeout.connect(self._search)
        self.search.textChanged.connect(self._search_typed)
        self.search.returnPressed.connect(self.timeline.setFocus)
        self.invite_button.clicked.connect(lambda: self.invite())
        self.here.toggled.connect(self.side.setVisible)
        self.side.menu_wanted.connect(self._person_menu)
        self.side.office_wanted.connect(lambda place: self.office_menu.menu().popup(place))
        self.members.invited.connect(self.invite)
        self.members.posts_wanted.connect(self._search_person)
        self.composer.left.connect(self.timeline.setFocus)
        self.timeline.answer.connect(self.composer.answer)
        self.timeline.unfolded.connect(self.show_thread)
        self.questions.unfolded.connect(self.show_thread)
        self.questions.all_wanted.connect(lambda: self.show_view(View.OPEN))
        self.timeline.searched.connect(self.search.setText)
        self.timeline.correct.connect(self.composer.correct)
        for keys, act in (
            (QKeySequence.StandardKey.Find, self._to_search),
            (QKeySequence.StandardKey.New, self.compose),
            (QKeySequence(Qt.Key.Key_Escape), self.show_all),
        ):
            QShortcut(keys, self, act)
        QShortcut(QKeySequence.StandardKey.Quit, self, lambda: self.closing.emit("quit"))

    def restyle(self) -> None:
        """After a change of theme."""
        c = theme.now()
        icons.dress(self.back, "back", c.soft)
        for part in (self._header, self.views, self.composer, self.questions, self.timeline, self.banner, self.side):
            part.restyle()

    # --- beginning ----------------------------------------------------------------------------------------
    def begin(self) -> None:
        """The engine is there and this PC is in an office."""
        engine = self._bridge.engine
        self._draft.load()
        self._draft.chosen.load()
        self.composer.field.setFocus()
        self.rows.show(Query())
        self.questions.ask()
        self._bridge.ask(engine.people(), self._show_people)
        self._bridge.ask(engine.remembered("on-close"), self._take_on_close)
        self._bridge.ask(engine.remembered("geometry"), self._take_geometry)

    def _take_on_close(self, answer: str) -> None:
        self._on_close = self._on_close or answer

    def _take_geometry(self, saved: str) -> None:
        if saved and saved.isascii():
            self.restoreGeometry(QByteArray.fromHex(saved.encode()))

    # --- what the engine says -----------------------------------------------------------------------------
    def heard(self, event: events.Event) -> None:
        self.questions.heard(event)
        match event:
            case events.Ready():
                self._name(event.office_name)
            case events.OfficeChanged():
                self._name(event.name)
                self.composer.close_door("")
                self.banner.forget("office")
                self.invite_button.setEnabled(True)
            case events.PeopleChanged():
                self._show_people(event.people)
            case events.Posted():
                self.timeline.news(event.rows)
            case events.Waits():
                self.waiting.show_waiting(event.waiting)
            case events.RowsChanged():
                self.rows.revise(event.rows)
                self.files.viewer.revise(event.rows)
            case events.Coming():
                self.files.coming(event.hash, event.come / event.size)
            case events.TimelineChanged():
                self.timeline.changed()
            case events.Copied():
                self.rows.ask_copies()
            case events.LateCame():
                self.notes.ask()
            case events.Restored():
                self.banner.say(_restored(event))
            case events.InvitationChanged():
                if self._invite is not None:
                    self._invite.heard(event)
                if event.state == "used" and event.person_id:
                    self._look_for_namesakes(event)
            case events.Removed():
                self.banner.say(events.Trouble("office", event.what, event.kept, event.next_step))
                self.composer.close_door(event.what)
                self.invite_button.setEnabled(False)
            case events.Trouble():
                self.banner.say(event)
            case _:
                pass  # links come and go; who is here is told by PeopleChanged

    def _name(self, office: str) -> None:
        self.title.setText(office)
        self.setWindowTitle(f"{office} – deskblog" if office else "deskblog")

    def _show_people(self, people: tuple[PersonRow, ...]) -> None:
        self.people = people
        self.members.people = people
        self.composer.field.completion.know(people)
        self.side.show_people(people)
        self.notes.ask()
        self.timeline.know(people)
        self._header.show_people(people)

    def _look_for_namesakes(self, event: events.InvitationChanged) -> None:
        if self._bridge.engine.membership.namesakes(event.person_id):
            self.banner.say(
                events.Trouble(
                    "namesakes",
                    _("There are two people called {name} now.").format(name=event.person),
                    "",
                    _("If they are one person with two PCs, say so in the menu of either: “The same person as”."),
                )
            )

    def _person_menu(self, person: PersonRow, place: QPoint) -> None:
        menu = self.members.menu(person)
        edge = self.mapToGlobal(self.rect().topRight()).x() - theme.GAP - menu.sizeHint().width()
        menu.popup(QPoint(min(place.x(), edge), place.y()))

    # --- what the person asks -----------------------------------------------------------------------------
    def _to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _search_typed(self, _text: str) -> None:
        if not self._clearing:
            self._typing.start()

    def _search(self) -> None:
        words = self.search.text().strip()
        if words:
            self._go(Query(words=words), _("Posts with “{words}”").format(words=words))
        elif self.rows.query.words:
            self.show_all()

    def _search_person(self, name: str) -> None:
        self.search.setText(_("from:“{name}”").format(name=name.replace('"', "")))

    def show_thread(self, ident: str) -> None:
        self._quietly_clear_search()
        self._go(Query(thread=ident), _("Thread"))

    def show_view(self, view: View) -> None:
        """A part of the posts."""
        self._quietly_clear_search()
        self._go(Query(view=view), "" if view is View.ALL else view_names()[view])

    def show_all(self) -> None:
        """Back to the whole timeline; Escape does it too."""
        self._quietly_clear_search()
        if self.rows.query != Query():
            self._go(Query(), "")
        self.timeline.setFocus()

    def _quietly_clear_search(self) -> None:
        self._typing.stop()
        self._clearing = True
        self.search.clear()
        self._clearing = False

    def _go(self, query: Query, title: str) -> None:
        self.rows.show(query)
        self.questions.want(wanted=query == Query())
        self._what.setText(title)
        self.where.setVisible(bool(title))

    def compose(self) -> None:
        """Shows the window with the caret where one writes."""
        self.composer.field.setFocus()

    def invite(self, person: str = "") -> None:
        """A code: for a colleague, or for another PC of `person`."""
        self._invite = InviteDialog(self._bridge, self, person=person)
        self._invite.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._invite.destroyed.connect(self._invite_gone)
        self._invite.open()

    def _invite_gone(self) -> None:
        self._invite = None

    # --- the window itself --------------------------------------------------------------------------------
    @property
    def looked_at(self) -> bool:
        """What comes now is seen."""
        return self.isVisible() and self.isActiveWindow() and not self.isMinimized()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.looked_at:
            self.seen.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        crossed = (event.oldSize().width() < NARROW) != (event.size().width() < NARROW)
        if crossed or event.oldSize().width() < 0:
            self.here.setChecked(event.size().width() >= NARROW)

    def keep(self) -> None:
        """Keeps what is not kept yet: the draft, and where the window stood."""
        self._draft.flush()
        geometry = bytes(self.saveGeometry().toHex().data()).decode()
        self._bridge.ask(self._bridge.engine.remember("geometry", geometry))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, as space does."""
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QPushButton):
            focused.click()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The first time it is asked what closing means."""
        self.keep()
        if not self._on_close:
            choice = self.ask_on_close()
            if not choice:
                event.ignore()
                return
            self._on_close = choice
            self._bridge.ask(self._bridge.engine.remember("on-close", choice))
        super().closeEvent(event)
        self.closing.emit(self._on_close)

    def ask_on_close(self) -> str:
        """keep, quit, or "" for neither."""
        box = Box(
            self,
            _("Keep deskblog in the background?"),
            _("Then posts of your colleagues arrive while the window is closed. Starting deskblog again opens it."),
        )
        box.offer(_("Cancel"))
        box.offer(_("Quit"))
        box.offer(_("Keep it running"), default=True, kind="primary")
        return {_("Keep it running"): "keep", _("Quit"): "quit"}.get(box.ask(), "")
