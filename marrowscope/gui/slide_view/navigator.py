"""Where the view is and how it gets elsewhere."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, QSize, Signal, Slot
from PySide6.QtWidgets import QWidget

from marrowscope.domain.geometry import Box
from marrowscope.gui.slide_view.motion import Motion
from marrowscope.gui.slide_view.pace import Pace, Pacing
from marrowscope.gui.slide_view.slide_memory import Place
from marrowscope.gui.slide_view.viewport import Viewport, fitting

WHEEL_STEP = 1.25  # per notch
PAN_SHARE = 0.1  # of the view, for one arrow key
CELL_SHARE = 0.16  # of the view's shorter side, for a cell that is brought into view
FAR = 4.0  # half views; nobody follows a picture that flies so far
SLOWEST, FASTEST = 120.0, 5000.0  # screen pixels a second, of a glide that begins
SMALLEST_CELL = 28.0  # screen pixels; below, a revealed cell is zoomed to


class Navigator(QObject):
    """The viewport of the slide shown. `moved` says that it is another one."""

    moved = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._motion = Motion(widget)
        self._motion.moved.connect(self._on_moved)
        self.pacing = Pacing(widget)
        self._slide: tuple[int, int] | None = None
        self._before: Viewport | None = None
        self._untouched = True
        self.viewport = Viewport(0, 0, 1, 1, 1)

    @property
    def slide(self) -> tuple[int, int] | None:
        """Width and height in level-0 pixels of the slide shown."""
        return self._slide

    @property
    def goal(self) -> Viewport:
        """Where the view will be when its motion has ended."""
        return self._motion.goal or self.viewport

    @property
    def still(self) -> bool:
        """False while the view moves by itself."""
        return not self._motion.running

    @property
    def calm(self) -> bool:
        """True when the view has not moved for a moment."""
        return self.still and self.pacing.pace is Pace.REST

    @property
    def place(self) -> Place | None:
        """Where the reader has gone on the slide; None while it is seen whole."""
        return None if self._slide is None or self._untouched else Place.of(self.goal)

    def show_slide(self, size: tuple[int, int] | None, place: Place | None) -> None:
        """Go to a place on another slide, else show it whole; None: there is none."""
        self._motion.stop()
        self._slide, self._before = size, None
        self._untouched = place is None
        if size is not None:
            self._set(self.beginning(size, place))

    def beginning(
        self, size: tuple[int, int], place: Place | None, *, room: QSize | None = None
    ) -> Viewport:
        """What is seen first of a slide that is shown at a place, or whole.

        `room`: the size of the widget, where it is not laid out yet.
        """
        room = room or self._widget.size()
        width, height = room.width(), room.height()
        if place is None:
            return fitting(size, width, height)
        return place.viewport(width, height)

    def resize(self, width: float, height: float) -> None:
        """The widget has another size; an untouched view goes on showing all."""
        if self._slide is None:
            return
        if self._untouched:
            self._set(fitting(self._slide, width, height, self.viewport.angle))
        else:
            self._set(self.viewport.resized(width, height))

    def fit(self) -> None:
        """Show the whole slide, turned as it is."""
        if self._slide is None:
            return
        size = self._widget.width(), self._widget.height()
        goal = fitting(self._slide, *size, self.goal.angle)
        self._motion.travel(self.viewport, goal)
        self._untouched = True

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by screen pixels, at once."""
        self.halt()
        self._touch(self.viewport.panned(dx, dy))

    def glide(self, across: float, down: float) -> None:
        """Go on moving at this speed (screen pixels a second), ever slower."""
        speed = math.hypot(across, down)
        if self._slide is not None and speed >= SLOWEST:
            share = min(1.0, FASTEST / speed)
            self._motion.glide(self.viewport, across * share, down * share)

    def halt(self) -> None:
        """Stand still at once; a turn by a quarter that was begun is at its end."""
        goal = self._motion.goal
        self._motion.stop()
        if goal is not None and goal.angle != self.viewport.angle:
            size = self.viewport.width, self.viewport.height
            self._set(goal.resized(*size))

    def step(self, across: float, down: float, *, share: float = PAN_SHARE) -> None:
        """Look further by a share of the view, in the direction given."""
        view = self.goal
        dx, dy = -across * share * view.width, -down * share * view.height
        self._travel(view.panned(dx, dy))

    def go_to(self, viewport: Viewport) -> None:
        """Go elsewhere: by a motion to what lies near, else at once."""
        away = self.viewport.to_screen(viewport.x, viewport.y)
        middle = self.viewport.width / 2, self.viewport.height / 2
        if math.dist(away, middle) > FAR * max(middle):
            self._motion.stop()
            self._touch(viewport)
        else:
            self._travel(viewport)

    def wheel(self, notches: float, at: tuple[float, float]) -> None:
        """Zoom at the cursor: whole notches smoothly, parts of one at once.

        Further notches add to a motion going on.
        """
        factor = WHEEL_STEP**notches
        if abs(notches) < 1 and self.goal is self.viewport:
            self.zoom_by(factor, at)
        else:
            self.zoom_to(self.goal.scale * factor, at=at)

    def zoom_to(self, scale: float, *, at: tuple[float, float] | None = None) -> None:
        """Go to a scale, keeping what lies at `at` (by default the middle)."""
        if self._slide is None:
            return
        if at is None:
            # Also while a motion goes on: to its end, at the new scale.
            view = self.goal
            middle = (view.width / 2, view.height / 2)
            self._travel(view.zoomed(scale, at=middle))
            return
        if self.goal.angle != self.viewport.angle:
            self.halt()
        self._untouched = False
        scale = self._kept(self.viewport.zoomed(scale, at=at)).scale
        self._motion.zoom(self.viewport, scale, at=at)

    def zoom_by(self, factor: float, at: tuple[float, float]) -> None:
        """Zoom at once, as a pinch does."""
        self.halt()
        self._touch(self.viewport.zoomed(self.viewport.scale * factor, at=at))

    def turn(self, degrees: float) -> None:
        """Turn the picture clockwise around its middle, by so much more."""
        view, untouched = self.goal, self._untouched
        if untouched and self._slide is not None:
            angle = view.turned(view.angle + degrees, at=(0.0, 0.0)).angle
            self._travel(fitting(self._slide, view.width, view.height, angle))
        else:
            middle = (view.width / 2, view.height / 2)
            self._travel(view.turned(view.angle + degrees, at=middle))
        self._untouched = untouched

    def turn_to(self, angle: float, *, at: tuple[float, float] | None = None) -> None:
        """Turned to so many degrees at once, around `at` (by default the middle)."""
        self.halt()
        view = self.viewport
        self._touch(view.turned(angle, at=at or (view.width / 2, view.height / 2)))

    def set_upright(self) -> None:
        """Turn the picture back to how it was scanned."""
        self.turn(-self.goal.angle)

    def there_and_back(self, scale: float, at: tuple[float, float]) -> None:
        """To a scale at a point; a second time back to where the view was."""
        if self._before is not None and abs(self.goal.scale / scale - 1) < 0.02:
            before, self._before = self._before, None
            self._travel(before)
            return
        self._before = self.viewport
        x, y = self.viewport.to_slide(*at)
        self._travel(self.viewport.zoomed(scale, at=at).centred(x, y))

    def look_at(self, x: float, y: float) -> None:
        """Put a level-0 point in the middle, at once."""
        self.halt()
        self._touch(self.viewport.centred(x, y))

    def follow(self, viewport: Viewport) -> None:
        """Be exactly there, also beyond the slide's edge, as another view is."""
        self._motion.stop()
        self._untouched = False
        self._show(viewport, moving=True)

    def centre(self, box: Box, scale: float) -> None:
        """A cell in the very middle at this scale, at once; also at the slide's edge.

        One cell after another is seen in one place and at one size.
        """
        self.halt()
        self._untouched = False
        middle = self.viewport.width / 2, self.viewport.height / 2
        x, y = box.centre
        view = self.viewport.zoomed(scale, at=middle).centred(x, y)
        self._show(view, moving=False)

    def reveal(self, box: Box) -> None:
        """Bring a cell into view, large enough to be seen; move no more than needed."""
        view = self.goal
        place = view.box_to_screen(box)
        longer = max(place.width, place.height)
        margin = 24
        seen = (
            place.x >= margin
            and place.y >= margin
            and place.right <= view.width - margin
            and place.bottom <= view.height - margin
        )
        if seen and longer >= SMALLEST_CELL:
            return
        scale = view.scale
        if longer < SMALLEST_CELL:
            share = CELL_SHARE * min(view.width, view.height)
            scale = share / max(box.width, box.height)
        x, y = box.centre
        middle = (view.width / 2, view.height / 2)
        self._travel(view.zoomed(scale, at=middle).centred(x, y))

    def _travel(self, goal: Viewport) -> None:
        self._untouched = False
        self._motion.travel(self.viewport, self._kept(goal))

    def _touch(self, viewport: Viewport) -> None:
        self._untouched = False
        self._show(self._kept(viewport), moving=True)

    def _kept(self, viewport: Viewport) -> Viewport:
        return viewport if self._slide is None else viewport.kept_on(self._slide)

    def _set(self, viewport: Viewport) -> None:
        self._show(self._kept(viewport), moving=False)

    def _show(self, viewport: Viewport, *, moving: bool) -> None:
        before, self.viewport = self.viewport, viewport
        if moving:
            self.pacing.step(before, viewport)
        else:
            self.pacing.rest()
        self.moved.emit()

    @Slot(object)
    def _on_moved(self, viewport: Viewport) -> None:
        # The widget may have been resized while the motion went on.
        size = self.viewport.width, self.viewport.height
        # Where no motion is wanted the goal is shown at once.
        moving = self._motion.running
        self._show(self._kept(viewport.resized(*size)), moving=moving)
