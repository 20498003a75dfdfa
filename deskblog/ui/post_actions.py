"""What one can do with a post: its menu, and what each line of it asks of the engine."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from deskblog.i18n import _
from deskblog.log.kinds import SIGNS
from deskblog.ui import links, moments
from deskblog.ui.bridge import Bridge
from deskblog.ui.poll import chosen_text, next_choice
from deskblog.ui.signs import SignBar, names
from deskblog.ui.sure import Box, sure
from deskblog.values import Row, Version


def own_sign(row: Row) -> str:
    return next((one.sign for one in row.reactions if one.mine), "")


class PostActions(QObject):
    """`answer`, `correct` and `unfold` are the window's: a text is written, a thread is shown."""

    def __init__(
        self,
        bridge: Bridge,
        window: QWidget,
        *,
        answer: Callable[[Row], None],
        correct: Callable[[Row], None],
        unfold: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._window = window
        self._answer = answer
        self._correct = correct
        self._unfold = unfold

    # --- the menu -----------------------------------------------------------------------------------------
    def menu(self, row: Row, link: str, question: Row | None) -> QMenu:
        """`link`: the one under the mouse; `question`: what the row answers, where it is at hand."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Answer") + "\tA", lambda: self._answer(row))
        self._add_signs(menu.addMenu(_("React")), row)
        self._add_taking(menu, row, question)
        self._add_votes(menu, row)
        menu.addAction(_("Show the thread") + "\t" + _("Enter"), lambda: self._unfold(row.answer_to or row.id))
        kept = _("Keep it no more") if row.kept else _("Keep it at hand")
        menu.addAction(kept + "\tB", lambda: self.keep(row))
        menu.addSeparator()
        if row.mine and row.poll is None:
            menu.addAction(_("Correct…") + "\tE", lambda: self._correct(row))
        if row.corrected:
            menu.addAction(_("What it said before…"), lambda: self.versions(row))
        if row.mine:
            menu.addAction(_("Withdraw…") + "\t" + _("Del"), lambda: self.withdraw(row))
        menu.addAction(_("Copy text") + "\t" + _("Ctrl+C"), lambda: QGuiApplication.clipboard().setText(row.text))
        for address in [link] if link else links.of(row.text):
            menu.addSeparator()
            links.fill(menu, address)
        return menu

    def _add_signs(self, menu: QMenu, row: Row) -> None:
        mine = own_sign(row)
        said = names()
        for sign in SIGNS:
            action = menu.addAction(f"{sign}  {said[sign]}")
            action.setCheckable(True)
            action.setChecked(sign == mine)
            action.triggered.connect(lambda _on, sign=sign: self.react(row, "" if sign == mine else sign))

    def _add_votes(self, menu: QMenu, row: Row) -> None:
        for n, option in enumerate(row.poll.options if row.poll is not None else ()):
            action = menu.addAction(chosen_text(option).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(option.mine)
            action.triggered.connect(lambda _on, n=n: self.vote(row, n))

    def _add_taking(self, menu: QMenu, row: Row, question: Row | None) -> None:
        if row.kind == "question" and row.mine and row.solved:
            menu.addAction(_("Open the question again"), lambda: self.take(row, None))
        if question is not None and question.kind == "question" and question.mine:
            if question.solved == row.id:
                menu.addAction(_("Not the answer after all"), lambda: self.take(question, None))
            else:
                menu.addAction(_("This is the answer"), lambda: self.take(question, row))

    # --- what is asked ------------------------------------------------------------------------------------
    def open_signs(self, row: Row, place: QPoint) -> None:
        SignBar(self._window, own_sign(row), lambda sign: self.react(row, sign)).open_at(place)

    def react(self, row: Row, sign: str) -> None:
        self._bridge.ask(self._bridge.engine.talk.react(row.id, sign))

    def keep(self, row: Row) -> None:
        """Kept at hand, on this PC alone; or not any more."""
        self._bridge.ask(self._bridge.engine.keepsakes.keep(row.id, on=not row.kept))

    def vote(self, row: Row, place: int) -> None:
        """A press on an answer of a poll: it is chosen, or not any more."""
        if row.poll is not None:
            self._bridge.ask(self._bridge.engine.polls.vote(row.id, next_choice(row.poll, place)))

    def take(self, question: Row, answer: Row | None) -> None:
        self._bridge.ask(self._bridge.engine.talk.solve(question.id, answer.id if answer is not None else ""))

    def withdraw(self, row: Row) -> None:
        more = _("Its text goes from each PC that hears of it. Whoever has read it has read it.")
        if sure(self._window, _("Withdraw this post?"), more, _("Withdraw")):
            self._bridge.ask(self._bridge.engine.withdraw(row.id))

    def versions(self, row: Row) -> None:
        self._bridge.ask(self._bridge.engine.talk.versions(row.id), self._show_versions)

    def _show_versions(self, found: tuple[Version, ...]) -> None:
        lines = [f"{moments.full(one.at)}\n{one.text}" for one in reversed(found)]
        box = Box(self._window, _("What this post has said"), "\n\n".join(lines))
        box.offer(_("Close"), default=True, kind="primary")
        box.ask()
