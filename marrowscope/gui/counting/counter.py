"""What a counter answers, whatever it counts: cells of a smear, or keys alone."""

from __future__ import annotations

from typing import Protocol

from marrowscope.domain.key_map import KeyMap


class Counter(Protocol):
    """Told by `CountKeys` what the reader pressed."""

    @property
    def key_map(self) -> KeyMap: ...

    def call(self, target: str, *, dysplastic: bool) -> None:
        """The cell in hand is of this class; `dysplastic`: Space was held."""
        ...

    def give_grade(self, grade: int) -> None:
        """The cell in hand is dysplastic to this grade, 0 to 3."""
        ...

    def mark(self, key: str) -> None:
        """A feature's key: once for grade 1, again for 2 and 3, then none."""
        ...

    def take_back(self) -> None:
        """Undo what was done last."""
        ...

    def step(self, by: int) -> None:
        """Go to the next cell, or back."""
        ...

    def show_examples(self, target: str) -> None:
        """Show cells of this class."""
        ...

    def hide_examples(self) -> bool:
        """True when some were shown."""
        ...

    def leave(self) -> None:
        """Count no more."""
        ...


def press(counter: Counter, key: str, *, dysplastic: bool = False) -> bool:
    """Do what a class's or a feature's key says, typed or clicked; False for others."""
    target = counter.key_map.classes.get(key)
    if target is not None:
        counter.call(target, dysplastic=dysplastic)
    elif key in counter.key_map.features:
        counter.mark(key)
    else:
        return False
    return True
