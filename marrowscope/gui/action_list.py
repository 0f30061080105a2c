"""The actions by name: words, deed, key, icon. The order is the menus'."""

from __future__ import annotations

from typing import NamedTuple

from marrowscope.gui.actions import Actions, Deed
from marrowscope.gui.deeds import Deeds
from marrowscope.gui.region_deeds import RegionDeeds
from marrowscope.gui.session import CaseSession
from marrowscope.gui.slide_view.magnification import OBJECTIVES
from marrowscope.gui.smear_deeds import SmearDeeds


class Entry(NamedTuple):
    """One action; `checked` makes it a switch that begins so."""

    name: str
    text: str
    deed: Deed
    key: str = ""
    icon: str = ""
    checked: bool | None = None


def add_actions(
    actions: Actions,
    deeds: Deeds,
    smear: SmearDeeds,
    regions: RegionDeeds,
    session: CaseSession,
) -> None:
    """Every action that is not about the window's own parts."""
    entries = [
        *_file(deeds),
        *_looking(smear),
        *_going(deeds, smear),
        *_over_the_smear(smear, session),
        *_run(deeds),
        *_calls(deeds, smear),
        *_regions(regions),
    ]
    for entry in entries:
        actions.add(
            entry.name,
            entry.text,
            entry.deed,
            key=entry.key,
            icon_name=entry.icon,
            checked=entry.checked,
        )
    for number, objective in enumerate(OBJECTIVES):
        name, key = f"objective_{number}", str(number + 1)
        action = actions.add(name, f"{objective}x", smear.objective, key=key)
        action.setProperty("objective", number)


def _file(deeds: Deeds) -> list[Entry]:
    save = deeds.choose_report_folder
    return [
        Entry("open", "&Open…", deeds.choose_files, "Ctrl+O", "folder-open"),
        Entry("open_folder", "Open &folder…", deeds.choose_folder, "Ctrl+Shift+O"),
        Entry("save", "&Save", deeds.tell_saved, "Ctrl+S"),
        Entry("export", "Save &report…", save, "Ctrl+P", "file-text"),
        Entry("colours", "&Colours of the slide…", deeds.show_colours, "Ctrl+B"),
        Entry("specimen", "&Specimen…", deeds.specimen, "Ctrl+I"),
        Entry("criteria", "&Criteria side by side…", deeds.rules.criteria, "Ctrl+E"),
        Entry("definitions", "&Definitions…", deeds.rules.definitions),
        Entry("preview", "&Preview", deeds.report.preview),
        Entry("compare", "&Compare with an earlier marrow…", deeds.report.compare),
        Entry("sign", "S&ign…", deeds.report.sign),
        Entry("amend", "&Amend…", deeds.report.amend),
        Entry("versions", "&History", deeds.report.versions),
        Entry("model_card", "&Model card", deeds.show_model_card, icon="info"),
        Entry("keys", "&Keys and mouse", deeds.show_keys, "F1"),
        Entry("log_folder", "Open the &log's folder", deeds.show_log_folder),
        Entry("about", "&About MarrowScope", deeds.show_about),
    ]


def _looking(smear: SmearDeeds) -> list[Entry]:
    return [
        Entry("copy", "&Copy", smear.copy, "Ctrl+C"),
        Entry("clear_selection", "&Clear selection", smear.clear_selection),
        Entry("fit", "&Whole slide", smear.fit, "0 Home", "maximize"),
        Entry("zoom_in", "Zoom &in", smear.zoom_in, "+ ="),
        Entry("zoom_out", "Zoom &out", smear.zoom_out, "-"),
        Entry("turn_right", "Turn &right", smear.turn_right, "R"),
        Entry("turn_left", "Turn &left", smear.turn_left, "Shift+R"),
        Entry("upright", "Set &upright", smear.set_upright, "U"),
        Entry(
            "wheel",
            "Zoom in with the &wheel towards you",
            smear.invert_wheel,
            checked=False,
        ),
        Entry(
            "side_by_side",
            "S&ide by side",
            smear.side_by_side,
            "Ctrl+D",
            "columns-2",
            checked=False,
        ),
        Entry(
            "synchronise",
            "S&ynchronise both sides",
            smear.synchronise,
            "Ctrl+Alt+S",
            "link-2",
            checked=False,
        ),
        Entry("other_side", "Turn to the ot&her side", smear.other_side, "F6"),
    ]


def _going(deeds: Deeds, smear: SmearDeeds) -> list[Entry]:
    return [
        Entry("calibrate", "Sca&le of the slide…", deeds.calibrate, icon="ruler"),
        Entry("next_field", "Next field", smear.next_field, "PgDown"),
        Entry("previous_field", "Previous field", smear.previous_field, "PgUp"),
        Entry("next_slide", "Next slide or photo", smear.next_slide, "Ctrl+PgDown"),
        Entry(
            "previous_slide",
            "Previous slide or photo",
            smear.previous_slide,
            "Ctrl+PgUp",
        ),
        Entry("photo_map", "Photo map", deeds.show_photo_map, "Ctrl+M"),
    ]


def _over_the_smear(smear: SmearDeeds, session: CaseSession) -> list[Entry]:
    return [
        Entry("boxes", "&Boxes", session.show_boxes, "B", checked=True),
        Entry("names", "&Names of the cells", smear.show_names, "L", checked=False),
        Entry("fill", "&Fill the boxes", smear.show_fill, "F", checked=False),
        Entry("minimap", "&Overview", smear.show_minimap, "O", checked=True),
        Entry("scale_bar", "&Scale bar", smear.show_scale_bar, "S", checked=True),
        Entry("zones", "Where to &count", smear.show_zones, "Z", checked=False),
        Entry("grid", "Counting &grid", smear.show_grid, "G", checked=False),
        Entry("bare", "Smear alone, while the key is &held", smear.look_bare, "H"),
        Entry("clear_lines", "Clear &measured lines", smear.clear_lines),
    ]


def _run(deeds: Deeds) -> list[Entry]:
    return [
        Entry("read", "&Read smear", deeds.read, "Ctrl+R", "play"),
        Entry("read_again", "Read a&gain from the start", deeds.read_again),
        Entry("pause", "&Pause", deeds.pause_or_go_on, "Ctrl+Space", "pause"),
        Entry("stop", "&Stop", deeds.stop, "Ctrl+.", "square"),
    ]


def _calls(deeds: Deeds, smear: SmearDeeds) -> list[Entry]:
    return [
        Entry("undo", "&Undo", deeds.undo, "Ctrl+Z", "undo-2"),
        Entry("redo", "&Redo", deeds.redo, "Ctrl+Shift+Z Ctrl+Y"),
        Entry("confirm", "&Confirm suggestion", deeds.confirm, "Return Enter"),
        Entry("not_a_cell", "&Not a cell", deeds.not_a_cell, "Del"),
        Entry("withdraw", "&Take call back", deeds.withdraw, "Backspace"),
        Entry("remove_cells", "R&emove cells", deeds.remove_cells, "Shift+Del"),
        Entry("merge_cells", "Mer&ge into one cell", deeds.merge_cells, "Ctrl+J"),
        Entry("next_cell", "Ne&xt cell", smear.next_cell, "N"),
        Entry("previous_cell", "Pre&vious cell", smear.previous_cell, "Shift+N"),
    ]


def _regions(deeds: RegionDeeds) -> list[Entry]:
    return [
        Entry("draw_rectangle", "Draw &rectangle", deeds.draw_rectangle, "D"),
        Entry("draw_polygon", "Draw &polygon", deeds.draw_polygon, "P"),
        Entry("draw_freehand", "Draw by &hand", deeds.draw_freehand, "W"),
        Entry("turn_region", "&Leave region out of the count", deeds.turn),
        Entry("remove_region", "Re&move region", deeds.remove),
        Entry("take_regions", "&Take regions from GeoJSON…", deeds.take),
        Entry("give_regions", "Save re&gions and cells as GeoJSON…", deeds.give),
    ]
