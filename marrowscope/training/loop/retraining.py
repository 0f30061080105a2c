"""A bundle after the corrected labels: a new last layer, or the whole family."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from marrowscope.inference.bundle import Bundle
from marrowscope.training import bundle_stamp, figures, laboratory
from marrowscope.training.checkpoints import load_half
from marrowscope.training.datasets.drawn_cells import draw_cells
from marrowscope.training.export import write_classifier, write_parity
from marrowscope.training.fine_labels import CLASS_INDEX
from marrowscope.training.loop.cells import LoopCell, places_of
from marrowscope.training.loop.evidence import Evidence
from marrowscope.training.loop.head import Head
from marrowscope.training.loop.rounds import Look
from marrowscope.training.measuring import class_logits
from marrowscope.training.networks.crop_classifier import CropClassifier
from marrowscope.training.reading.case_files import read_case
from marrowscope.training.reading.labelled import (
    LabelledBox,
    LabelledData,
    LabelledField,
)

PARITY_FIELD = 900_001
Floats = NDArray[np.float64]


def write_quick_bundle(
    bundle: Bundle,
    look: Look,
    evidence: Evidence,
    cells: Sequence[LoopCell],
    *,
    out: Path,
    version: str,
) -> None:
    """A `lee` bundle like `bundle`, but for its last layer and temperature.

    The temperature is that of the out-of-sample scores.
    """
    model = CropClassifier()
    load_half(model, bundle.folder / "classifier.safetensors")
    weights, bias = last_layer(model, look.head, evidence)
    with torch.no_grad():
        model.fine.weight.copy_(torch.from_numpy(weights.T))
        model.fine.bias.copy_(torch.from_numpy(bias))
    scores = look.logits[:, None, :]  # one view
    temperature = figures.best_temperature(scores, places_of(cells), class_logits)
    bundle_stamp.begin(out, bundle.folder)
    data = LabelledData(tuple(cell.crop for cell in cells))
    laboratory.begin(out, bundle.folder, data)
    exported = write_classifier(model, temperature, out)
    write_parity(exported, draw_cells(PARITY_FIELD), out / "parity.npz")
    laboratory.unmeasured(out, version=version)


def last_layer(
    model: CropClassifier, head: Head, evidence: Evidence
) -> tuple[Floats, Floats]:
    """Weights (D, K) and bias (K,) that answer from the embedding as the head does.

    The bundle's answers are its layer's over a temperature, shifted by class; both are
    read off the answers themselves.
    """
    own = model.fine.weight.detach().double().numpy().T  # (D, K)
    free = model.fine.bias.detach().double().numpy()
    plain = evidence.features @ own + free
    classes = np.eye(CLASS_INDEX.max() + 1)[CLASS_INDEX]  # (K, 8)
    centred = classes - classes.mean(axis=0)
    told = evidence.base - evidence.base.mean(axis=1, keepdims=True)
    asked = plain - plain.mean(axis=1, keepdims=True)
    columns = [asked.ravel(), *(np.tile(c, len(asked)) for c in centred.T)]
    found, *_ = np.linalg.lstsq(np.stack(columns, axis=1), told.ravel(), rcond=None)
    scale, shift = found[0], classes @ found[1:]
    more = head.weights / head.spread[:, None]
    return own * scale + more, free * scale + shift + head.bias - head.mean @ more


def corrected(
    cells: Sequence[LoopCell], data: LabelledData, cases: Sequence[Path]
) -> LabelledData:
    """Everything as it is labelled now, for a training of the whole family.

    A box that nobody can tell counts neither as a cell nor as none.
    """
    now = {cell.key: cell for cell in cells}
    fields = [_field_now(field, now) for field in data.fields]
    fields += [field for path in cases for field in read_case(path).fields]
    crops = (cell.crop for cell in cells if cell.box is None)
    return LabelledData(tuple(crops), tuple(fields))


def _field_now(field: LabelledField, now: dict[str, LoopCell]) -> LabelledField:
    boxes = (
        _box_now(box, now.get(f"{field.path}#{number}"))
        for number, box in enumerate(field.boxes, start=1)
    )
    return replace(field, boxes=tuple(boxes))


def _box_now(box: LabelledBox, cell: LoopCell | None) -> LabelledBox:
    if not box.of_interest or box.ignored or box.label.class_id is None:
        return box
    if cell is None:
        return replace(box, ignored=True)
    return replace(box, label=cell.crop.label)


def train_family(
    bundle: Bundle, data: LabelledData, given: argparse.Namespace, *, out: Path
) -> None:
    """``train FAMILY`` on corrected labels, begun from the bundle; hours, resumable.

    given: the command line of ``marrowscope train``, whose data, out, start and work
    are set here.
    """
    given.family, given.start, given.out = bundle.identity.family, bundle.folder, out
    given.work = out.with_name(f"{out.name}-training")
    laboratory.train(given, data)
