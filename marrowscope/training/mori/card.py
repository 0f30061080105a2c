"""The model card of `mori`: its own notes, and tables of what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from marrowscope.training.grade_table import grade_table
from marrowscope.training.reliability import NAME, Judged, reliability_table

NOTES = "card_notes.md"  # written by hand, beside the card
GRADED = ("drawn", "edited")
Report = Mapping[str, Any]


def write_card(
    folder: Path, report: Report, judged: Mapping[str, Judged], *, version: str
) -> None:
    """`card.md` of a bundle: its notes first, the tables after them."""
    beside = folder / NOTES
    notes = beside.read_text(encoding="utf-8") if beside.is_file() else ""
    parts = [
        f"# Model card: {folder.name} {version}",
        notes.strip(),
        "## The regressor's figures",
        real_table(report["real"]),
        made_table("edits of cells kept out", report["edited"]),
        made_table("drawn cells of unseen seeds", report["drawn"]),
        grade_table(*(report[name]["sensitivity_by_grade"] for name in GRADED)),
        granule_table(report),
        stopping_lines(report),
        "## Reliability",
        reliability_table(judged),
        f"![Reliability]({NAME}.png)",
    ]
    text = "\n\n".join(part for part in parts if part)
    (folder / "card.md").write_text(text + "\n", encoding="utf-8")


def accuracy_of(report: Report) -> dict[str, Any]:
    """What bundle.toml keeps of the figures."""
    table: dict[str, Any] = {
        "note": "Real cells: random split without patients, optimistic. "
        "Dysplasia: drawn and edited cells only."
    }
    for name, entry in report["real"].items():
        kept = {
            key: entry[key]
            for key in ("cells", "macro_f1", "accuracy", "calibration_error")
        }
        false = entry["false_dysplasia"].items()
        kept |= {f"false_dysplasia_{lineage}": share for lineage, share in false}
        if entry["false_dg"] is not None:
            kept["false_decreased_granules"] = entry["false_dg"]
        table[f"real_{str(name).split('_')[-1]}"] = kept
    for name in ("edited", "drawn"):
        keys = ("cells", "agreement", "macro_f1", "calibration_error")
        table[name] = {key: report[name][key] for key in keys}
    return table


def real_table(real: Report) -> str:
    """One row per source of untouched real cells."""
    lines = [
        "| real cells of `val` | cells | macro-F1 | accuracy | calibration error | "
        "recall | called dysplastic | DG 1-3 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, entry in real.items():
        dg = entry["false_dg"]
        lines.append(
            f"| {name} | {entry['cells']} | {entry['macro_f1']:.3f} | "
            f"{entry['accuracy']:.1%} | {entry['calibration_error']:.1%} | "
            f"{_shares(entry['recall'])} | {_shares(entry['false_dysplasia'])} | "
            f"{'' if dg is None else f'{dg:.1%}'} |"
        )
    return "\n".join(lines)


def made_table(what: str, entry: Report) -> str:
    """Dysplasia per lineage of drawn or edited cells."""
    lines = [
        f"{entry['cells']} {what}: same class {entry['agreement']:.1%}, macro-F1 "
        f"{entry['macro_f1']:.3f}, calibration error {entry['calibration_error']:.1%}.",
        "",
        "| lineage | sensitivity | specificity | AUC | true share | suggested share |",
        "|---|---|---|---|---|---|",
    ]
    for lineage, v in entry["dysplasia"].items():
        lines.append(
            f"| {lineage} | {v['sensitivity']:.1%} | {v['specificity']:.1%} | "
            f"{entry['auc'][lineage]:.3f} | {v['true_share']:.1%} | "
            f"{v['suggested_share']:.1%} |"
        )
    return "\n".join(lines)


def granule_table(report: Report) -> str:
    """Decreased granules (DG) as Mori et al. 2020 tabulate them, all and clear ones."""
    names = ("sensitivity", "specificity", "ppv", "npv", "accuracy")
    lines = [
        "| decreased granules | sensitivity | specificity | PPV | NPV | accuracy |",
        "|---|---|---|---|---|---|",
        "| published, DG 1-3 | 91.0% | 97.7% | 76.3% | 99.3% | 97.2% |",
        "| published, DG1 left out | 85.2% | 98.9% | 80.6% | 99.2% | 98.2% |",
        *_granule_rows(report, names),
    ]
    return "\n".join(lines)


def _granule_rows(report: Report, names: tuple[str, ...]) -> Iterator[str]:
    for what in ("drawn", "edited"):
        counts = report[what]["dg"]
        for key, words in (("1-3", "DG 1-3"), ("2-3", "DG1 left out")):
            shares = " | ".join(f"{counts[key][name]:.1%}" for name in names)
            yield f"| {what}, {words} | {shares} |"
    for what in ("drawn", "edited"):
        counts = report[what]["dg"]
        off, table = counts["two_grades_off"], counts["confusion"]
        yield ""
        yield f"{what.title()}: two grades off {off:.1%}; true by answered {table}."


def stopping_lines(report: Report) -> str:
    """What stopping early costs and saves."""
    lines = ["Stopping early, off by default:"]
    for name in ("real", "drawn"):
        entry = report[f"stopping_{name}"]
        lines.append(
            f"- {entry['cells']} {name} cells: {entry['turns']:.1f} of 16 turns; "
            f"another class in {entry['other_class']:.1%}, another grade in "
            f"{entry['other_grade']:.1%}."
        )
    return "\n".join(lines)


def _shares(table: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {share:.1%}" for name, share in table.items())
