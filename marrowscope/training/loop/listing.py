"""The disagreements of a round as a table that a reader fills in, and as a page."""

from __future__ import annotations

import base64
import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from numpy.typing import NDArray

from marrowscope.training.labels import CLASSES
from marrowscope.training.loop.cells import LoopCell
from marrowscope.training.loop.pictures import canvases
from marrowscope.training.measuring import plain_crop
from marrowscope.workflow.places import resources

TABLE, PAGE = "decisions.csv", "disagreements.html"
TEMPLATE = "disagreements.html"
COLUMNS = (
    *("rank", "cell", "label", "word", "model", "label_probability"),
    *("model_probability", "called_at", "decision", "new_label", "reader"),
)
SHOWN_ANSWERS = 3  # of the model, beside the label's own probability
_QUALITY = 92


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A cell whose label the model, without having seen it, does not share.

    `probabilities` (8,) of the classes, out of sample.
    """

    rank: int
    cell: LoopCell
    probabilities: NDArray[np.float64]

    @property
    def model(self) -> str:
        """The class the model would name."""
        return CLASSES[int(self.probabilities.argmax())]

    def probability(self, class_id: str) -> float:
        """The model's probability of a class."""
        return float(self.probabilities[CLASSES.index(class_id)])

    @property
    def likeliest(self) -> list[tuple[str, float]]:
        """Classes and probabilities: the model's first ones, and the label's own."""
        first = np.argsort(-self.probabilities)[:SHOWN_ANSWERS]
        names = dict.fromkeys([*(CLASSES[i] for i in first), self.cell.class_id])
        return [(name, self.probability(name)) for name in names]


def write_table(shown: Sequence[Disagreement], folder: Path) -> Path:
    """``decisions.csv``: one line a cell, decision and new label left to the reader."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / TABLE
    # With a mark, so that a spreadsheet takes it for the UTF-8 it is.
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for one in shown:
            cell, own = one.cell, one.probability(one.cell.class_id)
            rows.writerow(
                (
                    *(one.rank, cell.key, cell.class_id, cell.crop.label.word),
                    *(one.model, f"{own:.4f}", f"{one.probability(one.model):.4f}"),
                    *(cell.called, "", "", ""),
                )
            )
    return path


def read_table_rows(path: Path) -> list[dict[str, str]]:
    """The lines of a table as they stand."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def write_page(
    shown: Sequence[Disagreement],
    folder: Path,
    *,
    number: int,
    model: str,
    words: Sequence[str],
    listed: int,
) -> Path:
    """``disagreements.html``: every cell with its picture, needing nothing beside it.

    words: what a new label may be called; listed: all disagreements, shown or not.
    """
    environment = Environment(
        loader=FileSystemLoader(resources() / "loop"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pictures = (as_jpeg(canvas) for canvas in canvases([one.cell for one in shown]))
    text = environment.get_template(TEMPLATE).render(
        rows=list(zip(shown, pictures, strict=True)),
        number=number,
        model=model,
        words=words,
        listed=listed,
        columns=COLUMNS,
        table=TABLE,
    )
    path = folder / PAGE
    path.write_text(text, encoding="utf-8")
    return path


def as_jpeg(canvas: NDArray[np.uint8]) -> str:
    """What the model sees of a canvas, twice as large, as a data URI."""
    crop = plain_crop(canvas)
    large = cv2.resize(crop, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    options = [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    _, stored = cv2.imencode(".jpg", np.ascontiguousarray(large[..., ::-1]), options)
    return f"data:image/jpeg;base64,{base64.b64encode(stored.tobytes()).decode()}"
