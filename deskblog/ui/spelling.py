"""Marks words that are spelt wrong while one writes, and offers better ones in the field's menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QLocale, QSignalBlocker
from PySide6.QtGui import QAction, QColor, QSyntaxHighlighter, QTextBlock, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QMenu

from deskblog import i18n
from deskblog.i18n import _
from deskblog.spelling.dictionaries import Found, Lacking, find
from deskblog.spelling.speller import Speller
from deskblog.spelling.words import Word, words
from deskblog.ui import theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.field import Field
from deskblog.values import PersonRow

OWN, OFF = "spelling-words", "spelling-off"


class Spelling(QSyntaxHighlighter):
    """Sits on a field. The word at the caret is left alone as long as it is being written."""

    def __init__(self, bridge: Bridge, field: Field) -> None:
        super().__init__(field)
        self._bridge = bridge
        self._field = field
        self.speller = Speller()
        self._found: Found | None = Found()  # None: not looked for yet
        self.languages: Callable[[], Sequence[str]] = _languages
        self._off = True  # until it is known that marks are wanted
        self._looking = False  # again, at a text that did not change
        self._changing = False  # from a change of the text until it is told
        self._writing = False  # the caret stands where the text was changed last
        self._spared: QTextBlock | None = None  # where the word stands that is being written
        self._mark = QTextCharFormat()
        self._mark.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        field.menu_opens.connect(self._fill)
        field.cursorPositionChanged.connect(self._moved)
        field.textChanged.connect(self._changed)
        field.focused.connect(lambda active: None if active else self._settle())
        self.setDocument(field.document())

    def restyle(self) -> None:
        """After a change of theme."""
        self._mark.setUnderlineColor(QColor(theme.now().error))
        self._look_again()

    # --- what is right ------------------------------------------------------------------------------------
    def load(self) -> None:
        """Once the engine is there."""
        self._bridge.ask(self._bridge.engine.remembered(OWN), self._take_own)
        self._bridge.ask(self._bridge.engine.remembered(OFF), lambda off: self._switch(off=bool(off)))

    def know(self, people: Sequence[PersonRow]) -> None:
        """Whose names are never marked."""
        if self.speller.know([person.name for person in people]):
            self._look_again()

    def _take_own(self, kept: str) -> None:
        self.speller.add(kept.split())
        self._look_again()

    def _switch(self, *, off: bool) -> None:
        """Dictionaries are opened at the first word: each is ten MiB and 50 ms."""
        self._off = off
        self.found = Found() if off else None
        self._look_again()

    @property
    def found(self) -> Found:
        """What words are looked up in."""
        if self._found is None:
            self.found = find(self.languages())
        assert self._found is not None
        return self._found

    @found.setter
    def found(self, found: Found | None) -> None:
        self._found = found
        self.speller.use(found.dictionaries if found is not None else ())

    # --- marks --------------------------------------------------------------------------------------------
    def highlightBlock(self, text: str) -> None:
        if not self._looking:
            self._changing = self._writing = True
        caret = self._written_at()
        for word in words(text):
            if not self.found.dictionaries:
                return
            if self.speller.right(word.text):
                continue
            start, end = _units(text, word)
            if start <= caret <= end:
                self._spared = self.currentBlock()
            else:
                self.setFormat(start, end - start, self._mark)

    def _written_at(self) -> int:
        """Where in this block something is being written; -1: nowhere."""
        cursor = self._field.textCursor()
        return cursor.positionInBlock() if self._writing and cursor.block() == self.currentBlock() else -1

    def _moved(self) -> None:
        """A caret that moves by itself has left what was being written."""
        if not self._changing:
            self._settle()

    def _changed(self) -> None:
        self._changing = False

    def _settle(self) -> None:
        self._writing = False
        spared, self._spared = self._spared, None
        if spared is not None and spared.isValid():
            self._look_again(spared)

    def _look_again(self, block: QTextBlock | None = None) -> None:
        """At one block or at all; Qt would call it a change of the text."""
        silent = QSignalBlocker(self._field)
        self._looking = True
        if block is None:
            self.rehighlight()
        else:
            self.rehighlightBlock(block)
        self._looking = False
        silent.unblock()

    # --- the menu -----------------------------------------------------------------------------------------
    def _fill(self, menu: QMenu, cursor: QTextCursor) -> None:
        """Better words above what the menu has; below it the switch, or what is lacking."""
        if self.found.dictionaries and not self._field.isReadOnly():
            self._offer(menu, cursor)
        menu.addSeparator()
        if self.found.lacking is not Lacking.NOTHING:
            menu.addAction(lacking_text(self.found)).setEnabled(False)
            return
        switch = menu.addAction(_("No spelling marks"))
        switch.setCheckable(True)
        switch.setChecked(self._off)
        switch.toggled.connect(lambda off: self.choose(off=off))

    def _offer(self, menu: QMenu, cursor: QTextCursor) -> None:
        word = _select_word(cursor)
        if not word:
            return
        above = menu.actions()[0]
        if self.speller.has_own(word):
            _insert(menu, above, _("Remove from my words"), lambda: self._forget(word))
        elif not self.speller.right(word):
            for better in self.speller.suggest(word):
                _insert(menu, above, better, partial(cursor.insertText, better)).setFont(theme.font(strong=True))
            if menu.actions()[0] is above:
                _insert(menu, above, _("No suggestions"), menu.close).setEnabled(False)
            menu.insertSeparator(above)
            _insert(menu, above, _("Add to my words"), lambda: self._add(word))
        if menu.actions()[0] is not above:
            menu.insertSeparator(above)

    @property
    def off(self) -> bool:
        """No marks are wanted."""
        return self._off

    def choose(self, *, off: bool) -> None:
        """No marks from now on, or marks again; it is kept."""
        self._switch(off=off)
        self._bridge.ask(self._bridge.engine.remember(OFF, "off" if off else ""))

    def _add(self, word: str) -> None:
        self.speller.add([word])
        self._keep()

    def _forget(self, word: str) -> None:
        self.speller.forget(word)
        self._keep()

    def _keep(self) -> None:
        self._look_again()
        self._bridge.ask(self._bridge.engine.remember(OWN, " ".join(self.speller.own)))


def _languages() -> list[str]:
    """Those of the system with their regions, the dearest first, and that of the window."""
    return [*QLocale.system().uiLanguages(), i18n.language()]


def _units(text: str, word: Word) -> tuple[int, int]:
    """Beginning and end as Qt counts, to which an emoji is two."""
    start = len(text[: word.start].encode("utf-16-le")) // 2
    return start, start + len(word.text.encode("utf-16-le")) // 2


def _select_word(cursor: QTextCursor) -> str:
    """The word the cursor stands at, which it then selects; empty if there is none."""
    block, place = cursor.block(), cursor.positionInBlock()
    for word in words(block.text()):
        start, end = _units(block.text(), word)
        if start <= place <= end:
            cursor.setPosition(block.position() + start)
            cursor.setPosition(block.position() + end, QTextCursor.MoveMode.KeepAnchor)
            return word.text
    return ""


def _insert(menu: QMenu, above: QAction, text: str, act: Callable[[], object]) -> QAction:
    action = QAction(text, menu)
    action.triggered.connect(lambda: act())
    menu.insertAction(above, action)
    return action


def lacking_text(found: Found) -> str:
    """What would have to be installed."""
    if found.lacking is Lacking.EXTRA:
        return _("For spelling marks: pip install deskblog[spelling]")
    if found.lacking is Lacking.LIBRARY:
        return _("For spelling marks: install Enchant (libenchant-2)")
    return _("For spelling marks: install a Hunspell dictionary ({language})").format(language=found.language)
