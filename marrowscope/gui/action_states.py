"""Which actions can be done now, and what they are called meanwhile."""

from __future__ import annotations

from marrowscope.domain.regions import Region
from marrowscope.domain.review import History
from marrowscope.gui.actions import Actions
from marrowscope.gui.case_state import Phase
from marrowscope.gui.session import CaseSession

ON_A_SLIDE = (
    "fit",
    "next_field",
    "previous_field",
    "zoom_in",
    "zoom_out",
    "calibrate",
    "colours",
    "side_by_side",
    "count_mode",
    "draw_rectangle",
    "draw_polygon",
    "draw_freehand",
    "take_regions",
    "give_regions",
)
ON_A_CASE = (
    *("lost_calls", "second_reader", "adjudicate", "export"),
    *("specimen", "criteria", "preview", "sign", "versions"),
    "compare",
)
ON_CELLS = (
    *("confirm", "dysplastic", "not_dysplastic", "cannot_classify"),
    *("not_a_cell", "withdraw"),
)
CHANGING = (
    *("colours", "calibrate", "count_mode", "specimen", "sign", "undo", "redo"),
    *ON_CELLS,
    "criteria",
    *("add_cell", "remove_cells", "split_cell", "redraw_cell", "merge_cells"),
    *("draw_rectangle", "draw_polygon", "draw_freehand", "take_regions"),
    *("turn_region", "remove_region", "read", "read_again", "formal_count"),
    *("second_reader", "adjudicate", "self_check", "unflagged", "compare"),
)
NOT_ASIDE = (
    *("colours", "calibrate", "specimen", "criteria", "sign", "export", "preview"),
    *("add_cell", "remove_cells", "split_cell", "redraw_cell", "merge_cells"),
    *("draw_rectangle", "draw_polygon", "draw_freehand", "take_regions"),
    *("turn_region", "remove_region", "review_queue", "unflagged", "formal_count"),
    *("second_reader", "adjudicate", "self_check", "compare"),
    *("lost_calls", "versions", "microscope"),  # they tell of the first reader's calls
)


def show_states(actions: Actions, session: CaseSession) -> None:
    """Grey out what cannot be done; pausing and reading have two names each."""
    for name in ON_A_SLIDE:
        actions[name].setEnabled(session.slide is not None)
    for name in ON_A_CASE:
        actions[name].setEnabled(session.opened_case is not None)
    for name in ON_CELLS:
        actions[name].setEnabled(len(session.selection) > 0)
    cell = session.selected
    if cell is not None and session.hides_answer(cell.id):
        actions["confirm"].setEnabled(False)
    # While a model reads, its cells are still coming: none of them is redrawn.
    still = not session.run.active
    actions["remove_cells"].setEnabled(still and len(session.selection) > 0)
    actions["add_cell"].setEnabled(still and session.vocabulary is not None)
    for name in ("split_cell", "redraw_cell"):
        actions[name].setEnabled(still and len(session.selection) == 1)
    actions["merge_cells"].setEnabled(still and len(session.selection) > 1)
    read = session.table is not None and len(session.table) > 0
    for name in ("review_queue", "unflagged", "self_check"):
        actions[name].setEnabled(still and read)
    actions["formal_count"].setEnabled(read)
    _show_region(actions, session.region)
    actions["photo_map"].setEnabled(len(session.slides) > 1)
    _show_history(actions, session.history)
    _show_run(actions, session)
    _show_fixed(actions, session)


def _show_region(actions: Actions, region: Region | None) -> None:
    for name in ("turn_region", "remove_region"):
        actions[name].setEnabled(region is not None)
    left_out = region is not None and not region.included
    words = "&Count region" if left_out else "&Leave region out of the count"
    actions["turn_region"].setText(words)


def _show_fixed(actions: Actions, session: CaseSession) -> None:
    """A signed case, or one that is only looked at, is read and not changed; a report
    is signed when all is read.
    """
    signed = session.signing.signed is not None
    actions["amend"].setEnabled(signed and not session.protected)
    actions["work_on_copy"].setEnabled(session.protected)
    actions["microscope"].setEnabled(True)
    for name in ("sign", "second_reader", "adjudicate") if session.run.active else ():
        actions[name].setEnabled(False)
    for name in NOT_ASIDE if session.aside else ():
        actions[name].setEnabled(False)
    for name in CHANGING if session.fixed is not None else ():
        actions[name].setEnabled(False)


def _show_history(actions: Actions, history: History) -> None:
    for name, deed, step in (
        ("undo", "&Undo", history.undo),
        ("redo", "&Redo", history.redo),
    ):
        actions[name].setEnabled(bool(step))
        # An ampersand in a name must not become an access key.
        said = step.replace("&", "&&")
        actions[name].setText(f"{deed}: {said}" if step else deed)


def _show_run(actions: Actions, session: CaseSession) -> None:
    phase = session.run.phase
    paused = phase is Phase.PAUSED
    actions["read"].setEnabled(session.can_start and not session.run.ended)
    actions["read"].setText(session.run.next_deed)
    actions["read_again"].setEnabled(session.can_start and phase is not Phase.NONE)
    actions["pause"].setEnabled(paused or phase is Phase.READING)
    actions["pause"].setText("Go on" if paused else "Pause")
    actions["stop"].setEnabled(session.run.active and phase is not Phase.STOPPING)
