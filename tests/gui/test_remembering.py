"""What the window remembers of a slide: the reader's place, and where he has looked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from marrowscope.domain.provenance import SlideIdentity
from marrowscope.gui.main_window import MainWindow
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view.minimap import Minimap
from marrowscope.gui.slide_view.minimap_washes import read_picture
from marrowscope.gui.slide_view.slide_memory import MOST_SLIDES, Place, SlideMemory
from marrowscope.gui.slide_view.viewport import Viewport, fitting
from marrowscope.gui.slide_view.visited import VisitedArea
from marrowscope.gui.theme import Appearance, ThemeChoice
from marrowscope.gui.window_memory import WindowMemory
from tests.gui.conftest import opened, read_through
from tests.gui.smears import HEIGHT, WIDTH, drawn_smear

SLIDE = (19_200, 9_600)


def identity(content: str) -> SlideIdentity:
    return SlideIdentity(content, "name", *SLIDE, mpp=0.25)


def test_a_window_opened_again_shows_a_slide_where_it_was_left(
    qtbot: QtBot, session: CaseSession, tmp_path: Path
) -> None:
    drawn_smear(tmp_path / "a.png")
    look, memory = Appearance(ThemeChoice.DARK), WindowMemory(tmp_path)
    window = MainWindow(session, look, memory)
    qtbot.addWidget(window)
    window.show()
    opened(qtbot, session, tmp_path / "a.png")
    window.smear.navigator.zoom_by(5, (100, 100))
    window.smear.navigator.turn_to(30)
    left = window.smear.navigator.place
    window.close()
    # The same photo, elsewhere and under another name.
    (tmp_path / "a.png").rename(tmp_path / "b.png")
    again = CaseSession()
    other = MainWindow(again, look, WindowMemory(tmp_path))
    qtbot.addWidget(other)
    other.show()
    opened(qtbot, again, tmp_path / "b.png")
    assert left is not None
    assert other.smear.navigator.place == pytest.approx(left)
    other.close()


def test_what_is_remembered_is_bounded_and_bad_text_is_forgotten() -> None:
    memory = SlideMemory()
    for number in range(MOST_SLIDES + 50):
        memory.of(identity(f"s{number}")).place = Place(number, 2, 3, 4)
    again = SlideMemory(memory.text)
    assert again.of(identity("s249")).place == Place(249, 2, 3, 4)
    assert again.of(identity("s10")).place is None
    assert len(again.text) < 100 * MOST_SLIDES
    for text in ("{", "[1]", '[["a", [1, 2], ""]]', '[["a", [1, 2, NaN, 4], "x"]]'):
        assert SlideMemory(text).of(identity("a")).place is None


def test_what_stays_in_view_was_looked_at_and_what_flies_past_was_not() -> None:
    area = VisitedArea(SLIDE)
    here = Viewport(5000, 5000, 1.0, 1600, 1000)
    assert area.mark(here, here)
    assert area.share == pytest.approx(16 * 10 / (192 * 96), rel=0.2)
    assert area.seen[50, 50]
    assert not area.mark(here, here)
    far = here.centred(15_000, 5000)
    assert not area.mark(here, far)
    assert area.mark(here, here.turned(90, at=(800, 500))) is False
    closer = Viewport(9050, 9050, 30.0, 800, 600)
    assert area.mark(closer, closer)
    again = VisitedArea(SLIDE)
    again.take(area.text)
    assert np.array_equal(again.seen, area.seen)
    other = VisitedArea((500, 500))
    other.take(area.text)
    assert not other.seen.any()


def test_the_overview_washes_what_was_looked_at_at_20x(
    qtbot: QtBot, window: MainWindow, session: CaseSession, smear: Path
) -> None:
    opened(qtbot, session, smear)
    view = window.smear
    # At 0.5 µm full size is 20x; seen whole, the slide is well below.
    session.calibrate(0.5, source="typed", slides=[1])
    view.navigator.zoom_to(0.8)
    qtbot.wait(20)
    qtbot.waitUntil(
        lambda: view.navigator.still and not view.overview.looking._timer.isActive()
    )
    assert view.overview.minimap._visited is None
    view.navigator.zoom_to(1.0)
    qtbot.waitUntil(lambda: view.overview.minimap._visited is not None)


@pytest.mark.usefixtures("blob_reader")
def test_the_fields_that_were_read_are_known_also_when_a_case_is_opened_again(
    qtbot: QtBot, session: CaseSession, smear: Path
) -> None:
    read_through(qtbot, opened(qtbot, session, smear))
    number = session.slides[0].number
    fields = session.fields_read[number]
    assert len(fields) == session.run.done
    veil = read_picture(fields, (WIDTH, HEIGHT))
    assert veil.pixelColor(veil.width() // 2, veil.height() // 2).alpha() > 0
    assert session.case_path is not None
    assert session.close()
    fresh = opened(qtbot, CaseSession(), session.case_path)
    assert np.array_equal(fresh.fields_read[number], fields)
    assert fresh.close()


def test_a_turned_view_is_framed_turned_and_a_strip_keeps_its_shape(
    qtbot: QtBot, window: MainWindow
) -> None:
    minimap = Minimap(window.appearance, window)
    minimap.show_slide(None, (3000, 2000))
    inner = minimap._inner()
    view = fitting((3000, 2000), 600, 400).turned(90, at=(300, 200))
    frame = minimap._frame(view, inner).boundingRect()
    assert frame.width() == pytest.approx(frame.height() * 400 / 600)
    assert frame.center() == QPointF(inner.center())
    minimap.show_slide(None, (30_000, 200))
    assert minimap._inner().height() <= 2
