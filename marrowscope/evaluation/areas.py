"""The area under a ROC curve and its interval."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata
from sklearn.metrics import roc_auc_score

from marrowscope.domain.statistics import Interval

_REACH = 1.959964  # standard errors on either side of 95 %


def auc_of(
    true: NDArray[np.bool_], score: NDArray[np.floating]
) -> tuple[float | None, Interval | None]:
    """Area and its 95 % interval; both None unless some are true and some are not.

    Variance after DeLong, DeLong & Clarke-Pearson 1988, in the form of Sun & Xu 2014
    (doi 10.1109/LSP.2014.2337313), cut at 0 and 1. There is no interval with fewer
    than two on a side, nor for a perfect order, which has no variance to go by.
    """
    if not true.any() or true.all():
        return None, None
    area = float(roc_auc_score(true, score))
    some, others = score[true], score[~true]
    if min(len(some), len(others)) < 2:
        return area, None
    both = rankdata(np.concatenate([some, others]))
    beats = (both[: len(some)] - rankdata(some)) / len(others)
    beaten = 1 - (both[len(some) :] - rankdata(others)) / len(some)
    variance = beats.var(ddof=1) / len(some) + beaten.var(ddof=1) / len(others)
    if not variance:
        return area, None
    reach = _REACH * float(np.sqrt(variance))
    return area, Interval(max(area - reach, 0.0), min(area + reach, 1.0))
