"""The command of the loop, round by round, over folders and over case files."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("torch")

from marrowscope.domain.cell_table import CellTable  # noqa: E402
from marrowscope.domain.cells import Finding, Identity  # noqa: E402
from marrowscope.domain.errors import MarrowScopeError  # noqa: E402
from marrowscope.domain.geometry import Box  # noqa: E402
from marrowscope.domain.provenance import (  # noqa: E402
    DeviceUse,
    ModelIdentity,
    Provenance,
)
from marrowscope.imaging.opening import open_slide  # noqa: E402
from marrowscope.inference.bundle import load_bundle  # noqa: E402
from marrowscope.inference.catalogue import load_reader  # noqa: E402
from marrowscope.inference.onnx_model import OnnxModel  # noqa: E402
from marrowscope.inference.preprocess import normalise  # noqa: E402
from marrowscope.phantom.smear import SmearPlan, draw_field  # noqa: E402
from marrowscope.store.case_file import CaseFile  # noqa: E402
from marrowscope.training import laboratory  # noqa: E402
from marrowscope.training.__main__ import main  # noqa: E402
from marrowscope.training.datasets.cells import join  # noqa: E402
from marrowscope.training.datasets.drawn_cells import cells_of_field  # noqa: E402
from marrowscope.training.fine_labels import FINE  # noqa: E402
from marrowscope.training.labels import CLASSES, FEATURES  # noqa: E402
from marrowscope.training.loop import (  # noqa: E402
    decisions,
    listing,
    record,
    retraining,
)
from marrowscope.training.loop.case_calls import lines_of  # noqa: E402
from marrowscope.training.loop.command import gathering, read_data  # noqa: E402
from marrowscope.training.loop.demonstration import write_cells  # noqa: E402
from marrowscope.training.loop.pictures import canvases  # noqa: E402
from marrowscope.training.loop.rounds import Plan, list_again  # noqa: E402
from marrowscope.training.measuring import plain_crop  # noqa: E402
from marrowscope.training.reading.case_files import read_case  # noqa: E402
from marrowscope.training.reading.labelled import Label  # noqa: E402
from marrowscope.training.reading.words import meaning_of  # noqa: E402
from marrowscope.workflow import reviewing  # noqa: E402
from marrowscope.workflow.models import find_model  # noqa: E402

pytestmark = pytest.mark.training

MIX = {"polychromatic_erythroblast": 2, "segmented": 2, "blast": 1}


def plan(seed: int) -> SmearPlan:
    none = {"e": 0.0, "g": 0.0, "m": 0.0}
    return SmearPlan(420, 420, 14, seed, dysplasia=none, mix=MIX)


@pytest.fixture(scope="module")
def field():
    return draw_field(plan(31))


@pytest.fixture(scope="module")
def cells(field):
    return join([cells_of_field(field), cells_of_field(draw_field(plan(32)))])


def folder_with_one_wrong(cells, folder: Path) -> str:
    """A manifest of the cells, a neutrophil of which is called an erythroblast."""
    labels = [CLASSES[int(place)] for place in cells.label]
    wrong = labels.index("GN")
    labels[wrong] = "EN"
    write_cells(cells, labels, folder)
    return str((folder / f"{wrong:05d}.png").resolve())


def other_field(folder: Path) -> None:
    """A manifest of another field's cells, all labelled rightly."""
    cells = cells_of_field(draw_field(plan(32)))
    write_cells(cells, [CLASSES[int(place)] for place in cells.label], folder)


def decide(folder: Path, cell: str, **said: str) -> None:
    """Fill in the line of one cell in a table."""
    path = folder / listing.TABLE
    rows = listing.read_table_rows(path)
    for row in rows:
        if row["cell"] == cell:
            row.update(said)
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        table = csv.DictWriter(file, listing.COLUMNS)
        table.writeheader()
        table.writerows(rows)


def test_a_folder_goes_through_the_loop_and_becomes_a_bundle(cells, tmp_path, capsys):
    wrong = folder_with_one_wrong(cells, tmp_path / "cells")
    out = tmp_path / "ours"
    call = ["loop", "--data", str(tmp_path / "cells"), "--out", str(out)]
    assert main(call) == 0
    first = out / "round-01"
    assert listing.read_table_rows(first / listing.TABLE)[0]["cell"] == wrong
    page = (first / listing.PAGE).read_text(encoding="utf-8")
    assert "data:image/jpeg;base64," in page
    assert Path(wrong).name in page
    capsys.readouterr()
    assert main(call) == 0
    assert "Nothing is decided yet" in capsys.readouterr().out
    assert not (out / "round-02").exists()
    decide(first, wrong, decision="New label", new_label="segmented", reader="Dr B")
    assert main(call) == 0
    again = listing.read_table_rows(out / "round-02" / listing.TABLE)
    assert wrong not in [row["cell"] for row in again]
    (entry,) = decisions.read_journal(out)
    assert (entry.who, entry.was, entry.became) == ("Dr B", "EN", "segmented")
    assert record.read_rounds(out)[1].changed == 1
    reader = load_reader(load_bundle(out / "bundle"), device="cpu")
    assert reader.model.name == "bundle"


def test_a_table_saved_elsewhere_is_taken_when_it_is_of_that_round(
    cells, tmp_path, capsys
):
    wrong = folder_with_one_wrong(cells, tmp_path / "cells")
    out, saved = tmp_path / "ours", tmp_path / "downloads"
    call = ["loop", "--data", str(tmp_path / "cells"), "--out", str(out)]
    main(call)
    shutil.copytree(out / "round-01", saved)
    decide(saved, wrong, decision="cannot tell")
    call += ["--decisions", str(saved / listing.TABLE)]
    assert main(call) == 0
    rounds = record.read_rounds(out)
    assert (rounds[1].untold, rounds[1].cells) == (1, rounds[0].cells - 1)
    capsys.readouterr()
    assert main(call) == 2
    assert "is not the table of round-02" in capsys.readouterr().err


def test_a_word_nobody_knows_is_named_with_its_line(cells, tmp_path, capsys):
    wrong = folder_with_one_wrong(cells, tmp_path / "cells")
    out = tmp_path / "ours"
    call = ["loop", "--data", str(tmp_path / "cells"), "--out", str(out)]
    main(call)
    decide(out / "round-01", wrong, decision="new label", new_label="zebra")
    assert main(call) == 2
    assert "line 2: “zebra” is no class" in capsys.readouterr().err
    assert decisions.read_journal(out) == []


def test_the_quick_bundle_answers_as_the_head_did(cells, tmp_path):
    folder_with_one_wrong(cells, tmp_path / "cells")
    gathered = gathering(read_data([tmp_path / "cells"], None), ())
    loop = Plan(tmp_path / "loop")
    loop.folder.mkdir()
    bundle = find_model("lee")
    outcome = list_again(gathered, bundle, loop)
    out = tmp_path / "quick"
    retraining.write_quick_bundle(
        bundle,
        outcome.look,
        outcome.evidence,
        outcome.cells,
        out=out,
        version="0.9.0",
    )
    model = OnnxModel(
        load_bundle(out).files["classifier"],
        shapes={"fine": (len(FINE),)},
        probe=(3, 128, 128),
        device="cpu",
        threads=1,
    )
    crops = [plain_crop(canvas) for canvas in canvases(outcome.cells)]
    said = np.log(model.run(normalise(crops, bundle.normalisation))["fine"])
    meant = outcome.look.head.logits(outcome.evidence)
    said, meant = (x - x.mean(axis=1, keepdims=True) for x in (said, meant))
    # The temperature divides all scores; weights are rounded to half precision.
    cooler = (said * meant).sum() / (meant * meant).sum()
    assert cooler > 0
    assert said == pytest.approx(cooler * meant, abs=0.1)


def case_of(field, folder: Path, *, wrong: int) -> Path:
    """A case of a drawn field whose every cell a reader called, one of them wrongly."""
    picture, path = folder / "field.png", folder / "P1.marrow"
    cv2.imwrite(str(picture), np.ascontiguousarray(field.pixels[..., ::-1]))
    drawn = field.truth["cells"]
    unsure = Identity(
        np.full(len(CLASSES), 1 / 8, np.float32), np.zeros(12, np.float32), None
    )
    found = [Finding(Box(*map(float, c["box"])), 0.9, unsure) for c in drawn]
    slide = open_slide(picture)
    model = ModelIdentity("lee", "0", "lee", "f" * 64)
    run_of = Provenance(model, DeviceUse("cpu", "cpu"), "0", "2026-11-21T04:00:00")
    with CaseFile.create(path, name="P1") as case:
        number = case.add_slide(slide.identity, picture)
        case.calibrate(number, field.truth["mpp"], "typed")
        whole = Box(0, 0, slide.identity.width, slide.identity.height)
        vocabulary = find_model("lee").vocabulary
        run = case.begin_run(number, run_of, vocabulary, [whole])
        table = CellTable.of_findings(
            found, slide=number, classes=CLASSES, features=FEATURES, fine=len(FINE)
        )
        ids = case.add_field(run, 0, table).id.tolist()
        lines = [
            "basophilic_erythroblast" if row == wrong else cell["line"]
            for row, cell in enumerate(drawn)
        ]
        reviewing.record(
            case,
            (
                reviewing.called(int(cell), (line,), reader="Dr A", dysplastic=None)
                for cell, line in zip(ids, lines, strict=True)
            ),
        )
    slide.close()
    return path


def test_a_case_is_asked_decided_in_the_table_and_its_journal_kept(field, tmp_path):
    wrong = next(
        i for i, cell in enumerate(field.truth["cells"]) if cell["class"] == "GN"
    )
    path = case_of(field, tmp_path, wrong=wrong)
    other_field(tmp_path / "cells")
    out = tmp_path / "ours"
    call = ["loop", "--cases", str(path), "--data", str(tmp_path / "cells")]
    call += ["--out", str(out), "--reader", "Dr B"]
    assert main(call) == 0
    rows = listing.read_table_rows(out / "round-01" / listing.TABLE)
    shown = rows[0]
    assert shown["cell"].startswith(f"{path}#")
    assert shown["word"] == "basophilic_erythroblast"
    decide(out / "round-01", shown["cell"], decision="new label", new_label="GN")
    assert main(call) == 0
    number = int(shown["cell"].split("#")[-1])
    with CaseFile.open(path, read_only=True) as case:
        verdict = case.verdicts()[number]
        last = case.journal()[-1]
    assert verdict.reader == "Dr B"
    assert set(verdict.lines) == set(lines_of(Label("GN", class_id="GN")))
    assert (last.was, last.who) == ("basophilic_erythroblast", "Dr B")


def test_a_call_made_in_the_case_since_is_a_decision(field, tmp_path):
    wrong = next(
        i for i, cell in enumerate(field.truth["cells"]) if cell["class"] == "GN"
    )
    path = case_of(field, tmp_path, wrong=wrong)
    other_field(tmp_path / "cells")
    out = tmp_path / "ours"
    call = ["loop", "--cases", str(path), "--data", str(tmp_path / "cells")]
    main([*call, "--out", str(out)])
    rows = listing.read_table_rows(out / "round-01" / listing.TABLE)
    shown = rows[0]
    assert shown["cell"].startswith(f"{path}#")
    assert shown["word"] == "basophilic_erythroblast"
    number = int(shown["cell"].split("#")[-1])
    with CaseFile.open(path) as case:
        said = reviewing.called(number, ("segmented",), reader="Dr C")
        reviewing.record(case, [said])
    main([*call, "--out", str(out)])
    (entry,) = decisions.read_journal(out)
    assert (entry.who, entry.decision, entry.became) == (
        "Dr C",
        "new label",
        "segmented",
    )


@pytest.mark.parametrize("word", ["EN", "GD", "other", "plasma_cell", "blast"])
def test_a_new_label_names_lines_the_taxonomy_has(word):
    meaning = meaning_of(word)
    assert meaning is not None
    assert lines_of(meaning.label(word))


def test_a_cell_kept_twice_changed_keeps_its_newest_label(cells, tmp_path):
    folder_with_one_wrong(cells, tmp_path / "cells")
    (cell, *_) = gathering(read_data([tmp_path / "cells"], None), ())()
    entries = [
        decisions.Entry("", 1, "", cell.key, decisions.NEW, cell.class_id, "blast"),
        decisions.Entry("", 2, "", cell.key, decisions.KEEP, "blast", "blast"),
    ]
    (now,) = decisions.applied([cell], entries)
    assert now.class_id == "blast"
    assert decisions.settled(entries) == {cell.key}
    assert decisions.settled(entries[:1]) == set()
    told = decisions.Entry("", 3, "", cell.key, decisions.UNTOLD, "blast", "")
    assert decisions.applied([cell], [*entries, told]) == []


def test_too_few_cells_are_refused_with_advice(cells, tmp_path):
    few = cells.take(np.arange(6))
    folder_with_one_wrong(few, tmp_path / "cells")
    gathered = gathering(read_data([tmp_path / "cells"], None), ())
    with pytest.raises(MarrowScopeError, match="a loop needs 20"):
        list_again(gathered, find_model("lee"), Plan(tmp_path))


def test_a_case_teaches_its_called_cells_and_hides_the_others(field, tmp_path):
    path = case_of(field, tmp_path, wrong=0)
    with CaseFile.open(path) as case:
        ids = case.cells().id.tolist()
        reviewing.withdraw(case, [ids[3]], reader="Dr A")
        reviewing.record(case, [reviewing.called(ids[4], ("red_cell",), reader="Dr A")])
    data = read_case(path)
    (slide,) = data.fields
    hidden = [number for number, box in enumerate(slide.boxes) if box.ignored]
    assert hidden == [3]
    assert not slide.boxes[4].of_interest
    crops = laboratory.single_cells(data, tmp_path / "cut")
    assert len(crops) == len(ids) - 2
    cut = cv2.imread(str(crops[0].path))
    assert crops[0].patient == "P1"
    assert cut.shape[0] * crops[0].mpp == pytest.approx(1.2 * 25.6, abs=0.01)


def test_a_model_without_an_embedding_is_asked_too(cells, tmp_path):
    wrong = folder_with_one_wrong(cells, tmp_path / "cells")
    out = tmp_path / "ours"
    call = ["loop", "--data", str(tmp_path / "cells"), "--out", str(out)]
    assert main([*call, "--model", "bmsnet"]) == 0
    rows = listing.read_table_rows(out / "round-01" / listing.TABLE)
    assert wrong in [row["cell"] for row in rows]
    assert not (out / "bundle").exists()


def test_a_case_cell_given_up_comes_back_when_it_is_called_anew(cells, tmp_path):
    folder_with_one_wrong(cells, tmp_path / "cells")
    (cell, *_) = gathering(read_data([tmp_path / "cells"], None), ())()
    entry = decisions.Entry("", 1, "", cell.key, decisions.UNTOLD, "EN", "")
    of_case = replace(cell, case=tmp_path / "P1.marrow", number=1)
    given_up = of_case.relabelled(Label("?", "unidentifiable", "other"))
    assert decisions.applied([given_up], [entry]) == []
    anew = of_case.relabelled(Label("blast", "blast", "blast"))
    assert decisions.applied([anew], [entry]) == [anew]
