"""Figures of evaluations, each as PNG and SVG: quiet, legible, colour-blind safe."""

from __future__ import annotations

from marrowscope.evaluation.figures.look import COLOURS, save, style

__all__ = ["COLOURS", "save", "style"]
