"""Regions as `analyse` is told of them: rectangles and GeoJSON files."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from pathlib import Path

from marrowscope.cli.console import say
from marrowscope.domain.geometry import Box
from marrowscope.domain.regions import Region
from marrowscope.workflow.opening import OpenedCase
from marrowscope.workflow.regions import (
    asked_for,
    files_by_slide,
    import_regions,
    set_regions,
)


@dataclass(frozen=True, slots=True)
class AskedRegions:
    """Rectangles, level-0 pixels, for every slide, and files for one slide each."""

    boxes: tuple[Box, ...] = ()
    files: tuple[Path, ...] = ()


NOTHING_ASKED = AskedRegions()


def set_asked_regions(case: OpenedCase, asked: AskedRegions | None) -> None:
    """Let these be the regions of the slides they are for; None forgets all regions.

    Slides for which nothing is asked keep the regions that the case has. Raises
    UnreadableInput for a file without regions, or one that fits no slide.
    """
    who = getpass.getuser()
    if asked is None:
        set_regions(case.file, (), slides=[s.number for s in case.slides], who=who)
        return
    files = files_by_slide(case, asked.files)
    for opened in case.slides:
        number = opened.number
        regions = [asked_for(b, number, i) for i, b in enumerate(asked.boxes, 1)]
        if number in files:
            size = opened.slide.levels[0]
            taken = import_regions(
                files[number],
                slide=number,
                size=(size.width, size.height),
                known=regions,
            )
            regions += taken.regions
        if regions:
            set_regions(case.file, regions, slides=[number], who=who)
        _say_regions(opened.path.name, case.file.regions(), number)


def _say_regions(slide: str, regions: tuple[Region, ...], number: int) -> None:
    names = [f"“{r.name}”" for r in regions if r.slide == number and r.included]
    if names:
        say(f"Only {', '.join(names)} of {slide} will be read and counted.")
