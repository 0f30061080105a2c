"""The report as one web page that needs nothing beside it."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from marrowscope.report import (
    area,
    confirmed,
    counted_map,
    formal,
    serial,
    serial_cells,
    signing,
    suggested,
    systems,
    thresholds,
    unflagged,
)
from marrowscope.report.content import ReportContent
from marrowscope.report.wording import count_text

_TEMPLATE = "report.html"
# Headings and notes that are the same in every report.
_WORDS = {
    "confirmed_heading": confirmed.HEADING,
    "suggested_heading": suggested.HEADING,
    "nothing_yet": confirmed.NOTHING_YET,
    "not_separated": suggested.NOT_SEPARATED,
    "interval_note": confirmed.NOT_COVERED,
    "count_heading": formal.HEADING,
    "maps_heading": counted_map.HEADING,
    "spread_note": area.NOTE,
    "unflagged_heading": unflagged.HEADING,
    "unflagged_note": unflagged.NOTE,
    "thresholds_heading": thresholds.HEADING,
    "thresholds_columns": thresholds.COLUMNS,
    "more_cells_note": thresholds.MORE_CELLS,
    "amended_heading": signing.HEADING,
    "open_heading": signing.OPEN,
    "serial_heading": serial.HEADING,
    "serial_heads": serial.HEADS,
    "serial_method": serial.METHOD,
    "serial_cells_heading": serial_cells.CELLS_HEADING,
    "criteria_heading": systems.HEADING,
    "not_a_diagnosis": systems.NOT_A_DIAGNOSIS,
    "scale_end": confirmed.SCALE_END,
}


def write_html(content: ReportContent, path: Path, *, resources: Path) -> None:
    """Write the page; `resources` is the folder that holds `report/report.html`."""
    path.write_text(page(content, resources=resources), encoding="utf-8")


def page(content: ReportContent, *, resources: Path) -> str:
    """The page as text."""
    environment = Environment(
        loader=FileSystemLoader(resources / "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["count"] = count_text
    environment.filters["picture"] = _data_uri
    environment.filters["along"] = _along
    return environment.get_template(_TEMPLATE).render(
        **_WORDS,
        report=content,
        confirmed=content.confirmed,
        suggested=content.suggested,
    )


def _data_uri(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{b64encode(jpeg).decode('ascii')}"


def _along(percent: float) -> str:
    """Where a percentage stands on a bar 1000 units long."""
    end = confirmed.SCALE_END
    return f"{1000 * min(max(percent, 0.0), end) / end:.1f}"
