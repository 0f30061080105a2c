"""Mori et al. 2020 (AKIRA): a Faster R-CNN finds cells, a regressor grades them."""

from __future__ import annotations

from marrowscope.domain.errors import UnusableModel
from marrowscope.domain.provenance import working_together
from marrowscope.inference.box_detector import SHAPES as BOXES
from marrowscope.inference.box_detector import SMALLEST_PX, BoxDetector
from marrowscope.inference.bundle import Bundle
from marrowscope.inference.grade_regressor import SHAPES as GRADES
from marrowscope.inference.grade_regressor import GradeRegressor
from marrowscope.inference.grade_scale import GradeScale
from marrowscope.inference.graded_classes import CLASSES, FINE_IDS, Sharing
from marrowscope.inference.graded_labels import IDS
from marrowscope.inference.onnx_model import OnnxModel
from marrowscope.inference.rotations import Stopping
from marrowscope.inference.two_stage import TwoStageReader


def load_mori(
    bundle: Bundle, *, device: str = "auto", threads: int = 0
) -> TwoStageReader:
    """Load both networks. Raises UnusableModel when one does not answer as it must.

    `[mori]` of bundle.toml: `sequential_stopping`, whether to stop turning a crop that
    is decided; `cuts` between the grades of each change (`GradeScale`); `sharing` of
    the outputs into class probabilities (`Sharing`).
    """
    _check_words(bundle)
    detecting = OnnxModel(
        bundle.files["detector"],
        variants=bundle.variants["detector"],
        shapes=BOXES,
        probe=(3, SMALLEST_PX, SMALLEST_PX),
        device=device,
        threads=threads,
    )
    detector = BoxDetector(
        detecting,
        mpp=bundle.crop.mpp,
        network_mpp=bundle.field.mpp,
        normalisation=bundle.normalisation,
    )
    regressor = grade_regressor(
        bundle,
        device=device,
        threads=threads,
        stop_early=bool(bundle.options.get("sequential_stopping", False)),
    )
    device_use = working_together(detecting.device, regressor.device)
    return TwoStageReader(
        bundle, detector, regressor, device=device_use, turns_itself=True
    )


def grade_regressor(
    bundle: Bundle, *, device: str, threads: int, stop_early: bool
) -> GradeRegressor:
    """The bundle's regressor alone. Raises UnusableModel like `load_mori`."""
    grading = OnnxModel(
        bundle.files["regressor"],
        variants=bundle.variants["regressor"],
        shapes=GRADES,
        probe=(3, bundle.crop.size, bundle.crop.size),
        device=device,
        threads=threads,
    )
    scale, sharing = _reading_of(bundle)
    return GradeRegressor(
        grading,
        features=bundle.vocabulary.feature_ids,
        normalisation=bundle.normalisation,
        scale=scale,
        sharing=sharing,
        stopping=_stopping(bundle, scale, sharing) if stop_early else None,
    )


def _reading_of(bundle: Bundle) -> tuple[GradeScale, Sharing]:
    try:
        return (
            GradeScale.of(bundle.options.get("cuts", {})),
            Sharing.of(bundle.options.get("sharing", {})),
        )
    except (AttributeError, TypeError, ValueError) as error:
        raise UnusableModel(
            f"The model “{bundle.name}” does not say usably how its outputs are read: "
            f"{error}.",
            "Copy the model folder again from where it came.",
        ) from error


def _check_words(bundle: Bundle) -> None:
    words = bundle.vocabulary
    fine = tuple(f.id for f in words.fine)
    strangers = [name for name in words.feature_ids if name not in IDS]
    if words.class_ids == CLASSES and fine in ((), FINE_IDS) and not strangers:
        return
    raise UnusableModel(
        f"The model “{bundle.name}” names classes or features that its family "
        f"“{bundle.identity.family}” does not have.",
        "Copy the model folder again from where it came.",
    )


def _stopping(bundle: Bundle, scale: GradeScale, sharing: Sharing) -> Stopping:
    try:
        return Stopping.load(bundle.files["stopping"], scale, sharing)
    except (KeyError, OSError, ValueError) as error:
        raise UnusableModel(
            f"The model “{bundle.name}” shall stop turning early but says not when.",
            "Set sequential_stopping = false in its bundle.toml.",
        ) from error
