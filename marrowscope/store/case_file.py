"""One specimen in one file: the door to everything a case keeps.

Thread rule: a CaseFile may be called from any thread; calls wait for one another
(see `ledger`). They wait for the disk too, so the window calls from the one worker that
owns the file and never from its own thread.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.geometry import Box, Boxes
from marrowscope.domain.provenance import Provenance, SlideIdentity
from marrowscope.domain.regions import Region
from marrowscope.domain.serial import Marrow
from marrowscope.domain.vocabulary import ModelVocabulary
from marrowscope.imaging.counting_zone.zone_map import ZoneMap
from marrowscope.imaging.display_colour import DisplayColour
from marrowscope.imaging.overlap import Overlap
from marrowscope.store import (
    case_cells,
    case_definitions,
    case_display,
    case_earlier,
    case_photos,
    case_regions,
    case_runs,
    case_searches,
    case_signing,
    case_slides,
    case_specimen,
    case_zones,
    journal,
)
from marrowscope.store.case_runs import StoredRun
from marrowscope.store.case_searches import StoredSearch
from marrowscope.store.case_slides import StoredSlide
from marrowscope.store.corrected_file import CorrectedFile


class CaseFile(CorrectedFile):
    """An open case. Every change is durable when its call returns.

    Any method raises UnusableCase when the disk is full or the file cannot be
    reached; what was stored before is then still there.
    """

    def add_slide(self, identity: SlideIdentity, path: Path) -> int:
        """The slide's number in the case; the same content keeps its number."""
        with self._ledger.writing() as db:
            return case_slides.add(db, identity, path)

    def add_slides(self, found: Sequence[tuple[SlideIdentity, Path]]) -> list[int]:
        """The number of each, as `add_slide` gives it, all in one transaction.

        Where the slides of a signed case lie now is noted; it takes no other slide.
        """
        contents = {slide.identity.content for slide in self.slides()}
        known = contents.issuperset(identity.content for identity, _ in found)
        with self._ledger.writing(though_signed=known) as db:
            return [case_slides.add(db, identity, path) for identity, path in found]

    def slides(self) -> list[StoredSlide]:
        """All slides by number; their identity carries the calibration in force."""
        with self._ledger.reading() as db:
            return case_slides.stored(db)

    def calibrate(
        self,
        number: int,
        mpp: float | None,
        source: str,
        *,
        who: str = journal.PROGRAM,
    ) -> None:
        """Believe `mpp` microns per level-0 pixel; None makes it uncalibrated again."""
        with self._ledger.writing() as db:
            case_slides.calibrate(db, number, mpp, source, who=who)

    def begin_run(
        self,
        slide: int,
        provenance: Provenance,
        vocabulary: ModelVocabulary,
        fields: Sequence[Box],
    ) -> StoredRun:
        """Begin a run over `fields` (level-0 pixels, numbered from 0)."""
        with self._ledger.writing() as db:
            number = case_runs.begin(db, slide, provenance, vocabulary, fields)
        return StoredRun(number, slide, tuple(fields), frozenset(), False, provenance)

    def unfinished_run(self, slide: int, model_sha256: str) -> StoredRun | None:
        """The newest run of a slide, if it is this model's and was not finished."""
        runs = [run for run in self.runs() if run.slide == slide]
        if not runs or runs[-1].finished:
            return None
        same = runs[-1].provenance.model.sha256 == model_sha256
        return runs[-1] if same else None

    def runs(self) -> list[StoredRun]:
        """Every run ever begun, oldest first, with how far it came."""
        with self._ledger.reading() as db:
            return case_runs.stored(db)

    def add_field(self, run: StoredRun, number: int, cells: CellTable) -> CellTable:
        """Store a field that was read, in one transaction; the cells with their ids.

        Raises ValueError for a field the run does not have or has stored before.
        """
        with self._ledger.writing() as db:
            case_runs.mark(db, run.number, number, "read")
            numbered = cells.numbered(case_cells.next_id(db))
            case_cells.insert(db, numbered, run=run.number, field=number)
        return numbered

    def kept_boxes(self, run: StoredRun) -> dict[int, Boxes]:
        """Boxes (N, 4) of the cells each field of `run.done` kept, level-0 pixels."""
        with self._ledger.reading() as db:
            return case_cells.kept_boxes(db, run.number, run.done)

    def add_failed_field(self, run: StoredRun, number: int, reason: str) -> None:
        """Note that a field could not be read; it may be tried again."""
        with self._ledger.writing() as db:
            case_runs.mark(db, run.number, number, "failed", reason)

    def add_sought(self, run: StoredRun, cells: CellTable) -> CellTable:
        """Store cells sought at low power beside a run; the cells with their ids."""
        with self._ledger.writing() as db:
            numbered = cells.numbered(case_cells.next_id(db))
            field = case_searches.SOUGHT
            case_cells.insert(db, numbered, run=run.number, field=field)
        return numbered

    def finish_search(self, run: StoredRun, *, candidates: int, failed: int) -> None:
        """Note that megakaryocytes were sought to the end beside a run."""
        with self._ledger.writing() as db:
            case_searches.finish(db, run.number, candidates=candidates, failed=failed)

    def searches(self) -> dict[int, StoredSearch]:
        """By run the search for megakaryocytes that came to its end beside it."""
        with self._ledger.reading() as db:
            return case_searches.stored(db)

    def finish_run(self, run: StoredRun) -> None:
        """Note that a run came to its end."""
        with self._ledger.writing() as db:
            case_runs.finish(db, run.number)

    def compared_photos(self) -> dict[int, int]:
        """By photo the round it was last compared with others in; 0: unreadable."""
        with self._ledger.reading() as db:
            return case_photos.compared(db)

    def photo_overlaps(self) -> list[Overlap]:
        """Every pair of photos known to show one place, by slide numbers."""
        with self._ledger.reading() as db:
            return case_photos.overlaps(db)

    def set_photo_overlaps(
        self,
        found: Sequence[Overlap],
        *,
        photos: Collection[int],
        unreadable: Collection[int] = (),
    ) -> None:
        """What a comparison of `photos` found; pairs with other photos stay."""
        with self._ledger.writing() as db:
            case_photos.set_overlaps(db, found, photos=photos, unreadable=unreadable)

    def seen_again(self) -> dict[int, int]:
        """By cell the look at the same cell that counts in its stead."""
        with self._ledger.reading() as db:
            return case_photos.seen_again(db)

    def set_seen_again(self, standing: Mapping[int, int]) -> None:
        """Count these cells as the cells they stand for, and no other cell so."""
        with self._ledger.writing() as db:
            case_photos.set_seen_again(db, standing)

    def slide_copies(self) -> list[tuple[int, str]]:
        """Slide and name of every other file that held the same content."""
        with self._ledger.reading() as db:
            return case_photos.copies(db)

    def add_slide_copies(self, found: Iterable[tuple[int, str]]) -> None:
        """Note that files of these names hold the same as a slide of the case each."""
        with self._ledger.writing(though_signed=True) as db:
            for slide, name in found:
                case_photos.add_copy(db, slide, name)

    def vocabulary(self) -> ModelVocabulary | None:
        """What the classes and features of `cells()` mean; None before any run."""
        with self._ledger.reading() as db:
            return case_runs.vocabulary(db)

    def counted_runs(self) -> list[StoredRun]:
        """The runs whose cells `cells()` gives, by slide."""
        with self._ledger.reading() as db:
            numbers = case_runs.newest(db)
            by_number = {run.number: run for run in case_runs.stored(db)}
        return [by_number[number] for _, number in sorted(numbers.items())]

    def zone_map(self, slide: int) -> ZoneMap | None:
        """The zones of a slide; None before they were looked for, or where none are."""
        with self._ledger.reading() as db:
            return case_zones.stored(db, slide)

    def set_zone_map(self, slide: int, zones: ZoneMap) -> None:
        """Keep the zones of a slide in place of earlier ones, found from its pixels."""
        with self._ledger.writing(though_signed=True) as db:
            case_zones.put(db, slide, zones)

    def regions(self) -> tuple[Region, ...]:
        """Every region of every slide, in the order they were drawn in."""
        with self._ledger.reading() as db:
            return case_regions.stored(db)

    def change_regions(
        self, put: Iterable[Region], removed: Iterable[str] = (), *, who: str
    ) -> None:
        """Add or alter regions and drop those with these ids, in one transaction."""
        with self._ledger.writing() as db:
            case_regions.change(db, put, removed, who=who)

    def displays(self) -> dict[int, DisplayColour]:
        """How slides are shown whose colours a reader has changed, by number."""
        with self._ledger.reading() as db:
            return case_display.stored(db)

    def set_display(self, slide: int, colour: DisplayColour, *, who: str) -> None:
        """Keep how a slide is shown; no model ever reads these colours."""
        with self._ledger.writing() as db:
            case_display.put(db, slide, colour, who=who)

    def definitions(self) -> str:
        """The definitions the case was counted by last, as formulas."""
        with self._ledger.reading() as db:
            return case_definitions.stored(db)

    def set_definitions(self, words: str, *, who: str = journal.PROGRAM) -> None:
        """Journal by which definitions the case is counted, where they are new.

        A signed case stays as it was counted.
        """
        with self._ledger.writing(though_signed=True) as db:
            if case_signing.is_signed(db):
                return
            case_definitions.put(db, words, who=who)

    def specimen(self) -> dict[str, str]:
        """What the doctor wrote about the specimen, by field."""
        with self._ledger.reading() as db:
            return case_specimen.stored(db)

    def set_specimen(self, fields: Mapping[str, str], who: str, at: str) -> None:
        """Set these fields and leave the others; an empty text clears a field."""
        with self._ledger.writing() as db:
            case_specimen.fill(db, fields, who=who, at=at)

    def earlier_marrow(self) -> Marrow | None:
        """What the case is compared with, as it stood then; None: with nothing."""
        with self._ledger.reading() as db:
            return case_earlier.stored(db)

    def compare_with(self, marrow: Marrow | None, *, who: str, at: str) -> None:
        """Keep an earlier marrow to compare with, or none any more."""
        with self._ledger.writing() as db:
            case_earlier.put(db, marrow, who=who, at=at)
