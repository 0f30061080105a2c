"""The values the session holds: all frozen, replaced and never changed in place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, Flag, auto

from marrowscope.domain.geometry import Box, Pixels
from marrowscope.workflow.opening import OpenedSlide

SAME_SCALE = 1e-4  # relative: nobody types more digits
MANY_CALLS = 1000  # in one step: what follows from them waits for the next turn


class Changes(Flag):
    """What is different since the last change event; several may be set."""

    NOTHING = 0
    OPENING = auto()  # opening has begun or ended
    CASE = auto()  # another case, or none: everything is new
    SLIDE = auto()  # another slide of the case is shown
    THUMBNAILS = auto()
    CELLS = auto()
    VERDICTS = auto()
    COUNTS = auto()
    SELECTION = auto()
    PICTURE = auto()  # the selected cell's picture has come
    REVEAL = auto()  # the selected cell shall be brought into view
    VISIBILITY = auto()
    RUN = auto()
    CALIBRATION = auto()
    MODEL = auto()  # another model, or the device is known
    SAVED = auto()
    HISTORY = auto()  # what can be undone from earlier sittings is known
    MESSAGE = auto()
    COLOURS = auto()  # a slide's colours are shown otherwise
    ZONES = auto()  # where cells can be counted has become known
    TARGET = auto()  # how much shall be read
    REGIONS = auto()  # drawn, changed, removed, or another one is in hand
    NOTICES = auto()  # what must be said of this case for as long as it is so
    SIGNING = auto()  # signed, or opened again
    SPECIMEN = auto()  # what is written about the specimen
    IN_VIEW = auto()  # other cells are seen on the smear, or seen otherwise
    READING = auto()  # cells are read one after another: which, and how far


EVERYTHING = ~Changes.NOTHING


class Phase(Enum):
    """Where a run stands."""

    NONE = "none"  # nothing was read yet
    PREPARING = "preparing"  # the model is being loaded, photos are compared
    READING = "reading"
    PAUSED = "paused"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class RunState:
    """How far a run is; `field` (level-0 pixels of slide `slide`) was read last.

    `seconds_left` is None while nothing can be said. `done` and `total` are fields of
    all slides begun, `cells` what this run has found so far. `seeking`: megakaryocytes
    are sought over the whole smear, and `done` and `total` are places looked at.
    """

    phase: Phase = Phase.NONE
    done: int = 0
    total: int = 0
    failed: int = 0
    cells: int = 0
    seconds_left: float | None = None
    slide: int | None = None
    field: Box | None = None
    seeking: bool = False

    @property
    def active(self) -> bool:
        """True from "Read smear" until the worker has ended."""
        return self.phase in (
            Phase.PREPARING,
            Phase.READING,
            Phase.PAUSED,
            Phase.STOPPING,
        )

    @property
    def ended(self) -> bool:
        """True where nothing is left to read, as far as reading was wished for."""
        return self.phase is Phase.FINISHED and not self.failed

    @property
    def next_deed(self) -> str:
        """What the button is called that reads, or reads on."""
        if self.phase is Phase.STOPPED:
            return "Go on reading"
        rest = self.phase is Phase.FINISHED and self.failed
        return "Read the rest" if rest else "Read smear"


@dataclass(frozen=True, slots=True)
class InView:
    """How many cells the smear shows at this moment, and whether one by one."""

    cells: int = 0
    as_density: bool = False


@dataclass(frozen=True, slots=True)
class SlideEntry:
    """A slide of the case as the window knows it.

    `working_mpp` (microns per level-0 pixel) is what runs and crops use even when the
    slide is uncalibrated; `certainty` says where it comes from: "known", "proposed from
    red cells", "assumed", or "" when nothing is known yet. `read_mpp` is the scale that
    the cells shown were read at, None before anything was read.
    """

    opened: OpenedSlide
    name: str
    working_mpp: float | None
    certainty: str
    thumbnail: Pixels | None = None
    read_mpp: float | None = None

    @property
    def number(self) -> int:
        return self.opened.number

    @property
    def mpp(self) -> float | None:
        """Microns per level-0 pixel; None when uncalibrated."""
        return self.opened.mpp

    @property
    def believed_mpp(self) -> float | None:
        """The same, else the scale that its cells were read at, or would be."""
        return self.mpp or self.read_mpp or self.working_mpp

    @property
    def size(self) -> tuple[int, int]:
        identity = self.opened.slide.identity
        return identity.width, identity.height

    @property
    def read_at_other_scale(self) -> bool:
        """True when it was read at another scale than it has now."""
        if self.read_mpp is None or self.mpp is None:
            return False
        return abs(self.read_mpp / self.mpp - 1) > SAME_SCALE


@dataclass(frozen=True, slots=True)
class CellPicture:
    """The crop the classifier judged, larger: `region` in level-0 pixels, RGB pixels.

    The cell's saliency map (8, 8) covers exactly this region.
    """

    cell: int
    region: Box
    pixels: Pixels
