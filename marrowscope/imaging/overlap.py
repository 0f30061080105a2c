"""How the photos of one smear lie: which show the same place, and how far turned.

Landmarks (Lowe 2004, SIFT) of all photos go into one nearest-neighbour index, so that
500 photos need no 125,000 comparisons; pairs that share landmarks are aligned by a
similarity transform (RANSAC) and believed only where their pixels agree as well.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from marrowscope.domain.geometry import Pixels

WORKING_SIDE = 900  # pixels a photo is looked at with
LANDMARKS = 1000  # of each photo, the strongest
NEIGHBOURS = 4  # landmarks of other photos that each one is set against
MIN_SHARED = 6  # landmarks before a pair is aligned at all
MIN_AGREEING = 9  # landmarks that must agree on one alignment
MAX_ZOOM = 1.15  # one objective: photos of one case are of one scale
MIN_LIKENESS = 0.55  # correlation of the pixels both show
LEAST_SHARED_PIXELS = 400  # of the small pictures: less proves nothing
_INDEX: Any = {"algorithm": 1, "trees": 4, "random_seed": 1}  # FLANN's randomised trees
NEAR_DUPLICATE = 0.9  # of the smaller photo's area


@dataclass(frozen=True, slots=True)
class Overlap:
    """Photos `first` and `second` show one place in part.

    `transform` (2, 3) carries pixels of `first` to pixels of `second`. `shared`: the
    part of the smaller photo's area that both show. `likeness`: correlation there.
    """

    first: int
    second: int
    transform: NDArray[np.float64]
    shared: float
    likeness: float

    @property
    def near_duplicate(self) -> bool:
        """True when one photo shows hardly anything the other does not."""
        return self.shared >= NEAR_DUPLICATE


@dataclass(frozen=True, slots=True)
class Landmarks:
    """What is kept of a photo once it was looked at.

    `points` (N, 2) in its own pixels, `descriptors` (N, 128), `small` the grey picture
    that was looked at, `shrink` how many photo pixels one of its pixels is wide.
    """

    points: NDArray[np.float32]
    descriptors: NDArray[np.float32]
    small: NDArray[np.uint8]
    shrink: float
    width: int
    height: int


def landmarks(pixels: Pixels) -> Landmarks:
    """The landmarks of a photo (H, W, 3). Light is evened out first."""
    height, width = pixels.shape[:2]
    shrink = max(max(height, width) / WORKING_SIDE, 1.0)
    size = max(round(width / shrink), 1), max(round(height / shrink), 1)
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    grey = cv2.createCLAHE(2.0, (8, 8)).apply(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))
    sift = cv2.SIFT.create(nfeatures=LANDMARKS)
    nowhere = np.full(grey.shape, 255, np.uint8)  # no part is left out
    found, descriptors = sift.detectAndCompute(grey, nowhere)
    points = np.array([key.pt for key in found], np.float32).reshape(-1, 2)
    none = np.zeros((0, 128), np.float32)
    told = none if descriptors is None else np.asarray(descriptors, np.float32)
    return Landmarks(
        points * np.float32(shrink),
        np.sqrt(told / np.maximum(told.sum(1, keepdims=True), 1e-6)),
        np.asarray(grey, np.uint8),
        shrink,
        width,
        height,
    )


def overlaps(photos: Sequence[Landmarks]) -> list[Overlap]:
    """Every pair of photos that show one place, the earlier photo first.

    Two photos that share a mere strip, but both lie beside a third, are placed by way
    of it and believed where their pixels agree.
    """
    found: dict[tuple[int, int], Overlap] = {}
    for pair, matches in _shared_landmarks(photos).items():
        if len(matches) >= MIN_SHARED:
            aligned = _aligned(photos, pair, np.array(matches))
            if aligned is not None:
                found[pair] = aligned
    for pair, transform in _by_way_of_others(found, len(photos)):
        through = _believed(photos, pair, transform)
        if through is not None:
            found[pair] = through
    return [found[pair] for pair in sorted(found)]


def placements(
    found: Sequence[Overlap], count: int
) -> list[dict[int, NDArray[np.float64]]]:
    """Photos that hang together, the largest group first: each photo's (2, 3) transform
    to the pixels of its group's first photo. A photo alone is a group of its own.
    """
    return _groups({(o.first, o.second): o for o in found}, count)


def _groups(
    found: Mapping[tuple[int, int], Overlap], count: int
) -> list[dict[int, NDArray[np.float64]]]:
    beside: dict[int, list[tuple[int, NDArray[np.float64]]]] = {}
    for (first, second), overlap in found.items():
        back = cv2.invertAffineTransform(overlap.transform)
        beside.setdefault(first, []).append((second, _plain(back)))
        beside.setdefault(second, []).append((first, overlap.transform))
    groups, seen = [], set()
    for start in range(count):
        if start not in seen:
            group = _reached(start, beside)
            seen.update(group)
            groups.append(group)
    return sorted(groups, key=lambda group: (-len(group), min(group)))


def _reached(
    start: int, beside: Mapping[int, Sequence[tuple[int, NDArray[np.float64]]]]
) -> dict[int, NDArray[np.float64]]:
    """Transforms to `start`'s pixels, over as few photos between as possible."""
    group = {start: np.eye(2, 3)}
    waiting = deque([start])
    while waiting:
        near = waiting.popleft()
        for far, to_near in beside.get(near, ()):
            if far not in group:
                group[far] = _after(group[near], to_near)
                waiting.append(far)
    return group


def _by_way_of_others(
    found: Mapping[tuple[int, int], Overlap], count: int
) -> Iterator[tuple[tuple[int, int], NDArray[np.float64]]]:
    for group in _groups(found, count):
        members = sorted(group)
        for i, first in enumerate(members):
            for second in members[i + 1 :]:
                if (first, second) not in found:
                    back = _plain(cv2.invertAffineTransform(group[second]))
                    yield (first, second), _after(back, group[first])


def _after(
    last: NDArray[np.float64], before: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The (2, 3) transform that does `before`, then `last`."""
    return last @ np.vstack([before, (0.0, 0.0, 1.0)])


def _plain(matrix: cv2.typing.MatLike) -> NDArray[np.float64]:
    return np.asarray(matrix, np.float64)


def _shared_landmarks(
    photos: Sequence[Landmarks],
) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """By pair of photos: pairs of landmark numbers that look alike."""
    owner = np.repeat(np.arange(len(photos)), [len(p.points) for p in photos])
    number = np.concatenate([np.arange(len(p.points)) for p in photos] or [owner])
    if len(owner) < 2:
        return {}
    everything = np.concatenate([p.descriptors for p in photos])
    cv2.setRNGSeed(1)  # the same pairs whenever the same photos are looked at
    index: Any = cv2.flann.Index(everything, _INDEX)  # OpenCV's stubs know no dicts
    wanted = min(NEIGHBOURS + 1, len(owner))
    nearest, squared = index.knnSearch(everything, wanted, params={"checks": 48})
    pairs: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for row, column in zip(*np.nonzero(_telling(nearest, squared, owner)), strict=True):
        other = nearest[row, column]
        if owner[row] < owner[other]:
            key = int(owner[row]), int(owner[other])
            pairs.setdefault(key, []).append((int(number[row]), int(number[other])))
    return pairs


def _telling(
    nearest: NDArray[np.int32], squared: NDArray[np.float32], owner: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """(N, K) True for neighbours in other photos clearly nearer than the farthest."""
    rows = np.arange(len(nearest))[:, None]
    elsewhere = (owner[nearest] != owner[rows]) & (nearest != rows)
    return elsewhere & (squared < 0.75 * squared[:, -1:])


def _aligned(
    photos: Sequence[Landmarks], pair: tuple[int, int], matches: NDArray[np.int64]
) -> Overlap | None:
    """The pair's alignment; None when landmarks or pixels do not bear it out."""
    first, second = photos[pair[0]], photos[pair[1]]
    source, target = first.points[matches[:, 0]], second.points[matches[:, 1]]
    reach = 3.0 * max(first.shrink, second.shrink)
    transform, agree = cv2.estimateAffinePartial2D(
        source, target, ransacReprojThreshold=reach, maxIters=4000, confidence=0.999
    )
    if transform is None or int(np.sum(agree)) < MIN_AGREEING:
        return None
    return _believed(photos, pair, _plain(transform))


def _believed(
    photos: Sequence[Landmarks], pair: tuple[int, int], transform: NDArray[np.float64]
) -> Overlap | None:
    """The overlap, when scale and pixels bear the alignment out."""
    zoom = float(np.hypot(*transform[:, 0]))
    if not 1 / MAX_ZOOM < zoom < MAX_ZOOM:
        return None
    shared, likeness = _agreement(photos[pair[0]], photos[pair[1]], transform)
    if likeness < MIN_LIKENESS:
        return None
    return Overlap(*pair, transform, shared, likeness)


def _agreement(
    first: Landmarks, second: Landmarks, transform: NDArray[np.float64]
) -> tuple[float, float]:
    """The shared part of the smaller area, and the correlation of the pixels there."""
    matrix = transform.copy()
    matrix[:, :2] *= first.shrink / second.shrink
    matrix[:, 2] /= second.shrink
    size = second.small.shape[1], second.small.shape[0]
    whole = np.ones(first.small.shape, np.uint8)
    inside = np.asarray(cv2.warpAffine(whole, matrix, size)) > 0
    count = int(inside.sum())
    if count < LEAST_SHARED_PIXELS:
        return 0.0, 0.0
    warped = np.asarray(cv2.warpAffine(first.small, matrix, size))
    carried = warped[inside].astype(np.float32)
    there = second.small[inside].astype(np.float32)
    spread = float(carried.std() * there.std())
    both = float(((carried - carried.mean()) * (there - there.mean())).mean())
    smaller = min(
        first.small.size * (first.shrink / second.shrink) ** 2, second.small.size
    )
    return min(count / smaller, 1.0), both / max(spread, 1e-6)
