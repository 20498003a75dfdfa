"""From one part of the posts to another: all, a search, a thread, a tag, a person, a view; and back."""

from __future__ import annotations

import re

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QLineEdit

from deskblog.i18n import _
from deskblog.ui.question_desk import DESK
from deskblog.ui.rows import Query, TimelineModel
from deskblog.ui.views import view_names
from deskblog.ui.where import Where
from deskblog.values import PersonRow, View

SEARCH_AFTER = 120  # ms without a key
_TAG = re.compile(r"#[^\W_][\w-]*")


class Browse(QObject):
    """`went`: another part is shown (Query)."""

    went = Signal(object)

    def __init__(self, rows: TimelineModel, search: QLineEdit, where: Where, parent: QObject) -> None:
        super().__init__(parent)
        self._rows = rows
        self._line = search
        self._where = where
        self._clearing = False
        self._typing = QTimer(self, interval=SEARCH_AFTER, singleShot=True)
        self._typing.timeout.connect(self.search)
        search.textChanged.connect(self._typed)

    def _typed(self, _text: str) -> None:
        if not self._clearing:
            self._typing.start()

    def search(self) -> None:
        """What stands in the search field."""
        words = self._line.text().strip()
        if words and _TAG.fullmatch(words):
            self._go(Query(words=words), "")
            self._where.show_tag(words[1:].lower())
        elif words:
            self._go(Query(words=words), _("Posts with “{words}”").format(words=words))
        elif self._rows.query.words:
            self.show_all()

    def show_person(self, person: PersonRow) -> None:
        """A person's page: who they are, and what they wrote."""
        self._quietly_clear()
        self._go(Query(person=person.id), "")
        self._where.show_person(person)

    def show_feed(self, feed: str, title: str) -> None:
        """What a feed (id) brought."""
        self._quietly_clear()
        self._go(Query(person=feed), title)
        self._where.feeds.show()

    def show_thread(self, ident: str) -> None:
        self._quietly_clear()
        self._go(Query(thread=ident), _("Thread"))

    def show_view(self, view: View) -> None:
        """A part of the posts."""
        self._quietly_clear()
        self._go(Query(view=view), "" if view is View.ALL else view_names()[View.OPEN if view in DESK else view])

    def show_all(self) -> None:
        """Back to the whole timeline."""
        self._quietly_clear()
        if self._rows.query != Query():
            self._go(Query(), "")

    def _quietly_clear(self) -> None:
        self._typing.stop()
        self._clearing = True
        self._line.clear()
        self._clearing = False

    def _go(self, query: Query, title: str) -> None:
        self._rows.show(query)
        self._where.show_place(title, query.view)
        self.went.emit(query)
