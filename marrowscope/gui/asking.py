"""A question about the case in hand, put to its lane; failures tell themselves."""

from __future__ import annotations

from collections.abc import Callable

from marrowscope.gui.jobs import Answer, Job, Lane, Work
from marrowscope.gui.session import CaseSession


def ask_of_case(
    session: CaseSession,
    request: object,
    work: Work,
    then: Callable[[Answer], object] | None = None,
) -> None:
    """Have `work` done on the case's lane; `then`, a slot, is given the answer."""
    job = Job(request, work)
    if then is not None:
        job.answered.connect(then)
    job.failed.connect(session.tell_failure)
    session.runner.start(job, Lane.CASE)
