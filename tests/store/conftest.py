"""An open case with one slide in an awkwardly named file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from marrowscope.store.case_file import CaseFile


@pytest.fixture
def case_path(tmp_path: Path) -> Path:
    return tmp_path / "Fall #7? 病例.marrow"


@pytest.fixture
def case(case_path: Path) -> Iterator[CaseFile]:
    with CaseFile.create(case_path, name="Fall 7") as made:
        yield made
