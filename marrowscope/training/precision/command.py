"""Makes, judges and ships a bundle's lower precisions; needs no torch.

    python -m marrowscope.training precision --bundle models/lee --data DATA

DATA holds cells/manifest.csv, txl_pbc and marrow_fields. Given again for new weights,
it replaces what it shipped before.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2

from marrowscope.domain.errors import UnusableModel
from marrowscope.inference.bundle import Bundle, load_bundle
from marrowscope.inference.catalogue import load_reader
from marrowscope.inference.reader import CellReader
from marrowscope.inference.ready_made import NamesPictures
from marrowscope.training.precision.deciding import Trial, trials
from marrowscope.training.precision.feeds import feeds_of
from marrowscope.training.precision.judging import Judged, judged
from marrowscope.training.precision.making import Made, make
from marrowscope.training.precision.pictures import blood_fields, crops
from marrowscope.training.precision.running import ROUNDS
from marrowscope.training.precision.shipping import ship
from marrowscope.training.precision.telling import (
    EXPLAINED,
    TITLE,
    table,
    write_section,
)

log = logging.getLogger(__name__)

PRECISIONS = ("int8", "fp16")
EACH_KIND = 5  # training crops of every source and label
FIELDS = 80  # training fields: with 20 of them int8 lost 1.8 points of AP50
MOST_FEEDS = 200  # of each network


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m marrowscope.training precision", description=__doc__
    )
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--table", type=Path, help="Markdown file for the table too")
    parser.add_argument("--try", dest="only_try", action="store_true", help="no files")
    parser.add_argument("--each", type=int, help="at most so many val crops of a kind")
    return parser.parse_args(argv)


def main(argv: Sequence[str]) -> int:
    """Print the table; change the bundle unless --try is given."""
    given = arguments(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    cv2.setNumThreads(1)
    bundle = load_bundle(given.bundle)
    with TemporaryDirectory() as folder:
        made, exact, tried = tried_out(
            bundle, given.data, Path(folder), each=given.each
        )
        told = "\n".join(table(made, exact, tried))
        print(told)
        if given.only_try:
            return 0
        ship(bundle.folder, tried, [m for m in made if m.precision == "fp32"])
    text = f"{EXPLAINED.format(processor=processor(), rounds=ROUNDS)}\n\n{told}"
    write_section(bundle.folder / "card.md", TITLE, text)
    if given.table is not None:
        write_section(given.table, f"{bundle.name} {bundle.identity.version}", told)
    load_reader(load_bundle(bundle.folder), device="cpu", threads=1)
    return 0


def tried_out(
    bundle: Bundle, data: Path, folder: Path, *, each: int | None = None
) -> tuple[list[Made], Judged, list[Trial]]:
    """Networks made in `folder`, figures of fp32, and every trial of the others."""
    exact = exact_reader(bundle)
    learned = crops(data, exact, split="train", each=EACH_KIND)
    seen = [*learned, *blood_fields(data, split="train", count=FIELDS)]
    by_file = feeds_of(exact, seen, most=MOST_FEEDS)
    feeds = {r: by_file[p.name] for r, p in bundle.files.items() if p.name in by_file}
    made = make(bundle, feeds, folder)
    kept_out = crops(data, exact, split="val", each=each)
    log.info("judging fp32 by %d crops", len(kept_out))
    found = judged(exact, kept_out, data)

    def judge(networks: Sequence[Made]) -> Judged:
        log.info("judging %s", ", ".join(m.path.name for m in networks))
        return judged(reader_with(bundle, networks), kept_out, data)

    tried = [t for p in PRECISIONS for t in trials(made, found, judge, precision=p)]
    return made, found, tried


def exact_reader(bundle: Bundle) -> NamesPictures:
    """The bundle in fp32 on one thread. Raises UnusableModel when it names no crops."""
    reader = load_reader(bundle, device="cpu:fp32", threads=1)
    if not isinstance(reader, NamesPictures):
        raise UnusableModel(
            f"The model {bundle.name} names no pictures of single cells.",
            "Choose a model of the family lee, mori or bmsnet.",
        )
    return reader


def reader_with(bundle: Bundle, networks: Sequence[Made]) -> CellReader:
    """The bundle with some of its networks replaced, on one thread."""
    files = {**bundle.files, **{made.role: made.path for made in networks}}
    return load_reader(replace(bundle, files=files), device="cpu:fp32", threads=1)


def processor() -> str:
    """The processor's name where the system tells it, and whether it has VNNI."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return "this machine's processor"
    fields = dict(
        line.split(":", 1) for line in text.split("\n\n")[0].splitlines() if ":" in line
    )
    told = {key.strip(): value.strip() for key, value in fields.items()}
    vnni = "with" if "vnni" in told.get("flags", "") else "without"
    return f"{told.get('model name', 'this machine')} {vnni} VNNI"
