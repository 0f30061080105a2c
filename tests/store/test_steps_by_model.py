"""Any sequence of edits, undos, redos and reopenings is what a simple model says."""

from __future__ import annotations

import tempfile
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from marrowscope.domain.geometry import Box
from marrowscope.domain.review import Edit, History, MissedCell, Verdict
from marrowscope.store.case_file import CaseFile
from tests.store.case_parts import begun, cells_at

READERS = ("A", "B")
LINES = ("blast", "band", "myelocyte")
cells = st.integers(1, 8)  # three that a run found, then those drawn by hand
readers, places = st.sampled_from(READERS), st.integers(0, 900)


@dataclass
class Simple:
    """The states a reader went through, as plain dictionaries, and where one stands."""

    calls: dict[int, str] = field(default_factory=dict)
    boxes: dict[int, Box | None] = field(default_factory=dict)


class Steps(RuleBasedStateMachine):
    """Reader A draws and calls, B calls; each has a history of one's own."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "case.marrow"
        self.case = CaseFile.create(self.path, name="steps")
        corners = [(0.0, 0.0), (100.0, 0.0), (300.0, 300.0)]
        self.case.add_field(begun(self.case), 0, cells_at(corners))
        table = self.case.cells()
        self.known = {int(i): table.cell(r).box for r, i in enumerate(table.id)}
        self.states = {who: [("", Simple())] for who in READERS}
        self.stands = dict.fromkeys(READERS, 0)
        self.number = 0

    def now(self, who: str) -> Simple:
        return self.states[who][self.stands[who]][1]

    def do(self, edit: Edit, after: Simple) -> None:
        self.case.edit(edit)
        del self.states[edit.who][self.stands[edit.who] + 1 :]
        self.states[edit.who].append((edit.name, after))
        self.stands[edit.who] += 1

    def step(self, who: str) -> tuple[str, str, Simple]:
        self.number += 1
        return f"step {self.number}", f"t{self.number:06}", deepcopy(self.now(who))

    @rule(who=readers, chosen=st.sets(cells, min_size=1), line=st.sampled_from(LINES))
    def call(self, who: str, chosen: set[int], line: str) -> None:
        name, at, after = self.step(who)
        here = chosen & self.known.keys()
        verdicts = tuple(Verdict(c, (line,), None, who, at) for c in sorted(here))
        after.calls |= dict.fromkeys(here, line)
        self.do(Edit(name, who, at, verdicts=verdicts), after)

    @rule(who=readers, cell=cells)
    def withdraw(self, who: str, cell: int) -> None:
        if cell in self.known:
            name, at, after = self.step(who)
            after.calls.pop(cell, None)
            self.do(Edit(name, who, at, withdrawn=(cell,)), after)

    @rule(cell=cells, x=places, gone=st.booleans())
    def draw(self, cell: int, x: int, gone: bool) -> None:
        if cell in self.known:
            name, at, after = self.step("A")
            box = None if gone else Box(x, 1, 30, 20)
            after.boxes[cell] = box
            self.do(Edit(name, "A", at, boxes={cell: box}), after)

    @rule(x=places, cell=cells)
    def split(self, x: int, cell: int) -> None:
        if cell not in self.known or len(self.known) >= 7:
            return
        name, at, after = self.step("A")
        missed = (MissedCell(1, Box(x, 50, 9, 9), ("blast",)),)
        edit = Edit(name, "A", at, boxes={cell: None}, missed=missed)
        new = len(self.known) + 1
        self.known[new] = Box(x, 50, 9, 9)
        after.boxes |= {cell: None, new: missed[0].box}
        after.calls[new] = "blast"
        self.do(edit, after)

    @rule(who=readers)
    def undo(self, who: str) -> None:
        step = self.case.undo(who)
        assert (step is None) == (self.stands[who] == 0)
        self.stands[who] = max(0, self.stands[who] - 1)

    @rule(who=readers)
    def redo(self, who: str) -> None:
        step, last = self.case.redo(who), len(self.states[who]) - 1
        assert (step is None) == (self.stands[who] == last)
        self.stands[who] = min(last, self.stands[who] + 1)

    @rule()
    def reopen(self) -> None:
        self.case.close()
        self.case = CaseFile.open(self.path)

    @invariant()
    def the_case_is_as_the_model_says(self) -> None:
        drawn = self.now("A").boxes
        boxes = {c: box for c, box in self.known.items() if c <= 3}
        boxes = {c: b for c, b in (boxes | drawn).items() if b is not None}
        table = self.case.cells()
        assert {int(i): table.cell(r).box for r, i in enumerate(table.id)} == boxes
        said = self.case.verdicts_by_reader()
        for who in READERS:
            own = {c: v.lines[0] for c, v in said.get(who, {}).items()}
            calls = self.now(who).calls
            assert own == {c: line for c, line in calls.items() if c in boxes}
            names, at = [name for name, _ in self.states[who]], self.stands[who]
            after = names[at + 1] if at + 1 < len(names) else ""
            assert self.case.history(who) == History(names[at], after)

    def teardown(self) -> None:
        self.case.close()
        self.folder.cleanup()


TestSteps = Steps.TestCase
TestSteps.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
