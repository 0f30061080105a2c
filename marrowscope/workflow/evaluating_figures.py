"""Draw what was evaluated, and find the published figures that go with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.evaluation.agreement import AgreementReport
from marrowscope.evaluation.cases import CaseReport
from marrowscope.evaluation.crop_levels import CropLevels
from marrowscope.evaluation.grades import FeatureReport
from marrowscope.evaluation.masks import MaskReport
from marrowscope.evaluation.named_cells import FoundAndNamed
from marrowscope.evaluation.published import WARNING, Published, published_figures
from marrowscope.workflow.places import load_published, resources

WholeReport = CropLevels | CaseReport | AgreementReport | FoundAndNamed | MaskReport
Report = WholeReport | Sequence[FeatureReport]


def draw_figures(report: Report, folder: Path | None) -> list[Path]:
    """Every figure of a report as PNG and SVG; the PNGs, none without a folder.

    Raises MarrowScopeError when the folder cannot be written.
    """
    if folder is None:
        return []
    try:
        return _drawn(report, folder, resources() / "fonts")
    except OSError as error:
        raise MarrowScopeError(
            f"No figures can be written to {folder} ({error.strerror}).",
            "Choose another folder with --plots.",
        ) from error


def _drawn(report: Report, folder: Path, fonts: Path) -> list[Path]:
    # Drawing costs half a second of imports that nobody else should pay.
    from marrowscope.evaluation.figures import (  # noqa: PLC0415
        agreement,
        cases,
        detection,
        grades,
        masks,
        naming,
    )

    match report:
        case CropLevels():
            return naming.crop_level_figures(report, folder, fonts=fonts)
        case FoundAndNamed():
            return detection.detection_figures(report, folder, fonts=fonts)
        case MaskReport():
            return masks.mask_figures(report, folder, fonts=fonts)
        case CaseReport():
            return cases.case_figures(report, folder, fonts=fonts)
        case AgreementReport():
            return agreement.agreement_figure(report, folder, fonts=fonts)
        case _:
            return grades.grade_figures(report, folder, fonts=fonts)


def published(table: str) -> tuple[Published, ...]:
    """The papers' figures of one command's table."""
    return published_figures(load_published(), table)


def with_cited(answer: dict[str, object], table: str) -> dict[str, object]:
    """The JSON of a report with `published` and `published_note` beside its own."""
    figures = [one.as_json() for one in published(table)]
    return {**answer, "published": figures, "published_note": WARNING}
