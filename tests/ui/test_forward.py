"""The dialog for the road: what is learned and said first, what holds, what was sent, a way out for carriers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton

from deskblog import events
from deskblog.attention.outcome import Happened, Outcome
from deskblog.attention.travel import Kind
from deskblog.engine.forwarding import ForwardRule
from deskblog.ui.forward import ForwardDialog
from tests.attention.gateways import Gateway, gateway
from tests.ui.desk import Colleague, Desk

KEY = "s3cr3tk3y"
ADDRESS = f"freemobile://12345678/{KEY}"


@pytest.fixture
def there() -> Iterator[Gateway]:
    with gateway() as made:
        yield made


def opened(desk: Desk) -> ForwardDialog:
    """As a person opens it, from the menu of the office."""
    window = desk.window()
    menu = window.office_menu.menu()
    next(action for action in menu.actions() if action.text() == "On the road…").trigger()
    desk.until(lambda: isinstance(QApplication.activeModalWidget(), ForwardDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ForwardDialog)
    desk.until(lambda: dialog.carriers.count() > 0 and bool(dialog.state.text()))
    return dialog


def choose(dialog: ForwardDialog, *, on: bool = True) -> None:
    dialog.carriers.item(0).setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)


def rule(desk: Desk) -> ForwardRule | None:
    return desk.ask(desk.bridge.engine.forwarding.rule())


def said(dialog: ForwardDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisibleTo(dialog))


def test_a_rule_is_made_changed_and_ended(anne: Desk, paul: Colleague) -> None:
    dialog = opened(anne)
    assert dialog.state.text() == "Nothing is sent now." and not dialog.stop.isVisibleTo(dialog)
    dialog.addresses.lines[0].line.setText(ADDRESS)
    choose(dialog)
    dialog.kinds[Kind.SEALED].click()
    dialog.hours.click()
    dialog.go.click()
    anne.until(lambda: dialog.stop.isVisibleTo(dialog))
    anne.until(lambda: dialog.state.text() == "Sent by the PCs of: Paul Bernard. This month: 0 of 30.")
    held = rule(anne)
    assert held is not None and held.urls == (ADDRESS,) and set(held.kinds) == set(Kind)
    assert (held.cap, held.begins, held.until, held.ends) == (30, 8, 19, 0)
    anne.until(lambda: [who.name for who, _no in paul.do(paul.engine.forwarding.carried())] == ["Anne Martin"])
    dialog.cap.setCurrentIndex(0)
    dialog.ends.setCurrentIndex(1)
    dialog.go.click()
    anne.until(lambda: (one := rule(anne)) is not None and one.cap == 5 and one.ends > 0)
    anne.until(lambda: dialog.state.text().endswith("0 of 5."))
    assert dialog.ends.currentText().startswith("until ") and dialog.ends.currentData() > 0
    dialog.accept()
    again = opened(anne)
    anne.until(lambda: again.addresses.urls == (ADDRESS,))
    assert again.cap.currentData() == 5 and again.hours.isChecked() and again.carriers.chosen
    box: list[QDialog] = []

    def press() -> bool:
        found = QApplication.activeModalWidget()
        if isinstance(found, QDialog) and found is not again:
            box.append(found)
            next(one for one in found.findChildren(QPushButton) if one.text() == "Send nothing").click()
        return bool(box)

    timer = QTimer(again, interval=20)
    timer.timeout.connect(press)
    timer.start()
    again.stop.click()
    timer.stop()
    anne.until(lambda: again.state.text() == "Nothing is sent now.")
    assert rule(anne) is None and box
    again.accept()


def test_what_is_missing_is_said_and_what_was_typed_stays(anne: Desk, paul: Colleague) -> None:
    dialog = opened(anne)
    for address, wanted in (("", "no address"), ("slack://x", "no address"), (ADDRESS, "Somebody's PC must send")):
        dialog.addresses.lines[0].line.setText(address)
        dialog.go.click()
        anne.until(lambda wanted=wanted: wanted in dialog.problem.text() and dialog.problem.isVisible())  # type: ignore[misc]
        assert dialog.addresses.lines[0].line.text() == address
    with anne.qtbot.waitSignal(dialog.carriers.model().rowsInserted):  # somebody comes or goes: the list is new …
        dialog._hear((events.PeopleChanged(()),))
    assert dialog.problem.isVisible(), "… and what was said of the form still stands"
    choose(dialog)
    assert not dialog.problem.isVisible(), "it is said until something is done about it"
    assert KEY not in said(dialog), "an address stands in its field alone"
    assert rule(anne) is None
    dialog.accept()


def test_what_carriers_learn_stands_above_them_and_follows_the_address(anne: Desk, paul: Colleague) -> None:
    dialog = opened(anne)
    assert "They see when your PCs are off" in dialog.learned.text()
    free, push, mail = dialog.addresses.examples
    line = dialog.addresses.lines[0]
    for button, learned, marked in (
        (free, "to your own phone, and to no other", "USER/KEY"),
        (push, "can read this topic", "TOPIC"),
        (mail, "can send from this mailbox", "USER:PASSWORD"),
    ):
        button.click()
        assert learned in dialog.learned.text() and line.line.selectedText() == marked and line.said.text()
    assert dialog.learned.mapTo(dialog, dialog.learned.rect().topLeft()).y() < (
        dialog.carriers.mapTo(dialog, dialog.carriers.rect().topLeft()).y()
    )
    dialog.addresses.more.click()
    dialog.addresses.more.click()
    assert len(dialog.addresses.lines) == 3 and not dialog.addresses.more.isVisibleTo(dialog)
    dialog.addresses.lines[2].line.setText(ADDRESS)
    assert "to your own phone" in dialog.learned.text() and "from this mailbox" in dialog.learned.text()
    dialog.accept()


def test_a_test_says_what_the_gateway_answers(anne: Desk, paul: Colleague, there: Gateway) -> None:
    dialog = opened(anne)
    line = dialog.addresses.lines[0]
    assert not line.test.isEnabled()
    line.line.setText(f"json://a:{KEY}@{there.address}/403")
    line.test.click()
    assert not line.test.isEnabled(), "once at a time"
    anne.until(line.test.isEnabled)
    assert "refuses the credential (403)" in line.said.text() and KEY not in said(dialog)
    line.line.setText("slack://x")
    assert not line.said.isVisible(), "it was said of another address"
    line.test.click()
    anne.until(line.entry.problem.isVisible)
    assert len(there.taken) == 1
    dialog.accept()


def test_what_was_sent_comes_in_while_one_looks_and_a_choice_being_made_stays(anne: Desk, paul: Colleague) -> None:
    anne.ask(anne.bridge.engine.forwarding.set([ADDRESS], carriers=["Paul Bernard"]))
    row = anne.post("Fire drill at four")
    dialog = opened(anne)
    anne.until(lambda: dialog.carriers.chosen != ())
    choose(dialog, on=False)
    anne.until(lambda: bool(paul.do(paul.engine.forwarding.carried())))

    async def say(text: str) -> None:
        carrying = paul.engine.forwarding.carrying
        [(held, _declined)] = await carrying.carried()
        outcome = Outcome(Happened(text))
        await carrying._say(held, carrying._sent(held, row.id, outcome))

    paul.do(say("taken"))
    anne.until(lambda: len(dialog.sent.lines) == 1 and dialog.sent.isVisibleTo(dialog))
    text = dialog.sent.lines[0].text()
    assert text.startswith("Anne Martin · Fire drill at four\nToday, ") and text.endswith(
        "Sent: the gateway took it."
    )
    anne.until(lambda: dialog.state.text().endswith("This month: 1 of 30."))
    assert dialog.carriers.chosen == ()
    dialog.accept()


def test_whoever_carries_sees_for_whom_and_can_decline(anne: Desk, paul: Colleague) -> None:
    paul.do(paul.engine.forwarding.set(["ntfy://there/topic"], carriers=["Anne Martin"]))
    dialog = opened(anne)
    anne.until(lambda: "Paul Bernard" in said(dialog) and dialog.carried.isVisibleTo(dialog))
    press = next(one for one in dialog.findChildren(QPushButton) if one.text() == "Decline")
    assert press.accessibleName() == "Decline: Paul Bernard"
    press.click()
    anne.until(lambda: "Paul Bernard: you have declined" in said(dialog))
    anne.until(lambda: [one.declined for one in paul.do(paul.engine.forwarding.carriers())] == [True])
    next(one for one in dialog.findChildren(QPushButton) if one.text() == "Send again").click()
    anne.until(lambda: [one.declined for one in paul.do(paul.engine.forwarding.carriers())] == [False])
    dialog.accept()
