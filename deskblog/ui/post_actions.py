"""What one can do with a post: its menu, and what each line of it asks of the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from deskblog.engine.options import Check
from deskblog.engine.quiet import Chosen
from deskblog.i18n import _
from deskblog.log.kinds import SIGNS
from deskblog.ui import links, moments
from deskblog.ui.bridge import Bridge
from deskblog.ui.poll import chosen_text
from deskblog.ui.publicity import PublicActions
from deskblog.ui.rows import now_ms
from deskblog.ui.signs import SignBar, names
from deskblog.ui.sure import Box, sure, tell
from deskblog.values import Named, Row, Version

if TYPE_CHECKING:
    from deskblog.ui.announce import Report

DAY = 86_400_000  # ms


def own_sign(row: Row) -> str:
    return next((one.sign for one in row.reactions if one.mine), "")


def may_correct(row: Row) -> bool:
    return row.mine and row.poll is None and row.announced is None and not row.sealed


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
        self._report: Report | None = None
        self.public = PublicActions(bridge, window)

    # --- the menu -----------------------------------------------------------------------------------------
    def menu(
        self, row: Row, link: str, question: Row | None, fold: Callable[[], None], *, unfolded: bool = False
    ) -> QMenu:
        """`link`: the one under the mouse; `question`: what the row answers, where it is at hand; `fold` shows the
        answers beneath their post, or where they are `unfolded` takes them away."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Answer") + "\tA", lambda: self._answer(row))
        if row.sealed:
            menu.addAction(_("Who can read it…"), lambda: self.readers(row))
        else:
            self._add_signs(menu.addMenu(_("React")), row)
        self._add_announced(menu, row)
        self._add_taking(menu, row, question)
        self._add_votes(menu, row)
        by_enter = "\t" + _("Enter")
        if row.answers or unfolded:
            menu.addAction((_("Hide the answers") if unfolded else _("Show the answers")) + by_enter, fold)
            by_enter = ""
        menu.addAction(_("The thread alone") + by_enter, lambda: self._unfold(row.answer_to or row.id))
        self._add_muting(menu, row)
        kept = _("Keep it no more") if row.kept else _("Keep it at hand")
        menu.addAction(kept + "\tB", lambda: self.keep(row))
        self.public.fill(menu, row)
        menu.addSeparator()
        if may_correct(row):
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
    def _add_muting(self, menu: QMenu, row: Row) -> None:
        """Of a muted thread or #tag nothing pops up, but what names oneself."""
        thread, chosen = row.answer_to or row.id, self._bridge.engine.attention.chosen
        if thread in chosen.muted:
            menu.addAction(_("Mute the thread no more"), lambda: self.mute(thread, until=None))
        else:
            menu.addAction(_("Mute the thread"), lambda: self.mute(thread, until=0))
        for tag in row.tags:
            self._add_tag(menu.addMenu(f"#{tag}"), f"#{tag}", chosen)

    def _add_tag(self, menu: QMenu, tag: str, chosen: Chosen) -> None:
        follows = tag in chosen.followed
        label = _("Follow no more") if follows else _("Follow: what is written with it pops up")
        menu.addAction(label, lambda: self._bridge.ask(self._bridge.engine.attention.follow(tag, on=not follows)))
        if tag in chosen.muted:
            menu.addAction(_("Mute no more"), lambda: self.mute(tag, until=None))
            return
        menu.addAction(_("Mute for a day"), lambda: self.mute(tag, until=now_ms() + DAY))
        menu.addAction(_("Mute for a week"), lambda: self.mute(tag, until=now_ms() + 7 * DAY))
        menu.addAction(_("Mute for good"), lambda: self.mute(tag, until=0))

    def mute(self, what: str, *, until: int | None) -> None:
        """A thread or a #tag: until then (UTC ms), 0: for good, None: no more."""
        self._bridge.ask(self._bridge.engine.attention.mute(what, until=until))

    def _add_announced(self, menu: QMenu, row: Row) -> None:
        said = row.announced
        if said is None:
            return
        if said.due:
            menu.addAction(_("Not yet after all") if said.mine else _("Got it"), lambda: self.got(row))
        menu.addAction(_("Who has it…"), lambda: self.report(row))

    def got(self, row: Row) -> None:
        """“Got it”; once more within five minutes takes it back."""
        announcing = self._bridge.engine.announcing
        if row.announced is not None and row.announced.mine:
            self._bridge.ask(announcing.not_got(row.id))
        else:
            self._bridge.ask(announcing.got([row.id]))

    def report(self, row: Row) -> None:
        """Who has an announcement and who has not."""
        from deskblog.ui.announce import Report

        self._report = Report(self._bridge, self._window, row)
        self._report.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._report.destroyed.connect(self._report_gone)
        self._report.open()

    def _report_gone(self) -> None:
        self._report = None

    def revise(self, rows: Sequence[Row]) -> None:
        """These say something else now: so does a report that is open."""
        for row in rows:
            if self._report is not None:
                self._report.revise(row)

    def open_signs(self, row: Row, place: QPoint) -> None:
        if row.sealed:
            return
        SignBar(self._window, own_sign(row), lambda sign: self.react(row, sign)).open_at(place)

    def react(self, row: Row, sign: str) -> None:
        self._bridge.ask(self._bridge.engine.talk.react(row.id, sign))

    def keep(self, row: Row) -> None:
        """Kept at hand, on this PC alone; or not any more."""
        self._bridge.ask(self._bridge.engine.keepsakes.keep(row.id, on=not row.kept))

    def vote(self, row: Row, place: int) -> None:
        """A press on an answer of a poll: it is chosen, or not any more."""
        if row.poll is not None:
            self._bridge.ask(self._bridge.engine.polls.press(row.id, place))

    def take(self, question: Row, answer: Row | None) -> None:
        self._bridge.ask(self._bridge.engine.talk.solve(question.id, answer.id if answer is not None else ""))

    def withdraw(self, row: Row) -> None:
        more = _("Its text goes from each PC that hears of it. Whoever has read it has read it.")
        if sure(self._window, _("Withdraw this post?"), more, _("Withdraw")):
            self._bridge.ask(self._bridge.engine.withdraw(row.id))

    def readers(self, row: Row) -> None:
        """Those a sealed message names, and whether it is really locked for them: the boxes are looked at."""
        self._bridge.ask(self._bridge.engine.sealing.readers(row.id), self._show_readers)

    def _show_readers(self, found: tuple[tuple[Named, bool], ...]) -> None:
        checks = [
            Check("reader", can, one.name if can else _("{name} (cannot open it)").format(name=one.name))
            for one, can in found
        ]
        tell(
            self._window,
            _("Who can read it"),
            _("Nobody else can, though every PC of the office carries it."),
            checks,
        )

    def versions(self, row: Row) -> None:
        self._bridge.ask(self._bridge.engine.talk.versions(row.id), self._show_versions)

    def _show_versions(self, found: tuple[Version, ...]) -> None:
        lines = [f"{moments.full(one.at)}\n{one.text}" for one in reversed(found)]
        box = Box(self._window, _("What this post has said"), "\n\n".join(lines))
        box.offer(_("Close"), default=True, kind="primary")
        box.ask()
