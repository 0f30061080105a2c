"""Measures the zone network on what it was not fitted to, and writes it on its card.

    python -m marrowscope.training.counting_zone.measuring
        --card resources/counting_zone/card.md --fields ../shared/data/marrow_fields
        --sections ../shared/slides/CMU-1-Small-Region.svs

Fitting writes the card anew, without these figures: measure after it.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from marrowscope.domain.errors import UnreadableInput
from marrowscope.imaging.counting_zone.finding import find_zones
from marrowscope.imaging.counting_zone.zone_map import NAMES, THIN, TISSUE, ZoneMap
from marrowscope.imaging.memory_slide import MemorySlide
from marrowscope.imaging.opening import open_slide
from marrowscope.imaging.small_network import SmallNetwork
from marrowscope.phantom.plan import SmearPlan
from marrowscope.phantom.smear import DrawnField, draw_field
from marrowscope.workflow.zones import load_zone_model

log = logging.getLogger(__name__)
HEADING = "\n## Measured on what it was not fitted to\n"
FIRST_SEED = 9000  # none of these is fitted to
WIDTH, HEIGHT, MPP = 4096, 3200, 0.5
USUAL, CELLULAR = (24, 500), (8, 4000)  # smears, nucleated cells in each
FIELD_MPP = 0.17  # µm per pixel of the real fields, by their scale bars
FIELD_SIDE = 768  # µm: as large as the smallest slide that has zones, and half more
ENOUGH = 0.9


def main() -> None:
    """Draw, measure, and end the card with what was found."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--card", type=Path, required=True)
    options.add_argument("--fields", type=Path, help="folder of real marrow fields")
    options.add_argument("--sections", type=Path, nargs="*", default=[])
    given = options.parse_args()
    model = load_zone_model()
    lines, first = list[str](), FIRST_SEED
    for count, cells in (USUAL, CELLULAR):
        lines.append(smears_line(range(first, first + count), cells, model))
        first += count
    if given.fields is not None:
        lines.append(fields_line(given.fields, model))
    lines += [section_line(path, model) for path in given.sections]
    said = given.card.read_text(encoding="utf-8").split(HEADING)[0].rstrip()
    found = "\n".join(lines)
    given.card.write_text(f"{said}\n{HEADING}\n{found}\n", encoding="utf-8")


def smears_line(seeds: Sequence[int], cells: int, model: SmallNetwork) -> str:
    """How well the counting zone lies over the drawn one, in smears of these seeds."""
    overlaps = [_overlap_drawn(seed, cells, model) for seed in seeds]
    enough = sum(overlap >= ENOUGH for overlap in overlaps)
    return (
        f"- {len(seeds)} smears with {cells:,} nucleated cells (seeds {seeds[0]} to"
        f" {seeds[-1]},\n  {WIDTH} x {HEIGHT} pixels at {MPP} µm): the counting zone"
        f" overlapped the drawn one\n  by {ENOUGH:.2f} or more on {enough}; least"
        f" {min(overlaps):.2f}, on average {np.mean(overlaps):.2f}."
    )


def _overlap_drawn(seed: int, cells: int, model: SmallNetwork) -> float:
    smear = draw_field(SmearPlan(WIDTH, HEIGHT, cells=cells, seed=seed, mpp=MPP))
    zones = find_zones(MemorySlide(smear.pixels), mpp=MPP, model=model)
    found = overlap(zones, drawn_zone(smear, THIN), THIN)
    log.info("smear %d, %d cells: %.3f", seed, cells, found)
    return found


def overlap(zones: ZoneMap, true: NDArray[np.bool_], name: str) -> float:
    """Intersection over union (0 to 1) of a zone said and a true one (H, W)."""
    side = round(zones.patch)
    said = np.kron(zones.is_zone(name), np.ones((side, side), bool))
    said = said[: true.shape[0], : true.shape[1]]
    return float((said & true).sum() / max((said | true).sum(), 1))


def drawn_zone(smear: DrawnField, name: str) -> NDArray[np.bool_]:
    """(H, W) True in the zone that was drawn."""
    mask = np.zeros(smear.pixels.shape[:2], np.uint8)
    (polygon,) = (z["polygon"] for z in smear.truth["zones"] if z["name"] == name)
    cv2.fillPoly(mask, [np.array(polygon, np.int32)], (1,))
    return mask > 0


def fields_line(folder: Path, model: SmallNetwork) -> str:
    """What real fields of marrow are called for the most part."""
    most = [
        NAMES[np.bincount(find_zones(slide, mpp=1.0, model=model).zones.flat).argmax()]
        for slide in real_fields(folder)
    ]
    zone, tissue = most.count(THIN), most.count(TISSUE)
    return (
        f"- {len(most)} real fields of marrow, each mirrored side by side to"
        f" {FIELD_SIDE} µm for want of real\n  slides: {zone} for the most part called"
        f" counting zone, {tissue} a tissue section."
    )


def real_fields(folder: Path) -> Iterator[MemorySlide]:
    """The boxed marrow fields as slides of 1 µm per pixel, each mirrored until full."""
    entries = json.loads((folder / "marrow_fields.json").read_text())["images"]
    for entry in entries:
        first, last = entry["content_rows"]
        field = np.asarray(Image.open(folder / entry["file"]).convert("RGB"))
        yield MemorySlide(_mirrored(field[first : last + 1]))


def _mirrored(field: NDArray[np.uint8]) -> NDArray[np.uint8]:
    small = cv2.resize(
        field, None, fx=FIELD_MPP, fy=FIELD_MPP, interpolation=cv2.INTER_AREA
    )
    height, width = small.shape[:2]
    around = (0, FIELD_SIDE - height), (0, FIELD_SIDE - width), (0, 0)
    return np.pad(small, around, mode="symmetric")


def section_line(path: Path, model: SmallNetwork) -> str:
    """How much of a slide of tissue, whose file says its scale, is called tissue."""
    with closing(open_slide(path)) as slide:
        mpp = slide.identity.mpp
        if mpp is None:
            raise UnreadableInput(
                f"{path.name} does not say its scale.", "Leave it out."
            )
        zones = find_zones(slide, mpp=mpp, model=model)
    share = f"{100 * zones.share(TISSUE):.0f} %"
    return f"- {path.name}, a section: {share} called a tissue section."


if __name__ == "__main__":
    main()
