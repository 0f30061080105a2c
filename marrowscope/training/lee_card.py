"""The model card of `lee`: what it learned from, how good it is, what it is not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marrowscope.training.fine_labels import FINE
from marrowscope.training.grade_table import grade_table

CARD = """# Model card: lee {version}

Eight-class reader of nucleated marrow cells after Lee et al. 2022: a U-Net finds cells,
a MobileNetV2 (last stride dropped, 8 by 8 map at 128 px, 0.2 µm per pixel) names each
as EN, GN, MN, ED, GD, MD, blast or other and grades twelve named features of dysplasia
from 0 to 3. Its Grad-CAM is computed inside the ONNX graph; so is an embedding of
96 numbers by which like cells can be found.

**Research use only. Every suggestion needs a reader's confirmation.**
**Dysplasia (ED, GD, MD, all grades) and megakaryocytes (MN) were learned from drawn or
edited cells alone. No real dysplastic cell and no real megakaryocyte was at hand: these
answers have no clinical validation.**

## What it was trained on
- **MLL marrow cells**, seven classes (GN, blast and other in marrow), CC BY 4.0. Matek
  et al., Blood 2021, doi 10.1182/blood.2020010568; TCIA doi 10.7937/TCIA.AXH3-T579.
- **Acevedo blood cells** (EN, GN and other in blood), CC BY 4.0. Acevedo et al., Data
  in Brief 2020, doi 10.1016/j.dib.2020.105474.
- **TXL-PBC** (the locator, and 456 white cells of three more laboratories), MIT:
  re-annotated BCCD, BCD, Raabin and Acevedo pictures. The set does not name its cells:
  these 456 of its `train` split were named by eye on contact sheets, not by a
  haematologist, and doubtful ones left out.
- **MarrowScope phantom** (eight classes, all grades), drawn by `marrowscope.phantom`.
- **Graded edits of the real training cells** of all sources: neutrophils with pale
  blue-grey cytoplasm and thinned granules, with one or two clumped lobes, with six and
  more on thin threads, and with both (GD); erythroblasts with several nuclei or buds
  (ED), and with the cytoplasm of earlier and later stages (EN).
- **Starting weights**: MobileNetV2 of ImageNet, Apache-2.0 (google-coral/test_data).

Every editing was also applied to normals (strength near zero, a normal number of lobes)
and normals of every class were drawn in quantity, so that drawn or edited does not mean
dysplastic. Real erythroblasts came from blood only; their stain was mixed with that of
marrow cells, their surroundings replaced by marrow's. Against unseen laboratories: dyes
separated and mixed between all sources, scale 0.65 to 1.4, light, colour, focus, coarse
pixels and JPEG varied, and feature statistics mixed between the cells of a batch
(MixStyle, Zhou et al., ICLR 2021). Validation pictures were neither trained on nor used
for the temperature.

## Finer outputs
The network itself has {outputs} outputs; the eight classes are exact sums of them.
**Learned from real cells**: promyelocyte, myelocyte, metamyelocyte, band, segmented,
eosinophil, basophil, blast, lymphocyte, monocyte, not identifiable, platelet. **Learned
from drawn cells alone**: the four stages of erythroblasts (real ones carry no stage),
plasma cell, megakaryocyte. ED, GD and MD have one output each and suggest the line that
most often carries the change; their stage is the reader's to choose.

## Figures
Real cells of `val`: a random split, since the sets carry no patient identifiers, and
therefore **optimistic**: cells of one patient lie on both sides. A cell of an unseen
laboratory is named less reliably. All tables in fp32, as a run reads a crop at its true
scale; what int8 and fp16 change stands under Precision.

{real}

{fine}

{reliability}

Goal: macro-F1 0.92 in marrow and in blood, 0.85 over the seven labels of `mll_marrow`;
calibration error 3 %; false dysplasia at most 2.3 % of granulocytes, 5 % elsewhere.

Phantom cells of unseen seeds ({drawn_cells} cells, cut at their true boxes): agreement
{agreement:.1%}, macro-F1 over eight classes {drawn_f1:.3f}, expected calibration error
{drawn_ece:.1%}; class and grades agree on "dysplastic" in {consistency:.1%}.

{drawn}

{edited_cells} edits of real cells kept out of training, against normals edited alike:
{edited}

{grades}

{notes}
## Use and limits
- Input: crops at true scale, 0.2 µm per pixel. Training varied the
  scale by 0.65 to 1.4 around it.
- Recall of each class on `val` is the table above; what is missing most is marrow blast
  against promyelocyte, monocyte and large lymphocyte.
- Stages of erythroblasts and plasma cells have no figure on real cells.
- Sensitivity for real dysplasia is unknown.
"""


def write_card(
    path: Path, report: Mapping[str, Any], *, version: str, notes: str | None = None
) -> None:
    """Write the card; `notes` (or card_notes.md beside it) are added as written."""
    beside = path.with_name("card_notes.md")
    if notes is None:
        notes = beside.read_text(encoding="utf-8") if beside.is_file() else ""
    drawn = report["drawn"]
    text = CARD.format(
        version=version,
        outputs=len(FINE),
        real=real_table(report["real"]),
        fine=fine_lines(report["real"]),
        reliability=report.get("reliability", ""),
        drawn=drawn_table(drawn),
        drawn_cells=drawn["cells"],
        edited=edited_lines(report["edited"]),
        grades=grade_table(report["drawn"]["by_grade"], report["edited"]["by_grade"]),
        edited_cells=report["edited"]["cells"],
        agreement=drawn["agreement"],
        drawn_f1=drawn["macro_f1"],
        drawn_ece=drawn["calibration_error"],
        consistency=drawn["consistency"],
        notes=notes,
    )
    path.write_text(text, encoding="utf-8")


def real_table(real: dict[str, dict]) -> str:
    """One row per source of real cells."""
    lines = [
        "| source | cells | macro-F1 | accuracy | calibration error | recall | "
        "called dysplastic |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, entry in real.items():
        recall = ", ".join(f"{k} {v:.1%}" for k, v in entry["recall"].items())
        false = ", ".join(f"{k} {v:.1%}" for k, v in entry["false_dysplasia"].items())
        lines.append(
            f"| {name} | {entry['cells']} | {entry['macro_f1']:.3f} | "
            f"{entry['accuracy']:.3f} | {entry['calibration_error']:.1%} | {recall} | "
            f"{false} |"
        )
    return "\n".join(lines)


def fine_lines(real: dict[str, dict]) -> str:
    """Macro-F1 and recall over each source's own labels."""
    lines = []
    for name, entry in real.items():
        fine = entry["fine"]
        recall = ", ".join(f"{k} {v:.0%}" for k, v in fine["recall"].items())
        lines.append(
            f"Over the {len(fine['recall'])} labels of {name} itself: macro-F1 "
            f"{fine['macro_f1']:.3f} (recall {recall})."
        )
    return "\n\n".join(lines)


def edited_lines(edited: dict) -> str:
    """Per lineage sensitivity, specificity and AUC."""
    lines = [
        f"{lineage} sensitivity {v['sensitivity']:.1%}, specificity "
        f"{v['specificity']:.1%}, AUC {edited['auc'][lineage]:.3f}"
        for lineage, v in edited["dysplasia"].items()
    ]
    return "; ".join(lines) + "."


def drawn_table(drawn: dict) -> str:
    """Recall per class and the dysplasia figures per lineage of drawn cells."""
    recall = ", ".join(f"{k} {v:.1%}" for k, v in drawn["recall"].items())
    lines = [
        f"Recall: {recall}.",
        "",
        "| lineage | sensitivity | specificity | true share | suggested share |",
        "|---|---|---|---|---|",
    ]
    for lineage, v in drawn["dysplasia"].items():
        lines.append(
            f"| {lineage} | {v['sensitivity']:.1%} | {v['specificity']:.1%} | "
            f"{v['true_share']:.1%} | {v['suggested_share']:.1%} |"
        )
    return "\n".join(lines)


def accuracy_of(report: Mapping[str, Any]) -> dict[str, object]:
    """The figures that bundle.toml carries, fractions of 1."""
    drawn = report["drawn"]
    real = {f"real_{name}": _real_summary(v) for name, v in report["real"].items()}
    return {
        "note": "Real cells: random split without patients, optimistic. "
        "Dysplasia: drawn and edited cells only.",
        **real,
        "phantom": {
            "cells": drawn["cells"],
            "agreement": drawn["agreement"],
            "macro_f1": drawn["macro_f1"],
            "calibration_error": drawn["calibration_error"],
            **_dysplasia_summary(drawn["dysplasia"]),
        },
        "edited_cells": {
            "cells": report["edited"]["cells"],
            **_dysplasia_summary(report["edited"]["dysplasia"]),
            **{f"{k}_auc": v for k, v in report["edited"]["auc"].items()},
        },
    }


def _dysplasia_summary(dysplasia: dict) -> dict[str, float]:
    return {
        f"{lineage}_{name}": values[name]
        for lineage, values in dysplasia.items()
        for name in ("sensitivity", "specificity")
    }


def _real_summary(entry: dict) -> dict[str, object]:
    flags = {f"false_dysplasia_{k}": v for k, v in entry["false_dysplasia"].items()}
    kept = ("cells", "macro_f1", "accuracy", "calibration_error")
    fine = {"fine_macro_f1": entry["fine"]["macro_f1"]}
    return {**{name: entry[name] for name in kept}, **fine, **flags}
