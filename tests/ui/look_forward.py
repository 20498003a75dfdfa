"""Scenes for eyes: on the road, before there is a rule, with what was sent by one, and for whom this PC sends."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.ui.look import Look


def on_the_road(look: Look, window: Any, others: dict[str, Any]) -> None:
    """A rule made as a person makes it; what its carriers say is theirs, of posts that stand here."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QScrollArea

    from deskblog.ui.forward import ForwardDialog
    from tests.attention.gateways import gateway

    bridge = window._bridge
    sophie = others["Sophie Nguyen-Delacroix"]
    look.ask(window, sophie.forwarding.set(["ntfy://ntfy.sh/x"], carriers=[bridge.engine.device]))
    dialog = ForwardDialog(bridge, window)
    dialog.open()
    look.until(lambda: dialog.carriers.count() == 4)
    area = dialog.findChild(QScrollArea)
    assert area is not None
    look.wait(0.3)
    look.shoot(dialog, "forward-empty")
    dialog.addresses.examples[0].click()
    look.wait(0.2)
    look.shoot(dialog, "forward-example")
    dialog.go.click()
    look.until(lambda: dialog.problem.isVisible())
    look.shoot(dialog, "forward-refused")
    with gateway() as there:
        line = dialog.addresses.lines[0]
        line.line.setText(f"json://{there.address}/200")
        line.test.click()
        look.until(lambda: line.test.isEnabled(), 30)
        look.shoot(dialog, "forward-tested")
    line.line.setText("freemobile://12345678/s3cr3tk3yofmine")
    for n in range(2):
        dialog.carriers.item(n).setCheckState(Qt.CheckState.Checked)
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    look.wait(0.2)
    look.shoot(dialog, "forward-carriers")
    dialog.go.click()
    look.until(lambda: dialog.stop.isVisible())
    carriers = [others[name] for name in ("Karim Haddad", "Léa Fontaine")]
    for one in carriers:
        look.until(partial(knows, look, window, one))
    look.ask(window, said(carriers, [window.rows.row_at(n).id for n in range(3)]))
    look.until(lambda: len(dialog.sent.lines) == 3)
    area.verticalScrollBar().setValue(0)
    look.wait(0.3)
    look.shoot(dialog, "forward-on")
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    look.wait(0.2)
    look.shoot(dialog, "forward-end")
    dialog.accept()


def knows(look: Look, window: Any, one: Any) -> bool:
    """Whether a carrier has heard of a rule."""
    return bool(look.ask(window, one.forwarding.carried()))


async def said(carriers: list[Any], entries: list[str]) -> None:
    """Words of the carriers, as they say them."""
    from deskblog.attention.outcome import Happened, Outcome

    outcomes = (Outcome(Happened.TAKEN), Outcome(Happened.DOWN, 503), Outcome(Happened.PERHAPS))
    for n, (entry, outcome) in enumerate(zip(entries, outcomes, strict=True)):
        carrying = carriers[n % 2].forwarding.carrying
        [(rule, _declined)] = await carrying.carried()
        await carrying._say(rule, carrying._sent(rule, entry, outcome))
