"""A model as a folder: bundle.toml says everything, SHA-256 proves the files."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marrowscope.domain.errors import UnusableModel
from marrowscope.domain.measured_errors import MeasuredErrors, measured_errors
from marrowscope.domain.provenance import ModelIdentity
from marrowscope.domain.vocabulary import (
    Feature,
    FineClass,
    ModelClass,
    ModelVocabulary,
)
from marrowscope.inference.familiarity import Familiarity
from marrowscope.inference.postprocess import MapThresholds
from marrowscope.inference.preprocess import CropSpec, Normalisation
from marrowscope.inference.reader import FieldSpec
from marrowscope.inference.variants import Variant, checked_variants

FILE_NAME = "bundle.toml"


@dataclass(frozen=True, slots=True)
class Card:
    """What a user must be told of a model, wherever its answers are shown."""

    title: str
    licence: str
    trained_on: tuple[str, ...]
    summary: str
    intended_use: str
    limits: tuple[str, ...]
    accuracy: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A checked model folder. `field` is what the locator sees, `crop` the classifier.

    `mpp_tolerance`: relative, around 1, in which scales were tested. `stain` holds
    whatever bundle.toml says of the colours the model was trained on; `familiarity`
    tells crops unlike them, None when the bundle brings nothing to tell by. `options`:
    the table named like the family, read by that family alone. `variants`: by role, the
    networks that are there in a lower precision as well. `errors`: how often it was
    found to name a cell wrongly.
    """

    folder: Path
    identity: ModelIdentity
    vocabulary: ModelVocabulary
    files: Mapping[str, Path]
    field: FieldSpec
    crop: CropSpec
    normalisation: Normalisation
    thresholds: MapThresholds
    mpp_tolerance: float
    stain: Mapping[str, Any]
    card: Card
    familiarity: Familiarity | None
    options: Mapping[str, Any]
    variants: Mapping[str, tuple[Variant, ...]]
    errors: MeasuredErrors

    @property
    def name(self) -> str:
        return self.identity.name


def load_bundle(folder: Path) -> Bundle:
    """Read and check a model folder.

    Raises UnusableModel when bundle.toml is incomplete, a file is absent, lies
    elsewhere, or is not the one whose SHA-256 is written down.
    """
    data = _toml(folder)
    try:
        files = _checked_files(folder, data["files"])
        return Bundle(
            folder=folder,
            identity=_identity(data),
            vocabulary=_vocabulary(data),
            files=files,
            field=_field(data["field"]),
            crop=_crop(data.get("crop", {})),
            normalisation=_normalisation(data["normalisation"]),
            thresholds=_thresholds(data.get("thresholds", {})),
            mpp_tolerance=float(data["field"].get("mpp_tolerance", 0.25)),
            stain=data.get("stain", {}),
            card=_card(data),
            familiarity=_familiarity(files),
            options=data.get(data["family"], {}),
            variants=checked_variants(folder, data),
            errors=_errors(data),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _unusable(folder, f"says nothing usable about {error}") from error


def _unusable(folder: Path, why: str) -> UnusableModel:
    return UnusableModel(
        f"The model “{folder.name}” {why}.",
        "Copy the model folder again from where it came.",
    )


def _toml(folder: Path) -> dict[str, Any]:
    try:
        return tomllib.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _unusable(folder, f"has no readable {FILE_NAME}") from error


def _checked_files(folder: Path, entries: Mapping[str, Any]) -> dict[str, Path]:
    files = {}
    for role, entry in entries.items():
        path = (folder / entry["path"]).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise _unusable(folder, f"names a file outside its folder for {role}")
        try:
            found = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise _unusable(folder, f"lacks its file {path.name}") from error
        if found != entry["sha256"]:
            raise _unusable(folder, f"has an altered file {path.name}")
        files[role] = path
    return files


def _identity(data: Mapping[str, Any]) -> ModelIdentity:
    hashes = sorted(f"{role}:{e['sha256']}" for role, e in data["files"].items())
    joined = hashlib.sha256("\n".join(hashes).encode()).hexdigest()
    return ModelIdentity(data["name"], data["version"], data["family"], joined)


def _vocabulary(data: Mapping[str, Any]) -> ModelVocabulary:
    classes = tuple(
        ModelClass(
            id=entry["id"],
            name=entry["name"],
            lines=tuple(entry["lines"]),
            lineage=entry["lineage"],
            dysplastic=bool(entry["dysplastic"]),
        )
        for entry in data["classes"]
    )
    features = tuple(
        Feature(entry["id"], entry["name"], entry["lineage"])
        for entry in data.get("features", [])
    )
    fine = tuple(
        FineClass(entry["id"], entry["name"], entry["class"], _lines(entry))
        for entry in data.get("fine", [])
    )
    return ModelVocabulary(classes, features, data["dysplasia"]["rule"], fine)


def _lines(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """The one `line` of a finer output, or its `lines` where it tells no stage."""
    return tuple(entry["lines"]) if "lines" in entry else (str(entry["line"]),)


def _familiarity(files: Mapping[str, Path]) -> Familiarity | None:
    if "familiarity" not in files:
        return None
    try:
        return Familiarity.load(files["familiarity"])
    except OSError as error:
        raise ValueError(str(error)) from error


def _field(entry: Mapping[str, Any]) -> FieldSpec:
    return FieldSpec(
        int(entry["size_px"]), float(entry["mpp"]), float(entry["margin_um"])
    )


def _crop(entry: Mapping[str, Any]) -> CropSpec:
    return CropSpec(
        size=int(entry.get("size_px", 128)),
        mpp=float(entry.get("mpp", 0.2)),
        max_um=float(entry.get("max_um", 25.6)),
        context=float(entry.get("context", 1.15)),
    )


def _normalisation(entry: Mapping[str, Any]) -> Normalisation:
    return Normalisation(tuple(entry["mean"]), tuple(entry["std"]))


def _thresholds(entry: Mapping[str, Any]) -> MapThresholds:
    usual = MapThresholds()
    return MapThresholds(
        cell=float(entry.get("cell", usual.cell)),
        nucleus=float(entry.get("nucleus", usual.nucleus)),
        core=float(entry.get("core", usual.core)),
        min_cell_um2=float(entry.get("min_cell_um2", usual.min_cell_um2)),
        min_nucleus_um2=float(entry.get("min_nucleus_um2", usual.min_nucleus_um2)),
        min_score=float(entry.get("min_detection_score", usual.min_score)),
    )


def _errors(data: Mapping[str, Any]) -> MeasuredErrors:
    return measured_errors(
        data.get("accuracy", {}),
        data.get("errors", {}),
        [entry["id"] for entry in data["classes"]],
        version=data["version"],
    )


def _card(data: Mapping[str, Any]) -> Card:
    training = data.get("training", {})
    sources = tuple(
        f"{s['name']} ({s['licence']}; {s['credit']})" for s in training.get("data", [])
    )
    limits = data.get("limits", {})
    return Card(
        title=data.get("title", data["name"]),
        licence=data.get("licence", "not stated"),
        trained_on=sources,
        summary=training.get("summary", ""),
        intended_use=data["intended_use"]["text"],
        limits=tuple(str(v) for v in limits.values()),
        accuracy=data.get("accuracy", {}),
    )
