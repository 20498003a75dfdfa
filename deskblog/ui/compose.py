"""Writing a post: the field with its counter and what it answers, and where it goes from there."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from deskblog import limits
from deskblog.errors import UserError
from deskblog.i18n import _
from deskblog.log.kinds import shown_text
from deskblog.ui import icons, theme
from deskblog.ui.aim import COFFEE, AimButton, answering
from deskblog.ui.aloud import say
from deskblog.ui.bridge import Bridge
from deskblog.ui.card_offer import CardOffer
from deskblog.ui.composer_foot import WORDS, ComposerFoot
from deskblog.ui.draft import Draft
from deskblog.ui.elided import Elided
from deskblog.ui.enclosing import AttachButton, ChosenBar
from deskblog.ui.field import Field
from deskblog.ui.problem import Problem
from deskblog.ui.publicity import PublicNote
from deskblog.ui.recorder_bar import RecorderBar
from deskblog.ui.sealing_line import SealingLine
from deskblog.ui.sharing import shared
from deskblog.ui.spelling import Spelling
from deskblog.values import EVERYBODY, Attached, Audience, Row, Waiting


class Composer(QFrame):
    """“What are you doing?” `posted` carries the row; `left` says that Escape was pressed."""

    posted = Signal(object)
    left = Signal()
    asking = Signal(str)  # the question as far as it is written; empty: none is

    def __init__(self, bridge: Bridge, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._draft = draft
        self._aim = draft.aim
        self._target: Row | None = None  # what is answered, or corrected
        self._before: Audience | None = None  # for whom one wrote before answering a sealed text
        self._correcting = False
        self._closed = ""  # why nothing can be posted
        self.setObjectName("composer")
        self._make_answering()
        self.sealing = SealingLine(self)
        self.field = Field(self)
        self.field.setAccessibleName(_("Your post"))
        self.spelling = Spelling(bridge, self.field)
        self.field.chosen = self._chosen = draft.chosen
        self.chosen_bar = ChosenBar(bridge, draft.chosen)
        self.recorder = RecorderBar(draft.chosen, self)
        self.recorder.left_keys.connect(self.field.setFocus)
        self.card_offer = CardOffer(draft.chosen, self)
        self.public_note = PublicNote(bridge, self)
        self.notice = QLabel(self, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.notice.setProperty("tone", "warn")
        self.notice.hide()
        self.problem = Problem(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(4, 10, 10, 8)
        box.setSpacing(6)
        indented = QVBoxLayout()
        indented.setContentsMargins(8, 0, 0, 0)
        indented.setSpacing(6)
        inside = self.answering, self.sealing, self.field, self.chosen_bar, self.recorder, self.card_offer
        for widget in (*inside, self.public_note, self.notice, self.problem):
            indented.addWidget(widget)
        box.addLayout(indented)
        self._make_foot()
        box.addWidget(self.foot)
        self.field.entered.connect(lambda at_once: self.send(at_once=at_once))
        self.field.left.connect(self._escape)
        self.field.focused.connect(self._show_active)
        self.field.textChanged.connect(self._typed)
        draft.changed.connect(self._take_draft)
        self._aim.changed.connect(self._show_kind)
        draft.chosen.changed.connect(self._chosen_changed)
        draft.chosen.failed.connect(self._refuse)
        draft.chosen.noticed.connect(self._note)
        self._take_draft(draft.text)
        self._show_kind()
        self._count()

    def _make_answering(self) -> None:
        self.answering = QFrame(self)
        self.answering.setObjectName("answering")
        self._to = Elided()
        self._to.setFont(theme.font(theme.SMALL))
        self._undo = QPushButton()
        self._undo.setProperty("kind", "quiet")
        theme.fix(self._undo, wide=26, high=26, picture=16)
        self._undo.clicked.connect(lambda: self.answer(None))
        row = QHBoxLayout(self.answering)
        row.setContentsMargins(10, 2, 4, 2)
        row.addWidget(self._to, 1)
        row.addWidget(self._undo)
        self.answering.hide()

    def _make_foot(self) -> None:
        self.attach = AttachButton(self._chosen, self.field)
        self.attach.record_wanted.connect(self.recorder.begin)
        self.question = QPushButton(_("Question"))
        self.question.setProperty(WORDS, self.question.text())
        self.question.setProperty("kind", "quiet")
        self.question.setCheckable(True)
        self.question.setAccessibleName(_("Ask it as a question"))
        self.question.setToolTip(_("A question is marked, and its answers gather under it."))
        self.question.toggled.connect(self._show_kind)
        self.question.toggled.connect(self._say_asking)
        self.question.clicked.connect(self.field.setFocus)  # what comes next is the text
        self.aim = AimButton(self._bridge, self._aim, self)
        self.aim.written = self.field.toPlainText
        self.aim.settled.connect(self.field.setFocus)
        self.smiley = QPushButton()
        self.smiley.setProperty("kind", "quiet")
        theme.fix(self.smiley, wide=36, picture=20)
        self.smiley.setAccessibleName(_("Emoji"))
        self.smiley.setToolTip(_("An emoji; in the text, “:” and its name"))
        self.smiley.clicked.connect(self._pick)
        self.counter = QLabel()
        self.counter.setFont(theme.font(theme.SMALL))
        self.counter.setProperty("tone", "soft")
        self.counter.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.button = QPushButton()
        self.button.setProperty("kind", "primary")
        self.button.clicked.connect(lambda: self.send())
        tools = self.attach, self.smiley, self.question, self.aim
        self.foot = ComposerFoot(tools, (self.counter, self.button), (self.question, self.aim))
        self.restyle()

    def _pick(self) -> None:
        from deskblog.ui.emoji_picker import EmojiPicker

        picker = EmojiPicker(self._bridge, self)
        picker.chosen.connect(self.field.insertPlainText)
        picker.chosen.connect(self.field.setFocus)
        picker.open_at(self.smiley.mapToGlobal(self.smiley.rect().bottomLeft()))

    def restyle(self) -> None:
        """After a change of theme."""
        c = theme.now()
        icons.dress(self.question, "question", c.soft)
        self.attach.restyle()
        self.smiley.setIcon(icons.icon("react", c.soft))
        self.aim.restyle()
        self.counter.setMinimumWidth(self.counter.fontMetrics().horizontalAdvance(f"000 / {limits.POST}"))
        self.foot.fit()
        self.spelling.restyle()
        self.sealing.restyle()
        self._undo.setIcon(icons.icon("close", c.on_accent_soft))

    # --- what is written ----------------------------------------------------------------------------------
    def answer(self, row: Row | None) -> None:
        """What is written next answers this row; None: nothing, and the draft is there again."""
        if self._correcting:
            self._correcting = False
            self.attach.show()
            self.chosen_bar.show_all()
            self.field.setPlainText(self._draft.text)
        self._aim_for(row)
        self._target = row
        self.answering.setVisible(row is not None)
        if row is not None:
            self.question.setChecked(False)
            self._to.setText(
                _("Answering {name}: “{words}”").format(name=row.person, words=" ".join(row.text.split()))
            )
            self.field.setFocus()
        self._show_kind()

    def correct(self, row: Row) -> None:
        """The post's text stands in the field, to be made better; the draft waits meanwhile."""
        self.answer(row)
        self._correcting = True
        self.attach.hide()
        self.chosen_bar.hide()
        self._to.setText(_("Correcting what you wrote"))
        self.field.setPlainText(row.text)
        self.field.moveCursor(self.field.textCursor().MoveOperation.End)
        self._show_kind()

    def _show_kind(self) -> None:
        answers = self._target is not None
        to = self.audience
        self._show_audience(to)
        asking = self.question.isChecked()
        self.question.setVisible(not answers and not to.sealed and not to.coffee)
        inviting = (
            _("Your answer")
            if answers
            else _("For {names} alone").format(names=self._aim.called(to))
            if to.sealed
            else _("At the coffee machine")
            if to.coffee
            else _("What do you want to know?")
            if asking
            else _("What are you doing?")
        )
        self.field.setPlaceholderText(self._closed or inviting)
        doing = _("Answer") if answers else _("Ask") if asking else _("Post")
        doing = _("Correct") if self._correcting else _("Send sealed") if to.sealed else doing
        self.button.setText(doing)
        stop = _("Leave it as it is") if self._correcting else _("Do not answer")
        self._undo.setAccessibleName(stop)
        self._undo.setToolTip(stop)

    @property
    def audience(self) -> Audience:
        """For whom it is. An answer at the coffee machine is made one by the engine."""
        open_answer = self._target is not None and not self._aim.to.sealed
        return EVERYBODY if self._correcting or open_answer else self._aim.to

    def _aim_for(self, row: Row | None) -> None:
        """What answers a sealed text is for its readers, from its first letter. Left with something written, it stays
        so; else one writes again to whom one wrote before."""
        if row is not None and row.sealed and not self._correcting:
            self._before = self._aim.to if self._before is None else self._before
            self._aim.set(answering(row))
        elif self._before is not None:
            before, self._before = self._before, None
            if not self.field.toPlainText().strip():
                self._aim.set(before)

    def _show_audience(self, to: Audience) -> None:
        fixed = self._target is not None and (self._target.sealed or not to.sealed)
        self.aim.setVisible(not self._correcting and not fixed)
        if to.sealed:
            self.sealing.say(self._aim.called(to))
        self.sealing.setVisible(to.sealed)
        self.attach.setVisible(not to.sealed and not self._correcting)
        self._offer_card()
        if self.property("sealed") != to.sealed:
            self.setProperty("sealed", to.sealed)
            theme.polish(self)

    def at_coffee(self, here: bool) -> None:
        """The coffee corner is looked at, or no more: what is written there is meant for there."""
        if not self._aim.to.sealed:
            self._aim.set(COFFEE if here else EVERYBODY)

    def write_to(self, person: str) -> None:
        """The caret stands where a sealed message to that person (id) is written."""
        self.answer(None)
        self.aim.aim_at(Audience(people=(person,)))

    def _typed(self) -> None:
        if not self._correcting:
            self._draft.set(self.field.toPlainText())
        self._refuse(None)
        self._count()
        self._say_asking()
        self._offer_card()

    def _say_asking(self) -> None:
        asking = self.question.isChecked() and self._target is None and not self.audience.sealed
        self.asking.emit(self.field.toPlainText() if asking else "")

    def _take_draft(self, text: str) -> None:
        if text != self.field.toPlainText() and not self._correcting:
            self.field.setPlainText(text)
            self.field.moveCursor(self.field.textCursor().MoveOperation.End)

    def _count(self) -> None:
        n = len(shown_text(self.field.toPlainText()))
        tone = "soft" if n <= limits.POST_WARN else "warn" if n <= limits.POST else "error"
        self.counter.setText(f"{n} / {limits.POST_WARN if n <= limits.POST_WARN else limits.POST}")
        self.counter.setAccessibleName(_("{n} of {limit} characters").format(n=n, limit=limits.POST))
        self.counter.setVisible(n > 0)
        carries = bool(self._attached()) and not self._chosen.busy
        self.button.setEnabled((n > 0 or carries) and not self._closed)
        if self.counter.property("tone") != tone:
            self.counter.setProperty("tone", tone)
            theme.polish(self.counter)
            if tone != "soft":
                say(self.counter, self.counter.accessibleName(), urgent=tone == "error")

    def _attached(self) -> tuple[Attached, ...]:
        """What goes with what is written; a correction carries nothing."""
        return () if self._correcting else self._chosen.all

    def _offer_card(self) -> None:
        self.card_offer.written(
            self.field.toPlainText(), wanted=not (self._correcting or self.audience.sealed or self._closed)
        )
        text, corrected = self.field.toPlainText(), self._target if self._correcting else None
        self.public_note.written(text, self.audience, self._target, corrected)

    def _chosen_changed(self) -> None:
        self._note("")
        self._count()
        self._offer_card()

    def _note(self, notice: str) -> None:
        self.notice.setText(notice)
        self.notice.setVisible(bool(notice))

    def close_door(self, why: str) -> None:
        """While this PC is not in the office nothing can be posted; what is typed stays. Empty: it can again."""
        self.field.setReadOnly(bool(why))
        self.setToolTip(why)
        self._closed = why
        self.question.setEnabled(not why)
        self._show_kind()
        self._count()

    def _show_active(self, active: bool) -> None:
        self.setProperty("active", active)
        theme.polish(self)

    def _escape(self) -> None:
        if self._target is not None:
            self.answer(None)
        else:
            self.left.emit()

    # --- sending ------------------------------------------------------------------------------------------
    def send(self, *, at_once: bool = False) -> None:
        """Posts what is written; what cannot be posted stays in the field, with the reason."""
        self.recorder.stop()
        if self._draft.sending or self._chosen.busy or self.recorder.runs:
            return
        self._draft.sending = True
        engine, target, text = self._bridge.engine, self._target, self.field.toPlainText()
        if self._correcting and target is not None:
            self._bridge.ask(engine.talk.correct(target.id, text), partial(self._corrected, text), self._refuse)
            return
        kind = "question" if self.question.isChecked() and target is None else "post"
        answered = target.id if target is not None else ""
        say = engine.post if at_once else engine.say
        attached, to = self._attached(), self.audience
        said = say(text, kind=kind, answer_to=answered, attached=attached, to=to)
        self._bridge.ask(said, partial(self._sent, text, target), self._refuse)

    def _corrected(self, text: str, row: Row) -> None:
        """A field that was left, or written on in, since then stays as it is."""
        self._draft.sending = False
        here = self._correcting and self._target is not None and self._target.id == row.id
        if here and self.field.toPlainText() == text:
            self.answer(None)

    def take_back(self, one: Waiting) -> None:
        """A post that did not leave is written on; what was being written meanwhile stands below it."""
        if self._correcting:
            self.answer(None)
        written = self.field.toPlainText()
        self.field.setPlainText(f"{one.text}\n{written}" if written.strip() else one.text)
        self.field.moveCursor(self.field.textCursor().MoveOperation.End)
        self.question.setChecked(one.kind == "question")
        self._aim.set(self._aim.merged(one.to, self._aim.to) if written.strip() else one.to)
        if one.attached:
            self._chosen.give_back(one.attached)
        if one.answer_to:
            self._draft.sending = True  # nothing leaves before it is an answer again
            find = self._bridge.engine.talk.find(one.answer_to)
            self._bridge.ask(find, self._answers_again, lambda _fault: self._answers_again(None))
        self.field.setFocus()

    def _answers_again(self, row: Row | None) -> None:
        self._draft.sending = False
        if row is not None:
            self.answer(row)

    def share(self, row: Row) -> None:
        """An item of a feed, its title and its address beneath the line where one says what one thinks of it."""
        if self._target is not None:
            self.answer(None)
        text, caret = shared(row, self.field.toPlainText())
        self.field.setPlainText(text)
        cursor = self.field.textCursor()
        cursor.setPosition(caret)
        self.field.setTextCursor(cursor)
        self.question.setChecked(False)
        self.field.setFocus()

    def _sent(self, text: str, target: Row | None, row: Row | Waiting) -> None:
        """What was typed since then stays, as what it is: an answer, a question, a correction."""
        self._draft.sending = False
        if self.button.hasFocus():  # it is not to be pressed now
            self.field.setFocus()
        self._draft.sent(text)
        self._chosen.changed.emit()
        if self._target is target and not self.field.toPlainText():
            self.question.setChecked(False)
            self.answer(None)
        self.posted.emit(row)

    def _refuse(self, fault: UserError | None) -> None:
        if fault is not None:
            self._draft.sending = False
        self.problem.tell(str(fault) if fault else "")
        self.field.setAccessibleDescription(self.problem.text())
