"""Draw smears of the training seeds, fit the network, write it with its card."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

from marrowscope.imaging.counting_zone.looks import (
    looks,
    with_surroundings,
)
from marrowscope.training.counting_zone.drawing import (
    FEW,
    KNOWN,
    MANY,
    UNKNOWN,
    crowded,
    drawn_smear,
    patch_zones,
    restained,
    sectioned,
    spoilt,
    staining_of_picture,
    zones_of,
)
from marrowscope.training.small_networks import as_one, standardised, write_network

log = logging.getLogger(__name__)
FIRST_SEED = 7000
ROUNDS = 10  # versions of every drawn smear
UNSPOILT = 4  # of them, the first as it was drawn
CROWDED = (2, 3, 6, 7, 8)  # of them, full of nucleated cells
HELD_BACK = 4  # smears of each kind, whose agreement the card tells
SECTIONS = 6  # of tissue, for every drawn smear: a strong stain is no tissue
HIDDEN, NETWORKS = 24, 5  # units of each; their mean is one network
MOST_OF_A_ZONE = 20_000  # patches
CARD = """# Zones of a smear

The mean of {networks} networks with one hidden layer each, {hidden} units in all, over
{inputs} measures of a 64 µm patch and its surroundings at 1 µm per pixel
(`marrowscope.imaging.counting_zone`). Fitted with scikit-learn on {patches:,} patches
of {smears} drawn smears ({cellular} of them cellular, phantom seeds {first} to {last}),
each in {rounds} stains, half of them made full of nucleated cells, most of them spoilt
by drawn particles, fat, smudges, blur and ink; and of {sections} drawn tissue sections
in place of each.
Again: `python -m marrowscope.training.counting_zone --out resources/counting_zone`.

Agreement on {held} drawn smears kept out, half of them cellular, patch by patch:

| zone | patches | named so, % | of those named so, right, % |
|---|---|---|---|
{rows}

**Learned from drawn pictures alone.** The particles, fat, smudges, ink and sections are
drawings. Nobody has marked zones on a real smear for it. It suggests where to read; it
decides nothing.
"""


def main() -> None:
    """Fit and write `zones.npz` and `card.md` into --out."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--smears", type=int, default=48)
    options.add_argument("--cellular", type=int, default=16, help="smears besides")
    options.add_argument("--drawn", type=Path, help="folder that keeps drawn smears")
    given = options.parse_args()
    few = range(FIRST_SEED, FIRST_SEED + given.smears)
    many = range(few.stop, few.stop + given.cellular)
    fitted, kept_out = [], []
    for seeds, cells in ((few, FEW), (many, MANY)):
        for seed in seeds:
            smear = _smear(seed, cells, given.drawn)
            into = kept_out if seed >= seeds.stop - HELD_BACK else fitted
            into += list(_versions(smear, seed))
            log.info("smear %d measured", seed)
    network, scaler, count = _fit(fitted)
    given.out.mkdir(parents=True, exist_ok=True)
    names = [KNOWN[int(k)] for k in network.classes_]
    write_network(network, scaler, names, given.out / "zones.npz")
    card = CARD.format(
        hidden=len(network.intercepts_[0]),
        inputs=len(scaler.mean_),
        patches=count,
        smears=len(few) + len(many) - 2 * HELD_BACK,
        first=FIRST_SEED,
        last=many[-1],
        cellular=len(many) - HELD_BACK,
        held=2 * HELD_BACK,
        networks=NETWORKS,
        rounds=ROUNDS,
        sections=SECTIONS,
        rows="\n".join(_rows(network, scaler, kept_out)),
    )
    (given.out / "card.md").write_text(card, encoding="utf-8")
    log.info("%s", card)


def _smear(seed: int, cells: tuple[int, int], folder: Path | None) -> NDArray[np.uint8]:
    path = folder / f"{seed}.png" if folder else None
    if path is not None and path.exists():
        return cv2.imread(str(path), cv2.IMREAD_COLOR)[..., ::-1].copy()
    smear = drawn_smear(seed, cells)
    if path is not None:
        cv2.imwrite(str(path), smear[..., ::-1])
    return smear


def _versions(
    smear: NDArray[np.uint8], seed: int
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.uint8]]]:
    """Measures (N, K) and zones (N,) of the clean smear and of spoilt ones."""
    zones = zones_of(seed)
    for turn in range(ROUNDS):
        rng = np.random.default_rng([seed, turn])
        picture, said = smear, zones
        if turn in CROWDED:
            picture = crowded(picture, zones, rng)
        if turn:
            picture = restained(picture, rng)
        if turn >= UNSPOILT:
            picture, said = spoilt(picture, said, rng)
        yield _measured(picture, said)
    for turn in range(SECTIONS):
        rng = np.random.default_rng([seed, ROUNDS + turn])
        picture, said = sectioned(smear, rng)
        yield _measured(restained(picture, rng), said)


def _measured(
    picture: NDArray[np.uint8], zones: NDArray[np.uint8]
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    measured = with_surroundings(looks(picture, staining_of_picture(picture)))
    patches = patch_zones(zones)
    known = patches != UNKNOWN
    return measured[known], patches[known]


def _fit(
    versions: list[tuple[NDArray[np.float32], NDArray[np.uint8]]],
) -> tuple[MLPClassifier, StandardScaler, int]:
    """The network, the scaler before it, and how many patches it saw."""
    measured = np.concatenate([m for m, _ in versions])
    zones = np.concatenate([z for _, z in versions])
    rng = np.random.default_rng(0)
    rows = np.concatenate(
        [
            rng.permutation(np.flatnonzero(zones == k))[:MOST_OF_A_ZONE]
            for k in range(len(KNOWN))
        ]
    )
    scaler = StandardScaler().fit(measured[rows])
    inputs = standardised(scaler, measured[rows])
    networks = [
        MLPClassifier(
            (HIDDEN,), alpha=1e-2, max_iter=40, early_stopping=True, random_state=k
        ).fit(inputs, zones[rows])
        for k in range(NETWORKS)
    ]
    return as_one(networks), scaler, len(rows)


def _rows(
    network: MLPClassifier,
    scaler: StandardScaler,
    versions: list[tuple[NDArray[np.float32], NDArray[np.uint8]]],
) -> Iterator[str]:
    """Lines of the card's table."""
    measured = np.concatenate([m for m, _ in versions])
    zones = np.concatenate([z for _, z in versions])
    said = network.predict(standardised(scaler, measured))
    for k, name in enumerate(KNOWN):
        true, named = zones == k, said == k
        right = (true & named).sum()
        recall, precision = right / max(true.sum(), 1), right / max(named.sum(), 1)
        figures = f"{true.sum():,} | {100 * recall:.1f} | {100 * precision:.1f}"
        yield f"| {name} | {figures} |"


if __name__ == "__main__":
    main()
