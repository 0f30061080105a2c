"""Which model reads: one entry for each at hand, those that cannot be used greyed."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from marrowscope.gui.jobs import Answer, Job, JobRunner, Lane, Progress
from marrowscope.inference.bundle import Bundle
from marrowscope.inference.catalogue import BrokenBundle
from marrowscope.workflow.models import list_models


def models_at_hand(request: None, progress: Progress) -> list[Bundle | BrokenBundle]:
    """Every model folder; its files are checked, which takes a moment."""
    return list_models()


class ModelMenu(QMenu):
    """Filled when the models have been looked up. `chosen` carries a model's name."""

    chosen = Signal(str)

    def __init__(self, runner: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__("&Read with", parent)
        self._runner = runner
        self._group = QActionGroup(self)
        self._current = ""
        self.setToolTipsVisible(True)
        self._group.triggered.connect(self._on_triggered)
        self.addAction("Looking for models…").setEnabled(False)

    def look(self) -> None:
        """Look the models up, once a case that is being opened is on the screen."""
        job = Job(None, models_at_hand)
        job.answered.connect(self._on_found)
        shown = Lane.CASE, Lane.TILES, Lane.CELLS
        self._runner.start_last(job, Lane.ASIDE, after=shown)

    def show_current(self, name: str) -> None:
        """Mark the model that reads."""
        self._current = name
        for action in self._group.actions():
            action.setChecked(action.data() == name)

    @Slot(object)
    def _on_found(self, answer: Answer) -> None:
        self.clear()
        for model in answer.value:
            self._add(model)
        self.show_current(self._current)

    def _add(self, model: Bundle | BrokenBundle) -> None:
        action = self.addAction(model.name)
        action.setData(model.name)
        action.setCheckable(True)
        self._group.addAction(action)
        if isinstance(model, BrokenBundle):
            action.setText(f"{model.name} (cannot be used)")
            action.setToolTip(f"{model.error.what} {model.error.advice}")
            action.setEnabled(False)
            return
        action.setText(f"{model.name} {model.identity.version}")
        action.setToolTip(model.card.title)

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        self.chosen.emit(str(action.data()))
