"""What the cards of the models that read a case say."""

from __future__ import annotations

from collections.abc import Mapping

from marrowscope.inference.bundle import Bundle
from marrowscope.store.case_runs import StoredRun
from marrowscope.workflow.models import list_models


def _models_used(runs: Mapping[int, StoredRun]) -> list[Bundle]:
    """The models that read, as far as their folders are here."""
    used = {run.provenance.model.sha256 for run in runs.values()}
    here = [model for model in list_models() if isinstance(model, Bundle)]
    return [model for model in here if model.identity.sha256 in used]


def cards_of(runs: Mapping[int, StoredRun]) -> tuple[str, ...]:
    """Sentences of the cards of the models that read."""
    return tuple(
        sentence
        for model in _models_used(runs)
        for sentence in (
            model.card.summary,
            *model.card.trained_on,
            *model.card.limits,
            accuracy_sentence(model),
        )
        if sentence
    )


def accuracy_sentence(model: Bundle) -> str:
    """How good a model was measured to be, as its bundle says; "" when it does not."""
    figures = [
        f"{name.replace('_', ' ')}, {said['cells']:,} cells: macro-F1 "
        f"{said['macro_f1']:.2f}"
        for name, said in model.card.accuracy.items()
        if isinstance(said, dict) and {"cells", "macro_f1"} <= said.keys()
    ]
    note = str(model.card.accuracy.get("note", ""))
    measured = f"Measured on {'; '.join(figures)}." if figures else ""
    said = " ".join(words for words in (measured, note) if words)
    return f"{model.identity.name}: {said}" if said else ""
