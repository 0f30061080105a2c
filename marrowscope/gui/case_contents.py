"""What a case holds, read off its file at once for the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.counted import Counted
from marrowscope.domain.definitions import Formula
from marrowscope.domain.formal_count import FormalCount
from marrowscope.domain.provenance import ModelIdentity
from marrowscope.domain.regions import Region
from marrowscope.domain.review import Verdict
from marrowscope.domain.signing import SigningState
from marrowscope.domain.unflagged import UnflaggedCheck
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.imaging.display_colour import DisplayColour
from marrowscope.store.known_cells import KnownCells
from marrowscope.workflow.fields_read import FieldsRead, fields_read
from marrowscope.workflow.inputs import FailedInput
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.regions import counted_in_case
from marrowscope.workflow.scale import KNOWN
from marrowscope.workflow.sign_off import formulas_signed
from marrowscope.workflow.slide_names import slide_names


@dataclass(frozen=True, slots=True)
class CaseContents:
    """Everything a case holds, read off its file at once.

    `counted`: the cells of `table` within the case's `regions`, counted here and not in
    the window's thread. `target`: cells the reading was to meet; `sampled`: it took
    some fields at random.
    """

    case: OpenedCase
    name: str
    cells: KnownCells | None
    vocabulary: ModelVocabulary | None
    counted: Counted | None
    regions: tuple[Region, ...]
    verdicts: Mapping[int, Verdict]
    names: Mapping[int, str]  # by slide
    working: Mapping[int, tuple[float, str]]  # slide: (mpp, certainty)
    fields: FieldsRead
    model: ModelIdentity | None
    device: str
    unfinished: bool
    failed: int  # fields that could not be read
    target: int | None = None
    sampled: bool = False
    inputs: tuple[Path, ...] = ()
    failures: tuple[FailedInput, ...] = ()
    displays: Mapping[int, DisplayColour] = field(default_factory=dict)
    specimen: Mapping[str, str] = field(default_factory=dict)
    signing: SigningState = field(default_factory=SigningState)
    signed_by: tuple[Formula, ...] = ()
    checks: tuple[UnflaggedCheck, ...] = ()
    formal: FormalCount | None = None

    @property
    def table(self) -> CellTable | None:
        """The cells of the case; None before any was looked for."""
        return self.cells.table if self.cells else None


@dataclass(frozen=True, slots=True, eq=False)
class CellsMet:
    """The cells of a case and what people called them, known before the rest of it.

    `slide`: the number of the one that is shown first.
    """

    slide: int
    cells: KnownCells
    vocabulary: ModelVocabulary
    verdicts: Mapping[int, Verdict]


def contents_of(
    case: OpenedCase, met: Callable[[CellsMet], None] | None = None
) -> CaseContents:
    """Read a case's cells, calls and runs; `met` is told of the cells before the rest.

    They are made ready to be painted while they are counted.
    """
    file = case.file
    runs = file.counted_runs()
    last = runs[-1].provenance if runs else None
    cells, vocabulary, verdicts = file.known_cells(), file.vocabulary(), file.verdicts()
    counted = None
    if cells is not None and vocabulary is not None:
        if met is not None and case.slides:
            met(CellsMet(case.slides[0].number, cells, vocabulary, verdicts))
        counted = counted_in_case(file, cells.table, vocabulary)
    return CaseContents(
        case=case,
        name=file.name,
        cells=cells,
        vocabulary=vocabulary,
        counted=counted,
        regions=file.regions(),
        verdicts=verdicts,
        names=slide_names(file.slides()),
        fields=fields_read(file),
        working={run.slide: _scale_of(run.provenance.plan) for run in runs},
        model=last.model if last else None,
        device=last.device.text if last else "",
        unfinished=any(not run.finished for run in runs),
        failed=sum(len(run.failed) for run in runs),
        target=_target_of(runs[0].provenance.plan) if runs else None,
        sampled=any("sample" in run.provenance.plan for run in runs),
        failures=case.failures,
        displays=file.displays(),
        formal=file.formal_count(),
        specimen=file.specimen(),
        signing=file.signing(),
        signed_by=formulas_signed(file),
        checks=file.checks(),
    )


def _target_of(plan: Mapping[str, object]) -> int | None:
    # Of the first slide it is the whole target; the next ones had what was left of it.
    target = plan.get("target")
    return target if isinstance(target, int) else None


def _scale_of(plan: Mapping[str, object]) -> tuple[float, str]:
    mpp = plan.get("mpp")
    certainty = str(plan.get("mpp_certainty", KNOWN))
    return (
        (float(mpp), certainty) if isinstance(mpp, int | float) else (0.25, "assumed")
    )
