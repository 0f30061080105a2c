"""Cells that two photos of one smear both show, so that each is counted once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from marrowscope.domain.geometry import Boxes
from marrowscope.imaging.overlap import Overlap

NEAR = 0.4  # of the smaller cell's width: farther centres are two cells
MAX_GROWTH = 1.7  # of the longer side between two looks at one cell, uncut


def standing_for(
    boxes: Boxes,
    photo: NDArray[np.integer],
    overlaps: Sequence[Overlap],
    *,
    cut: NDArray[np.bool_],
    score: NDArray[np.floating],
) -> NDArray[np.int64]:
    """For each cell the row of the look that counts; its own row when that is it.

    boxes (N, 4) in pixels of their photo, `photo` (N,) its number as in `overlaps`. Of
    several looks at one cell the one counts that no edge cuts, then the best detected.
    No two cells of one photo are ever taken for one.
    """
    count = len(boxes)
    pairs = [pair for one in overlaps for pair in _pairs(boxes, photo, one, cut=cut)]
    if not pairs:
        return np.arange(count)
    rows, columns = np.array(pairs).T
    links = coo_array((np.ones(len(pairs)), (rows, columns)), shape=(count, count))
    _, group = connected_components(links, directed=False)
    best = np.lexsort((np.arange(count), -np.asarray(score), np.asarray(cut)))
    standing = np.arange(count)
    for members in _groups(group, best):
        if len(np.unique(photo[members])) == len(members):
            standing[members] = members[0]
        else:
            _part(members, photo, pairs=set(pairs), standing=standing)
    return standing


def _pairs(
    boxes: Boxes, photo: NDArray[np.integer], one: Overlap, *, cut: NDArray[np.bool_]
) -> Iterator[tuple[int, int]]:
    """Rows of cells that are each other's nearest, near enough and of one size."""
    first, second = (np.flatnonzero(photo == n) for n in (one.first, one.second))
    if not len(first) or not len(second):
        return
    here = _centres(boxes[first]) @ one.transform[:, :2].T + one.transform[:, 2]
    there = _centres(boxes[second])
    away, forth = (np.asarray(part) for part in KDTree(there).query(here))
    back = np.asarray(KDTree(here).query(there)[1])
    for i in np.flatnonzero(back[forth] == np.arange(len(first))):
        pair = int(first[i]), int(second[forth[i]])
        sides = [boxes[row, 2:] for row in pair]
        longer = sorted(float(side.max()) for side in sides)
        like = longer[1] < MAX_GROWTH * longer[0] or cut[list(pair)].any()
        if away[i] < _reach(sides, cut=bool(cut[list(pair)].any())) and like:
            yield pair


def _reach(sides: Sequence[NDArray[np.floating]], *, cut: bool) -> float:
    """How far apart two looks at one cell may lie; a cut cell's middle is off."""
    if cut:
        return 0.5 * max(float(side.max()) for side in sides)
    return NEAR * min(float(side.min()) for side in sides)


def _centres(boxes: Boxes) -> NDArray[np.float64]:
    return (boxes[:, :2] + boxes[:, 2:] / 2).astype(np.float64)


def _groups(
    group: NDArray[np.integer], best: NDArray[np.integer]
) -> Iterator[NDArray[np.integer]]:
    """Rows of every group of two or more, the one that shall count first."""
    ordered = best[np.argsort(group[best], kind="stable")]
    edges = np.flatnonzero(np.diff(group[ordered])) + 1
    return (rows for rows in np.split(ordered, edges) if len(rows) > 1)


def _part(
    members: NDArray[np.integer],
    photo: NDArray[np.integer],
    *,
    pairs: set[tuple[int, int]],
    standing: NDArray[np.int64],
) -> None:
    """A chain of looks came back to its first photo elsewhere: trust direct pairs."""
    for row in members.tolist():
        for better in members.tolist():
            if better == row:
                break
            linked = (row, better) in pairs or (better, row) in pairs
            if linked and standing[better] == better:
                standing[row] = better
                break
