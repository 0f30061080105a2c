"""Pictures of a scene painted on a worker, one at a time, and only the newest wish."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage, QPainter

from marrowscope.gui.jobs import Answer, Job, JobRunner, Lane, Progress
from marrowscope.gui.slide_view.layers import Drawing, Scene
from marrowscope.gui.slide_view.smear_picture import Smear


class Use(Enum):
    """What a picture is made for."""

    SHARP = auto()  # the view at rest, to the last pixel
    NEAR = auto()  # the view as it zooms
    WIDE = auto()  # what lies around the view


@dataclass(frozen=True, slots=True, eq=False)
class PictureRequest:
    """A scene with all that is painted in it; `version` of how things look."""

    use: Use
    version: int
    scene: Scene
    smear: Smear
    drawing: Drawing


@dataclass(frozen=True, slots=True, eq=False)
class MadePicture:
    """What was asked for; the smear alone, and with its layers."""

    request: PictureRequest
    smear: QImage
    whole: QImage


def paint_picture(request: PictureRequest, progress: Progress) -> MadePicture:
    """Paint the scene as the window's thread would."""
    sight = request.smear.sight
    smear = QImage(*sight.pixels, QImage.Format.Format_RGB32)
    painter = QPainter(smear)
    painter.scale(sight.ratio, sight.ratio)
    request.smear.paint(painter)
    painter.end()
    whole = QImage(smear)
    painter = QPainter(whole)
    painter.scale(sight.ratio, sight.ratio)
    request.drawing(painter)
    painter.end()
    return MadePicture(request, smear, whole)


class PictureMaker(QObject):
    """`made` carries a MadePicture. What is asked for while one is made waits; a wish
    that waits gives way to the next, but a sharp picture to a sharp one only."""

    made = Signal(object)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._now: PictureRequest | None = None
        self._next: PictureRequest | None = None

    def making(self, use: Use) -> bool:
        """Whether such a picture is to come."""
        return any(request.use is use for request in self._coming)

    def sharpens(self, scene: Scene) -> bool:
        """Whether a sharp picture of this scene is to come."""
        return any(
            request.use is Use.SHARP
            and replace(request.scene, style=scene.style) == scene
            for request in self._coming
        )

    @property
    def _coming(self) -> list[PictureRequest]:
        return [r for r in (self._now, self._next) if r is not None]

    def ask(self, request: PictureRequest) -> None:
        """Have it made."""
        waiting = self._next
        if waiting is None or waiting.use is not Use.SHARP or request.use is Use.SHARP:
            self._next = request
        self._go_on()

    def _go_on(self) -> None:
        if self._now is None and self._next is not None:
            self._now, self._next = self._next, None
            job = Job(self._now, paint_picture)
            job.answered.connect(self._on_answer)
            job.ended.connect(self._on_end)
            self._runner.start(job, Lane.PAINTING)

    @Slot(object)
    def _on_answer(self, answer: Answer) -> None:
        self._now = None
        self.made.emit(answer.value)

    @Slot(object)
    def _on_end(self, job: Job) -> None:
        if job.request is self._now:
            self._now = None
        self._go_on()
