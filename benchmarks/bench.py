"""Every measurement of speed, one after the other, into ``benchmarks/results.md``.

    python -m benchmarks.bench [--short] [--folder FOLDER] [NAME ...]

Each runs in a process of its own and writes its own section; what is compared is timed
in turn within that process. Slides and cases are drawn once and kept in the folder.
The machine should have nothing else to do; a short run is for trying, and its figures
are written beside the drawn slides instead.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "build" / "benchmarks"
BUSY = 0.5  # of each core: above, the figures say more of the others than of us


@dataclass(frozen=True)
class Part:
    """One benchmark: its module, and what it is told in a full and a short run.

    "{folder}" stands for where the slides are kept.
    """

    module: str
    full: tuple[str, ...] = ()
    short: tuple[str, ...] = ()


FEW = ("--rounds", "2")
KEEPS = ("--folder", "{folder}")
WHOLE = ("--whole", "{folder}/slide.tif")  # which opening, before it, has drawn
PARTS = {
    "before": Part("roofs", ("--when", "before"), ("--when", "before", *FEW)),
    "opening": Part("opening", KEEPS, (*KEEPS, *FEW)),
    "folder": Part("folder", KEEPS, (*KEEPS, "--photos", "100")),
    "tiles": Part("tiles", WHOLE, (*WHOLE, "--side", "4096", *FEW)),
    "overlay": Part("overlay", KEEPS, (*KEEPS, *FEW)),
    "gallery": Part("gallery", KEEPS, (*KEEPS, "--frames", "80")),
    "memory": Part("memory", KEEPS, (*KEEPS, "--seconds", "60")),
    "window": Part("window", (*KEEPS, "--seconds", "120"), (*KEEPS, "--seconds", "15")),
    "after": Part("roofs", ("--when", "after"), ("--when", "after", *FEW)),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run all, or those named; the number of those that failed."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(PARTS))
    parser.add_argument("--short", action="store_true", help="two rounds, for trying")
    parser.add_argument("--folder", type=Path, default=KEPT, help="keeps the slides")
    given = parser.parse_args(argv)
    if unknown := set(given.names) - PARTS.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    folder: Path = given.folder
    folder.mkdir(parents=True, exist_ok=True)
    say_how_busy()
    began, failed = time.monotonic(), list[str]()
    for name in given.names or PARTS:
        if not run(name, folder, short=given.short):
            failed.append(name)
    print(f"All took {(time.monotonic() - began) / 60:.1f} minutes.")
    if failed:
        print(f"These did not end well: {', '.join(failed)}.")
    return len(failed)


def run(name: str, folder: Path, *, short: bool) -> bool:
    """One benchmark in a process and a home of its own; False when it failed."""
    part = PARTS[name]
    asked = part.short if short else part.full
    told = [word.format(folder=folder) for word in asked]
    command = [sys.executable, "-m", f"benchmarks.{part.module}", *told]
    with tempfile.TemporaryDirectory() as home:
        world = os.environ | {"MARROWSCOPE_HOME": home}
        world.setdefault("QT_QPA_PLATFORM", "offscreen")
        if short:
            world["BENCH_RESULTS"] = str(folder / "short.md")
        began = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env=world, check=False)
    print(f"{name}: {time.monotonic() - began:.0f} s\n", flush=True)
    return done.returncode == 0


def say_how_busy() -> None:
    """A machine at work for others gives no figures worth keeping."""
    if not hasattr(os, "getloadavg"):
        return
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load > BUSY * cores:
        print(
            f"This machine is at work for others (load {load:.1f} on {cores} cores): "
            "keep none of these figures as those of a quiet one.\n"
        )


if __name__ == "__main__":
    sys.exit(main())
