"""Scenes for eyes: an announcement being written, pinned, on its card, its report; quiet hours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.ui.look import Look


def announcements(look: Look, window: Any, others: dict[str, Any]) -> None:
    """One of a colleague who may, pinned; one of one's own, with a report."""
    from deskblog.ui.announce import NewAnnouncement
    from deskblog.ui.quiet import QuietHours
    from deskblog.values import Role, Urgency

    french = look.french
    lea = others["Léa Fontaine"]
    bridge = window._bridge
    look.ask(window, bridge.engine.membership.role("Léa Fontaine", Role.ANNOUNCER))
    look.wait(0.5)
    fire = (
        "Exercice d’évacuation à 16 h : descendre par l’escalier nord, point de rassemblement devant la boulangerie."
    )
    words = fire if french else "Fire drill at four: down the north stairs, we meet in front of the bakery."
    look.ask(window, lea.announcing.announce(words, urgency=Urgency.URGENT))
    look.until(lambda: bool(window.pinned.lines))
    look.shoot(window, "office")
    dialog = NewAnnouncement(
        bridge, window, "Inventaire vendredi" if french else "Inventory on Friday, the shop closes at noon"
    )
    dialog.open()
    look.wait(0.3)
    look.shoot(dialog, "announce")
    dialog.announce()
    look.until(lambda: not dialog.isVisible())
    karim = others["Karim Haddad"]
    look.until(lambda: window.rows.row_at(0).announced is not None and window.rows.row_at(0).mine)
    rows = look.ask(window, karim.announcing.waiting())
    look.ask(window, karim.announcing.got([row.id for row in rows]))
    look.until(lambda: bool(window.rows.row_at(0).announced.got))
    look.shoot(window, "announced")
    window.timeline.post_actions.report(window.rows.row_at(0))
    report = window.timeline.post_actions._report
    assert report is not None
    look.wait(0.3)
    look.shoot(report, "report")
    report.accept()
    hours = QuietHours(bridge, window)
    hours.open()
    look.wait(0.2)
    look.shoot(hours, "quiet")
    hours.accept()
    digest(look, window, others)
    window.pinned.lines[0].got.click()
    look.until(lambda: not window.pinned.lines)


def digest(look: Look, window: Any, others: dict[str, Any]) -> None:
    """The line that says there is one, and its page."""
    from deskblog import events
    from deskblog.attention import digest as d

    french = look.french
    looked_at, window.sight._looked_at = window.sight._looked_at, lambda: False
    bridge = window._bridge
    words = "@Anne : la salle est réservée" if french else "@Anne, the room is booked"
    look.ask(window, others["Karim Haddad"].post(words))
    look.until(lambda: bool(window.views._counts))
    popup = d.popup_of(look.ask(window, bridge.engine.digests.compose()), d.Why.BACK)
    window.heard(events.DigestDue(popup.title, popup.text))
    look.wait(0.3)
    look.shoot(window, "digest-line")
    window.digest.open_page()
    look.until(lambda: bool(window.digest.page.lines))
    look.wait(0.3)
    look.shoot(window.digest.page, "digest")
    window.digest.page.accept()
    window.sight._looked_at = looked_at
