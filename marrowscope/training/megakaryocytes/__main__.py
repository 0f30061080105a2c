"""Draw smears rich in megakaryocytes, fit the network, write it with its card."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

from marrowscope.imaging.megakaryocytes.finding import LEAST_CHANCE, MEGAKARYOCYTE
from marrowscope.training.megakaryocytes.drawing import Seen, versions
from marrowscope.training.small_networks import standardised, write_network

log = logging.getLogger(__name__)
FIRST_SEED = 9000
HELD_BACK = 5  # smears whose figures the card tells
CARD = """# Megakaryocytes at low power

A network with one hidden layer of {hidden} units over {inputs} measures of a stained
body and its surroundings at 2 µm per pixel (`marrowscope.imaging.megakaryocytes`).
Fitted with scikit-learn on {bodies:,} bodies, {positive:,} of them in megakaryocytes,
of {smears} drawn smears (phantom seeds {first} to {last}), each as it is and spoilt by
drawn particles, fat, smudges, blur, ink and tissue.
Again: `python -m marrowscope.training.megakaryocytes --out resources/megakaryocytes`.

{held} drawn smears kept out (the next seeds), chance of at least {least}:

| smears | megakaryocytes | found, % | micro | found, % | candidates | true, % |
|---|---|---|---|---|---|---|
{rows}

A candidate is only a place to look: the model reads each at its own scale, and names
and grades it or leaves it out.

**Learned from drawn smears alone; no real megakaryocyte was at hand.** How many real
ones it finds is unknown. Micromegakaryocytes are as small as lymphocytes and are not to
be seen at this power: they are met only in the fields that are read, so megakaryocytes
sought this way say too little of how many are dysplastic.
"""


@dataclass(frozen=True, slots=True)
class _Figures:
    """Counts over some smears."""

    large: int
    large_found: int
    micro: int
    micro_found: int
    candidates: int
    right: int

    @property
    def row(self) -> str:
        return (
            f"{self.large} | {_percent(self.large_found, self.large)} | {self.micro} |"
            f" {_percent(self.micro_found, self.micro)} | {self.candidates} |"
            f" {_percent(self.right, self.candidates)}"
        )


def main() -> None:
    """Fit and write `megakaryocytes.npz` and `card.md` into --out."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--smears", type=int, default=19)
    given = options.parse_args()
    seeds = range(FIRST_SEED, FIRST_SEED + given.smears)
    fitted: list[Seen] = []
    kept_out: list[Seen] = []
    for seed in seeds:
        into = kept_out if seed >= seeds[-1] + 1 - HELD_BACK else fitted
        into += list(versions(seed))
        log.info("smear %d measured", seed)
    network, scaler, count, positive = _fit(fitted)
    given.out.mkdir(parents=True, exist_ok=True)
    write_network(
        network, scaler, ("other", MEGAKARYOCYTE), given.out / "megakaryocytes.npz"
    )
    card = CARD.format(
        hidden=network.hidden_layer_sizes[0],
        inputs=len(scaler.mean_),
        bodies=count,
        positive=positive,
        smears=len(seeds) - HELD_BACK,
        first=seeds[0],
        last=seeds[-1] - HELD_BACK,
        held=HELD_BACK,
        least=LEAST_CHANCE,
        rows="\n".join(_rows(network, scaler, kept_out)),
    )
    (given.out / "card.md").write_text(card, encoding="utf-8")
    log.info("%s", card)


def _fit(seen: list[Seen]) -> tuple[MLPClassifier, StandardScaler, int, int]:
    """The network, the scaler before it, bodies seen and those in megakaryocytes."""
    measured = np.concatenate([one.measured[one.told] for one in seen])
    inside = np.concatenate([one.large[one.told] for one in seen])
    scaler = StandardScaler().fit(measured)
    network = MLPClassifier(
        (32,), alpha=1e-2, max_iter=60, early_stopping=True, random_state=0
    )
    network.fit(standardised(scaler, measured), inside)
    return network, scaler, len(inside), int(inside.sum())


def _rows(
    network: MLPClassifier, scaler: StandardScaler, seen: list[Seen]
) -> Iterator[str]:
    """Lines of the card's table."""
    for name, some in (
        ("as drawn", [one for one in seen if not one.spoilt]),
        ("spoilt", [one for one in seen if one.spoilt]),
    ):
        counts = [_counted(network, scaler, one) for one in some]
        sums = np.sum(counts, axis=0).tolist()
        yield f"| {name} | {_Figures(*sums).row} |"


def _counted(network: MLPClassifier, scaler: StandardScaler, one: Seen) -> list[int]:
    chances = network.predict_proba(standardised(scaler, one.measured))[:, 1]
    likely = one.told & (chances >= LEAST_CHANCE)
    found = np.unique(one.cell[likely])
    return [
        len(one.visible_large),
        int(np.isin(one.visible_large, found).sum()),
        len(one.visible_micro),
        int(np.isin(one.visible_micro, found).sum()),
        int(likely.sum()),
        int((one.cell[likely] >= 0).sum()),
    ]


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "-"


if __name__ == "__main__":
    main()
