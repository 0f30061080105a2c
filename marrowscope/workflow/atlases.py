"""Atlases of labelled cells: built, found, and how well they agree with themselves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marrowscope.analysis.cancellation import CancellationToken
from marrowscope.domain.errors import MarrowScopeError, UnusableModel
from marrowscope.inference.atlas import Atlas, Label, majority, small_picture
from marrowscope.inference.bundle import Bundle
from marrowscope.inference.crop_features import CropFeatures
from marrowscope.workflow import places
from marrowscope.workflow.labelled_cells import LabelledCell, drawn, labelled_cells
from marrowscope.workflow.models import find_model
from marrowscope.workflow.writing import written_whole

SUFFIX = ".atlas"
PER_LABEL = 400  # of one label; more of the commonest tell no more
BATCH = 32

Tell = Callable[[int, int], None]  # cells done, cells to do


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often the nearest five of an atlas's own cells bear a cell's label.

    `of` cells looked at with all others; `agreed` of them; by label as well. Cells of
    one patient lie together here, so that this is optimistic.
    """

    agreed: int
    of: int
    by_label: tuple[tuple[str, int, int], ...]


def build_atlas(
    name: str,
    inputs: Sequence[Path],
    *,
    model: str,
    mpp: float | None = None,
    per_label: int = PER_LABEL,
    token: CancellationToken | None = None,
    tell: Tell = lambda done, of: None,
) -> Path:
    """Write an atlas of labelled folders and of the confirmed cells of case files.

    A folder has a sub-folder for each label. At most `per_label` cells of a label,
    drawn at random. `mpp`: microns per pixel of the folders' pictures; by default as
    their red cells say. Raises MarrowScopeError where there is nothing to take.
    """
    bundle = find_model(model)
    features = CropFeatures(bundle)
    path = place_of(name)
    with ExitStack() as opened:
        found = (labelled_cells(one, bundle, mpp, opened) for one in inputs)
        cells = drawn(chain.from_iterable(found), per_label)
        if not cells:
            raise MarrowScopeError(
                "There is no labelled cell to make an atlas of.",
                "Give a folder with one sub-folder for each label, or confirmed cases.",
            )
        described = list(_described(cells, features, token, tell))
    atlas = _atlas(name, described, bundle, inputs)
    path.parent.mkdir(parents=True, exist_ok=True)
    written_whole(path, atlas.save)
    return path


def place_of(name: str) -> Path:
    """The file of an atlas. Raises MarrowScopeError where the name cannot be one."""
    if not name.strip() or Path(name).name != name or name.startswith("."):
        raise MarrowScopeError(
            f"“{name}” cannot be the name of an atlas.",
            "Choose a name without slashes, such as: marrow 2026.",
        )
    return places.atlas_folder() / f"{name}{SUFFIX}"


def atlas_names() -> list[str]:
    """The atlases at hand, in alphabetical order."""
    return sorted(path.stem for path in places.atlas_folder().glob(f"*{SUFFIX}"))


def free_name(name: str, taken: Collection[str]) -> str:
    """This name with the first number, from 2, that no atlas has."""
    return next(n for i in count(2) if (n := f"{name} {i}") not in taken)


def open_atlas(name: str, bundle: Bundle) -> Atlas:
    """The atlas of that name, for the features of this model.

    Raises UnreadableInput when it is none, UnusableModel when another model made it.
    """
    atlas = Atlas.load(place_of(name))
    if atlas.model_sha256 != bundle.identity.sha256:
        identity = bundle.identity
        raise UnusableModel(
            f"The atlas {name} was made with {atlas.model}, and {identity.name} "
            f"{identity.version} reads here.",
            "Build the atlas again with this model.",
        )
    return atlas


def agreement(atlas: Atlas) -> Agreement:
    """Each cell named by the majority of its five nearest others."""
    near, _ = atlas.neighbours()
    named = [majority(atlas.which[row].tolist()) for row in near]
    right = np.array([a == b for a, b in zip(named, atlas.which, strict=True)], bool)
    by_label = tuple(
        (label.name, int(right[atlas.which == i].sum()), int((atlas.which == i).sum()))
        for i, label in enumerate(atlas.labels)
    )
    return Agreement(int(right.sum()), len(atlas), by_label)


# How an atlas is made of them ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Described:
    """A labelled cell with its features (D,) and its small picture."""

    label: Label
    features: NDArray[np.float32]
    picture: bytes


def _described(
    cells: Sequence[LabelledCell],
    features: CropFeatures,
    token: CancellationToken | None,
    tell: Tell,
) -> Iterator[_Described]:
    """Every cell whose picture can be read."""
    for start in range(0, len(cells), BATCH):
        if token is not None and token.cancelled:
            raise MarrowScopeError("The atlas was not finished.", "Build it again.")
        batch = cells[start : start + BATCH]
        cut = [(cell, crop) for cell in batch if (crop := cell.cut()) is not None]
        vectors = features.of([crop for _, crop in cut])
        for (cell, crop), vector in zip(cut, vectors, strict=True):
            yield _Described(cell.label, vector, small_picture(crop))
        tell(start + len(batch), len(cells))


def _atlas(
    name: str, cells: Sequence[_Described], bundle: Bundle, inputs: Sequence[Path]
) -> Atlas:
    if not cells:
        raise MarrowScopeError(
            "Not one of the labelled cells can be read.", "Look at their pictures."
        )
    labels = tuple(dict.fromkeys(cell.label for cell in cells))
    return Atlas(
        name,
        f"{bundle.identity.name} {bundle.identity.version}",
        bundle.identity.sha256,
        ", ".join(path.stem for path in inputs),
        np.stack([cell.features for cell in cells]),
        labels,
        np.array([labels.index(cell.label) for cell in cells], np.int32),
        tuple(cell.picture for cell in cells),
    )
