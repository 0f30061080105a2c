"""How the smear is moved: wheel, touchpad, throwing, turning."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QProxyStyle, QStyle
from pytestqt.qtbot import QtBot

from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view import motion
from marrowscope.gui.slide_view.grip import Grip
from marrowscope.gui.slide_view.trouble_note import TroubleNote
from marrowscope.gui.slide_view.view import SlideView
from marrowscope.gui.theme import Appearance, ThemeChoice
from tests.gui.conftest import opened

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NO_KEY, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def view(qtbot: QtBot, session: CaseSession, smear: Path) -> SlideView:
    """A view of 800 by 600 pixels, enlarged so that there is room to move."""
    made = SlideView(session, Appearance(ThemeChoice.DARK))
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    opened(qtbot, session, smear)
    made.navigator.zoom_by(4, (400, 300))
    qtbot.waitUntil(lambda: made.settled)
    return made


def wheel(
    view: SlideView, angle: int, *, pixels: int = 0, keys: Qt.KeyboardModifier = NO_KEY
) -> None:
    """A turn of the wheel over the point 200, 150; `pixels` as a touchpad tells."""
    at = QPointF(200, 150)
    event = QWheelEvent(
        at,
        view.mapToGlobal(at),
        QPoint(0, pixels),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def test_notches_that_come_faster_than_the_picture_moves_add_up(
    qtbot: QtBot, view: SlideView
) -> None:
    before = view.navigator.viewport
    for _ in range(4):
        wheel(view, 120)
        QTest.qWait(5)
    qtbot.waitUntil(lambda: view.settled)
    after = view.navigator.viewport
    assert after.scale == pytest.approx(before.scale * 1.25**4)
    assert after.to_slide(200, 150) == pytest.approx(before.to_slide(200, 150))


def test_a_touchpad_zooms_at_once_and_finely(view: SlideView) -> None:
    before = view.navigator.viewport
    for _ in range(10):
        wheel(view, 12, pixels=6)
    after = view.navigator.viewport
    assert view.navigator.still
    assert after.scale == pytest.approx(before.scale * 1.25)
    assert after.to_slide(200, 150) == pytest.approx(before.to_slide(200, 150))


def test_the_wheel_can_be_turned_round(qtbot: QtBot, view: SlideView) -> None:
    before = view.navigator.viewport.scale
    view.pointing.wheel_inverted = True
    wheel(view, 120)
    qtbot.waitUntil(lambda: view.settled)
    assert view.navigator.viewport.scale == pytest.approx(before / 1.25)


def throw(view: SlideView, *, button: Qt.MouseButton = LEFT) -> None:
    QTest.mousePress(view, button, pos=QPoint(300, 300))
    for x in (310, 330, 350):
        QTest.mouseMove(view, QPoint(x, 300))
    QTest.mouseRelease(view, button, pos=QPoint(350, 300))


@pytest.mark.parametrize("button", [LEFT, MIDDLE])
def test_a_thrown_smear_glides_until_it_is_caught(
    qtbot: QtBot, view: SlideView, button: Qt.MouseButton
) -> None:
    before = view.navigator.viewport.x
    throw(view, button=button)
    let_go = view.navigator.viewport.x
    assert let_go < before
    qtbot.waitUntil(lambda: view.navigator.viewport.x < let_go - 5)
    QTest.mousePress(view, LEFT, pos=QPoint(300, 300))
    caught = view.navigator.viewport
    QTest.qWait(60)
    assert view.navigator.viewport == caught
    QTest.mouseRelease(view, LEFT, pos=QPoint(300, 300))


def test_a_glide_ends_exactly_where_friction_takes_it(
    qtbot: QtBot, view: SlideView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(motion, "GLIDE_MILLISECONDS", 200)
    view.navigator.turn_to(90)
    before = view.navigator.viewport
    view.navigator.glide(1000, 0)
    qtbot.waitUntil(lambda: view.settled)
    after = view.navigator.viewport
    # The picture is turned to the right: what goes right on the screen goes up on it.
    assert after.x == pytest.approx(before.x)
    assert after.y - before.y == pytest.approx(
        0.2 * motion.GLIDE_SHARE * 1000 / before.scale
    )


def test_a_hand_that_rests_before_it_lets_go_throws_nothing(view: SlideView) -> None:
    grip = Grip(view.navigator)
    for pause, moves in ((10, True), (100, False)):
        grip.take(QPointF(0, 0), 0)
        grip.pull(QPointF(20, 0), 10)
        grip.pull(QPointF(40, 0), 20)
        grip.let_go(20 + pause)
        assert view.navigator.still is not moves
        view.navigator.halt()


def test_nothing_moves_by_itself_where_motion_is_unwanted(view: SlideView) -> None:
    class Calm(QProxyStyle):
        def styleHint(self, hint, option=None, widget=None, returnData=None) -> int:  # noqa: N803
            if hint == QStyle.StyleHint.SH_Widget_Animation_Duration:
                return 0
            return super().styleHint(hint, option, widget, returnData)

    calm = Calm()
    view.setStyle(calm)
    throw(view)
    assert view.navigator.still
    before = view.navigator.viewport.scale
    wheel(view, 120)
    assert view.navigator.viewport.scale == pytest.approx(before * 1.25)


def test_the_picture_turns_freely_and_one_click_sets_it_upright(
    qtbot: QtBot, view: SlideView
) -> None:
    fixed = view.navigator.viewport.to_slide(200, 150)
    for _ in range(3):
        wheel(view, 120, keys=CTRL_SHIFT)
    after = view.navigator.viewport
    assert after.angle == pytest.approx(15)
    assert after.to_slide(200, 150) == pytest.approx(fixed)
    assert view.angle_badge.isVisible()
    assert view.angle_badge.text() == "15°"
    QTest.mouseClick(view.angle_badge, LEFT)
    qtbot.waitUntil(lambda: view.settled)
    assert view.navigator.viewport.angle == 0
    assert not view.angle_badge.isVisible()


@pytest.mark.parametrize("angle", [180, -180, 179.8, -179.8])
def test_upside_down_reads_the_same_whichever_way_it_was_turned(
    view: SlideView, angle: float
) -> None:
    view.navigator.turn_to(angle)
    assert view.angle_badge.text() == "180°"


def test_what_is_said_of_the_file_never_lies_under_the_angle(view: SlideView) -> None:
    view.loader.trouble.met()
    note = view.findChild(TroubleNote)
    assert note is not None
    assert note.isVisible()
    upright = note.pos()
    view.navigator.turn_to(30)
    assert view.angle_badge.isVisible()
    assert not note.geometry().intersects(view.angle_badge.geometry())
    view.navigator.turn_to(0)
    assert note.pos() == upright


@pytest.mark.parametrize("way", ["click", "wheel", "drag"])
def test_a_turn_by_a_quarter_is_never_left_half_way(
    qtbot: QtBot, view: SlideView, way: str
) -> None:
    view.navigator.turn(90)
    qtbot.waitUntil(lambda: 0 < view.navigator.viewport.angle < 90)
    if way == "click":
        QTest.mouseClick(view, LEFT, pos=QPoint(300, 300))
    elif way == "wheel":
        wheel(view, 120)
    else:
        throw(view)
    qtbot.waitUntil(lambda: view.settled)
    assert view.navigator.viewport.angle == 90


def test_alt_and_drag_turns_with_the_mouse_and_holds_at_upright(
    view: SlideView,
) -> None:
    QTest.mousePress(view, LEFT, ALT, QPoint(600, 300))
    QTest.mouseMove(view, QPoint(600, 500))
    assert view.navigator.viewport.angle == pytest.approx(45)
    QTest.mouseMove(view, QPoint(600, 303))
    assert view.navigator.viewport.angle == 0
    QTest.mouseRelease(view, LEFT, ALT, QPoint(600, 303))
