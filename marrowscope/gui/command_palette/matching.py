"""How well words typed in haste fit the name of a thing."""

from __future__ import annotations

from dataclasses import dataclass

WHOLE, START, WITHIN, LOOSE = 8.0, 6.0, 3.0, 1.0  # for each word that is typed
LENGTH_COST = 0.01  # for each letter of the name: the shorter of two is meant


@dataclass(frozen=True, slots=True)
class Fit:
    """`score` is larger for a better fit; `places` are the letters that were meant."""

    score: float
    places: frozenset[int]


def fit(typed: str, name: str) -> Fit | None:
    """How `typed` fits a name; None when one of its words does not fit at all.

    A word fits as the start of a word, inside one, or by its letters in their order, of
    which the first starts a word. Case does not count.
    """
    text = name.casefold()
    if len(text) != len(name):  # a letter that folds into two: places would shift
        text = name.lower()
    score, places = -LENGTH_COST * len(name), set[int]()
    for word in typed.casefold().split():
        found = _straight(word, text) or _loosely(word, text)
        if found is None:
            return None
        score += found.score
        places |= found.places
    return Fit(score, frozenset(places))


def _straight(word: str, text: str) -> Fit | None:
    """The word as it stands, best at the start of another."""
    best: Fit | None = None
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        score = WITHIN
        if _starts_word(text, start):
            score = WHOLE if end == len(text) or _starts_word(text, end + 1) else START
        if best is None or score > best.score:
            best = Fit(score, frozenset(range(start, end)))
        start = text.find(word, start + 1)
    return best


def _loosely(word: str, text: str) -> Fit | None:
    """The word's letters in their order, from the first start of a word that allows."""
    for start in range(len(text)):
        if text[start] != word[0] or not _starts_word(text, start):
            continue
        places, place = [start], start
        for letter in word[1:]:
            place = text.find(letter, place + 1)
            if place < 0:
                break
            places.append(place)
        if len(places) == len(word):
            gaps = places[-1] - places[0] + 1 - len(word)
            return Fit(LOOSE / (1 + gaps / len(word)), frozenset(places))
    return None


def _starts_word(text: str, place: int) -> bool:
    return place == 0 or (place <= len(text) and not text[place - 1].isalnum())
