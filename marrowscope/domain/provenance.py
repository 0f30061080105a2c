"""Where a result comes from: model, device, slide and program."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which model answered. `sha256` is one hash over all files of the bundle."""

    name: str
    version: str
    family: str
    sha256: str


@dataclass(frozen=True, slots=True)
class DeviceUse:
    """The device that was asked for and the one that really worked, how exactly.

    `precision` of the networks: "fp32", "fp16", "int8", or several joined by " and ".
    """

    requested: str
    actual: str
    precision: str = "fp32"

    @property
    def worked(self) -> str:
        """Device and precision, such as "CPU, int8"."""
        return f"{self.actual}, {self.precision}"

    @property
    def text(self) -> str:
        if self.requested.casefold() in ("auto", self.actual.casefold()):
            return self.worked
        return f"{self.worked} (asked for {self.requested})"


def working_together(first: DeviceUse, second: DeviceUse) -> DeviceUse:
    """The use two networks make that were asked onto the same device."""

    def both(one: str, other: str) -> str:
        return one if one == other else f"{one} and {other}"

    return DeviceUse(
        first.requested,
        both(first.actual, second.actual),
        both(first.precision, second.precision),
    )


@dataclass(frozen=True, slots=True)
class SlideIdentity:
    """A slide by its content, never by its path.

    `content` is a hash of the file's content. `mpp` is microns per level-0 pixel, None
    when uncalibrated; `mpp_source` says who gave it ("file", "typed", "red cells",
    "camera and objective"). `scanned`: True where the file is built as a scanner's is;
    False for a camera's, and where nobody has looked.
    """

    content: str
    name: str
    width: int
    height: int
    mpp: float | None
    mpp_source: str = "file"
    scanned: bool = False


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a report must name for a run of a model over slides."""

    model: ModelIdentity
    device: DeviceUse
    program: str
    started: str  # UTC, ISO 8601
    finished: str | None = None
    plan: dict[str, object] = field(default_factory=dict)
