"""The first minute: found an office, join one with a code, or look at the demo."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from deskblog.engine import Founded
from deskblog.errors import UserError
from deskblog.events import Event, OfficeChanged
from deskblog.i18n import _
from deskblog.ui import icons, theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.cup import cup_picture
from deskblog.ui.join import JoinPage
from deskblog.ui.page import WIDE, Entry, Page, centre
from deskblog.ui.pictured import Pictured
from deskblog.ui.problem import Problem
from deskblog.ui.ticks import Tick


class Choice(QPushButton):
    """A big button with a picture, what it does, and for whom it is."""

    def __init__(self, picture: str, title: str, text: str) -> None:
        super().__init__()
        self.setObjectName("choice")
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._picture = picture
        self._image = Pictured(28)
        head = QLabel(title)
        head.setFont(theme.font(theme.LEAD, strong=True))
        body = QLabel(text, wordWrap=True)
        body.setProperty("tone", "soft")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(head)
        words.addWidget(body)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 14, 18, 14)
        row.setSpacing(16)
        row.addWidget(self._image)
        row.addLayout(words, 1)
        for label in (self._image, head, body):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.restyle()

    def sizeHint(self) -> QSize:
        layout = self.layout()
        wide = theme.scaled(WIDE)
        return QSize(wide, layout.heightForWidth(wide) if layout else 80)

    def restyle(self) -> None:
        self._image.show_icon(icons.icon(self._picture, theme.now().accent))


class Welcome(QWidget):
    """`entered`: this PC is in an office now, and whoever founded it has seen the recovery words."""

    entered = Signal()
    closed = Signal()

    def __init__(self, bridge: Bridge, demo: Callable[[], None] | None = None) -> None:
        super().__init__()
        self._bridge = bridge
        self._demo = demo
        self.setObjectName("welcome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("deskblog")
        theme.room(self, 640, 600)
        self.setMinimumSize(500, 540)
        self.pages = QStackedWidget()
        self._choices = self._make_choices()
        self._make_found()
        self.join_page = JoinPage(bridge, self._turn_back)
        self.join_page.joined.connect(self.entered)
        for page in (self._choices, self.found_page, self.join_page):
            self.pages.addWidget(page)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.pages)

    def heard(self, event: Event) -> None:
        """An office was founded or joined by the command line, while nothing was begun here."""
        if isinstance(event, OfficeChanged) and self.isVisible() and self.pages.currentWidget() is self._choices:
            self.entered.emit()

    # --- the three choices --------------------------------------------------------------------------------
    def _make_choices(self) -> QWidget:
        page = QWidget()
        page.setObjectName("page")
        self._cup = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        title = QLabel(_("Welcome to deskblog"), alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        title.setFont(theme.font(theme.HERO, strong=True))
        text = QLabel(
            _("The coffee machine of your office: short posts between colleagues, on your own PCs, with no server."),
            alignment=Qt.AlignmentFlag.AlignCenter,
            wordWrap=True,
        )
        text.setProperty("tone", "soft")
        self.choices = [
            Choice(
                "door", _("Join with a code"), _("Your office has deskblog already; a colleague gives you a code.")
            ),
            Choice("house", _("Found an office"), _("You are the first. You will invite the others.")),
        ]
        self.choices[0].clicked.connect(lambda: self._turn_to(self.join_page))
        self.choices[1].clicked.connect(lambda: self._turn_to(self.found_page))
        if self._demo is not None:
            self.choices.append(
                Choice(
                    "spark", _("Look at the demo"), _("Three lively colleagues on this PC, gone when you close it.")
                )
            )
            self.choices[2].clicked.connect(self._demo)
        column = QVBoxLayout()
        column.setSpacing(10)
        column.addStretch(2)
        for widget in (self._cup, title, text):
            column.addWidget(widget)
        column.addSpacing(18)
        for choice in self.choices:
            column.addWidget(choice)
        column.addStretch(3)
        centre(column, page)
        self.restyle()
        return page

    def restyle(self) -> None:
        """After a change of theme."""
        self._cup.setPixmap(cup_picture(theme.scaled(64), theme.CUP, self.devicePixelRatioF()))
        for choice in self.choices:
            choice.restyle()

    def _turn_to(self, page: QWidget) -> None:
        self.pages.setCurrentWidget(page)
        first = page.findChild(QLineEdit)
        if first is not None:
            first.setFocus()

    def _turn_back(self) -> None:
        self._turn_to(self._choices)
        self.choices[0].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back; Enter presses the button that has the focus, else the page's own."""
        page = self.pages.currentWidget()
        if event.key() == Qt.Key.Key_Escape and page in (self.found_page, self.join_page):
            self._turn_back()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if isinstance(focused, QPushButton):
                focused.click()
            elif isinstance(page, Page):
                page.go.click()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The recovery words are never closed by mistake: nothing brings them back."""
        if isinstance(self.pages.currentWidget(), Recovery) and not self.recovery.sure.isChecked():
            self.recovery.remind()
            event.ignore()
            return
        super().closeEvent(event)
        self.closed.emit()

    # --- founding -----------------------------------------------------------------------------------------
    def _make_found(self) -> None:
        self.found_page = Page(
            _("Found an office"),
            _("Everybody in the office will see these two names. You can invite your colleagues right after."),
            _("Found the office"),
            self._turn_back,
        )
        self.office = Entry(_("Name of the office"), _("Dupont & Sons"))
        self.founder = Entry(_("Your name"), _("Anne Martin"))
        for entry in (self.office, self.founder):
            self.found_page.body.addWidget(entry)
            entry.line.returnPressed.connect(self._found)
        self.found_page.go.clicked.connect(self._found)

    def _found(self) -> None:
        if self.found_page.busy.isVisible():
            return
        office, person = self.office.name(), self.founder.name()
        if office is None or person is None:
            if office is None:
                self.office.line.setFocus()
            return
        self.found_page.wait(True)
        self._bridge.ask(self._bridge.engine.found(office, person), self._founded, self._not_founded)

    def _not_founded(self, fault: UserError) -> None:
        self.found_page.wait(False)
        self.office.refuse(str(fault))

    def _founded(self, founded: Founded) -> None:
        self.recovery = Recovery(founded)
        self.recovery.go.clicked.connect(self.entered)
        self.pages.addWidget(self.recovery)
        self._turn_to(self.recovery)


class Recovery(Page):
    """The twelve words, shown this once."""

    def __init__(self, founded: Founded) -> None:
        super().__init__(
            _("Write these words down"),
            _(
                "If every PC that may invite is lost, these twelve words bring the office “{name}” back. "
                "They are shown this once and kept nowhere. Put the paper where you keep the keys."
            ).format(name=founded.name),
            _("Go on"),
            None,
        )
        self.words = founded.recovery
        self.copy = QPushButton(_("Copy"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(" ".join(self.words)))
        self.sure = Tick(_("I wrote them down"))
        self.sure.toggled.connect(self.go.setEnabled)
        self.go.setEnabled(False)
        line = QHBoxLayout()
        line.addWidget(self.sure)
        line.addStretch(1)
        line.addWidget(self.copy)
        self._reminder = Problem()
        self.body.addWidget(self._make_sheet())
        self.body.addLayout(line)
        self.body.addWidget(self._reminder)

    def _make_sheet(self) -> QFrame:
        sheet = QFrame()
        sheet.setObjectName("sheet")
        grid = QGridLayout(sheet)
        grid.setContentsMargins(22, 18, 22, 18)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(9)
        rows = (len(self.words) + 2) // 3
        for n, word in enumerate(self.words):
            number = QLabel(str(n + 1), alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            number.setProperty("tone", "soft")
            number.setFont(theme.font(theme.SMALL))
            shown = QLabel(word, textFormat=Qt.TextFormat.PlainText)
            shown.setFont(theme.font(theme.LEAD, strong=True))
            shown.setAccessibleName(f"{n + 1}: {word}")
            grid.addWidget(number, n % rows, n // rows * 2)
            grid.addWidget(shown, n % rows, n // rows * 2 + 1)
            grid.setColumnStretch(n // rows * 2 + 1, 1)
        return sheet

    def remind(self) -> None:
        """Says why the window does not close yet."""
        self._reminder.tell(_("Write them down first: they are not shown again."))
        self.sure.setFocus()
