"""What a press on a card, a key on it and its menu lead to."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QMenu

from deskblog.ui import feed_card, keys, links, moments
from deskblog.ui.aim import seal_text
from deskblog.ui.card import Hit
from deskblog.ui.chips import people_text
from deskblog.ui.poll import chosen_text
from deskblog.ui.post_actions import may_correct, own_sign
from deskblog.ui.sound_line import part_at
from deskblog.values import Row

if TYPE_CHECKING:
    from deskblog.ui.timeline import TimelineView


class Gestures:
    """Of one timeline."""

    def __init__(self, view: TimelineView) -> None:
        self._view = view

    # --- the mouse ----------------------------------------------------------------------------------------
    def press(self, index: QModelIndex, hit: Hit, pos: QPointF, at: QPoint) -> None:
        """`pos`: within the card; `at`: on the screen."""
        view, row = self._view, self._view.rows.row_at(index.row())
        if feed_card.is_item(row) and self._item(row, hit, at):
            return
        match hit.kind:
            case "answer":
                view.answer.emit(row)
            case "more":
                self.menu(index, "").popup(at)
            case "answers":
                view.rows.fold(row.id)
            case "quote":
                view.unfolded.emit(hit.value)
            case "tag":
                view.searched.emit(hit.value)
            case "attached":
                place = int(hit.value)
                part = part_at(view.card(index).enclosed.places[place], pos)
                view.file_actions.press(row, place, at, part)
            case "link":
                links.menu(hit.value, view).popup(at)
            case _:
                self._act(row, hit, at)

    def _item(self, row: Row, hit: Hit, at: QPoint) -> bool:
        """What is done with an item of a feed; whether it was such."""
        desk = self._view.feed_desk
        match hit.kind:
            case "title" | "read":
                desk.read(row)
            case "share":
                desk.share(row)
            case "open":
                desk.open_link(row, at)
            case "keep":
                desk.keep(row)
            case _:
                return False
        return True

    def _act(self, row: Row, hit: Hit, at: QPoint) -> None:
        """What is done with a post."""
        acts = self._view.post_actions
        match hit.kind:
            case "react":
                acts.open_signs(row, at)
            case "sign":
                acts.react(row, "" if own_sign(row) == hit.value else hit.value)
            case "got":
                acts.got(row)
            case "have":
                acts.report(row)
            case "seal":
                acts.readers(row)
            case "vote":
                acts.vote(row, int(hit.value))

    @staticmethod
    def tip(row: Row, hit: Hit) -> str:
        """When it was written, who put a sign there, who chose that answer; what a picture is for."""
        if feed_card.is_item(row) and feed_card.says(hit.kind):
            return feed_card.says(hit.kind)
        if hit.kind == "vote" and row.poll is not None:
            return chosen_text(row.poll.options[int(hit.value)])
        if hit.kind == "time":
            return moments.full(row.at)
        if hit.kind == "seal":
            return seal_text(row)
        return next((people_text(one) for one in row.reactions if hit == Hit("sign", one.sign)), "")

    # --- keys ---------------------------------------------------------------------------------------------
    def key(self, index: QModelIndex, event: QKeyEvent) -> bool:
        """Whether it was one of a card's."""
        row = self._view.rows.row_at(index.row())
        item = feed_card.is_item(row)
        does = keys.name_of("item" if item else "post", event)
        if does == "copy":
            QGuiApplication.clipboard().setText(row.text)
            return True
        return self._do_with_item(index, row, does) if item else self._do_with_post(index, row, does)

    def _do_with_item(self, index: QModelIndex, row: Row, does: str) -> bool:
        desk = self._view.feed_desk
        match does:
            case "read":
                desk.read(row)
            case "share":
                desk.share(row)
            case "open":
                desk.open_link(row, self._middle(index))
            case "keep":
                desk.keep(row)
            case _:
                return False
        return True

    def _do_with_post(self, index: QModelIndex, row: Row, does: str) -> bool:
        view, acts = self._view, self._view.post_actions
        match does:
            case "unfold":
                self.unfold(index, row)
            case "answer":
                view.answer.emit(row)
            case "react":
                acts.open_signs(row, self._middle(index))
            case "keep":
                acts.keep(row)
            case "open" if row.attached:
                view.file_actions.press(row, 0, self._middle(index))
            case "correct" if may_correct(row):
                view.correct.emit(row)
            case "withdraw" if row.mine:
                acts.withdraw(row)
            case _:
                return False
        return True

    def _middle(self, index: QModelIndex) -> QPoint:
        return self._view.viewport().mapToGlobal(self._view.visualRect(index).center())

    def _unfold_later(self, index: QPersistentModelIndex, row: Row) -> None:
        """From a menu: meanwhile rows may have come, or this one gone."""
        if index.isValid():
            self.unfold(self._view.rows.index(index.row()), row)

    def unfold(self, index: QModelIndex, row: Row) -> None:
        """Beneath the post, where it has answers; an answer, or what a search found, leads to its thread."""
        rows = self._view.rows
        head = rows.head(index.row())
        if head != index.row():
            self._view.setCurrentIndex(rows.index(head))
            rows.fold(rows.row_at(head).id)
        elif row.answers and rows.item(index.row()).beneath:
            rows.fold(row.id)
        else:
            self._view.unfolded.emit(row.answer_to or row.id)

    # --- the menu -----------------------------------------------------------------------------------------
    def menu(self, index: QModelIndex, link: str) -> QMenu:
        """`link`: the one under the mouse."""
        view, rows = self._view, self._view.rows
        row = rows.row_at(index.row())
        if feed_card.is_item(row):
            return view.feed_desk.menu(row, link)
        place = rows.place(row.answer_to) if row.answer_to else -1
        question = rows.row_at(place) if place >= 0 else None
        item = rows.item(index.row())
        fold = partial(self._unfold_later, QPersistentModelIndex(index), row)
        unfolded = item.unfolded or item.under
        menu = view.post_actions.menu(row, link, question, fold, unfolded=unfolded)
        for one in row.attached:
            view.file_actions.fill(menu.addMenu(one.name.replace("&", "&&")), row, one)
        return menu
