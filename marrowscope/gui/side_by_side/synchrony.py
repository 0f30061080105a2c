"""Two views that move as one."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from marrowscope.gui.case_state import Changes
from marrowscope.gui.side_by_side.tie import Tie
from marrowscope.gui.slide_view.view import SlideView


class Synchrony(QObject):
    """Carries pan, zoom and turn from either view to the other while it is `on`.

    In microns when both slides have a scale, else in their pixels. The distance that
    the views have when it is switched on, and the angle between them, are kept.
    """

    def __init__(self, first: SlideView, second: SlideView) -> None:
        super().__init__(second)
        self._first, self._second = first, second
        self.on = False
        self._tie: Tie | None = None
        self._tied = self._contents
        self._carrying = False
        first.navigator.moved.connect(self._on_first)
        second.navigator.moved.connect(self._on_second)
        first.slide_shown.connect(self._on_first_slide)
        second.slide_shown.connect(self._on_second_slide)
        first.session.changed.connect(self._on_changed)

    @property
    def _contents(self) -> tuple[str, str]:
        return self._first.content, self._second.content

    def switch(self, on: bool, *, leader: SlideView) -> None:
        """Move together from now on, at the leader's magnification; or part."""
        self.on = on
        self._tie_to(leader)

    def _tie_to(self, leader: SlideView) -> None:
        self._tie = None
        here, there = self._first.entry, self._second.entry
        if not self.on or here is None or there is None:
            return
        entries = (here.opened.slide.identity, there.opened.slide.identity)
        if tuple(entry.content for entry in entries) != self._contents:
            # Another case is coming, and one view shows the old one still.
            return
        known = here.mpp is not None and there.mpp is not None
        ratio = here.mpp / there.mpp if known else 1.0  # type: ignore[operator]
        one, other = self._first.navigator, self._second.navigator
        tie = Tie.between(one.viewport, other.viewport, ratio=ratio)
        self._tie, self._tied = tie, self._contents
        if leader is self._first:
            self._carry(tie, self._first, self._second)
        else:
            self._carry(tie.reversed, self._second, self._first)

    def _carry(self, tie: Tie | None, leader: SlideView, follower: SlideView) -> None:
        # A view moves to its place on another slide before the tie is made anew.
        if tie is None or self._carrying or self._tied != self._contents:
            return
        self._carrying = True
        old = follower.navigator.viewport
        follower.navigator.follow(tie.carried(leader.navigator.viewport, old))
        self._carrying = False

    @Slot()
    def _on_first(self) -> None:
        self._carry(self._tie, self._first, self._second)

    @Slot()
    def _on_second(self) -> None:
        tie = None if self._tie is None else self._tie.reversed
        self._carry(tie, self._second, self._first)

    @Slot()
    def _on_first_slide(self) -> None:
        self._tie_to(self._first)

    @Slot()
    def _on_second_slide(self) -> None:
        self._tie_to(self._second)

    @Slot(object)
    def _on_changed(self, change: Changes) -> None:
        if change & Changes.CALIBRATION:
            self._tie_to(self._first if self._first.follows else self._second)
