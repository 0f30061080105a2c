"""Where a report's numbers come from: slides, regions, scales, models, devices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from marrowscope.domain.provenance import Provenance
from marrowscope.report.sources import ReportedRegion, ReportedSlide, ReportSources
from marrowscope.report.wording import count_text, date_text, printable, scale_text


@dataclass(frozen=True, slots=True)
class SlideLine:
    """One slide as the report prints it."""

    number: str
    name: str
    size: str
    scale: str
    region: str
    reading: str


@dataclass(frozen=True, slots=True)
class ModelLine:
    """One model with the device it worked on."""

    name: str
    sha256: str
    device: str
    program: str
    read: str


def slide_lines(sources: ReportSources) -> tuple[SlideLine, ...]:
    """Every slide, by number."""
    return tuple(_slide(slide) for slide in sources.slides)


def model_lines(sources: ReportSources) -> tuple[ModelLine, ...]:
    """Every model and device once, with the time of its first and last reading."""
    groups: dict[tuple[str, ...], list[Provenance]] = {}
    for run in sources.runs:
        model = run.model
        key = (model.name, model.version, model.sha256, run.device.text, run.program)
        groups.setdefault(key, []).append(run)
    return tuple(_model(runs) for runs in groups.values())


def _model(runs: list[Provenance]) -> ModelLine:
    model, device = runs[0].model, runs[0].device
    return ModelLine(
        name=f"{model.name}, version {model.version}",
        sha256=model.sha256,
        device=f"{device.worked} (asked for: {device.requested})",
        program=runs[0].program,
        read=" to ".join(dict.fromkeys(_days(runs))),
    )


def _days(runs: list[Provenance]) -> Iterator[str]:
    yield date_text(min(run.started for run in runs))
    yield date_text(max(run.finished or run.started for run in runs))


def _slide(slide: ReportedSlide) -> SlideLine:
    return SlideLine(
        number=str(slide.number),
        name=slide.name,
        size=f"{count_text(slide.width)} × {count_text(slide.height)} px",
        scale=_scale(slide),
        region=_region(slide),
        reading=_reading(slide),
    )


def _scale(slide: ReportedSlide) -> str:
    if slide.mpp is not None:
        return f"{scale_text(slide.mpp)} ({slide.mpp_source})"
    if slide.working_mpp is None:
        return "uncalibrated"
    return (
        f"uncalibrated; read as {scale_text(slide.working_mpp)}"
        f" ({slide.working_certainty})"
    )


def _region(slide: ReportedSlide) -> str:
    """The regions that were counted or left out, else the part that was read."""
    if slide.regions:
        return "; ".join(_named(region) for region in slide.regions)
    box = slide.region
    if box is None:
        return "all of it"
    place = (
        f"{count_text(round(box.width))} × {count_text(round(box.height))} px"
        f" at x {count_text(round(box.x))}, y {count_text(round(box.y))}"
    )
    mpp = slide.mpp or slide.working_mpp
    if mpp is None:
        return place
    size = f"{box.width * mpp / 1000:.2f} × {box.height * mpp / 1000:.2f} mm"
    return f"{place} ({size})"


def _named(region: ReportedRegion) -> str:
    cells = f"{count_text(region.cells)} cells"
    size = "" if region.area_mm2 is None else f"{region.area_mm2:.2f} mm², "
    left_out = "" if region.included else "left out: "
    return f"{left_out}{printable(region.name)} ({size}{cells})"


def _reading(slide: ReportedSlide) -> str:
    shown = [slide.display] if slide.display else []
    if not slide.fields:
        return "; ".join(["not read", *shown])
    fields = f"{count_text(slide.fields_read)} of {count_text(slide.fields)} fields"
    cells = f"{count_text(slide.cells)} cells in {fields}"
    marked = slide.likeness is not None and slide.likeness.marked
    unlike = ["stain unlike the training images"] if marked else []
    return "; ".join([cells, *_suitable(slide), *unlike, *shown])


def _suitable(slide: ReportedSlide) -> Iterator[str]:
    if slide.target is not None:
        yield f"best fields first, to {count_text(slide.target)} cells"
    if slide.zones:
        yield f"counting zone {slide.zones.get('thin', 0):.0f} % of the smear"
