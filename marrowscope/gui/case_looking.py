"""Where the reader looks: the slide shown, the cells selected, the classes seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from marrowscope.domain.cell_table import CellTable
from marrowscope.domain.cells import Cell
from marrowscope.domain.review import Origin
from marrowscope.gui.case_state import Changes, InView
from marrowscope.gui.case_view import CaseView
from marrowscope.gui.messages import Message
from marrowscope.imaging.display_colour import DisplayColour


class CaseLooking(CaseView):
    """The half of `CaseSession` that changes nothing of the case itself."""

    # The cells of the slide one after another, and for which table that was found.
    _walk = np.zeros(0, np.int64)
    # Why the cells selected are looked at: where they were selected says so.
    _found = Origin.MET
    _walked: tuple[object, object, object] = (None, None, None)

    @property
    def looked_at(self) -> Cell | None:
        """The cell in hand, as far as it may be seen: read blind it has no answer."""
        cell = self.selected
        hidden = cell is not None and self.hides_answer(cell.id)
        return cell.veiled if cell is not None and hidden else cell

    def hides_answer(self, cell: int) -> bool:
        """True while what the model says of a cell shall not be seen: it is read blind.

        A cell that was called shows both answers again.
        """
        return self.reading.hides(cell, self.verdicts)

    def show_slide(self, number: int) -> None:
        """Show another slide of the case."""
        if number != self._current and self._door.slide(number) is not None:
            self._current = number
            self.changed.emit(Changes.SLIDE)

    def look_at_cards(self, numbers: Sequence[int]) -> None:
        """The cards of these slides are in sight: their small pictures come first."""
        self._door.pictures.look_at(numbers)

    def show_zones(self, wanted: bool) -> None:
        """Look where cells can be counted on every slide shown from now on."""
        self.zones.wanted = wanted
        self.zones.look_for(self._door.case, self.slide)

    def select_cells(
        self, cells: ArrayLike, *, reveal: bool = False, found: Origin = Origin.MET
    ) -> None:
        """Select cells by id; `reveal` brings the last one into view.

        `found`: why these were looked at, as their calls will say.
        """
        self._found = found
        change = Changes.SELECTION if self._focus.select(cells) else Changes.NOTHING
        cell = self.selected
        if cell is not None:
            self._book.select(None)
            self.reading.go_to(cell.id)
        if reveal and cell is not None:
            if cell.slide != self._current:
                self._current = cell.slide
                change |= Changes.SLIDE
            change |= Changes.REVEAL
        self._fetch_picture()
        if change:
            self.changed.emit(change)

    def _fetch_picture(self) -> None:
        """The picture of the cell that is looked at, as its slide is shown."""
        cell = self.selected
        if cell is not None:
            slide = self._door.slide(cell.slide)
            self._focus.look_at(cell, slide, self._colours.of(cell.slide))

    def unseen(self, cells: NDArray[np.int64]) -> NDArray[np.bool_]:
        """(N,) which of several cells the reader has not had before the eyes yet.

        One cell alone is looked at, and one that was called has been.
        """
        if len(cells) < 2:
            return np.zeros(len(cells), np.bool_)
        unseen, called = self.seen.unseen(cells), self.verdicts
        unseen[unseen] = [cell not in called for cell in cells[unseen].tolist()]
        return unseen

    def select_cell(self, cell_id: int | None, *, reveal: bool = False) -> None:
        """Select one cell, or none."""
        self.select_cells([] if cell_id is None else [cell_id], reveal=reveal)

    def select_next(self, step: int = 1) -> None:
        """Select the next (or previous) cell: of those being read, else of the slide.

        Of a slide those whose class is shown, in their order.
        """
        if self.reading.active:
            self.select_cell(self.reading.step(step), reveal=True)
            return
        ids = self._visible_ids()
        if not len(ids):
            return
        current = self.selection[-1] if len(self.selection) else None
        places = np.flatnonzero(ids == current)
        start = int(places[0]) if len(places) else (-1 if step > 0 else 0)
        self.select_cell(int(ids[(start + step) % len(ids)]), reveal=True)

    def read_on(self) -> None:
        """Select the cell in hand of those being read; if called, the next to call."""
        current = self.reading.current
        if current is not None and current not in self.verdicts:
            self.select_cell(current, reveal=True)
        else:
            self.go_on()

    def go_on(self) -> None:
        """Select the next cell that nobody has called, of those being read.

        Where nothing is being read, of the slide. Where all are called, the last one
        stays.
        """
        if self.reading.active:
            cell = self.reading.to_read(self.verdicts)
        else:
            cell = self._uncalled()
        if cell is not None:
            self.select_cell(cell, reveal=True)

    def _uncalled(self) -> int | None:
        """The next cell of the slide, round its end, that nobody has called."""
        ids = self._visible_ids()
        here = np.flatnonzero(np.isin(ids, self.selection[-1:]))
        after = int(here[0]) + 1 if len(here) else 0
        for rank in range(after, after + len(ids)):
            if (cell := int(ids[rank % len(ids)])) not in self.verdicts:
                return cell
        return None

    def _visible_ids(self) -> np.ndarray:
        """Of the slide shown those whose class is shown; found once, not every time."""
        table = self._table
        if table is None or self._current is None:
            return np.zeros(0, np.int64)
        now = (table, self._current, self._hidden)
        if any(a is not b for a, b in zip(now, self._walked, strict=True)):
            self._walk, self._walked = self._shown_of(table), now
        return self._walk

    def _shown_of(self, table: CellTable) -> np.ndarray:
        shown = np.asarray([c not in self._hidden for c in table.classes], np.bool_)
        return table.id[(table.slide == self._current) & shown[table.class_index]]

    def set_class_visible(self, class_id: str, visible: bool) -> None:
        """Show or hide the boxes of one class."""
        one = frozenset((class_id,))
        self.set_hidden_classes(self._hidden - one if visible else self._hidden | one)

    def set_hidden_classes(self, hidden: Iterable[str]) -> None:
        """Hide exactly these classes."""
        if (chosen := frozenset(hidden)) != self._hidden:
            self._hidden = chosen
            self.changed.emit(Changes.VISIBILITY)

    def show_boxes(self, shown: bool) -> None:
        """Show or hide all boxes."""
        if shown != self._boxes_shown:
            self._boxes_shown = shown
            self.changed.emit(Changes.VISIBILITY)

    def note_in_view(self, in_view: InView) -> None:
        """The smear shows these cells now."""
        if in_view != self._in_view:
            self._in_view = in_view
            self.changed.emit(Changes.IN_VIEW)

    def show_colours(self, number: int, colours: DisplayColour) -> None:
        """Show a slide in these colours from now on; the case remembers them."""
        if self._colours.wish(number, colours, who=self.reader):
            self._fetch_picture()
            self.changed.emit(Changes.COLOURS)

    def keep_colours(self) -> None:
        """Store in which colours slides are shown, without waiting any longer."""
        self._colours.store()

    def say(self, message: Message) -> None:
        """Show a banner instead of the one there is."""
        self._message = message
        self.changed.emit(Changes.MESSAGE)

    def dismiss(self) -> None:
        """Take the banner away."""
        if self._message is not None:
            self._message = None
            self.changed.emit(Changes.MESSAGE)
