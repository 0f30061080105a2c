"""Draws the two sounds of a count: struck bars of wood, soft and short.

`python installer/make_sounds.py` writes resources/sounds/*.wav again, byte for byte.
"""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

RATE = 16_000  # samples a second; the highest partial stays below 6 kHz
FOLDER = Path(__file__).resolve().parents[1] / "resources" / "sounds"
# Start in seconds and pitch in hertz: E5; then E5 and the fifth above it.
SOUNDS = {"stage": [(0.0, 659.3)], "target": [(0.0, 659.3), (0.14, 987.8)]}
LOUDNESS, DECAY = 0.28, 0.075


def bar(pitch: float, seconds: float) -> np.ndarray:
    """A struck bar: its tone, and the double octave of a marimba that fades at once."""
    time = np.arange(round(seconds * RATE)) / RATE
    tone = np.sin(2 * np.pi * pitch * time) * np.exp(-time / DECAY)
    strike = 0.2 * np.sin(8 * np.pi * pitch * time) * np.exp(-time / (DECAY / 5))
    begun = np.clip(time / 0.004, 0, 1)  # no click
    return (tone + strike) * begun


def drawn(notes: list[tuple[float, float]], ring: float = 0.38) -> np.ndarray:
    """All notes as 16-bit samples, ending in silence."""
    length = round((max(start for start, _ in notes) + ring) * RATE)
    sound = np.zeros(length)
    for start, pitch in notes:
        first = round(start * RATE)
        sound[first:] += bar(pitch, (length - first) / RATE)[: length - first]
    sound *= np.clip((length - np.arange(length)) / (0.03 * RATE), 0, 1)
    return np.round(sound * LOUDNESS * 32767).astype("<i2")


def main() -> None:
    """Write both."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, notes in SOUNDS.items():
        with wave.open(str(FOLDER / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(drawn(notes).tobytes())


if __name__ == "__main__":
    main()
