"""The real pictures precision is chosen on (`train`) and judged by (`val`)."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from marrowscope.domain.errors import UnreadableInput
from marrowscope.domain.geometry import Box, Pixels
from marrowscope.imaging.fields import read_resized
from marrowscope.imaging.opening import open_slide
from marrowscope.inference.ready_made import NamesPictures
from marrowscope.workflow.classifying import camera_scales
from marrowscope.workflow.opening import OpenedSlide
from marrowscope.workflow.scale import working_scales

# The manifest's column that holds the classes of a family.
COLUMN = {"lee": "mds8_class", "mori": "mds8_class", "bmsnet": "bmsnet_class"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture at `mpp` microns per pixel; `source` and `label` are empty on fields.

    `fine` is the label of the set itself, for samples that show every kind of cell.
    """

    path: Path
    mpp: float
    source: str = ""
    label: str = ""
    fine: str = ""

    def pixels(self, mpp: float) -> Pixels:
        """All of it (H, W, 3), resampled to another scale."""
        slide = open_slide(self.path)
        try:
            width, height = slide.identity.width, slide.identity.height
            factor = self.mpp / mpp
            return read_resized(
                slide,
                Box(0, 0, width, height),
                width=max(1, round(width * factor)),
                height=max(1, round(height * factor)),
            )
        finally:
            slide.close()


def crops(
    data: Path, reader: NamesPictures, *, split: str, each: int | None = None
) -> list[Picture]:
    """Crops of one split of `cells/manifest.csv`, scaled as the program would scale.

    `each`: at most so many of every source and label, spread over the list. Raises
    UnreadableInput when there is no manifest.
    """
    rows = _drawn(_rows(data, split), each)
    by_source: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in rows:
        by_source[row["dataset"]].append(row)
    column = COLUMN[reader.model.family]
    return [
        Picture(path, scale, source, row[column], row["source_label"])
        for source, told in by_source.items()
        for paths in [[data / "cells" / row["path"] for row in told]]
        for scale in [_camera(paths, reader)]
        for row, path in zip(told, paths, strict=True)
    ]


def _rows(data: Path, split: str) -> list[Mapping[str, str]]:
    try:
        with (data / "cells" / "manifest.csv").open(encoding="utf-8") as file:
            return [row for row in csv.DictReader(file) if row["split"] == split]
    except OSError as error:
        raise UnreadableInput(
            f"{data} has no cells/manifest.csv.",
            "Give the folder that holds the labelled cells and fields.",
        ) from error


def _drawn(rows: list[Mapping[str, str]], each: int | None) -> list[Mapping[str, str]]:
    if each is None:
        return rows
    kinds: dict[tuple[str, str], list[Mapping[str, str]]] = defaultdict(list)
    for row in rows:
        kinds[row["dataset"], row["source_label"]].append(row)
    return [row for told in kinds.values() for row in _spread(told, each)]


def _spread(things: Sequence[Any], count: int) -> list[Any]:
    places = np.linspace(0, len(things) - 1, min(count, len(things))).astype(int)
    return [things[i] for i in places]


def _camera(paths: Sequence[Path], reader: NamesPictures) -> float:
    """Microns per pixel of pictures that are all of one size."""
    return next(iter(camera_scales(paths, reader).values())).mpp


def blood_fields(data: Path, *, split: str, count: int) -> list[Picture]:
    """Some fields of TXL-PBC, scaled by their red cells."""
    paths = _spread(sorted((data / "txl_pbc" / "images" / split).glob("*")), count)
    opened = list(_opened(paths))
    try:
        scales = working_scales(opened)
        return [Picture(one.path, scales[one.number].mpp) for one in opened]
    finally:
        for one in opened:
            one.slide.close()


def _opened(paths: Sequence[Path]) -> Iterator[OpenedSlide]:
    for number, path in enumerate(paths):
        slide = open_slide(path)
        yield OpenedSlide(number, path, slide, slide.identity.mpp, "file")
