"""``marrowscope train loop``: the doctor in the loop, one round a call.

    marrowscope train loop --cases A.marrow --data CELLS --model lee --out FOLDER

The first call lists the labels that the model doubts. Decide in the page, in the table
beside it, or by calling the cells in their cases; the same command then reads the
decisions, learns, and lists again, until nothing is left or nothing changes.
"""

from __future__ import annotations

import argparse
import logging
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from marrowscope.domain.errors import MarrowScopeError, UnreadableInput
from marrowscope.inference.bundle import FILE_NAME, Bundle, load_bundle
from marrowscope.training.loop import listing, record, retraining, rounds
from marrowscope.training.loop.cells import LoopCell, cells_of, cells_of_case, unsigned
from marrowscope.training.loop.decisions import applied, read_journal
from marrowscope.training.loop.pictures import scaled
from marrowscope.training.loop.rounds import Outcome, Plan
from marrowscope.training.reading.checking import checked, without_bad
from marrowscope.training.reading.gathering import gather
from marrowscope.training.reading.labelled import LabelledData
from marrowscope.workflow.models import find_model

log = logging.getLogger(__name__)


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="marrowscope train loop",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--cases", type=Path, nargs="+", default=[])
    parser.add_argument("--data", type=Path, nargs="+", default=[])
    parser.add_argument("--format", help="how the labels of --data are kept")
    parser.add_argument("--model", default="lee", help="name or folder of a bundle")
    parser.add_argument("--out", type=Path, required=True, help="folder of the loop")
    parser.add_argument("--kept-out", type=Path, nargs="+", help="labels never learned")
    parser.add_argument("--show", type=int, default=100, help="cells a round")
    parser.add_argument("--reader", default="reader", help="who decides")
    parser.add_argument("--decisions", type=Path, help="table saved elsewhere")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--version", default="0.1.0", help="of the new bundle")
    full = parser.add_argument_group("training the whole family, not its last layer")
    full.add_argument("--full", action="store_true", help="hours; resumable")
    full.add_argument("--steps", type=int)
    full.add_argument("--fields", type=int, default=100, help="drawn fields beside")
    full.add_argument("--backbone", default="mobilenet_v2", help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    if not given.cases and not given.data:
        parser.error("give --cases, --data or both")
    return given


def main(argv: Sequence[str]) -> int:
    """One round: decisions read, a list written. Raises MarrowScopeError."""
    given = arguments(argv)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    plan = Plan(
        given.out,
        given.show,
        folds=given.folds,
        seed=given.seed,
        threads=given.threads,
        reader=given.reader,
    )
    data = read_data(given.data, given.format)
    cases = [path.resolve() for path in given.cases]
    gathered = gathering(data, cases)
    plan.folder.mkdir(parents=True, exist_ok=True)
    past = record.read_rounds(plan.folder)
    if past and given.decisions:
        take_over(given.decisions, rounds.folder_of(plan, past[-1].number))
    if past and not rounds.take_decisions(gathered(), past[-1].number, plan):
        say_waiting(plan, past[-1])
        return 0
    bundle = model_in_force(given.model, plan)
    if past and given.full:
        bundle = trained_anew(given, plan, bundle, data=data, number=len(past) + 1)
    kept_out = cells_in(given.kept_out or ())
    outcome = rounds.list_again(gathered, bundle, plan, kept_out=kept_out)
    if bundle.identity.family == "lee" and not given.full:
        write_bundle(bundle, outcome, plan, version=given.version)
        print(f"The model with a new last layer: {plan.folder / 'bundle'}")
    say(outcome)
    return 0


def take_over(table: Path, folder: Path) -> None:
    """Put a table that a browser saved elsewhere in the place of a round's own.

    Raises MarrowScopeError when it is not of that round.
    """
    own = folder / listing.TABLE
    try:
        cells = [row.get("cell") for row in listing.read_table_rows(table)]
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(
            f"{table} cannot be read.", "Save the table of the page again."
        ) from error
    if cells != [row["cell"] for row in listing.read_table_rows(own)]:
        raise MarrowScopeError(
            f"{table.name} is not the table of {folder.name}.",
            f"Decide in {folder / listing.PAGE} and save its table.",
        )
    shutil.copyfile(table, own)


def read_data(paths: Sequence[Path], form: str | None) -> LabelledData:
    """What the folders hold, all that is wrong with them said and left out."""
    if not paths:
        return LabelledData()
    data = checked(gather([path.resolve() for path in paths], form=form))
    for problem in data.problems:
        print(f"{problem.path}: {problem.what}")
    return without_bad(data)


def cells_in(paths: Sequence[Path]) -> list[LoopCell]:
    """The labelled cells of folders, each with its scale."""
    return scaled(cells_of(read_data(paths, None)))


def gathering(
    data: LabelledData, cases: Sequence[Path]
) -> Callable[[], Sequence[LoopCell]]:
    """How to gather all cells: folders were read once, cases are read every time."""
    fixed = scaled(cells_of(data))
    for path in unsigned(cases):
        print(f"{path.name} is not signed: its calls may still change.")

    def gathered() -> Sequence[LoopCell]:
        called = [cell for path in cases for cell in cells_of_case(path)]
        return [*fixed, *scaled(called)]

    return gathered


def model_in_force(name: str, plan: Plan) -> Bundle:
    """The newest bundle that the loop trained whole, else the one asked for."""
    whole = sorted(plan.folder.glob(f"round-*/bundle/{FILE_NAME}"))
    if whole:
        return load_bundle(whole[-1].parent)
    folder = Path(name)
    named = folder if (folder / FILE_NAME).is_file() else None
    return load_bundle(named) if named else find_model(name)


def trained_anew(
    given: argparse.Namespace,
    plan: Plan,
    bundle: Bundle,
    *,
    data: LabelledData,
    number: int,
) -> Bundle:
    """The family trained on the corrected labels, as round `number`'s bundle."""
    cases = [path.resolve() for path in given.cases]
    cells = applied(gathering(data, cases)(), read_journal(plan.folder))
    out = rounds.folder_of(plan, number) / "bundle"
    whole = retraining.corrected(cells, data, cases)
    options = argparse.Namespace(**{**vars(given), "fold": 0})
    retraining.train_family(bundle, whole, options, out=out)
    return load_bundle(out)


def write_bundle(bundle: Bundle, outcome: Outcome, plan: Plan, *, version: str) -> None:
    """The model with a new last layer, in the loop's own folder."""
    retraining.write_quick_bundle(
        bundle,
        outcome.look,
        outcome.evidence,
        outcome.cells,
        out=plan.folder / "bundle",
        version=version,
    )


def say_waiting(plan: Plan, last: record.Round) -> None:
    """Where the list lies that nobody has decided on yet."""
    folder = rounds.folder_of(plan, last.number)
    if not last.shown:
        print("Nothing was left to decide: the labels have settled.")
        return
    print(
        f"Nothing is decided yet in {folder / listing.TABLE} (nor in a case file). "
        f"Open {folder / listing.PAGE}, decide, save its table over that one (or name "
        "it with --decisions), and give the same command again."
    )


def say(outcome: Outcome) -> None:
    """The round in a few lines."""
    this = outcome.round
    print(
        f"Round {this.number}: {this.cells} cells, {this.disagreements} labels in doubt"
        f", about {this.likely_wrong:.0f} of all labels likely wrong; the model agrees "
        f"with {100 * this.agreement:.1f} % of labels that it has not seen."
    )
    if this.kept or this.changed or this.untold:
        print(
            f"Decided before: {this.kept} kept, {this.changed} changed, "
            f"{this.untold} that nobody can tell."
        )
    if this.kept_out is not None:
        print(f"Accuracy on the cells kept out: {100 * this.kept_out:.1f} %.")
    if outcome.settled:
        print("Nothing more to decide: the labels have settled.")
    else:
        print(f"Decide on {this.shown} cells: {outcome.folder / listing.PAGE}")
