"""Trains a family on a laboratory's own labels: ``python -m marrowscope.training``.

    python -m marrowscope.training lee --data LABELS... --out BUNDLE

Every label is looked at first; everything wrong with them is printed in one list. A run
that was stopped or killed goes on when the same command is given again.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from marrowscope.domain.errors import MarrowScopeError
from marrowscope.training.reading.checking import checked, without_bad, without_pictures
from marrowscope.training.reading.gathering import READERS, gather
from marrowscope.training.reading.labelled import LabelledData

FAMILIES = ("lee", "mori", "bmsnet")
# What else `marrowscope train` does, each with a command line of its own.
OTHERS = {
    "loop": "marrowscope.training.loop.command",
    "loop-demonstration": "marrowscope.training.loop.demonstration",
    "precision": "marrowscope.training.precision.command",
}
UNUSABLE = 2
INTERRUPTED = 130  # as a shell names what Ctrl-C ended
ALL = "all"  # folds, one after the other
SHOWN = 30  # problems printed in full; the rest is counted


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """The command line, the same for every family."""
    parser = argparse.ArgumentParser(prog="marrowscope train", description=__doc__)
    parser.add_argument("family", choices=FAMILIES)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True, help="bundle folder")
    parser.add_argument("--work", type=Path, help="checkpoints and decoded pictures")
    parser.add_argument(
        "--format", metavar="FORM", choices=sorted(READERS), help="how labels are kept"
    )
    parser.add_argument("--skip-bad", action="store_true", help="leave bad ones out")
    parser.add_argument("--check", action="store_true", help="only look at the labels")
    parser.add_argument("--backbone", default="mobilenet_v2")
    parser.add_argument("--from", dest="start", type=Path, help="bundle to start from")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--fold", type=fold, default=0, help="kept out; all: each once")
    parser.add_argument("--fields", type=int, default=100, help="drawn fields beside")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--version", default="0.1.0")
    parser.add_argument("--json", action="store_true", help="problems as JSON")
    return parser.parse_args(argv)


def fold(word: str) -> int | str:
    """The number of a fold, or `ALL`."""
    return ALL if word == ALL else int(word)


def main(argv: Sequence[str] | None = None) -> int:
    """Check the labels, then train; 0 done, 2 unusable labels, 130 interrupted."""
    words = list(sys.argv[1:] if argv is None else argv)
    # A weight that some fallback font lacks is no news for a laboratory.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    try:
        if words and words[0] in OTHERS:
            return importlib.import_module(OTHERS[words[0]]).main(words[1:])
        given = arguments(words)
        data = checked(gather(given.data, form=given.format))
        say_what_is_there(data, as_json=given.json)
        if data.problems and not given.skip_bad:
            return UNUSABLE
        if given.check:
            return 0
        given.work = given.work or Path("build/training") / given.out.name
        # Here and not above: labels are looked at without torch.
        if given.fold == ALL:
            name = "marrowscope.training.cross_validation"
            importlib.import_module(name).cross_validate(given, without_bad(data))
        else:
            laboratory = importlib.import_module("marrowscope.training.laboratory")
            laboratory.train(given, without_bad(data))
    except MarrowScopeError as error:
        print(f"{error.what} {error.advice}", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt as stopped:
        where = f" at {stopped}" if str(stopped) else ""
        print(f"Stopped{where}; the same command goes on from there.", file=sys.stderr)
        return INTERRUPTED
    return 0


def say_what_is_there(data: LabelledData, *, as_json: bool) -> None:
    """Print how many cells of each class there are, and all that is wrong."""
    counts = counted(data)
    missing = without_pictures(data)
    if as_json:
        problems = [{"path": str(p.path), "what": p.what} for p in data.problems]
        said = {"cells": counts, "without_pictures": missing, "problems": problems}
        print(json.dumps(said, indent=1))
        return
    for name, count in counts.items():
        print(f"{count:8}  {name}")
    if missing:
        print(f"No picture of: {', '.join(missing)}.")
    for problem in data.problems[:SHOWN]:
        print(f"{problem.path}: {problem.what}")
    if len(data.problems) > SHOWN:
        print(f"... and {len(data.problems) - SHOWN} more.")
    if data.problems:
        print(
            f"{len(data.problems)} things are wrong with these labels. Mend them, or "
            "leave those pictures out with --skip-bad."
        )


def counted(data: LabelledData) -> dict[str, int]:
    """Cells by class, the commonest first."""
    labels = [crop.label for crop in data.crops]
    labels += [b.label for f in data.fields for b in f.boxes if not b.ignored]
    names = Counter(label.class_id or label.word for label in labels)
    return dict(names.most_common())


if __name__ == "__main__":
    sys.exit(main())
