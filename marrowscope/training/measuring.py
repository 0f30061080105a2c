"""Measures a crop classifier on cells it has not seen."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from scipy.special import softmax

from marrowscope.inference.preprocess import Normalisation, normalise
from marrowscope.training import figures
from marrowscope.training.augment import CROP_PX
from marrowscope.training.crop_learner import evaluate
from marrowscope.training.datasets.cells import CANVAS_PX, WINDOW_PX, CellArrays
from marrowscope.training.fine_labels import CLASS_INDEX, allowed_rows, groups
from marrowscope.training.labels import (
    CLASSES,
    DYSPLASTIC_CLASSES,
    FEATURES,
    REAL_CLASSES,
)
from marrowscope.training.networks.crop_classifier import CropClassifier
from marrowscope.training.reliability import Judged

_EDGE = (CANVAS_PX - WINDOW_PX) // 2


@dataclass(frozen=True)
class Answers:
    """What a model says of one set of cells, with its truth.

    fine: (N, V, K) logits of each view; grades: (N, 12), their mean over the views.
    """

    fine: np.ndarray
    grades: np.ndarray
    cells: CellArrays

    @property
    def outputs(self) -> np.ndarray:
        """(N, K) probabilities of the finer outputs, the views averaged."""
        return softmax(self.fine, axis=2).mean(axis=1)

    @property
    def logits(self) -> np.ndarray:
        """(N, 8) logarithms of the classes' probabilities."""
        return class_logits(self.fine)

    @property
    def truth(self) -> np.ndarray:
        return np.asarray(self.cells.label)

    @property
    def answer(self) -> np.ndarray:
        return self.logits.argmax(axis=1)


def plain_crop(canvas: np.ndarray) -> np.ndarray:
    """The canvas's window as the program's crop (128, 128, 3), nothing changed."""
    window = np.ascontiguousarray(canvas[_EDGE:-_EDGE, _EDGE:-_EDGE])
    return cv2.resize(window, (CROP_PX, CROP_PX), interpolation=cv2.INTER_AREA)


def ask(model: CropClassifier, cells: CellArrays) -> Answers:
    """The model's answers about every cell, seen as it is and mirrored.

    The program averages these two views as well.
    """
    logits = [np.zeros((0, 2, len(CLASS_INDEX)), np.float32)]
    grades = [np.zeros((0, len(FEATURES)), np.float32)]
    for first in range(0, len(cells), 256):
        crops = [plain_crop(canvas) for canvas in cells.canvas[first : first + 256]]
        pictures = normalise(crops, Normalisation())
        mirrored = np.ascontiguousarray(pictures[:, :, ::-1])
        views = [evaluate(model, view) for view in (pictures, mirrored)]
        logits.append(np.stack([view.logits.numpy() for view in views], axis=1))
        grades.append(np.mean([view.grades.numpy() for view in views], axis=0))
    return Answers(np.concatenate(logits), np.concatenate(grades), cells)


def class_logits(fine: np.ndarray) -> np.ndarray:
    """(N, 8) log probabilities from fine logits (N, V, K), the views averaged."""
    shares = softmax(fine, axis=2).mean(axis=1) @ groups().T
    return np.log(np.maximum(shares, 1e-12))


def scaled(answers: Answers, temperature: float, shift: np.ndarray) -> Answers:
    """The answers as the exported graph gives them: logits scaled and shifted."""
    fine = answers.fine / temperature + shift[CLASS_INDEX]
    return Answers(fine, answers.grades, answers.cells)


def temperature_of(sets: list[Answers]) -> float:
    """One temperature for cells kept out of training, real and drawn alike."""
    fine = np.concatenate([answers.fine for answers in sets])
    truth = np.concatenate([answers.truth for answers in sets])
    return figures.best_temperature(fine, truth, class_logits)


def judged_by_source(answers: Answers) -> dict[str, Judged]:
    """Truth and probabilities of the cells of each source."""
    sources = np.asarray(answers.cells.source)
    chances = figures.softmax(answers.logits)
    return {
        str(name): (answers.truth[sources == name], chances[sources == name])
        for name in np.unique(sources)
    }


def real_figures(answers: Answers) -> dict[str, dict]:
    """Per source of real cells: see `figures.of_real_cells`, with calibration."""
    report = figures.of_real_cells(
        answers.truth, answers.answer, np.asarray(answers.cells.source)
    )
    probabilities = figures.softmax(answers.logits)
    for name, entry in report.items():
        rows = answers.cells.source == name
        entry["calibration_error"] = figures.calibration_error(
            answers.truth[rows], probabilities[rows]
        )
        words = np.asarray(answers.cells.fine)[rows]
        entry["fine"] = figures.fine_f1(
            allowed_rows(answers.truth[rows], words),
            answers.outputs[rows].argmax(axis=1),
            words,
        )
    return report


def drawn_figures(answers: Answers) -> dict:
    """Agreement and dysplasia on phantom cells of unseen seeds."""
    truth, answer = answers.truth, answers.answer
    probabilities = figures.softmax(answers.logits)
    return {
        "cells": len(truth),
        "agreement": float((truth == answer).mean()),
        "macro_f1": figures.macro_f1(truth, answer, CLASSES),
        "macro_f1_real_classes": figures.macro_f1(truth, answer, REAL_CLASSES),
        "recall": figures.recalls(truth, answer),
        "dysplasia": figures.dysplasia_counts(truth, answer),
        "calibration_error": figures.calibration_error(truth, probabilities),
        "consistency": consistency(answers),
        "auc": figures.dysplasia_auc(truth, probabilities),
        "by_grade": figures.sensitivity_by_grade(answers.cells.grades, answer),
    }


def edited_figures(answers: Answers) -> dict:
    """Dysplasia on edits of real cells, against normals that were edited likewise."""
    truth, answer = answers.truth, answers.answer
    return {
        "cells": len(truth),
        "dysplasia": figures.dysplasia_counts(truth, answer),
        "auc": figures.dysplasia_auc(truth, figures.softmax(answers.logits)),
        "by_grade": figures.sensitivity_by_grade(answers.cells.grades, answer),
    }


def consistency(answers: Answers) -> float:
    """Share of cells where class and grades agree on "dysplastic".

    Grades say so when any feature rounds to at least 1.
    """
    by_class = np.isin(answers.answer, figures.indices(DYSPLASTIC_CLASSES))
    return float((by_class == (answers.grades.max(axis=1) >= 0.5)).mean())
