"""Draws the pseudo-masks of the training pictures into a folder, once.

`python -m marrowscope.training.locator.draw_masks --data DATA --out DIR`

Each mask is a PNG of the picture's own size: red channel the cell's number (1 is the
central cell of a crop), green the nucleus, blue pixels nobody should learn from.
`index_SPLIT.csv` lists them.
"""

from __future__ import annotations

import argparse
import csv
from multiprocessing import Pool
from pathlib import Path

import cv2
import numpy as np

from marrowscope.training.datasets.gathering import CALIBRATION_EVERY
from marrowscope.training.locator.cell_scene import (
    Scene,
    at_size,
    scene_of_blood_field,
    scene_of_crop,
)
from marrowscope.training.locator.pseudo_masks import WORKING_MPP
from marrowscope.training.locator.sources import (
    WHITE_CELL,
    BloodField,
    Crop,
    at_mpp,
    list_blood_fields,
    list_crops,
    read_rgb,
)

COLUMNS = (
    "path", "dataset", "split", "label", "mask", "mpp",
    "central_ok", "cell_um2", "nucleus_um2", "cells",
)  # fmt: skip


def draw_crop(data: Path, out: Path, crop: Crop) -> dict[str, object]:
    """Draw, write and describe the mask of one crop."""
    image = read_rgb(data / "cells" / crop.path)
    blood = crop.dataset == "acevedo_blood"
    small = at_mpp(image, crop.mpp, WORKING_MPP)
    scene = scene_of_crop(
        small, lobed=crop.lobed, platelets=blood, central=crop.label != "PLATELET"
    )
    name = f"{crop.dataset}/{Path(crop.path).stem}.png"
    scene = write_scene(out / name, scene, image.shape)
    row = (crop.path, crop.dataset, crop.split, crop.label, name, crop.mpp)
    return dict(zip(COLUMNS, (*row, *measures(scene, crop.mpp)), strict=True))


def draw_blood_field(
    data: Path, out: Path, split: str, field: BloodField
) -> dict[str, object]:
    """Draw, write and describe the mask of one txl_pbc picture."""
    image = read_rgb(field.path)
    small = at_mpp(image, field.mpp, WORKING_MPP)
    boxes = field.boxes[field.kinds == WHITE_CELL] * (field.mpp / WORKING_MPP)
    name = f"txl_pbc/{field.path.stem}.png"
    scene = write_scene(out / name, scene_of_blood_field(small, boxes), image.shape)
    path = field.path.relative_to(data)
    row = (path, "txl_pbc", split, "field", name, round(field.mpp, 5))
    return dict(zip(COLUMNS, (*row, *measures(scene, field.mpp)), strict=True))


def measures(scene: Scene, mpp: float) -> tuple[int, float, float, int]:
    """Whether label 1 exists, its areas in µm², and how many cells there are."""
    cell = scene.cells == 1
    nucleus = cell & scene.nucleus
    areas = (round(float(mask.sum()) * mpp**2, 1) for mask in (cell, nucleus))
    count = len(np.unique(scene.cells[scene.cells > 0]))
    return (int(cell.any()), *areas, count)


def write_scene(path: Path, scene: Scene, shape: tuple[int, ...]) -> Scene:
    """Write a working-scale scene at the picture's size, and return it so."""
    scene = at_size(scene, shape[1], shape[0])
    planes = (scene.ignore * np.uint8(255), scene.nucleus * np.uint8(255), scene.cells)
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.dstack(planes))  # OpenCV's order is blue, green, red
    return scene


def read_scene(path: Path) -> Scene:
    """A mask written by `write_scene`; OSError when it cannot be decoded."""
    planes = read_rgb(path)
    return Scene(planes[..., 0], planes[..., 1] > 127, planes[..., 2] > 127)


def main() -> None:
    """Draw the masks of every training picture that has none yet."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--split", default="train")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument(
        "--kept-out", action="store_true", help="crops that are not trained on, alone"
    )
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    listed, pictures = pictures_of(given.data, given.split, kept_out=given.kept_out)
    crops = [(given.data, given.out, crop) for crop in listed]
    fields = [(given.data, given.out, given.split, field) for field in pictures]
    with Pool(given.processes) as pool:
        rows = pool.starmap(draw_crop, crops, chunksize=16)
        rows += pool.starmap(draw_blood_field, fields, chunksize=8)
    listed_as = "kept_out" if given.kept_out else given.split
    write_index(given.out / f"index_{listed_as}.csv", rows)


def pictures_of(
    data: Path, split: str, *, kept_out: bool
) -> tuple[list[Crop], list[BloodField]]:
    """Crops and fields of a split, or the crops of `gathering.kept_out` alone."""
    crops = list_crops(data, split)
    if kept_out:
        return crops[::CALIBRATION_EVERY], []
    return crops, list_blood_fields(data, split)


def write_index(path: Path, rows: list[dict[str, object]]) -> None:
    """The list of masks as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
