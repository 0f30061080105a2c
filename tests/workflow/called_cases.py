"""Case files with confirmed cells, for whoever compares two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from marrowscope.store.case_file import CaseFile
from marrowscope.workflow.reviewing import called, record
from tests.store.case_parts import SLIDE, VOCABULARY, cells_at, provenance, strip


def case_with(
    path: Path, blasts: int, *, calls: int = 300, words: Mapping[str, str] = {}
) -> Path:
    """400 cells suggested, so many called, so many of those blasts."""
    with CaseFile.create(path, name=path.stem) as file:
        slide = file.add_slide(replace(SLIDE, content=path.stem), Path("gone.svs"))
        run = file.begin_run(slide, provenance(mpp=0.25), VOCABULARY, strip(1))
        file.add_field(run, 0, cells_at([(i * 70.0, 0) for i in range(400)]))
        lines = ["blast"] * blasts + ["segmented"] * (calls - blasts)
        record(file, [called(i, (x,), reader="A") for i, x in enumerate(lines, 1)])
        file.set_specimen(words, "A", "2026-11-21T05:00:00+00:00")
    return path
