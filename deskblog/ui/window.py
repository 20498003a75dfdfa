"""The window: office and search above, what everybody is doing in the middle, who is here at the side."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QPushButton, QVBoxLayout, QWidget

from deskblog import events
from deskblog.attention.digest import KEY as DIGEST
from deskblog.engine.bundle_words import ANSWER
from deskblog.i18n import _
from deskblog.ui import keys, theme
from deskblog.ui.aloud import Aloud
from deskblog.ui.asked_before import AskedBefore
from deskblog.ui.banner import Banner
from deskblog.ui.bridge import Bridge
from deskblog.ui.browse import Browse
from deskblog.ui.closing import ASIDE, Closing
from deskblog.ui.compose import Composer
from deskblog.ui.digest import DigestLine
from deskblog.ui.draft import Draft
from deskblog.ui.faces import Faces
from deskblog.ui.feed_desk import FeedDesk
from deskblog.ui.file_actions import FileActions
from deskblog.ui.header import Header
from deskblog.ui.invite import InviteDialog
from deskblog.ui.members import Members
from deskblog.ui.menus import open_menu
from deskblog.ui.notes import Notes
from deskblog.ui.office_menu import OfficeMenu
from deskblog.ui.open_questions import OpenQuestions
from deskblog.ui.people import PeoplePanel
from deskblog.ui.pinned import Pinned
from deskblog.ui.post_actions import PostActions
from deskblog.ui.receipts import restored
from deskblog.ui.rows import Query, TimelineModel
from deskblog.ui.sight import Sight
from deskblog.ui.status import StatusLine
from deskblog.ui.tab_order import put_in_order
from deskblog.ui.timeline import TimelineView
from deskblog.ui.views import ViewsButton
from deskblog.ui.waiting import WaitingPosts
from deskblog.ui.where import Where
from deskblog.values import PersonRow, Row, View

NARROW = 760  # below, the people give their room to the posts, unless they are wanted …
BOTH = 540  # … and below this the posts to them, then


class Window(QMainWindow):
    """`looked(bool)`: the person looks at it from now on, or no more. `closing(str)`: "keep" in the background or
    "quit". `preferring`: the preferences are wanted."""

    looked = Signal(bool)
    closing = Signal(str)
    preferring = Signal()

    def __init__(self, bridge: Bridge, draft: Draft, *, on_close: str = "") -> None:
        super().__init__()
        self._bridge = bridge
        self._draft = draft
        self.closes = Closing(bridge, self, on_close)
        self._invite: InviteDialog | None = None
        self.people: tuple[PersonRow, ...] = ()
        self.setWindowTitle("deskblog")
        self.setMinimumSize(420, 440)
        self.resize(940, 720)
        self._header = header = Header()
        self.title, self.search = header.title, header.search
        self.here, self.invite_button = header.here, header.invite
        self.rows = TimelineModel(bridge, self)
        self.where = Where(bridge)
        self.browse = Browse(self.rows, self.search, self.where, self)
        self.feeds = FeedDesk(bridge, self, share=self._share, show=self.browse.show_feed)
        self.digest = DigestLine(bridge, self._show_row)
        does = self.browse.show_view, self.search.setText, self._searched, self.digest.open_page, self.feeds.open
        self.views = ViewsButton(bridge, *does)
        header.take(self.views)
        self.timeline = TimelineView(self.rows)
        self.sight = Sight(bridge, self.timeline, lambda: self.looked_at)
        self.aloud = Aloud(bridge, self, lambda: self.looked_at)
        self.composer = Composer(bridge, draft)
        self.timeline.post_actions = PostActions(
            bridge,
            self,
            answer=self.composer.answer,
            correct=self.composer.correct,
            unfold=self.browse.show_thread,
        )
        self.timeline.feed_desk = self.feeds
        self.files = FileActions(bridge, self)
        self.timeline.use_files(self.files)
        self.composer.field.completion.tags = self.rows.tags
        self.asked_before = AskedBefore(bridge)
        self.composer.asking.connect(self.asked_before.written)
        self.waiting = WaitingPosts(bridge)
        self.waiting.taken_back.connect(self.composer.take_back)
        self.questions = OpenQuestions(bridge)
        self.pinned = Pinned(bridge)
        self.faces = Faces(bridge, self)
        self.banner = Banner()
        self.members = Members(bridge, self)
        self.side = PeoplePanel(self.members.can, StatusLine(bridge))
        self.office_menu = OfficeMenu(bridge, self.members, self, self.feeds.open)
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
        self._middle = QWidget()
        middle = QVBoxLayout(self._middle)
        middle.setContentsMargins(0, theme.PAD, 0, 0)
        middle.setSpacing(theme.GAP)
        self._column = QWidget()
        above = QVBoxLayout(self._column)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(theme.GAP)
        above.addWidget(self.pinned)
        above.addWidget(self.digest)
        above.addWidget(self.composer)
        above.addWidget(self.asked_before)
        above.addWidget(self.waiting)
        above.addWidget(self.where)
        above.addWidget(self.questions)
        row = QHBoxLayout()
        row.setContentsMargins(theme.PAD, 0, theme.PAD + theme.SCROLL, 0)
        row.addWidget(self._column)
        middle.addLayout(row)
        middle.addWidget(self.timeline, 1)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._middle, 1)
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

    def _connect(self) -> None:
        self.search.returnPressed.connect(self.timeline.setFocus)
        self.invite_button.clicked.connect(lambda: self.invite())
        self.here.toggled.connect(self._divide)
        list_of_people = self.side.list.viewport()
        self.side.menu_wanted.connect(lambda person, at: self.members.open_menu(person, at, list_of_people))
        self.side.office_wanted.connect(lambda place: open_menu(self.office_menu.menu(), place, self.side.more))
        self.members.invited.connect(self.invite)
        self.members.posts_wanted.connect(self.browse.show_person)
        self.members.written_to.connect(self.write_to)
        self.where.written_to.connect(self.write_to)
        self.where.desk.wanted.connect(self.browse.show_view)
        self.where.feeds_wanted.connect(self.feeds.open)
        self.where.edited.connect(self.members.edit_profile)
        self.where.left.connect(self.show_all)
        self.browse.went.connect(self._went)
        self.faces.changed.connect(self._look_again)
        self.composer.left.connect(self.timeline.setFocus)
        self.timeline.answer.connect(self.composer.answer)
        for part in (self.asked_before, self.timeline, self.questions):
            part.unfolded.connect(self.browse.show_thread)
        self.questions.all_wanted.connect(lambda: self.browse.show_view(View.OPEN))
        self.timeline.searched.connect(self.search.setText)
        self.timeline.correct.connect(self.composer.correct)
        self.office_menu.preferring.connect(self.preferring)
        acts = {
            "search": self._to_search,
            "write": self.compose,
            "all": self.show_all,
            "read-all": self.views.read_all,
            "preferences": self.preferring.emit,
            "keyboard": self.office_menu.keyboard,
            "quit": lambda: self.closing.emit("quit"),
        }
        keys.bind(self, "window", acts)

    def restyle(self) -> None:
        """After a change of theme, or of the size of text."""
        self._column.setMaximumWidth(theme.scaled(theme.COLUMN))
        self._divide()
        above = self._header, self.views, self.where, self.composer, self.pinned, self.digest, self.questions
        for part in (*above, self.timeline, self.banner, self.side):
            part.restyle()

    # --- beginning ----------------------------------------------------------------------------------------
    def begin(self) -> None:
        """The engine is there and this PC is in an office."""
        engine = self._bridge.engine
        self.rows.show(Query())  # first: it is what one waits for
        self._bridge.ask(engine.unread.watch())
        self.notes.begin()
        self._draft.load()
        self._draft.chosen.load()
        self.composer.spelling.load()
        self.feeds.load()
        self.composer.field.setFocus()
        self.questions.ask()
        self.pinned.ask()
        self._bridge.ask(engine.people(), self._show_people)
        self.closes.load()
        self._bridge.ask(engine.remembered("geometry"), self._take_geometry)

    def _take_geometry(self, saved: str) -> None:
        if saved and saved.isascii():
            self.restoreGeometry(QByteArray.fromHex(saved.encode()))

    # --- what the engine says -----------------------------------------------------------------------------
    def heard(self, event: events.Event) -> None:
        for part in (self.questions, self.pinned, self.digest, self.timeline, self.views, self.feeds, self.aloud):
            part.heard(event)
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
            case events.Waits():
                self.waiting.show_waiting(event.waiting)
            case events.RowsChanged():
                self.files.revise(event.rows)
            case events.Coming():
                self.files.coming(event.hash, event.come / event.size)
                self.faces.heard(event)
            case events.TimelineChanged():
                self.files.stage.look_again()
            case events.LateCame():
                self.notes.ask()
            case events.Restored():
                self.banner.say(restored(event))
            case events.InvitationChanged():
                if self._invite is not None:
                    self._invite.heard(event)
                if event.state == "used" and event.person_id:
                    self.members.warn_of_namesakes(event, self.banner.say)
            case events.Wanted():
                self._show_wanted(event)
            case events.Removed():
                self.banner.say(events.Trouble("office", event.what, event.kept, event.next_step))
                self.composer.close_door(event.what)
                self.invite_button.setEnabled(False)
            case events.Trouble():
                self.banner.say(event)
            case _:
                pass  # links come and go; who is here is told by PeopleChanged

    def _show_wanted(self, event: events.Wanted) -> None:
        """A popup was pressed: its thread is shown, or what is newest; the caret stands ready to answer."""
        if event.key in ("", DIGEST):
            self.digest.open_page() if event.key else self.show_all()
            return
        self.browse.show_thread(event.key)
        if event.answering:
            self._bridge.ask(self._bridge.engine.show(event.key), lambda shown: self.composer.answer(shown.row))

    def _name(self, office: str) -> None:
        self.title.setText(office)
        self.setWindowTitle(f"{office} – deskblog" if office else "deskblog")

    def _show_people(self, people: tuple[PersonRow, ...]) -> None:
        self.people = people
        self.members.people = people
        self.composer.field.completion.know(people)
        self.composer.spelling.know(people)
        self.side.show_people(people)
        self.notes.ask()
        self.timeline.know(people)
        self._header.show_people(people)
        self._draft.aim.know(people)
        self.where.know(people)
        self.faces.know(people)

    # --- what the person asks -----------------------------------------------------------------------------
    def _to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def show_all(self) -> None:
        """Back to the whole timeline; Escape does it too."""
        self.browse.show_all()
        self.timeline.setFocus()

    def _searched(self) -> str:
        """The words that are searched now."""
        return self.rows.query.words

    def _went(self, query: Query) -> None:
        if not self._middle.isVisible():
            self.here.setChecked(False)
        self.questions.want(wanted=query == Query())
        self.composer.at_coffee(query.view is View.COFFEE)

    def write_to(self, person: str) -> None:
        """A sealed message to a person (id)."""
        self.composer.write_to(person)

    def _show_row(self, row: Row) -> None:
        """All of a post, or of an item."""
        self.feeds.read(row) if row.kind == "feed" else self.browse.show_thread(row.id)

    def _share(self, row: Row) -> None:
        """Watch post: one writes about an item."""
        self.composer.share(row)
        self.activateWindow()

    def _look_again(self) -> None:
        """Somebody's picture came."""
        self.timeline.viewport().update()
        self.side.list.viewport().update()
        self.where.update()

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
        if event.type() == QEvent.Type.ActivationChange:
            self.looked.emit(self.looked_at)
            self.sight.look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = theme.scaled(NARROW)
        crossed = (event.oldSize().width() < narrow) != (event.size().width() < narrow)
        if crossed or event.oldSize().width() < 0:
            self.here.setChecked(event.size().width() >= narrow)
        self._divide()

    def _divide(self) -> None:
        """Posts and people side by side; where there is no room for both, the people as long as they are wanted."""
        people, both = self.here.isChecked(), self.width() >= theme.scaled(BOTH)
        self.composer.field.fit()
        self.side.setVisible(people)
        self._middle.setVisible(both or not people)
        self.side.setFixedWidth(theme.scaled(theme.PEOPLE) if both else self.width())

    def keep(self) -> None:
        """Keeps what is not kept yet: the draft, and where the window stood."""
        self._draft.flush()
        geometry = bytes(self.saveGeometry().toHex().data()).decode()
        self._bridge.ask(self._bridge.engine.remember("geometry", geometry))

    def focusNextPrevChild(self, next: bool) -> bool:
        put_in_order(self)
        return super().focusNextPrevChild(next)

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
        choice = self.closes.ask()
        if not choice:
            event.ignore()
            return
        self.files.stage.stop()
        self.composer.recorder.stop()
        event.setAccepted(choice != ASIDE)
        if choice == ASIDE:
            self.showMinimized()
        self.closing.emit(choice)
