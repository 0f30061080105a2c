"""What the review says: how many cells matter, for which lines, and what was found."""

from __future__ import annotations

from marrowscope.domain.criteria import Criteria
from marrowscope.domain.decision_impact import LineAtStake, ReviewOrder
from marrowscope.domain.measured_errors import MeasuredErrors
from marrowscope.domain.statistics import Share, percent_text
from marrowscope.report.wording import count_text, mark_text

QUEUE = "Review queue"
AGAIN = "Calls to look at again"
CHECK = "Unflagged cells, read blind"
NO_PERCENTAGE = (
    "Calls made here are in no percentage: these cells were not met by chance."
)
WAITING = "Looking for the cells most likely to change the result…"
AGAIN_HEAD = "Look once more: a very sure model says otherwise."
AGAIN_WHY = "Call the cell again if your call was a slip; step on to keep it."
AGAIN_BASIS = "The model’s answer stays hidden, so that you look at the cell."
NO_BREAK = "\u00a0"
NOT_LIKELY = "No cell left is likely to change a reported line"


def headline(order: ReviewOrder, *, read: int) -> str:
    """How many cells are worth reviewing."""
    cells = order.first
    if not cells:
        return f"{NOT_LIKELY}."
    if cells == 1:
        return "Reviewing this cell is most likely to change the result."
    more = " more" if read else ""
    return f"Reviewing these {cells:,}{more} cells is most likely to change the result."


def reasons(order: ReviewOrder) -> str:
    """For which lines, and where these stand with the calls of now."""
    told = [line for line in order.lines if line.cells]
    told.sort(key=lambda line: -line.cells)
    return "  ·  ".join(_reason(line) for line in told)


def _reason(line: LineAtStake) -> str:
    share = percent_text(Share(line.part, line.whole), (line.threshold,))
    name = "blasts" if line.name == "blast" else f"{line.name} dysplasia"
    cells = "1 cell" if line.cells == 1 else f"{line.cells:,} cells"
    said = f"{cells} for {name} at {mark_text(line.threshold)}, now {share} %"
    said = f"{said} of {count_text(line.whole)}"
    return said.replace(" %", NO_BREAK + "%")


def wholes(order: ReviewOrder, criteria: Criteria) -> str:
    """What the shares are of: not all that the model puts into a lineage is judged."""
    named = {one.lineage: one.denominator for one in criteria.dysplasia}
    told = [line for line in order.lines if line.cells and line.name in named]
    return "\n".join(
        f"{line.name.capitalize()}: {count_text(line.part)} of"
        f" {count_text(line.whole)} {named[line.name]}"
        for line in told
    )


def share_of_decisive(cells: int, order: ReviewOrder) -> str:
    """Of the cells under one heading, in the order of the queue."""
    if not order.first:
        return NOT_LIKELY.lower()
    by = "by this model’s measured errors"
    if not cells:
        return f"least likely to change the result, {by}"
    return f"{cells:,} most likely to change the result, the rest least likely, {by}"


def basis_text(errors: MeasuredErrors) -> str:
    """What "likely" rests on."""
    return (
        "The rest are least likely, by this model’s measured errors"
        f" ({errors.source}). {NO_PERCENTAGE}"
    )


def again_button(cells: int) -> str:
    """What the queue offers where a slip is likelier than a find."""
    return "Look at 1 call again" if cells == 1 else f"Look at {cells:,} calls again"


def check_headline(called: int, drawn: int) -> str:
    """How far the reading of unflagged cells is."""
    left = drawn - called
    if not left:
        return f"All {drawn:,} unflagged cells are read."
    cells = "1 unflagged cell is" if left == 1 else f"{left:,} unflagged cells are"
    return f"{cells} left to read, drawn at random from each lineage."
