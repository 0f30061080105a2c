"""Which way a folder or file keeps its labels, and what it says."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from marrowscope.domain.errors import UnreadableInput
from marrowscope.training.reading.boxed import (
    read_coco,
    read_geojson,
    read_truth,
    read_voc,
)
from marrowscope.training.reading.case_files import read_case
from marrowscope.training.reading.folders import read_folders
from marrowscope.training.reading.labelled import LabelledData
from marrowscope.training.reading.tables import (
    MANIFEST_COLUMNS,
    is_graded,
    read_graded,
    read_manifest,
)

READERS: Mapping[str, Callable[[Path], LabelledData]] = {
    "folders": read_folders,
    "manifest": read_manifest,
    "grades": read_graded,
    "voc": read_voc,
    "coco": read_coco,
    "yolo": read_truth,
    "geojson": read_geojson,
    "truth": read_truth,
    "case": read_case,
}


def gather(paths: Sequence[Path], *, form: str | None = None) -> LabelledData:
    """Everything these folders and files hold, each read the way it is kept.

    `form` (a key of READERS) spares the guessing. Raises UnreadableInput for a path
    that is not there or holds no labels.
    """
    parts = [_read(Path(path), form) for path in paths]
    return LabelledData(
        tuple(crop for part in parts for crop in part.crops),
        tuple(field for part in parts for field in part.fields),
        tuple(problem for part in parts for problem in part.problems),
    )


def _read(path: Path, form: str | None) -> LabelledData:
    if not path.exists():
        raise UnreadableInput(f"{path} is not there.", "Check the path and try again.")
    name = form or form_of(path)
    table = path / "manifest.csv" if name == "manifest" and path.is_dir() else path
    try:
        data = READERS[name](table)
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise UnreadableInput(
            f"{path.name} cannot be read as {name} ({error}).",
            f"Say how it is kept with --format: {', '.join(READERS)}.",
        ) from error
    if not (data.crops or data.fields or data.problems):
        raise UnreadableInput(
            f"{path.name} holds no labelled pictures.",
            "Give a folder with one sub-folder per class, or boxed pictures.",
        )
    return data


def form_of(path: Path) -> str:
    """How the labels of a path are kept, by what is there.

    Raises UnreadableInput when nothing tells.
    """
    if path.is_dir():
        return _form_of_folder(path)
    if path.suffix == ".marrow":
        return "case"
    if path.suffix == ".geojson":
        return "geojson"
    if path.suffix == ".csv":
        return _form_of_table(path)
    if path.suffix == ".json":
        return _form_of_json(path)
    raise UnreadableInput(
        f"{path.name} is no list of labels that is known.",
        f"Known are: {', '.join(READERS)}.",
    )


def _form_of_folder(path: Path) -> str:
    if (path / "manifest.csv").is_file():
        return "manifest"
    if (path / "images").is_dir() and (path / "labels").is_dir():
        return "yolo"
    if any(path.rglob("*.xml")):
        return "voc"
    return "folders"


def _form_of_table(path: Path) -> str:
    with path.open(newline="", encoding="utf-8") as file:
        first = next(csv.reader(file), [])
    if set(first) >= MANIFEST_COLUMNS:
        return "manifest"
    if is_graded(first):
        return "grades"
    raise UnreadableInput(
        f"{path.name} is no table of labels: its first line has {len(first)} columns.",
        "Give a table with path and source_label, or a file name and 34 grades.",
    )


def _form_of_json(path: Path) -> str:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableInput(
            f"{path.name} is not JSON.", "Export it again."
        ) from error
    if isinstance(data, dict) and {"annotations", "categories"} <= data.keys():
        return "coco"
    if isinstance(data, list) or data.get("type") == "FeatureCollection":
        return "geojson"
    return "truth"
