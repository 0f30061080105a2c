"""What slides of one case are called, so that two of one file name differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from marrowscope.store.case_slides import StoredSlide


def names_apart(named: Sequence[tuple[str, Path]]) -> list[str]:
    """Each name; a shared one with as many of its path's folders as tell it apart.

    "1.png" of the folders a and b are "a/1.png" and "b/1.png".
    """
    shared = Counter(name for name, _ in named)
    tails = [(*path.absolute().parent.parts, name) for name, path in named]
    return [
        tail[-1] if shared[tail[-1]] == 1 else _apart(tail, tails) for tail in tails
    ]


def _apart(own: tuple[str, ...], tails: Sequence[tuple[str, ...]]) -> str:
    rivals = [tail for tail in tails if tail != own and tail[-1] == own[-1]]
    length = next(
        (n for n in range(2, len(own) + 1) if all(t[-n:] != own[-n:] for t in rivals)),
        2,
    )
    return "/".join(own[-length:])


def slide_names(slides: Sequence[StoredSlide]) -> dict[int, str]:
    """What every slide of a case is called, by number."""
    names = names_apart([(s.identity.name, s.path) for s in slides])
    return {s.number: name for s, name in zip(slides, names, strict=True)}
