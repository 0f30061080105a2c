"""From checked labels to a bundle, family by family."""

from __future__ import annotations

import argparse
import hashlib
import logging
import re
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.training.bundle_stamp import stamp
from marrowscope.training.course import CURVE, NonFiniteLoss
from marrowscope.training.curves import draw_curve
from marrowscope.training.loop.cells import cells_of
from marrowscope.training.loop.pictures import as_crops, scaled
from marrowscope.training.precision.tables import without_variants
from marrowscope.training.reading.handover import write_manifest
from marrowscope.training.reading.labelled import (
    LabelledCrop,
    LabelledData,
    LabelledField,
)
from marrowscope.training.splits import fields_with_fold, with_fold

log = logging.getLogger(__name__)

ASKED = "asked.sha256"


def train(given: argparse.Namespace, data: LabelledData) -> None:
    """Train what `given.family` names. Raises MarrowScopeError for unfit labels."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    claim(given.work, given, data)
    family = {"lee": _lee, "bmsnet": _bmsnet, "mori": _mori}[given.family]
    try:
        family(given, data)
    except NonFiniteLoss as error:
        raise MarrowScopeError(
            f"The training stopped: {error}.",
            "Look at those cells and remove bad ones; the last checkpoint is whole.",
        ) from error
    for curve in sorted(given.work.rglob(CURVE)):
        log.info("loss curve: %s", draw_curve(curve))


def claim(folder: Path, given: argparse.Namespace, data: LabelledData) -> None:
    """Note in the working folder what is trained there, the number of steps aside.

    Raises MarrowScopeError when something else was: its decoded cells and checkpoint
    would be taken for these.
    """
    asked = (given.family, given.backbone, given.start, given.folds, given.fold)
    whole = repr((*asked, given.fields, given.seed, data.crops, data.fields))
    mark = hashlib.sha256(whole.encode()).hexdigest()
    path = folder / ASKED
    if path.is_file() and path.read_text(encoding="utf-8") != mark:
        raise MarrowScopeError(
            f"{folder} holds a training of other labels or with other options.",
            "Remove that folder to begin anew, or go on with those labels and options.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(mark, encoding="utf-8")


def _lee(given: argparse.Namespace, data: LabelledData) -> None:
    from marrowscope.training import lee  # noqa: PLC0415

    crops = single_cells(data, given.work / "cut")
    folder = write_manifest(_split(given, crops), given.work / "labels")
    start = given.start or _shipped("lee")
    options = ["--data", folder, "--out", given.out, "--work", given.work]
    options += ["--like", start, "--trunk", given.backbone, "--seed", given.seed]
    options += ["--threads", given.threads, "--version", given.version]
    options += ["--fields", given.fields, "--unseen-fields", max(given.fields // 6, 1)]
    options += ["--calibration-fields", max(given.fields // 6, 1)]
    if given.backbone == "mobilenet_v2":
        options += ["--from-weights", start / "classifier.safetensors"]
    lee.main(_words(options, given.steps))


def _bmsnet(given: argparse.Namespace, data: LabelledData) -> None:
    from marrowscope.training.bmsnet import finish, laboratory, training  # noqa: PLC0415

    pools = given.work / "pools"
    own = replace(data, fields=tuple(photos(given, _boxed(data), split="train")))
    laboratory.write_pools(own, pools, drawn=given.fields, seed=given.seed)
    options = ["--pools", pools, "--work", given.work, "--backbone", given.backbone]
    options += ["--seed", given.seed, "--threads", given.threads]
    start = given.start or _shipped("bmsnet")
    if given.backbone == "mobilenet_v2":
        options += ["--start", start / "weights.safetensors"]
    training.main(_words(options, given.steps))
    begin(given.out, start, data)
    done = ["--work", given.work, "--out", given.out, "--version", given.version]
    finish.main(_words([*done, "--backbone", given.backbone], None))
    kept_out, drawn = kept_out_photos(given, data), max(given.fields // 6, 1)
    laboratory.fit_naming(given.out, kept_out, drawn=drawn)
    unmeasured(given.out, version=given.version)


def _mori(given: argparse.Namespace, data: LabelledData) -> None:
    from marrowscope.training.mori import laboratory  # noqa: PLC0415

    start = given.start or _shipped("mori")
    labels = None
    crops = single_cells(data, given.work / "cut")
    if crops:
        labels = write_manifest(_split(given, crops), given.work / "labels")
    begin(given.out, start, data)
    shutil.copy(start / "stopping.npz", given.out)
    own = replace(data, fields=tuple(photos(given, data, split="train")))
    laboratory.train_networks(given, own, labels, start)
    unmeasured(given.out, version=given.version)


def single_cells(data: LabelledData, folder: Path) -> list[LabelledCrop]:
    """Every cell whose class is told as a picture of its own.

    Boxed ones, of case files too, are cut out into `folder`.
    """
    boxed = scaled(cells_of(replace(data, crops=())))
    return [*data.crops, *as_crops(boxed, folder)]


def kept_out_cells(given: argparse.Namespace, data: LabelledData) -> list[LabelledCrop]:
    """The pictures of single cells that this fold's training never saw."""
    crops = _split(given, single_cells(data, given.work / "cut"))
    return [crop for crop in crops if crop.split != "train"]


def kept_out_photos(
    given: argparse.Namespace, data: LabelledData
) -> list[LabelledField]:
    """The photos that this fold's training never saw."""
    return photos(given, data, split="val")


def photos(
    given: argparse.Namespace, data: LabelledData, *, split: str
) -> list[LabelledField]:
    """Boxed photos of one side of the fold; fewer than there are folds all train."""
    fields = data.fields
    if all(field.split for field in fields):
        return [field for field in fields if field.split == split]
    units = {field.patient or str(field.path) for field in fields if field.boxes}
    if len(units) < given.folds:
        log.info("%d photos are too few for %d folds", len(units), given.folds)
        return list(fields) if split == "train" else []
    sided = fields_with_fold(fields, given.folds, fold=given.fold, seed=given.seed)
    return [field for field in sided if field.split == split]


def _split(
    given: argparse.Namespace, crops: Sequence[LabelledCrop]
) -> Sequence[LabelledCrop]:
    """The crops with the split they came with, or one fold kept out."""
    if not crops:
        raise MarrowScopeError(
            "These labels hold no pictures of single cells.",
            "Give a folder with one sub-folder per class, or cases with called cells.",
        )
    if all(crop.split for crop in crops):
        return crops
    return with_fold(crops, given.folds, fold=given.fold, seed=given.seed)


def _boxed(data: LabelledData) -> LabelledData:
    if not data.fields:
        raise MarrowScopeError(
            "These labels hold no boxed pictures.",
            "Give Pascal VOC, COCO, YOLO, QuPath's GeoJSON or a case file.",
        )
    return data


def _shipped(name: str) -> Path:
    from marrowscope.workflow.places import model_folders  # noqa: PLC0415

    found = [f / name for f in model_folders() if (f / name / "bundle.toml").is_file()]
    if not found:
        raise MarrowScopeError(
            f"The shipped model {name} is not there.", "Give a bundle with --from."
        )
    return found[0]


def begin(folder: Path, like: Path, data: LabelledData) -> None:
    """A bundle's words, after another bundle's, that say what this one learned from."""
    folder.mkdir(parents=True, exist_ok=True)
    if (like / "familiarity.npz").is_file():
        shutil.copy(like / "familiarity.npz", folder)
    # Lower precisions were made from the other bundle's weights.
    text = without_variants((like / "bundle.toml").read_text(encoding="utf-8"))
    text = re.sub(r'(?m)^name = ".*"$', f'name = "{folder.name}"', text, count=1)
    text = re.sub(r'(?m)^summary = ".*"$', f'summary = "{_sources(data)}"', text)
    text = text.split("\n[accuracy]")[0].rstrip()
    (folder / "bundle.toml").write_text(text + "\n", encoding="utf-8")


def _sources(data: LabelledData) -> str:
    """The laboratory's own sets in one sentence, safe inside a TOML string."""
    counts = Counter(crop.source for crop in data.crops)
    for field in data.fields:
        counts[field.source] += len(field.boxes)
    said = ", ".join(f"{count} cells of {name}" for name, count in counts.items())
    plain = said.replace("\\", "/").replace('"', "'")
    return f"A laboratory's own labels ({plain}), begun from a shipped model."


def unmeasured(folder: Path, *, version: str) -> None:
    """Say in bundle and card that nobody has measured this model yet."""
    note = "Not measured yet: run marrowscope evaluate on cells it never saw."
    stamp(folder, version=version, accuracy={"note": note})
    (folder / "card.md").write_text(
        f"# Model card: {folder.name} {version}\n\n"
        "Research use only. Every suggestion needs a reader's confirmation.\n\n"
        "Trained with `marrowscope train`; what it learned from stands in bundle.toml."
        f"\n\n{note}\n",
        encoding="utf-8",
    )


def _words(options: Sequence[object], steps: int | None) -> list[str]:
    more = [] if steps is None else ["--steps", steps]
    return [str(option) for option in (*options, *more)]
