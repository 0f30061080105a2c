"""A token to pause, resume or stop a run; polled at safe points."""

from __future__ import annotations

from threading import Event


class CancellationToken:
    """Set once to cancel; paused and resumed any number of times. Thread-safe."""

    def __init__(self) -> None:
        self._cancelled = Event()
        self._running = Event()
        self._running.set()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    @property
    def paused(self) -> bool:
        return not self._running.is_set()

    def cancel(self) -> None:
        """Stop at the next safe point; a paused run wakes to stop."""
        self._cancelled.set()
        self._running.set()

    def pause(self) -> None:
        self._running.clear()

    def resume(self) -> None:
        self._running.set()

    def wait_while_paused(self) -> None:
        """Block the worker while paused."""
        self._running.wait()
