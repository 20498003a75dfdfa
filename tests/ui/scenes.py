"""Everything one can open from the window, each opened, looked at and closed again: what must hold of all of it is
asked of all of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from deskblog import events
from deskblog.engine.doctor_words import in_words
from deskblog.engine.options import Check, Late
from deskblog.net.doctor import Cause, Finding
from deskblog.settings import Keeper
from deskblog.ui.closing import closing_means
from deskblog.ui.doctor import DoctorDialog
from deskblog.ui.draft import Draft
from deskblog.ui.emoji_picker import EmojiPicker
from deskblog.ui.feeds import FeedsDialog
from deskblog.ui.flyout import Flyout
from deskblog.ui.preferences import Preferences
from deskblog.ui.preferences_page import PreferencesPage
from deskblog.ui.sure import ask_line, ask_lines, choose, sure, tell
from deskblog.ui.theme import Theme
from deskblog.ui.window import Window
from deskblog.values import Named, Role, Urgency
from tests.ui.desk import Colleague, Desk

Opens = Callable[[], object]


@dataclass(frozen=True)
class Stage:
    """An office of two in which something of each kind was written."""

    desk: Desk
    window: Window
    flyout: Flyout
    preferences: Preferences


def set_up(desk: Desk, paul: Colleague, theme: Theme) -> Stage:
    """The window, with posts of several kinds and an announcement that waits for “Got it”."""
    engine = desk.bridge.engine
    desk.post("Good morning")
    desk.ask(engine.announcing.announce("Fire drill at eleven", days=1, urgency=Urgency.USUAL))
    paul.post("New prices on https://intranet.example #sales")
    paul.post("Who has the key to the archive?", kind="question")
    desk.until_held("Who has the key to the archive?")
    window = desk.window()
    window.heard(events.Ready("", 0, "ab", "Dupont & fils"))
    window.heard(events.PeopleChanged(desk.ask(engine.people())))
    window.composer.field.setPlainText("Back at two")
    flyout = Flyout(desk.bridge, Draft(desk.bridge, desk.bridge))
    desk.widgets.append(flyout)
    desk.until(lambda: bool(window.questions.lines))
    keeper = Keeper(desk.folder.with_name("settings.json"))
    return Stage(
        desk,
        window,
        flyout,
        Preferences(
            desk.bridge, keeper, theme, window, lambda: [part.composer.spelling for part in (window, flyout)]
        ),
    )


def scenes(stage: Stage) -> dict[str, Opens]:
    """By name, what opens it; it blocks or not."""
    desk, window = stage.desk, stage.window
    menu, members, acts = window.office_menu, window.members, window.timeline.post_actions
    paul = next(person for person in window.people if not person.me)
    late = Late("ab" * 32, "Karim Haddad", ((0, "The Lille contract is signed."),))
    rows = [window.rows.row_at(n) for n in range(window.rows.rowCount())]
    announced = next(row for row in rows if row.announced is not None)
    return {
        "invite": window.invite,
        "rename": menu._rename,
        "sites": menu.sites,
        "settings of the office": menu.settings,
        "keyboard": menu.keyboard,
        "preferences": stage.preferences.open,
        "quiet hours": menu.quiet_hours,
        "on the road": menu.on_the_road,
        "publishing": menu.publishing,
        "recovery": menu.recover,
        "come back": menu.come_back,
        "drill": menu._drill,
        "leave": members.leave,
        "profile": members.edit_profile,
        "remove": lambda: members._remove(paul),
        "role": lambda: members.give(paul, Role.KEYHOLDER),
        "was doing": lambda: members._was_doing(paul),
        "late": lambda: window.notes._look(late),
        "closing": lambda: closing_means(window),
        "poll": window.composer.attach.ask_all,
        "announcement": window.composer.attach.announce,
        "who may read": lambda: window.composer.aim._choose(),
        "closed group": window.composer.aim.begin_group,
        "words to watch": window.views.watch,
        "keep a search": lambda: window.views.keep("coffee"),
        "digest": window.digest.open_page,
        "doctor": lambda: doctor(window),
        "feeds": lambda: FeedsDialog(desk.bridge, window).open(),
        "signs": lambda: acts.open_signs(window.rows.row_at(0), window.mapToGlobal(QPoint(200, 200))),
        "emoji": lambda: EmojiPicker(desk.bridge, window).open_at(window.mapToGlobal(QPoint(100, 100))),
        "readers": lambda: acts._show_readers(((Named(paul.id, paul.name, me=False), True),)),
        "tell": lambda: tell(window, "Done", "All of it.", [Check("a", True, "Kept"), Check("b", False, "Lost")]),
        "sure": lambda: sure(window, "Really?", "There is no way back.", "Do it"),
        "choose": lambda: choose(window, "Which?", "One of them.", ["Lille", "Nantes"], "Go"),
        "a line": lambda: ask_line(window, "What is it called?", "Lille", "Keep"),
        "lines": lambda: ask_lines(window, "Words to watch", "One a line.", "coffee"),
        "report": lambda: acts.report(announced),
    }


def doctor(window: Window) -> None:
    """With findings of both kinds."""
    dialog = DoctorDialog(window._bridge, window)
    dialog.open()
    dialog._done([in_words(Finding(cause, ok=cause is not Cause.ISOLATION), 20140) for cause in Cause])


def page() -> QWidget | None:
    """The preferences: one goes on in the window while they are open."""
    shown = QApplication.topLevelWidgets()
    return next((one for one in shown if isinstance(one, PreferencesPage) and one.isVisible()), None)


def opened(desk: Desk, opens: Opens, look: Callable[[QWidget], None]) -> None:
    """Opens it, has it looked at, and closes it, whether opening blocks or not."""
    faults: list[BaseException] = []
    seen: list[bool] = []

    def poll() -> None:
        shown = QApplication.activePopupWidget() or QApplication.activeModalWidget() or page()
        if shown is not None:
            shown.activateWindow()
        if shown is None or (not shown.isActiveWindow() and shown is not QApplication.activePopupWidget()):
            QTimer.singleShot(20, poll)
            return
        # what it has asked of the engine is answered before this is
        desk.bridge.ask(desk.bridge.engine.timeline(limit=1), lambda _page: now(shown))

    def now(shown: QWidget) -> None:
        try:
            look(shown)
        except AssertionError as fault:
            faults.append(fault)
        finally:
            shown.close()
            seen.append(True)

    QTimer.singleShot(20, poll)
    opens()
    desk.until(lambda: bool(seen))
    if faults:
        raise faults[0]
